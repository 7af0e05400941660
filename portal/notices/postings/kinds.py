"""Whether a notice hangs."""

from enum import StrEnum
from typing import Any

from flask_babel import lazy_pgettext as _lp


class PostingState(StrEnum):
    """Whether a notice hangs at its place."""

    TO_HANG = "to_hang"
    HANGING = "hanging"
    TORN = "torn"
    TO_TAKE_DOWN = "to_take_down"
    TAKEN_DOWN = "taken_down"
    DROPPED = "dropped"

    @property
    def label(self) -> str:
        return str(POSTING_LABELS[self])


POSTING_LABELS: dict[PostingState, Any] = {
    PostingState.TO_HANG: _lp("posting", "To hang"),
    PostingState.HANGING: _lp("posting", "Hangs"),
    PostingState.TORN: _lp("posting", "Torn down"),
    PostingState.TO_TAKE_DOWN: _lp("posting", "To take down"),
    PostingState.TAKEN_DOWN: _lp("posting", "Taken down"),
    PostingState.DROPPED: _lp("posting", "No longer needed"),
}
