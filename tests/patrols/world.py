"""An order with rounds, routes, and patrols in any state. It is ten in the morning of 23 November 2026."""

from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import select

from portal.access.scope import everywhere
from portal.clock import LOCAL, now
from portal.database import db
from portal.orders.models import Order
from portal.patrols import plan, service
from portal.patrols.findings.kinds import FindingKind
from portal.patrols.kinds import PatrolKind, PatrolState
from portal.patrols.models import Patrol, PatrolRoute
from portal.patrols.service import Setout
from tests.factories import order_in_force
from tests.passes.conftest import acting_as
from tests.people import Person, unit, zhao

HOURS = [9 * 60, 12 * 60, 15 * 60, 17 * 60, 20 * 60]
POINTS = ["北门", "3号院公告栏", "小广场"]
PARAMETERS = {
    "rounds": HOURS,
    "grace_minutes": 90,
    "kinds": [FindingKind.GATHERING.value, FindingKind.OTHER.value],
}
MEASURES = {("patrols", kind.value): PARAMETERS for kind in PatrolKind}


def hour(hours: int, minutes: int = 0, *, days: int = 0) -> datetime:
    """An hour of the tests' day, or of the days around it."""
    return datetime(2026, 11, 23, hours, minutes, tzinfo=LOCAL) + timedelta(days=days)


def order(**values: Any) -> Order:
    """An order of the street with five rounds a day, both kinds, since three days ago."""
    return order_in_force(**({"measures": MEASURES, "effective_from": hour(0, days=-3)} | values))


def route(where: str = "豫苑社区", **values: Any) -> PatrolRoute:
    """A route walked since three days ago, at every round."""
    given = {"kind": PatrolKind.COMMUNITY, "name": "北线", "points": POINTS, "hours": [], "earlier_hours": []}
    with everywhere(because="tests make rows of every unit"):
        row = PatrolRoute(**(given | {"unit_id": unit(where).id, "since": hour(0, days=-3)} | values))
        db.session.add(row)
        db.session.commit()
        db.session.refresh(row)
        db.session.expunge(row)
    return row


def key(way: PatrolRoute, at: datetime) -> str:
    """How forms and addresses name a round: 1-202611230900."""
    return f"{way.id}-{at.astimezone(LOCAL):%Y%m%d%H%M}"


def patrol(
    state: PatrolState = PatrolState.SENT,
    *,
    way: PatrolRoute | None = None,
    round_at: datetime | None = None,
    start: datetime | None = None,
    end: datetime | None = None,
    by: Person = zhao,
    complete: bool = True,
    **written: Any,
) -> int:
    """A patrol that somebody logged, as the pages would have it; its id. A draft is complete unless told."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    start = start or (round_at + timedelta(minutes=5) if round_at else now() - timedelta(minutes=50))
    with acting_as(app, by):
        made = service.set_out(
            Setout(
                kind=way.kind if way else PatrolKind.COMMUNITY,
                started_at=start.replace(second=0, microsecond=0),
                leader=f"演示·{by}",
                planned=plan.round_named(key(way, round_at)) if way and round_at else None,
                route=way and db.session.get_one(PatrolRoute, way.id),
                where="" if way else "3号院周边",
            )
        )
        patrol_id = made.id
        if complete:
            end = end or start + timedelta(minutes=40)
            service.keep(
                made, {"ended_at": end.replace(second=0, microsecond=0), "walked": ["北门"]} | written
            )
    if state is not PatrolState.DRAFT:
        _bring_to(state, patrol_id, by)
    return patrol_id


def _bring_to(state: PatrolState, patrol_id: int, by: Person) -> None:
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    with acting_as(app, by):
        made = db.session.get_one(Patrol, patrol_id)
        if state is PatrolState.BROKEN_OFF:
            service.break_off(made, "天气恶劣")
            return
        service.send(made)
        if state is PatrolState.VOID:
            service.strike_out(made, "重复记录")
        if state is PatrolState.CORRECTED:
            service.send(service.correct(made))


def row(patrol_id: int) -> Patrol:
    """The patrol as it stands."""
    with everywhere(because="the test looks"):
        db.session.rollback()
        found = db.session.get_one(Patrol, patrol_id)
        db.session.refresh(found)
        return found


def all_patrols() -> list[Patrol]:
    """Every patrol, in the order in which they were logged."""
    with everywhere(because="the test looks"):
        db.session.rollback()
        return list(db.session.scalars(select(Patrol).order_by(Patrol.id)))
