"""The clock of the reports: until when the figures of a day count, and when its report is due, at each level.

Both come from the order; what is recorded after the cut-off belongs to the next day's report. An order that ends before
the cut-off is the cut-off: nothing is counted for it afterwards.
"""

from collections.abc import Mapping, Sequence
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
    found = _deciding(_switched_on(place, day), place, day)
    if found is None:
        return None
    order, hours = found
    end = _cut_off(order, hours, day)
    before = day - timedelta(days=1)
    earlier = _deciding(_switched_on(place, before), place, before)
    start = min(_cut_off(*earlier, before), end) if earlier else _moment(day, 0)
    return Clock(order, day, start, end, _moment(day, hours["due"]))


def levels_that_report(place: Place, day: date) -> list[Level]:
    """The levels below a place that an order for it asks for reports, from the top down."""
    below = list(Level)[list(Level).index(place.level) + 1 :]
    asked: set[str] = set()
    for _order, parameters in _switched_on(place, day):
        asked |= parameters["levels"].keys()
    return [level for level in below if level.value in asked]


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


def _switched_on(place: Place, day: date) -> Switched:
    return [one for one in _overlapping(day) if one[0].unit_id in place.line]


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
