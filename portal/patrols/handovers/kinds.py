"""The sides of a boundary, and how far a hand-over has come."""

from enum import StrEnum
from typing import Any

from flask_babel import lazy_pgettext as _lp


class HandoverSide(StrEnum):
    """Each side of a boundary has a row of its own, which says the same."""

    GIVEN = "given"
    RECEIVED = "received"


class HandoverState(StrEnum):
    """How far a hand-over has come; the same on both sides."""

    GIVEN = "given"
    ACKNOWLEDGED = "acknowledged"
    ON_PAPER = "on_paper"
    DISPUTED = "disputed"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        return str(HANDOVER_STATE_LABELS[self])


HANDOVER_STATE_LABELS: dict[HandoverState, Any] = {
    HandoverState.GIVEN: _lp("hand-over", "Waits for the other side"),
    HandoverState.ACKNOWLEDGED: _lp("hand-over", "Acknowledged"),
    HandoverState.ON_PAPER: _lp("hand-over", "Acknowledged on paper"),
    HandoverState.DISPUTED: _lp("hand-over", "Disputed"),
    HandoverState.WITHDRAWN: _lp("hand-over", "Withdrawn"),
}
