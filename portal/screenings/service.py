"""Rounds 排查轮次: set up, closed, called off."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from portal.access import scope
from portal.access.acting import Place, acting
from portal.access.scope import place_of
from portal.clock import now
from portal.database import db
from portal.registry.models import Household
from portal.screenings import models, tallies
from portal.screenings.kinds import Criterion, RoundState
from portal.screenings.measure import lasts_until, needed
from portal.screenings.models import (
    KeyPerson,
    KeyPersonNote,
    PersonCheck,
    ScreeningRound,
    Visit,
    VisitTry,
)
from portal.screenings.rules import Asks
from portal.web.errors import Refused
from portal.workflow.record import move_with_households
from portal.workflow.states import begin, take

IS_OVER = _l("This round is over: nothing more can be written down. What was found goes to the key persons.")
NOT_BEGUN = _l("This round has not begun yet.")
NOT_OURS = _l("This round was set up above: only there it is closed or called off.")
TOO_LATE = _l("This deadline has passed. Choose a later one.")
NOT_HERE = _l("This household is not in the round: it has moved, or the round was set up for another unit.")


@dataclass(frozen=True)
class Wanted:
    """What a round is to be. ``rechecks`` None: as many as the order says."""

    unit_id: int
    name: str
    criterion: Criterion
    deadline: datetime
    area_ids: tuple[int, ...] = ()
    looked_for: str = ""
    rechecks: int | None = None


def set_up(wanted: Wanted) -> ScreeningRound:
    """A round below a unit, from now on. ``Refused`` without an order, or with a deadline that has passed."""
    order, asks = needed(place_of(wanted.unit_id))
    if wanted.deadline <= now():
        raise Refused(TOO_LATE)
    round_ = ScreeningRound(
        unit_id=wanted.unit_id,
        order_id=order.id,
        name=wanted.name,
        criterion=wanted.criterion,
        looked_for=wanted.looked_for,
        area_ids=list(wanted.area_ids) if wanted.criterion is Criterion.FROM_AREAS else [],
        parameters=asks.to_json(),
        starts_at=now(),
        deadline=wanted.deadline,
        rechecks=asks.rechecks if wanted.rechecks is None else wanted.rechecks,
        created_by_id=acting().account_id,
    )
    begin(round_, step="set_up", criterion=wanted.criterion.value)
    return round_


def close(round_: ScreeningRound) -> None:
    """Nothing more is written down in it."""
    _refuse_from_below(round_)
    take(round_, models.CLOSE_ROUND)
    tallies.keep_households(round_)


def call_off(round_: ScreeningRound, reason: str) -> None:
    """It should not have been. What was found stays."""
    _refuse_from_below(round_)
    take(round_, models.CALL_OFF, reason=reason)
    tallies.keep_households(round_)


def asks_of(round_: ScreeningRound) -> Asks:
    """What the order asked when the round began."""
    return Asks.of(round_.parameters)


def is_over(round_: ScreeningRound, at: datetime) -> bool:
    """Closed, called off, or its order has ended. A deadline alone ends nothing."""
    return round_.state is not RoundState.OPEN or lasts_until(round_.order) <= at


def refuse_over(round_: ScreeningRound) -> None:
    """``Refused`` where nothing can be written down in a round, not yet or not any more. It is not closed meanwhile."""
    db.session.refresh(round_, with_for_update={"read": True})
    if is_over(round_, now()):
        raise Refused(IS_OVER)
    if round_.starts_at > now():
        raise Refused(NOT_BEGUN)


def refuse_outside(round_: ScreeningRound, household: Household) -> None:
    """``Refused`` for a household that the round does not hold."""
    if getattr(household, place_of(round_.unit_id).level.column) != round_.unit_id:
        raise Refused(NOT_HERE)


def open_rounds(at: datetime, place: Place | None = None) -> list[ScreeningRound]:
    """The rounds under way that the one acting sees, the one with the nearest deadline first; of a place: that hold
    it."""
    found = select(ScreeningRound).where(ScreeningRound.state == RoundState.OPEN)
    if place is not None:
        found = found.where(ScreeningRound.unit_id.in_(place.line))
    rounds = db.session.scalars(found.order_by(ScreeningRound.deadline, ScreeningRound.id))
    return [one for one in rounds if one.starts_at <= at and not is_over(one, at)]


def follow_households(household_ids: Sequence[int], to: Place) -> None:
    """Households have moved to another grid: visits, checks, key persons and their steps go with them."""
    theirs = Visit.household_id.in_(household_ids)
    left = set(db.session.scalars(select(Visit.unit_id).where(theirs).distinct()))
    known = set(db.session.scalars(select(Visit.round_id).where(theirs).distinct()))
    move_with_households((Visit, VisitTry, PersonCheck, KeyPerson, KeyPersonNote), household_ids, to)
    tallies.count_again(known, left | {to.unit_id})


def _refuse_from_below(round_: ScreeningRound) -> None:
    if not scope.current().covers(round_):
        raise Refused(NOT_OURS)
