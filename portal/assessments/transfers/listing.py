"""The list of transfers, given and received: what waits for an answer first, pages of twenty. Columns, not rows."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp
from sqlalchemy import ColumnElement, and_, select, true

from portal.assessments.kinds import TRANSFER_STATE_LABELS, TransferState
from portal.assessments.models import Transfer
from portal.clock import now
from portal.workflow import listing

LOOKS = {
    TransferState.GIVEN: "look",
    TransferState.ACKNOWLEDGED: "ok",
    TransferState.REFUSED: "no",
    TransferState.WITHDRAWN: "nil",
}


class Show(StrEnum):
    """The filters, what needs an answer first."""

    TO_ANSWER = "to_answer"
    LATE = "late"
    WAITING = "waiting"
    REFUSED = "refused"
    ALL = "all"

    @property
    def label(self) -> str:
        return str(SHOW_LABELS[self])


SHOW_LABELS: dict[Show, Any] = {
    Show.TO_ANSWER: _lp("transfer", "Waits for us"),
    Show.LATE: _l("Not answered in time"),
    Show.WAITING: TRANSFER_STATE_LABELS[TransferState.GIVEN],
    Show.REFUSED: TRANSFER_STATE_LABELS[TransferState.REFUSED],
    Show.ALL: _l("All"),
}
COUNTED = (Show.TO_ANSWER, Show.LATE, Show.WAITING, Show.REFUSED)


@dataclass(frozen=True)
class Line:
    """One row; the name is shown masked. ``side``: given to or received from whom. ``due_at`` while it waits."""

    id: int
    name: str
    side: str
    at: datetime
    due_at: datetime | None
    state: str
    look: str


def chosen(text: str | None) -> Show:
    """The filter asked for, or all."""
    return Show(text) if text in list(Show) else Show.ALL


def holding(show: Show) -> ColumnElement[bool]:
    """The condition of one filter."""
    waits, given = Transfer.state == TransferState.GIVEN, Transfer.is_giving.is_(True)
    conditions: dict[Show, ColumnElement[bool]] = {
        Show.TO_ANSWER: and_(waits, Transfer.is_giving.is_(False)),
        Show.LATE: and_(waits, given, Transfer.due_at < now()),
        Show.WAITING: and_(waits, given),
        Show.REFUSED: and_(Transfer.state == TransferState.REFUSED, Transfer.is_giving.is_(True)),
        Show.ALL: true(),
    }
    return conditions[show]


def filters(show: Show) -> list[listing.Link]:
    """The filters as links, with how many wait."""
    counts = listing.count_each({one: select(Transfer.id).where(holding(one)) for one in COUNTED})
    return listing.filters("transfers.index", Show, show, counts)


def lines(show: Show, before: int | None) -> tuple[list[Line], int | None]:
    """One page, what changed last first, and the ``before`` of the next page (None: there is none)."""
    found: Any = select(
        Transfer.id,
        Transfer.is_giving,
        Transfer.name,
        Transfer.to_name,
        Transfer.from_name,
        Transfer.changed_at,
        Transfer.due_at,
        Transfer.state,
    ).where(holding(show))
    rows, following = listing.page_of(found, (Transfer.changed_at, Transfer.id), before)
    return [_line(row) for row in rows], following


def side_words(*, is_giving: bool, to_name: str, from_name: str) -> str:
    """Given to …, received from …"""
    words = _lp("hand-over", "Given to %(unit)s") if is_giving else _lp("hand-over", "Received from %(unit)s")
    return str(words) % {"unit": to_name if is_giving else from_name}


def state_words(state: TransferState, *, is_giving: bool) -> str:
    """What is waited for reads differently on the two sides."""
    waits_for_us = state is TransferState.GIVEN and not is_giving
    return Show.TO_ANSWER.label if waits_for_us else state.label


def look_of(state: TransferState, due_at: datetime) -> str:
    """How the state is marked: what was not answered in time in red."""
    return "no" if state is TransferState.GIVEN and due_at < now() else LOOKS[state]


def _line(row: Any) -> Line:
    return Line(
        id=row.id,
        name=row.name,
        side=side_words(is_giving=row.is_giving, to_name=row.to_name, from_name=row.from_name),
        at=row.changed_at,
        due_at=row.due_at if row.state is TransferState.GIVEN else None,
        state=state_words(row.state, is_giving=row.is_giving),
        look=look_of(row.state, row.due_at),
    )
