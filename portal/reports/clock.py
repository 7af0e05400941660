"""The clock of the reports: until when the figures of a day count, and when its report is due, at each level.

Both come from the order; what is recorded after the cut-off belongs to the next day's report. An order that ends before
the cut-off is the cut-off: nothing is counted for it afterwards.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import event, or_, select

from portal.access.acting import Level, Place
from portal.clock import LOCAL
from portal.database import db
from portal.orders.models import Measure, Order, OrderState
from portal.orders.rules import decides
from portal.workflow.figures import Span, forget_cuts

AREA, DAILY = "reports", "daily"
DAY_MINUTES = 24 * 60
LEVELS = list(Level)


@dataclass(frozen=True)
class Clock:
    """What a level owes for a day: everything from ``starts_at`` until ``cut_off_at``, by ``due_at``."""

    order: Order
    day: date
    starts_at: datetime
    cut_off_at: datetime
    due_at: datetime

    @property
    def span(self) -> Span:
        return Span(self.starts_at, self.cut_off_at)


Switched = Sequence[tuple[Order, Mapping[str, Any]]]


def clock_of(place: Place, day: date) -> Clock | None:
    """What a unit's report of a day is held to; None: no order asks for one."""
    found = _deciding(_for(place, _overlapping(day)), place, day)
    if found is None:
        return None
    order, hours = found
    end = _cut_off(order, hours, day)
    before = day - timedelta(days=1)
    earlier = _deciding(_for(place, _overlapping(before)), place, before)
    start = min(_cut_off(*earlier, before), end) if earlier else _moment(day, 0)
    return Clock(order, day, start, end, _moment(day, hours["due"]))


def dues(day: date) -> Callable[[Place], datetime | None]:
    """When the report of a unit is due, told of any number of units after one question; None: none is asked."""
    orders = _overlapping(day)

    def due_at(place: Place) -> datetime | None:
        found = _deciding(_for(place, orders), place, day)
        return _moment(day, found[1]["due"]) if found else None

    return due_at


def asked_below(place: Place, day: date) -> dict[Level, dict[str, set[int]]]:
    """Who below a place is asked for reports: {level: {place column: units in which those of the level are asked}}.

    From the top down. An order for the place or above asks in all of the place, one for a unit below in that unit.
    """
    asked: dict[Level, dict[str, set[int]]] = {}
    meant = [(_part_meant(place, order), parameters["levels"]) for order, parameters in _overlapping(day)]
    for level in LEVELS[LEVELS.index(place.level) + 1 :]:
        for where, hours in meant:
            if where and level.value in hours and LEVELS.index(where.level) <= LEVELS.index(level):
                asked.setdefault(level, {}).setdefault(where.level.column, set()).add(where.unit_id)
    return asked


def cuts(day: date) -> list[tuple[int, datetime]]:
    """Where a day's figures are parted, for a unit and all below: at each cut-off, and where an order ends."""
    parted = []
    for order, parameters in _overlapping(day):
        parted += [(order.unit_id, _moment(day, hours["cut_off"])) for hours in parameters["levels"].values()]
        parted.append((order.unit_id, order.ends_at))
    return parted


def _cut_off(order: Order, hours: Mapping[str, int], day: date) -> datetime:
    return min(_moment(day, hours["cut_off"]), order.ends_at)


def _deciding(switched: Switched, place: Place, day: date) -> tuple[Order, Mapping[str, int]] | None:
    """The order that decides: of those in force at their cut-off the one that began last, else of those before."""
    asked = [
        (order, hours)
        for order, parameters in switched
        if (hours := parameters["levels"].get(place.level.value))
        and order.effective_from < _moment(day, hours["cut_off"])
    ]
    standing = [one for one in asked if one[0].ends_at >= _moment(day, one[1]["cut_off"])]
    choice = standing or asked
    if not choice:
        return None
    return choice[decides([(order.effective_from, order.unit_id) for order, _hours in choice], place.line)]


def _for(place: Place, orders: Switched) -> Switched:
    return [one for one in orders if one[0].unit_id in place.line]


def _part_meant(place: Place, order: Order) -> Place | None:
    """The part of a place that an order is for: all of it, a unit below, or none."""
    own = {level: unit_id for level in LEVELS if (unit_id := getattr(order, level.column)) is not None}
    meant = Place(order.unit_id, list(own)[-1], **{level.column: unit_id for level, unit_id in own.items()})
    return place if meant.holds(place) else meant if place.holds(meant) else None


def _overlapping(day: date) -> Switched:
    """What orders within sight ask for reports at some time of the day, with their hours."""
    start, end = _moment(day, 0), _moment(day, DAY_MINUTES)
    found = db.session.execute(
        select(Order, Measure.parameters)
        .join(Measure, Measure.order_id == Order.id)
        .where(
            Order.state != OrderState.DRAFT,
            Order.effective_from < end,
            Order.until > start,
            or_(Order.ended_at.is_(None), Order.ended_at > start),
            Measure.area == AREA,
            Measure.item == DAILY,
        )
        .order_by(Order.id)
    )
    return [(order, parameters) for order, parameters in found]


def _moment(day: date, minutes: int) -> datetime:
    return datetime.combine(day, time(), LOCAL) + timedelta(minutes=minutes)


for _model in (Order, Measure):
    for _change in ("after_insert", "after_update", "after_delete"):
        event.listen(_model, _change, lambda *_what: forget_cuts())
