"""What is done with orders, and what they switch on where."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, or_, select

from portal.access import scope
from portal.access.acting import Place, acting, may
from portal.access.policy import May
from portal.access.scope import lies_in
from portal.audit import service as audit
from portal.clock import now
from portal.database import db
from portal.orders import rules
from portal.orders.measures import Parameters, kind_of, kinds
from portal.orders.models import END, PUT_IN_FORCE, Measure, Order, OrderState
from portal.web.errors import Refused
from portal.workflow import states

ONLY_DRAFTS = _l("Only a draft can be changed. Replace the order with a new one instead.")


@dataclass(frozen=True)
class Heading:
    """What an order says of itself, for the unit ``unit_id`` and everything below it."""

    unit_id: int
    number: str
    title: str
    legal_basis: str
    issued_by: str
    effective_from: datetime
    until: datetime


# ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────────


def may_write(order: Order) -> bool:
    """Whether the one acting now may write this order: it was not issued above."""
    return may(May.WRITE_ORDERS) and scope.current().covers(order)


def draft(heading: Heading, *, replaces: Order | None = None) -> Order:
    """A new order that nobody below sees yet. One that replaces another begins with its measures."""
    order = Order(**asdict(heading), created_by_id=acting().account_id)
    if replaces is not None:
        _refuse_second_replacement(replaces)
        order.replaces_id = replaces.id
        order.measures = [_copy(measure, order) for measure in replaces.measures]
    states.begin(order, step="draft")
    return order


def change(order: Order, heading: Heading) -> None:
    """Change what a draft says of itself."""
    _only_drafts(order)
    changed = [name for name, value in asdict(heading).items() if value != getattr(order, name)]
    for name in changed:
        setattr(order, name, getattr(heading, name))
    for measure in order.measures:
        measure.unit_id = order.unit_id
    if changed:
        audit.record("order_.change", order, changed=changed)


def extend(order: Order, number: str, until: datetime) -> Order:
    """A draft with the same measures that begins where this order ends: an order is never stretched silently."""
    heading = Heading(
        unit_id=order.unit_id,
        number=number,
        title=order.title,
        legal_basis=order.legal_basis,
        issued_by=order.issued_by,
        effective_from=order.ends_at,
        until=until,
    )
    return draft(heading, replaces=order)


def set_measure(order: Order, area: str, item: str, parameters: Parameters) -> None:
    """Switch ``item`` of ``area`` on in a draft, or change its parameters."""
    _only_drafts(order)
    measure = measure_of(order, area, item)
    if measure is None:
        order.measures.append(Measure(unit_id=order.unit_id, area=area, item=item, parameters=parameters))
    else:
        measure.parameters = parameters
    audit.record("order_.set_measure", order, area=area, item=item, parameters=parameters)


def remove_measure(order: Order, area: str, item: str) -> None:
    """Leave ``item`` out of a draft; nothing happens if it isn't in it."""
    _only_drafts(order)
    measure = measure_of(order, area, item)
    if measure is not None:
        db.session.delete(measure)
        audit.record("order_.remove_measure", order, area=area, item=item)


def put_in_force(order: Order) -> None:
    """From its hour on the order applies. The order that it replaces ends at that hour, at the earliest now."""
    if order.until <= now():
        raise Refused(_l("The end of this order has passed. Change the draft first."))
    states.take(order, PUT_IN_FORCE)
    old = db.session.get(Order, order.replaces_id) if order.replaces_id else None
    if old is not None:
        _refuse_second_replacement(old)
        _end_replaced(old, order)


def end(order: Order, reason: str) -> None:
    """End the order now, before its time. Everything that rests on it ends with it."""
    if order.ends_at <= now():
        raise Refused(_l("This order has ended already."))
    states.take(order, END, reason=reason)
    order.ended_at = now()


def _only_drafts(order: Order) -> None:
    states.lock(order)
    if order.state is not OrderState.DRAFT:
        raise Refused(ONLY_DRAFTS)


def _refuse_second_replacement(old: Order) -> None:
    if old.state is OrderState.IN_FORCE and old.ended_at is not None:
        raise Refused(_l("This order has already been replaced by another one."))


def _end_replaced(old: Order, order: Order) -> None:
    if old.state is not OrderState.IN_FORCE or old.ends_at <= now():
        return
    old.ended_at = min(max(order.effective_from, now()), old.until)
    audit.record("order_.replaced", old, by=order.number)


def _copy(measure: Measure, order: Order) -> Measure:
    return Measure(
        unit_id=order.unit_id, area=measure.area, item=measure.item, parameters=dict(measure.parameters)
    )


# ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────────


def visible() -> ColumnElement[bool]:
    """The condition that an order is shown: a draft only to those who write it."""
    place = acting().place
    if not may(May.WRITE_ORDERS):
        return Order.state != OrderState.DRAFT
    if place is None:
        return Order.id.is_not(None)
    return or_(Order.state != OrderState.DRAFT, lies_in(Order, place))


def applies(at: datetime) -> ColumnElement[bool]:
    """The condition that an order is in force at that moment."""
    return (
        (Order.state != OrderState.DRAFT)
        & (Order.effective_from <= at)
        & (Order.until > at)
        & or_(Order.ended_at.is_(None), Order.ended_at > at)
    )


def orders_in_force(at: datetime) -> list[Order]:
    """The orders in force at that moment that the one acting now sees, the one that began last first."""
    found = select(Order).where(applies(at)).order_by(Order.effective_from.desc(), Order.id.desc())
    return list(db.session.scalars(found))


def measure_in_force(area: str, item: str, place: Place, at: datetime) -> tuple[Order, Parameters] | None:
    """What switches ``item`` of ``area`` on at a place: the order and its parameters; None: nothing does.

    Of several orders the one that began last decides, of equals that of the nearest unit.
    """
    found = db.session.execute(
        select(Order, Measure.parameters)
        .join(Measure, Measure.order_id == Order.id)
        .where(Order.unit_id.in_(place.line), applies(at), Measure.area == area, Measure.item == item)
    ).all()
    if not found:
        return None
    best = found[
        rules.decides([(order.effective_from, order.unit_id) for order, _parameters in found], place.line)
    ]
    return best[0], best[1]


def measure_lasts_until(order: Order, area: str, item: str) -> datetime:
    """When the measure ends that this order switched on: it outlasts the order where another one replaces it
    without a gap and switches on the same."""
    end, following = order.ends_at, successor(order)
    while following and following.effective_from <= end and measure_of(following, area, item):
        end = max(end, following.ends_at)
        following = successor(following)
    return end


def successor(order: Order) -> Order | None:
    """The order that replaced this one, or will from its hour on; None: nothing does. A draft doesn't yet."""
    replacing = select(Order).where(Order.replaces_id == order.id, Order.state != OrderState.DRAFT)
    return db.session.scalars(replacing.order_by(Order.id).limit(1)).first()


def measure_of(order: Order, area: str, item: str) -> Measure | None:
    """The order's measure of that area and item, if it has it."""
    return next((one for one in order.measures if (one.area, one.item) == (area, item)), None)


def why_not(area: str, item: str) -> str:
    """The sentence for somebody who asks for what no order switches on."""
    kind = kind_of(area)
    sentence = _(
        "There is no order in force for “%(what)s”: nothing new can be applied for.",
        what=measure_name(area, item) if item in kind.items else kind.label,
    )
    advice = (
        _("Put one in force under Orders.")
        if may(May.WRITE_ORDERS)
        else _("The office puts orders in force under Orders.")
    )
    return _("%(sentence)s %(advice)s", sentence=sentence, advice=advice)


def measure_name(area: str, item: str) -> str:
    """“Passes: Household”, also of an area or item that this version doesn't know any more."""
    kind = kinds().get(area)
    if kind is None:
        return f"{area}: {item}"
    label = kind.items.get(item, item)
    return str(label) if kind.say_all else _("%(kind)s: %(item)s", kind=kind.label, item=label)


def effects(order: Order) -> Sequence[str]:
    """What would happen if the draft took force: a sentence a measure, for those that do something."""
    previews = (
        kind.preview(order, measure.item, measure.parameters)
        for measure in order.measures
        if (kind := kinds().get(measure.area))
    )
    return [sentence for sentence in previews if sentence]


def switched_off(order: Order) -> Sequence[str]:
    """The names of the measures that the replaced order has and this one hasn't."""
    old: Any = db.session.get(Order, order.replaces_id) if order.replaces_id else None
    return [
        measure_name(measure.area, measure.item)
        for measure in (old.measures if old else ())
        if measure_of(order, measure.area, measure.item) is None
    ]
