"""The rounds of a day at the places that the one acting now sees: computed from routes, orders and logs."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select

from portal.access.acting import Level, Place
from portal.access.scope import current, everywhere
from portal.clock import local, now
from portal.database import db
from portal.orders.models import Measure, Order, OrderState
from portal.patrols import rules
from portal.patrols.kinds import PatrolKind, PatrolState
from portal.patrols.measure import AREA
from portal.patrols.models import Patrol, PatrolRoute
from portal.patrols.rules import COMES_FIRST, Round, Standing, SwitchedOn
from portal.units.models import Unit

ONE_DAY = timedelta(days=1)
KEY_TIME = "%Y%m%d%H%M"


@dataclass(frozen=True)
class Logged:
    """A patrol that stands for a round: by whom, of which unit. ``patrol_id`` only where its log may be opened."""

    patrol_id: int | None
    state: PatrolState
    leader: str
    unit: str
    started_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True)
class PlannedRound:
    """One round of one route, and what has become of it."""

    route: PatrolRoute
    unit: str
    round: Round
    standing: Standing
    logged: Logged | None

    @property
    def key(self) -> str:
        """Names route and round in forms and addresses: 7-202611230900."""
        return f"{self.route.id}-{local(self.round.at).strftime(KEY_TIME)}"

    @property
    def row_code(self) -> str:
        """Names the round on a sheet of its day: 7-0900."""
        return f"{self.route.id}-{local(self.round.at):%H%M}"

    @property
    def late(self) -> int:
        """How many minutes after its hour it began; 0 in time, or not at all."""
        return rules.minutes_late(self.round.at, self.logged.started_at) if self.logged else 0


def rounds_of(day: date, *, around: Place | None = None, route_id: int | None = None) -> list[PlannedRound]:
    """The rounds of a day in their order, of all routes in sight: one's own, those from above, those below.

    ``around`` narrows it to what the teams of one place walk, ``route_id`` to one route.
    """
    routes = [route for route in _routes(day, route_id) if around is None or _is_walked(route, around)]
    if not routes:
        return []
    switched, units = switched_on(day), _unit_names(route.unit_id for route in routes)
    planned = [
        (route, round_)
        for route in routes
        for round_ in rules.rounds_on(day, route.kind, line_of(route), switched)
        if _is_on(route, round_.at)
    ]
    logs = _logs([route.id for route in routes], day) if planned else {}
    at = now()
    found = [
        _planned(route, round_, units[route.unit_id], logs.get((route.id, round_.at), []), at)
        for route, round_ in planned
    ]
    return sorted(found, key=lambda one: (one.round.at, one.route.unit_id, one.route.name))


def round_named(key: str | None) -> PlannedRound | None:
    """The round that ``PlannedRound.key`` names; None where there is no such round here."""
    route_id, _dash, at = (key or "").partition("-")
    if not route_id.isascii() or not route_id.isdigit() or len(route_id) > 9:
        return None
    try:
        day = datetime.strptime(at, KEY_TIME).date()  # noqa: DTZ007 (the date on the wall)
    except ValueError:
        return None
    rounds = rounds_of(day, route_id=int(route_id))
    return next((one for one in rounds if one.key == key), None)


def round_of(patrol: Patrol) -> Round | None:
    """The planned round that a patrol stands for, if it stands for one."""
    if patrol.route is None or patrol.round_at is None:
        return None
    day = local(patrol.round_at).date()
    rounds = rules.rounds_on(day, patrol.kind, line_of(patrol.route), switched_on(day))
    return next((one for one in rounds if one.at == patrol.round_at), None)


def round_key(route_id: int, round_at: datetime) -> str:
    """What is unique while a patrol counts for the round."""
    return f"{route_id}:{round_at.astimezone(UTC):%Y-%m-%dT%H:%M}"


def who_has(key: str) -> Logged | None:
    """The patrol that counts for the round of this ``round_key``."""
    found = _log_columns().where(Patrol.round_key == key)
    with everywhere(because="whoever logs a round is told who has logged it already"):
        row = db.session.execute(found).one_or_none()
    return _logged(row) if row else None


def line_of(route: PatrolRoute) -> list[int]:
    """The units from the top down to the route's own."""
    return [unit_id for level in Level if (unit_id := getattr(route, level.column)) is not None]


def hours_at(route: PatrolRoute, at: datetime) -> list[int]:
    """The minutes of the day at which the route was to be walked then; none: at every round."""
    for until, hours in route.earlier_hours:
        if at < datetime.fromisoformat(until):
            return hours
    return route.hours


def switched_on(day: date) -> list[SwitchedOn]:
    """The orders in sight that switch patrols on at some hour of the day."""
    start, end = rules.hour_of(day, 0), rules.hour_of(day, 0) + ONE_DAY
    ends_at = func.coalesce(Order.ended_at, Order.until)
    found = db.session.execute(
        select(
            Order.id, Order.unit_id, Order.effective_from, Order.until, Order.ended_at,
            Measure.item, Measure.parameters,
        )
        .join(Measure, Measure.order_id == Order.id)
        .where(
            Measure.area == AREA, Order.state != OrderState.DRAFT, Order.effective_from < end, ends_at > start
        )
    )  # fmt: skip
    return [
        SwitchedOn(
            order_id=row.id,
            unit_id=row.unit_id,
            kind=PatrolKind(row.item),
            begins=row.effective_from,
            ends=min(row.ended_at, row.until) if row.ended_at else row.until,
            rounds=tuple(row.parameters["rounds"]),
            grace=timedelta(minutes=row.parameters["grace_minutes"]),
        )
        for row in found
    ]


# ── what it is computed from ─────────────────────────────────────────────────────────────────────────────────────


def _routes(day: date, route_id: int | None) -> list[PatrolRoute]:
    start = rules.hour_of(day, 0)
    then = select(PatrolRoute).where(
        PatrolRoute.since < start + ONE_DAY,
        or_(PatrolRoute.closed_at.is_(None), PatrolRoute.closed_at > start),
    )
    if route_id is not None:
        then = then.where(PatrolRoute.id == route_id)
    return list(db.session.scalars(then.order_by(PatrolRoute.id)))


def _is_walked(route: PatrolRoute, around: Place) -> bool:
    below = getattr(route, around.level.column) == around.unit_id
    return below or route.unit_id in around.line


def _is_on(route: PatrolRoute, at: datetime) -> bool:
    """Whether the route was to be walked at this round."""
    hours = hours_at(route, at)
    there = route.since <= at and (route.closed_at is None or at < route.closed_at)
    return there and (not hours or rules.minute_of(at) in hours)


def _planned(route: PatrolRoute, round_: Round, unit: str, logs: list[Logged], at: datetime) -> PlannedRound:
    counting = min(logs, key=lambda log: COMES_FIRST.index(log.state), default=None)
    return PlannedRound(
        route, unit, round_, rules.standing(round_, [log.state for log in logs], at), counting
    )


def _logs(route_ids: list[int], day: date) -> dict[tuple[int, datetime], list[Logged]]:
    start = rules.hour_of(day, 0)
    found = _log_columns().where(
        Patrol.route_id.in_(route_ids),
        Patrol.round_at >= start,
        Patrol.round_at < start + ONE_DAY,
        Patrol.state.in_(COMES_FIRST),
    )
    logs: dict[tuple[int, datetime], list[Logged]] = {}
    with everywhere(because="who shares a route sees which of its rounds were walked, and by which team"):
        rows = db.session.execute(found.order_by(Patrol.id)).all()
    for row in rows:
        logs.setdefault((row.route_id, row.round_at), []).append(_logged(row))
    return logs


def _log_columns() -> Any:
    places = (getattr(Patrol, level.column) for level in Level)
    told = (Patrol.state, Patrol.leader, Patrol.started_at, Patrol.ended_at, Patrol.route_id, Patrol.round_at)
    return select(Patrol.id, *told, *places, Unit.full_name).join(Unit, Unit.id == Patrol.unit_id)


def _logged(row: Any) -> Logged:
    place = current().place
    visible = place is None or getattr(row, place.level.column) == place.unit_id
    return Logged(
        row.id if visible else None, row.state, row.leader, row.full_name, row.started_at, row.ended_at
    )


def _unit_names(unit_ids: Iterable[int]) -> dict[int, str]:
    """The names of units on one's line and below."""
    wanted = select(Unit.id, Unit.full_name).where(Unit.id.in_(set(unit_ids)))
    return {row.id: row.full_name for row in db.session.execute(wanted)}
