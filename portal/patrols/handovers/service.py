"""What is handed over at a boundary: facts only. Each side has a row of its own; every step is taken on both.

This is the one place that writes a row of another unit. It never reads anything else of the other side.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import or_, select

from portal.access.acting import acting
from portal.access.policy import May
from portal.access.scope import everywhere, place_of
from portal.accounts.models import Account, Appointment
from portal.clock import now, today
from portal.database import db
from portal.patrols.findings.basis import looked_for, refuse_ended
from portal.patrols.findings.numbers import HANDOVER, next_number
from portal.patrols.handovers import models
from portal.patrols.handovers.kinds import HandoverSide
from portal.patrols.handovers.models import Handover
from portal.patrols.kinds import PatrolKind
from portal.patrols.models import Patrol
from portal.units.models import Unit
from portal.vault import new_seal_id
from portal.web.errors import Refused
from portal.workflow.states import Step, begin, lock, take

LONGEST_SIGNATURE = 60
OF_THE_OTHER_SIDE = _l("This is a step of the other side.")


@dataclass(frozen=True)
class Given:
    """What is handed over, where, when, to whom. ``neighbour`` is the other side in words."""

    neighbour: str
    place: str
    at: datetime
    people: int
    vehicles: int
    facts: str


@dataclass(frozen=True)
class Signature:
    """Who signed the paper on the other side, and when."""

    by: str
    at: datetime


def give(patrol: Patrol, given: Given) -> Handover:
    """Hand over from a boundary patrol. The other side gets its own row where somebody there can answer."""
    lock(patrol)
    refuse_ended(patrol)
    refuse_inside(patrol)
    looked_for(patrol)
    neighbour_id = _works_here(patrol, given.neighbour)
    handover = Handover(
        unit_id=patrol.unit_id,
        side=HandoverSide.GIVEN,
        pair=new_seal_id(),
        patrol=patrol,
        neighbour=given.neighbour,
        neighbour_id=neighbour_id,
        number=next_number(HANDOVER, patrol.unit_id),
        created_by_id=acting().account_id,
        **_facts(given),
    )
    begin(handover, step="give", people=given.people, vehicles=given.vehicles)
    if neighbour_id:
        _tell(neighbour_id, handover, given)
    return handover


def acknowledge(handover: Handover) -> None:
    """The other side has taken over."""
    refuse_other_side(handover, HandoverSide.RECEIVED)
    refuse_own(handover)
    by = f"{acting().name}（{acting().unit_name}）"[:LONGEST_SIGNATURE]
    _take_on_both(handover, models.ACKNOWLEDGE, acknowledged_by=by, acknowledged_at=now())


def dispute(handover: Handover, reason: str) -> None:
    """The other side says that it is not so."""
    refuse_other_side(handover, HandoverSide.RECEIVED)
    refuse_own(handover)
    _take_on_both(handover, models.DISPUTE, reason, answer=reason)


def acknowledge_on_paper(handover: Handover, signature: Signature) -> None:
    """The other side has signed the sheet."""
    refuse_other_side(handover, HandoverSide.GIVEN)
    step = models.ACKNOWLEDGE_ON_PAPER
    _take_on_both(handover, step, acknowledged_by=signature.by, acknowledged_at=signature.at)


def withdraw(handover: Handover, reason: str) -> None:
    """The giver takes it back."""
    refuse_other_side(handover, HandoverSide.GIVEN)
    _take_on_both(handover, models.WITHDRAW, reason)


def refuse_inside(patrol: Patrol) -> None:
    """``Refused`` for a patrol that walks along no boundary."""
    if patrol.kind is not PatrolKind.BOUNDARY:
        raise Refused(_l("Only a boundary patrol hands over to the neighbours."))


def refuse_other_side(handover: Handover, side: HandoverSide) -> None:
    """``Refused`` for a step that belongs to the other side."""
    if handover.side is not side:
        raise Refused(OF_THE_OTHER_SIDE)


def refuse_own(handover: Handover) -> None:
    """``Refused`` for whoever handed over, also where that person works for both sides."""
    if handover.created_by_id == acting().account_id:
        raise Refused(_l("You handed this over yourself: somebody of the other side has to answer."))


def _works_here(patrol: Patrol, neighbour: str) -> int | None:
    """The neighbour's unit, if it is the one of the route, lies beside, and somebody there may take over today."""
    route = patrol.route
    if route is None or route.neighbour_id is None or neighbour != route.neighbour:
        return None
    try:
        own, other = place_of(patrol.unit_id), place_of(route.neighbour_id)
    except LookupError:
        return None
    if own.holds(other) or other.holds(own):
        return None
    return other.unit_id if _somebody_may_take_over(other.unit_id) else None


def _somebody_may_take_over(unit_id: int) -> bool:
    day = today()
    there = (
        select(Appointment.id)
        .join(Account)
        .where(
            Appointment.unit_id == unit_id,
            Appointment.role.in_(May.TAKE_OVER.roles),
            Appointment.since <= day,
            or_(Appointment.until.is_(None), Appointment.until >= day),
            Account.disabled_at.is_(None),
        )
    )
    with everywhere(because="whether somebody at the neighbour can answer decides between portal and paper"):
        return db.session.scalar(there.limit(1)) is not None


def _tell(unit_id: int, handover: Handover, given: Given) -> None:
    """Write the other side's row: what is handed over, by which unit, and nothing else."""
    giver = db.session.get_one(Unit, handover.unit_id)
    mirror = Handover(
        unit_id=unit_id,
        side=HandoverSide.RECEIVED,
        pair=handover.pair,
        neighbour=giver.full_name[:120],
        neighbour_id=giver.id,
        number=handover.number,
        created_by_id=handover.created_by_id,
        **_facts(given),
    )
    with everywhere(because="the receiving unit owns its side of a hand-over"):
        begin(mirror, step="take_over", people=given.people, vehicles=given.vehicles)


def _facts(given: Given) -> dict[str, Any]:
    return {
        "place": given.place,
        "at": given.at,
        "people": given.people,
        "vehicles": given.vehicles,
        "facts": given.facts,
    }


def _take_on_both(handover: Handover, step: Step, reason: str = "", **written: Any) -> None:
    """Take the step on both rows and write the same on them.

    Always in the order of their numbers: of two at once, one waits at the first row and then finds the state changed.
    """
    both = select(Handover).where(Handover.pair == handover.pair).order_by(Handover.id)
    with everywhere(because="a step of a hand-over is taken on both sides"):
        for row in db.session.scalars(both).all():
            take(row, step, reason=reason)
            for name, value in written.items():
                setattr(row, name, value)
