"""Whether an isolation still rests on an order in force, and what release still lacks."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import ColumnElement, and_, false, or_, select

from portal.access.scope import place_of
from portal.database import db
from portal.isolations import checks, measure, rules
from portal.isolations.describing import slot_words
from portal.isolations.kinds import IsolationKind, IsolationState
from portal.isolations.models import OPEN, Isolation
from portal.orders import service as orders
from portal.orders.hours import until_words
from portal.orders.models import Order
from portal.web.temperatures import degrees


class Needs(StrEnum):
    """What release needs, in the order of the check list; each is mended on a page of its own."""

    TOLD = "told"
    DAYS = "days"
    GAPS = "gaps"
    ALARM = "alarm"
    READINGS = "readings"


@dataclass(frozen=True)
class Condition:
    """One line of the check list: is it met, and what is the case."""

    needs: Needs
    is_met: bool
    sentence: str


def basis_ends_at(isolation: Isolation) -> datetime:
    """When nothing orders this isolation any more."""
    return orders.measure_lasts_until(isolation.order, measure.AREA, isolation.kind.value)


def has_lost_its_order(isolation: Isolation, at: datetime) -> bool:
    """Whether an open isolation rests on no order in force."""
    return isolation.state in OPEN and basis_ends_at(isolation) <= at


def lost_their_order(at: datetime) -> ColumnElement[bool]:
    """The condition that an open isolation rests on no order in force, for lists."""
    used = select(Isolation.order_id).where(Isolation.state.in_(OPEN))
    over = or_(Order.ended_at <= at, Order.until <= at)
    ended = db.session.scalars(select(Order).where(over, Order.id.in_(used))).all()
    lost = [
        and_(Isolation.order_id == order.id, Isolation.kind == kind)
        for order in ended
        for kind in IsolationKind
        if orders.measure_lasts_until(order, measure.AREA, kind.value) <= at
    ]
    return and_(Isolation.state.in_(OPEN), or_(false(), *lost))


def order_to_rest_on(isolation: Isolation, at: datetime) -> Order | None:
    """The order in force that an isolation without one can be placed under."""
    found = measure.in_force(isolation.kind, place_of(isolation.unit_id), at)
    return found[0] if found else None


def conditions(isolation: Isolation, at: datetime) -> list[Condition]:
    """The check list of release. Where no order holds the person any more, there is nothing left but being told."""
    told = Condition(
        Needs.TOLD,
        isolation.state is not IsolationState.ORDERED,
        _("Told of the obligations")
        if isolation.state is not IsolationState.ORDERED
        else _("Has not been told of the obligations yet"),
    )
    return [told] if has_lost_its_order(isolation, at) else [told, *_by_rule(isolation, at)]


def _by_rule(isolation: Isolation, at: datetime) -> Iterator[Condition]:
    complete = at >= isolation.ends_at
    yield Condition(
        Needs.DAYS,
        complete,
        _("All days are complete")
        if complete
        else _("The days are complete %(when)s", when=until_words(isolation.ends_at)),
    )
    gaps = checks.gaps(isolation, at)
    yield Condition(Needs.GAPS, not gaps, _gap_words(gaps))
    waiting = checks.alarms(isolation)
    yield Condition(
        Needs.ALARM,
        not waiting,
        _("A fever or symptom waits for somebody") if waiting else _("No open alarm"),
    )
    rule = checks.rule_of(isolation)
    fine = rules.readings_allow_release(rule, checks.readings(isolation), at)
    threshold = degrees(rule.threshold)
    yield Condition(
        Needs.READINGS,
        fine,
        _("The last two temperatures are below %(degrees)s ℃ and recent", degrees=threshold)
        if fine
        else _("Two temperatures below %(degrees)s ℃ of yesterday or today are needed", degrees=threshold),
    )


def _gap_words(gaps: list[rules.SlotOfDay]) -> str:
    if not gaps:
        return _("No check is missing without a reason")
    return ngettext(
        "%(num)s check is missing without a reason, the first: %(slot)s",
        "%(num)s checks are missing without a reason, the first: %(slot)s",
        len(gaps),
        slot=slot_words(gaps[0]),
    )
