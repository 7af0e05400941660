"""The list of hand-overs, given and received: what waits for an answer first, pages of twenty. Columns, not rows."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp
from sqlalchemy import ColumnElement, and_, func, select, true, tuple_

from portal.database import db
from portal.patrols.handovers.kinds import HandoverSide, HandoverState
from portal.patrols.handovers.models import Handover

PAGE = 20
MOST_COUNTED = 1000


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
    """How many each counted filter holds, at most MOST_COUNTED + 1; in one question."""
    asked = [
        select(func.count())
        .select_from(select(Handover.id).where(condition(show)).limit(MOST_COUNTED + 1).subquery())
        .scalar_subquery()
        for show in COUNTED
    ]
    return dict(zip(COUNTED, db.session.execute(select(*asked)).one(), strict=True))


def chosen(text: str | None, numbers: dict[Show, int]) -> Show:
    """The filter asked for, else the first in which something waits."""
    if text in list(Show):
        return Show(text)
    return next((show for show in COUNTED if numbers[show]), Show.ALL)


def filters(show: Show, numbers: dict[Show, int]) -> list[tuple[str, str, str | None, bool]]:
    """The filters to choose from: (value, label, count in words or None, is the present one)."""
    return [
        (one.value, one.label, _in_words(numbers[one]) if one in numbers else None, one is show)
        for one in Show
        if numbers.get(one, 1) or one is show
    ]


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
    order = (Handover.changed_at, Handover.id)
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
    if before is not None:
        last = db.session.execute(select(*order).where(Handover.id == before)).one_or_none()
        if last is not None:
            found = found.where(tuple_(*order) < tuple(last))
    newest_first = found.order_by(Handover.changed_at.desc(), Handover.id.desc())
    rows = db.session.execute(newest_first.limit(PAGE + 1)).all()
    return [_line(row) for row in rows[:PAGE]], rows[PAGE - 1].id if len(rows) > PAGE else None


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


def _in_words(count: int) -> str:
    return f"{MOST_COUNTED:,}+" if count > MOST_COUNTED else str(count)
