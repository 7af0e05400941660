"""Which rules a gate must know, and which trips they still count. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from portal.orders.models import Order
from portal.passes.kinds import Kind, OnOvertime, Period
from portal.passes.quota import Trip, days_used, local_day
from portal.passes.rule_data import EVERY_DAY, PassRule
from portal.passes.standing import AREA, LOOKED_BACK

DAYS_OF_A_WEEK = 7


@dataclass(frozen=True)
class Basis:
    """What passes of one kind under one order rest on: the order's hours and its rule."""

    since: datetime
    until: datetime
    rule: PassRule

    def narrowed_to(self, hours: Sequence[tuple[int, int]]) -> "Basis":
        """The same, with the hours to which a pass narrows it."""
        return replace(self, rule=self.rule.narrowed_to(hours, None)) if hours else self


def bases_of(orders: Sequence[Order]) -> dict[tuple[int, Kind], Basis]:
    """By order and kind, of orders that are no drafts, the lowest id first."""
    followers: dict[int, Order] = {}
    for order in orders:
        if order.replaces_id:
            followers.setdefault(order.replaces_id, order)
    return {
        (order.id, Kind(measure.item)): Basis(
            order.effective_from,
            _lasts_until(order, measure.item, followers),
            PassRule.from_json(measure.parameters),
        )
        for order in orders
        for measure in order.measures
        if measure.area == AREA
    }


def _lasts_until(order: Order, item: str, followers: dict[int, Order]) -> datetime:
    """As ``orders.measure_lasts_until``, without asking for each order that follows."""
    end, following = order.ends_at, followers.get(order.id)
    while (
        following
        and following.effective_from <= end
        and any((one.area, one.item) == (AREA, item) for one in following.measures)
    ):
        end = max(end, following.ends_at)
        following = followers.get(following.id)
    return end


def days_looked_back(bases: Iterable[Basis]) -> int:
    """For how many days the trips are needed that these rules count."""
    return max((_looks_back(basis.rule) for basis in bases), default=0)


def _looks_back(rule: PassRule) -> int:
    """A late trip costs one of the next period, which may be full already, and that trip may be late in its turn: three
    periods, and the days between two windows."""
    if rule.period is Period.UNLIMITED:
        return 0
    if rule.on_overtime is not OnOvertime.SKIP_NEXT_TRIP:
        return rule.period_days + 1
    opens_daily = all(window.weekdays == EVERY_DAY for window in rule.windows)
    return min(3 * (rule.period_days + (2 if opens_daily else DAYS_OF_A_WEEK)), LOOKED_BACK.days)


def still_counted(basis: Basis, trips: Sequence[Trip], at: datetime) -> dict[int, bool]:
    """Which of these trips (by their places in the list, the earliest first) bear on trips that begin from ``at`` on.

    A trip does where its own day, or the day that it cost, is in one period with today or a later day (True: its own
    is); and where the same is so for the day of a later trip that came back late, and looked for what it costs.
    """
    rule, first_day, today = basis.rule, local_day(basis.since), local_day(at)
    if rule.period is Period.UNLIMITED:
        return {}
    skips = rule.on_overtime is OnOvertime.SKIP_NEXT_TRIP
    cost = _costs(rule, trips, at, first_day) if skips else {}
    counted, looked_from = {}, today
    for place in reversed(range(len(trips))):
        trip, day = trips[place], local_day(trips[place].out_at)
        lasts = skips and trip.in_at is None  # late or not, it may cost a day to come
        if lasts or _counts_until(rule, max(day, cost.get(trip, day)), first_day) >= looked_from:
            counted[place] = _counts_until(rule, day, first_day) >= today
            looked_from = min(looked_from, day) if lasts or trip in cost else looked_from
    return counted


def _costs(rule: PassRule, trips: Sequence[Trip], at: datetime, first_day: date) -> dict[Trip, date]:
    """The days that late trips have cost, the last one of those that began and ended at the same moments."""
    cost: dict[Trip, date] = {}
    for day, trip in days_used(rule, list(trips), at, first_day)[1]:
        cost[trip] = max(day, cost.get(trip, day))
    return cost


def _counts_until(rule: PassRule, day: date, first_day: date) -> date:
    """The last day that is in one period with ``day``."""
    if rule.period is Period.ROLLING:
        return day + timedelta(days=rule.period_days - 1)
    if rule.period is Period.CALENDAR:
        return day + timedelta(days=rule.period_days - 1 - (day - first_day).days % rule.period_days)
    return day
