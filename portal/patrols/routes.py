"""What is done with the routes that are walked at the rounds of an order."""

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from portal.audit import service as audit
from portal.clock import now
from portal.database import db
from portal.patrols.kinds import PatrolKind
from portal.patrols.models import PatrolRoute
from portal.web.errors import Refused


@dataclass(frozen=True)
class Wanted:
    """What a route is to be."""

    unit_id: int
    kind: PatrolKind
    name: str
    points: list[str]
    hours: list[int]
    neighbour: str = ""
    neighbour_id: int | None = None


def lay_down(wanted: Wanted) -> PatrolRoute:
    """A new route. Its rounds begin with the next one."""
    route = PatrolRoute(
        unit_id=wanted.unit_id, kind=wanted.kind, hours=wanted.hours, earlier_hours=[], since=now()
    )
    _describe(route, wanted)
    db.session.add(route)
    db.session.flush()
    audit.record("patrol_route.lay_down", route, name=route.name, kind=route.kind.value)
    return route


def change_route(route: PatrolRoute, wanted: Wanted) -> None:
    """Change a route from now on; what was planned before stays as it was. Unit and kind stay."""
    refuse_closed(route)
    if route.hours != wanted.hours:
        route.earlier_hours = [*route.earlier_hours, (now().isoformat(), route.hours)]
        route.hours = wanted.hours
    _describe(route, wanted)
    audit.record("patrol_route.change", route, name=route.name, hours=route.hours)


def close_route(route: PatrolRoute, reason: str) -> None:
    """Nobody walks it from now on; what was logged stays."""
    refuse_closed(route)
    route.closed_at = now()
    audit.record("patrol_route.close", route, reason=reason, name=route.name)


def refuse_closed(route: PatrolRoute) -> None:
    """``Refused`` for a route that is closed."""
    if route.closed_at is not None:
        raise Refused(_l("This route is closed. Add a new one instead."))


def _describe(route: PatrolRoute, wanted: Wanted) -> None:
    route.name, route.points = wanted.name, wanted.points
    at_boundary = route.kind is PatrolKind.BOUNDARY
    route.neighbour = wanted.neighbour if at_boundary else ""
    route.neighbour_id = wanted.neighbour_id if at_boundary else None
