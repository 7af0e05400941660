"""What the rules need to know of a pass, read from the database: order, restrictions, trips.

A ``row`` is a ``Pass`` or a light row with the columns of ``LIGHT``.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, false, not_, or_, select

from portal.access.acting import Place
from portal.database import db
from portal.orders import service as orders
from portal.orders.models import Order
from portal.passes import rules
from portal.passes.applying import Basis
from portal.passes.facts import PassFacts, Restriction, Standing
from portal.passes.kinds import CountsFor, Kind, PassState, Shown
from portal.passes.models import Pass, Trip
from portal.passes.quota import Allowance, allowance, local_day
from portal.passes.quota import Trip as PlainTrip
from portal.passes.rule_data import PassRule
from portal.registry.models import HouseholdRestriction

AREA = "passes"
LOOKED_BACK = timedelta(days=70)  # a rule counts 31 days at most, and a late trip may cost a later one
LIGHT = (
    Pass.id,
    Pass.kind,
    Pass.state,
    Pass.order_id,
    Pass.household_id,
    Pass.valid_from,
    Pass.valid_until,
    Pass.replaced,
    Pass.ended_at,
    Pass.series_ends_at,
    Pass.rule,
)


def basis_for(kind: Kind, place: Place, at: datetime) -> Basis | None:
    """What a pass of this kind would rest on at this place; None where no order in force has a rule for it."""
    found = orders.measure_in_force(AREA, kind, place, at)
    if found is None:
        return None
    order, parameters = found
    return Basis(order.id, order.number, order.effective_from, order.ends_at, PassRule.from_json(parameters))


def own_rule(row: Any) -> PassRule:
    """The order's rule as this pass narrows it. The row has ``rule``, ``windows`` and ``max_minutes``."""
    hours = [(start, end) for start, end in row.windows]
    return PassRule.from_json(row.rule).narrowed_to(hours, row.max_minutes)


# ── the state that people see ────────────────────────────────────────────────────────────────────────────────────


def shown_state(row: Any, at: datetime) -> Shown:
    """The state of one pass at ``at``."""
    return shown_states([row], at)[0]


def shown_states(rows: Sequence[Any], at: datetime) -> list[Shown]:
    """The states of several passes, in their order; a few queries for all of them."""
    restricted = restrictions_of(row.household_id for row in rows if row.household_id)
    ends = _Ends()
    return [
        rules.shown_state(
            _standing(row, ends, restricted.get(row.household_id, ())), PassRule.from_json(row.rule), at
        )
        for row in rows
    ]


def standing_of(pass_: Pass) -> Standing:
    """What decides the state of one pass."""
    restricted = restrictions_of([pass_.household_id] if pass_.household_id else [])
    return _standing(pass_, _Ends(), restricted.get(pass_.household_id or 0, ()))


def restrictions_of(household_ids: Iterable[int]) -> dict[int, tuple[Restriction, ...]]:
    """The restrictions of households, as the rules know them."""
    wanted = set(household_ids)
    if not wanted:
        return {}
    found: dict[int, tuple[Restriction, ...]] = {}
    rows = db.session.execute(
        select(
            HouseholdRestriction.household_id,
            HouseholdRestriction.kind,
            HouseholdRestriction.since,
            HouseholdRestriction.until,
            HouseholdRestriction.lifted_at,
        )
        .where(HouseholdRestriction.household_id.in_(wanted))
        .order_by(HouseholdRestriction.id)
    )
    for household_id, kind, since, until, lifted_at in rows:
        end = min((moment for moment in (until, lifted_at) if moment), default=None)
        found[household_id] = (*found.get(household_id, ()), Restriction(kind, since, end))
    return found


def out_of_order(at: datetime) -> ColumnElement[bool]:
    """The condition that a pass has lost its order before its own end, for lists."""
    ended = db.session.scalars(select(Order).where(Order.ended_at <= at, Order.until > at))
    lost = [
        and_(Pass.order_id == order.id, Pass.kind == kind)
        for order in ended
        for kind in Kind
        if orders.measure_lasts_until(order, AREA, kind) <= at
    ]
    return or_(false(), *lost)


def suspended(at: datetime) -> ColumnElement[bool]:
    """The condition that a restriction of the household suspends a pass, for lists."""
    in_force = and_(
        HouseholdRestriction.since <= at,
        or_(HouseholdRestriction.until.is_(None), HouseholdRestriction.until > at),
        or_(HouseholdRestriction.lifted_at.is_(None), HouseholdRestriction.lifted_at > at),
    )
    kinds = db.session.scalars(select(HouseholdRestriction.kind).where(in_force).distinct()).all()
    conditions = [
        and_(
            Pass.suspended_by.contains(kind.value),
            Pass.household_id.in_(
                select(HouseholdRestriction.household_id).where(in_force, HouseholdRestriction.kind == kind)
            ),
        )
        for kind in kinds
    ]
    return or_(false(), *conditions)


def in_time(at: datetime) -> ColumnElement[bool]:
    """The condition that a pass is issued and neither too early, too late, replaced by a series nor out of order."""
    return and_(
        Pass.state == PassState.ISSUED,
        Pass.valid_from <= at,
        Pass.valid_until > at,
        or_(Pass.series_ends_at.is_(None), Pass.series_ends_at > at),
        not_(out_of_order(at)),
    )


def expiring_from(valid_from: datetime, valid_until: datetime) -> datetime:
    """From when a pass is shown as expiring, as ``rules.shown_state`` has it for a pass that nothing else ends."""
    return valid_until - min(rules.EXPIRING, (valid_until - valid_from) / 4)


class _Ends:
    """When an order stops carrying passes of a kind: asked once for each of the few orders of a page."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, Kind], tuple[datetime, datetime]] = {}

    def of(self, order_id: int, kind: Kind) -> tuple[datetime, datetime]:
        key = (order_id, kind)
        if key not in self._known:
            order = db.session.get_one(Order, order_id)
            self._known[key] = (order.effective_from, orders.measure_lasts_until(order, AREA, kind))
        return self._known[key]


def _standing(row: Any, ends: _Ends, restrictions: tuple[Restriction, ...]) -> Standing:
    order_from, order_until = ends.of(row.order_id, row.kind)
    return Standing(
        state=row.state,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        order_from=order_from,
        order_until=order_until,
        replaced=row.replaced,
        ended_at=row.ended_at,
        series_ended_at=row.series_ends_at,
        restrictions=restrictions,
    )


# ── trips ────────────────────────────────────────────────────────────────────────────────────────────────────────


def pass_facts(pass_: Pass, at: datetime) -> PassFacts:
    """A pass as a gate must know it at ``at``, with its own rule and the trips that are counted together."""
    rule = own_rule(pass_)
    return PassFacts(
        kind=pass_.kind,
        standing=standing_of(pass_),
        rule=rule,
        gates=frozenset(pass_.checkpoint_ids),
        trips=trips_counted(pass_, rule.counts_for, at),
        open_trip=_plain(open_trip(pass_)),
    )


def allowance_now(pass_: Pass, at: datetime) -> Allowance:
    """Whether the holder may set out at ``at``, as far as hours and trips go. Also for a pass not yet issued."""
    facts = pass_facts(pass_, at)
    return allowance(facts.rule, facts.trips, at, local_day(facts.standing.order_from))


def open_trip(pass_: Pass) -> Trip | None:
    """The pass's own trip that has not ended, if it is out."""
    mine = select(Trip).where(Trip.pass_id == pass_.id, Trip.in_at.is_(None))
    return db.session.scalars(mine.order_by(Trip.out_at.desc()).limit(1)).first()


def trips_counted(pass_: Pass, counts_for: CountsFor, at: datetime) -> tuple[PlainTrip, ...]:
    """The trips that a rule counts together with this pass's: with passes of its kind, of the same household,
    person or plate, lately."""
    return recent_trips(pass_.kind, _counted_together(pass_, counts_for), at)


def recent_trips(kind: Kind, whose: ColumnElement[bool], at: datetime) -> tuple[PlainTrip, ...]:
    """The trips made lately with passes of one kind, the earliest first."""
    lately = (
        select(Trip.out_at, Trip.in_at, Trip.back_by)
        .join(Pass, Pass.id == Trip.pass_id)
        .where(Pass.kind == kind, Trip.out_at > at - LOOKED_BACK, whose)
    )
    return tuple(PlainTrip(*row) for row in db.session.execute(lately.order_by(Trip.out_at)))


def _counted_together(pass_: Pass, counts_for: CountsFor) -> ColumnElement[bool]:
    if counts_for is CountsFor.HOUSEHOLD and pass_.household_id:
        return Trip.household_id == pass_.household_id
    if counts_for is CountsFor.PLATE and pass_.plate:
        return Pass.plate == pass_.plate
    if pass_.resident_id:
        return Trip.resident_id == pass_.resident_id
    if pass_.holder_index:
        return Pass.holder_index == pass_.holder_index
    return Trip.pass_id == pass_.id


def _plain(trip: Trip | None) -> PlainTrip | None:
    return PlainTrip(trip.out_at, trip.in_at, trip.back_by) if trip else None
