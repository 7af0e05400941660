"""The list of hand-overs, given and received: what waits for an answer first, pages of twenty. Columns, not rows."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp
from sqlalchemy import ColumnElement, and_, select, true

from portal.patrols.handovers.kinds import HandoverSide, HandoverState
from portal.patrols.handovers.models import Handover
from portal.workflow import listing
from portal.workflow.listing import Link


class Show(StrEnum):
    """The filters, what needs an answer first."""

    TO_ANSWER = "to_answer"
    DISPUTED = "disputed"
    WAITING = "waiting"
    ALL = "all"

    @property
    def label(self) -> str:
        return str(SHOW_LABELS[self])


SHOW_LABELS: dict[Show, Any] = {
    Show.TO_ANSWER: _lp("hand-over", "Waits for us"),
    Show.DISPUTED: _lp("hand-over", "Disputed"),
    Show.WAITING: _lp("hand-over", "Waits for the other side"),
    Show.ALL: _l("All"),
}
COUNTED = (Show.TO_ANSWER, Show.DISPUTED, Show.WAITING)

SIDE_LABELS: dict[HandoverSide, Any] = {
    HandoverSide.GIVEN: _lp("hand-over", "Given to %(unit)s"),
    HandoverSide.RECEIVED: _lp("hand-over", "Received from %(unit)s"),
}
STATE_LOOKS = {
    HandoverState.GIVEN: "look",
    HandoverState.ACKNOWLEDGED: "ok",
    HandoverState.ON_PAPER: "ok",
    HandoverState.DISPUTED: "no",
    HandoverState.WITHDRAWN: "nil",
}


@dataclass(frozen=True)
class Line:
    """One row of the list."""

    id: int
    side: str
    place: str
    people: int
    vehicles: int
    at: datetime
    state: str
    look: str


def side_words(side: HandoverSide, neighbour: str) -> str:
    """Given to …, received from …"""
    return str(SIDE_LABELS[side]) % {"unit": neighbour}


def state_words(state: HandoverState, side: HandoverSide) -> str:
    """What is waited for reads differently on the two sides."""
    waits_for_us = state is HandoverState.GIVEN and side is HandoverSide.RECEIVED
    return Show.TO_ANSWER.label if waits_for_us else state.label


def counts() -> dict[Show, int]:
    """How many each counted filter holds."""
    return listing.count_each({show: select(Handover.id).where(condition(show)) for show in COUNTED})


def chosen(text: str | None, numbers: dict[Show, int]) -> Show:
    """The filter asked for, else the first in which something waits."""
    if text in list(Show):
        return Show(text)
    return next((show for show in COUNTED if numbers[show]), Show.ALL)


def filters(show: Show, numbers: dict[Show, int]) -> list[Link]:
    """The filters to choose from."""
    return listing.filters("handovers.index", Show, show, numbers)


def condition(show: Show) -> ColumnElement[bool]:
    """What a filter holds."""
    if show is Show.ALL:
        return true()
    if show is Show.DISPUTED:
        return Handover.state == HandoverState.DISPUTED
    side = HandoverSide.RECEIVED if show is Show.TO_ANSWER else HandoverSide.GIVEN
    return and_(Handover.state == HandoverState.GIVEN, Handover.side == side)


def lines(show: Show, before: int | None) -> tuple[list[Line], int | None]:
    """One page, what changed last first, and the ``before`` of the next page (None: there is none)."""
    found = select(
        Handover.id,
        Handover.side,
        Handover.neighbour,
        Handover.place,
        Handover.people,
        Handover.vehicles,
        Handover.at,
        Handover.state,
    ).where(condition(show))
    rows, following = listing.page_of(found, (Handover.changed_at, Handover.id), before)
    return [_line(row) for row in rows], following


def _line(row: Any) -> Line:
    return Line(
        id=row.id,
        side=side_words(row.side, row.neighbour),
        place=row.place,
        people=row.people,
        vehicles=row.vehicles,
        at=row.at,
        state=state_words(row.state, row.side),
        look=STATE_LOOKS[row.state],
    )
