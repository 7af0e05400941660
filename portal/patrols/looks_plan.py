"""What the pages about rounds and routes show: today's rounds on top of the list, the plan of a day, the routes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import pgettext
from sqlalchemy import select

from portal.clock import today
from portal.database import db
from portal.orders.service import why_not
from portal.patrols import plan, service
from portal.patrols.describing import hours_words
from portal.patrols.looks import late_words
from portal.patrols.measure import AREA
from portal.patrols.models import PatrolRoute
from portal.patrols.plan import Logged, PlannedRound
from portal.patrols.rules import Standing
from portal.units.models import Unit
from portal.web.formats import clock_time, moment

ON_TOP = 6
MOST_OFFERED = 30
ROUTES_A_PAGE = 8
DAYS_BACK = 3
FIRST_SHOWN = (
    Standing.NOW, Standing.OUT, Standing.SOON, Standing.MISSED, Standing.BROKEN_OFF, Standing.LATER, Standing.DONE,
)  # fmt: skip
OPEN = (Standing.NOW, Standing.SOON, Standing.MISSED, Standing.BROKEN_OFF)
TO_BEGIN = (Standing.NOW, Standing.SOON)
TO_LOG = (Standing.MISSED, Standing.BROKEN_OFF)
TAKEN = (Standing.OUT, Standing.DONE)


@dataclass(frozen=True)
class RouteLine:
    """One route in the list of routes."""

    route: PatrolRoute
    unit: str
    hours: str


def rounds_today() -> dict[str, Any]:
    """Today's rounds for the top of the list: the most urgent, how many are done, or why there are none."""
    rounds = plan.rounds_of(today())
    first = sorted(rounds, key=lambda one: FIRST_SHOWN.index(one.standing))
    return {
        "rounds": first[:ON_TOP],
        "planned": len(rounds),
        "done": sum(one.standing is Standing.DONE for one in rounds),
        "no_rounds": "" if rounds else why_no_rounds(today()),
    } | HOW_TO_SHOW


def rounds_to_log(wanted: str | None) -> list[PlannedRound]:
    """The rounds that can be logged: due, open ones of today and yesterday, and the one asked for."""
    at = today()
    near = [
        one for day in (at, at - timedelta(days=1)) for one in plan.rounds_of(day) if one.standing in OPEN
    ]
    offered = sorted(near, key=lambda one: FIRST_SHOWN.index(one.standing))[:MOST_OFFERED]
    asked_for = plan.round_named(wanted)
    if asked_for and asked_for.key not in [one.key for one in offered]:
        offered.insert(0, asked_for)
    return offered


def routes_to_walk() -> list[PatrolRoute]:
    """The routes in sight that are not closed."""
    routes = select(PatrolRoute).where(PatrolRoute.closed_at.is_(None))
    return list(db.session.scalars(routes.order_by(PatrolRoute.kind, PatrolRoute.name, PatrolRoute.id)))


def why_no_rounds(day: date) -> str:
    """Why a day has no rounds: no order, or no route."""
    if not plan.switched_on(day):
        return why_not(AREA, "")
    return _("No rounds are planned on this day. The command post lays down routes and their hours.")


def round_words(planned: PlannedRound) -> str:
    """today 09:00 North line (Due now)"""
    return _(
        "%(when)s %(route)s (%(state)s)",
        when=moment(planned.round.at),
        route=planned.route.name,
        state=planned.standing.label,
    )


def who_walked(planned: PlannedRound) -> str:
    """Who walks or walked a round, from when, and how late; empty for one that nobody has begun."""
    logged = planned.logged
    if logged is None:
        return ""
    words = _(
        "%(leader)s, %(unit)s, %(time)s",
        leader=logged.leader,
        unit=logged.unit,
        time=clock_time(logged.started_at),
    )
    return pgettext("between clauses", ", ").join(filter(None, (words, late_words(planned.late))))


HOW_TO_SHOW: dict[str, Any] = {"who_walked": who_walked, "to_begin": TO_BEGIN, "to_log": TO_LOG}


def to_begin_with(rounds: list[PlannedRound], asked_for: str | None) -> dict[str, Any]:
    """What a new log begins with: the round that is due, or, where the one asked for is taken, its route."""
    for one in rounds:
        if one.key == asked_for:
            return {"round": "", "route": one.route.id}
    due = next((one.key for one in rounds if one.standing is Standing.NOW), "")
    return {"round": "" if asked_for is not None else due}


def taken_by(rounds: list[PlannedRound], asked_for: str | None) -> Logged | None:
    """Who has the round that was asked for or chosen."""
    found = next((one for one in rounds if one.key == asked_for), None)
    return found.logged if found and found.standing in TAKEN else None


def where_to_go_second(planned: PlannedRound) -> str:
    """To the first one's log, or, where that cannot be seen, to a log of one's own."""
    if planned.logged and planned.logged.patrol_id:
        return url_for("patrols.show", patrol_id=planned.logged.patrol_id)
    return url_for("patrols.new", round=planned.key)


def rounds_by_route(rounds: Iterable[PlannedRound]) -> dict[int, list[PlannedRound]]:
    """The rounds of each route, in their order."""
    found: dict[int, list[PlannedRound]] = {}
    for one in rounds:
        found.setdefault(one.route.id, []).append(one)
    return found


def at_plan(day: date, after: int) -> dict[str, Any]:
    """The plan of a day: each route with its rounds, some routes at a time; and the days around."""
    by_route = rounds_by_route(plan.rounds_of(day))
    following = [route_id for route_id in sorted(by_route) if route_id > after]
    shown = [by_route[route_id] for route_id in following[:ROUTES_A_PAGE]]
    return {
        "day": day,
        "days": [today() - timedelta(days=back) for back in range(DAYS_BACK, -2, -1)],
        "routes": shown,
        "after": following[ROUTES_A_PAGE - 1] if len(following) > ROUTES_A_PAGE else None,
        "missed": sum(one.standing is Standing.MISSED for rounds in by_route.values() for one in rounds),
        "done": sum(one.standing is Standing.DONE for rounds in by_route.values() for one in rounds),
        "planned": sum(map(len, by_route.values())),
        "no_rounds": "" if by_route else why_no_rounds(day),
    } | HOW_TO_SHOW


def routes() -> list[RouteLine]:
    """The routes in sight that are walked, one's own unit's first."""
    found = select(PatrolRoute, Unit.full_name).join(Unit, Unit.id == PatrolRoute.unit_id)
    walked = found.where(PatrolRoute.closed_at.is_(None)).order_by(PatrolRoute.unit_id, PatrolRoute.name)
    return [
        RouteLine(row.PatrolRoute, row.full_name, hours_words(row.PatrolRoute.hours))
        for row in db.session.execute(walked)
    ]


def at_print_plan(unit: Unit, day: date) -> dict[str, Any]:
    """The page before a day's sheet is printed: for one's own unit, or one directly below it."""
    own = service.own_unit()
    units = select(Unit).where((Unit.id == own) | (Unit.parent_id == own)).order_by(Unit.id)
    own_first = sorted(db.session.scalars(units), key=lambda one: one.id != own)
    sheets = [
        (
            url_for("patrols.print_plan", unit=one.id, day=day.isoformat()),
            one.full_name,
            None,
            one.id == unit.id,
        )
        for one in own_first
    ]
    return {"unit": unit, "day": day, "sheets": sheets}
