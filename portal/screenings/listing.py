"""The list of rounds: those under way with how far they are, then the earlier ones."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp
from sqlalchemy import or_, select

from portal.access.acting import own_place
from portal.clock import now
from portal.database import db
from portal.screenings import coverage, service
from portal.screenings.coverage import Covered
from portal.screenings.kinds import ROUND_STATE_LABELS, RoundState
from portal.screenings.models import ScreeningRound
from portal.units.models import Unit
from portal.workflow.listing import page_of


class Shown(StrEnum):
    """A round as people see it: what is stored, and what the clock makes of it."""

    UNDER_WAY = "under_way"
    PAST_DEADLINE = "past_deadline"
    ORDER_ENDED = "order_ended"
    CLOSED = "closed"
    CALLED_OFF = "called_off"

    @property
    def label(self) -> str:
        return str(SHOWN_LABELS[self])

    @property
    def look(self) -> str:
        return SHOWN_LOOKS[self]


SHOWN_LABELS: dict[Shown, Any] = {
    Shown.UNDER_WAY: ROUND_STATE_LABELS[RoundState.OPEN],
    Shown.PAST_DEADLINE: _lp("round", "Past its deadline"),
    Shown.ORDER_ENDED: _l("Its order has ended"),
    Shown.CLOSED: ROUND_STATE_LABELS[RoundState.CLOSED],
    Shown.CALLED_OFF: ROUND_STATE_LABELS[RoundState.CALLED_OFF],
}
SHOWN_LOOKS = {
    Shown.UNDER_WAY: "look",
    Shown.PAST_DEADLINE: "no",
    Shown.ORDER_ENDED: "nil",
    Shown.CLOSED: "ok",
    Shown.CALLED_OFF: "nil",
}


@dataclass(frozen=True)
class Line:
    """One row of the list."""

    id: int
    name: str
    unit: str
    deadline: datetime
    shown: Shown
    covered: Covered | None = None


def shown(round_: ScreeningRound, at: datetime) -> Shown:
    """What people see as its state."""
    if round_.state is not RoundState.OPEN:
        return Shown.CLOSED if round_.state is RoundState.CLOSED else Shown.CALLED_OFF
    if service.is_over(round_, at):
        return Shown.ORDER_ENDED
    return Shown.UNDER_WAY if at < round_.deadline else Shown.PAST_DEADLINE


def under_way() -> list[Line]:
    """The rounds under way, the nearest deadline first, with how far one's own unit is."""
    at = now()
    return [
        Line(
            one.id,
            one.name,
            _unit_of(one.unit_id),
            one.deadline,
            shown(one, at),
            coverage.of(one, coverage.shown_place(one, own_place(), None)),
        )
        for one in service.open_rounds(at)
    ]


def earlier(before: int | None) -> tuple[list[Line], int | None]:
    """One page of the others, the newest first, and the ``before`` of the next one (None: there is none)."""
    at, open_ids = now(), [one.id for one in service.open_rounds(now())]
    found = select(ScreeningRound.id).where(
        or_(ScreeningRound.state != RoundState.OPEN, ScreeningRound.id.not_in(open_ids or [0]))
    )
    rows, following = page_of(found, (ScreeningRound.starts_at, ScreeningRound.id), before)
    return [_line(db.session.get_one(ScreeningRound, row.id), at) for row in rows], following


def _line(round_: ScreeningRound, at: datetime) -> Line:
    return Line(round_.id, round_.name, _unit_of(round_.unit_id), round_.deadline, shown(round_, at))


def _unit_of(unit_id: int) -> str:
    return db.session.get_one(Unit, unit_id).full_name
