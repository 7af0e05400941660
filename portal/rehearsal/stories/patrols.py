"""A week of rounds: most of them done, some missed, one broken off, one corrected, one being written, one out now."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select

from portal.access.acting import acting
from portal.access.policy import Role
from portal.clock import local, now, rehearsing
from portal.database import db
from portal.patrols import plan, routes, service
from portal.patrols.forms_routes import the_only_unit_called
from portal.patrols.kinds import Barrier, PatrolKind, Weather
from portal.patrols.models import Patrol, PatrolRoute
from portal.patrols.plan import PlannedRound
from portal.patrols.routes import Wanted
from portal.patrols.rules import Standing
from portal.patrols.service import Setout
from portal.rehearsal.acting import acting_as
from portal.rehearsal.calendar import Calendar
from portal.rehearsal.staff import COMMUNITY, GROUP, OTHER_COMMUNITY, OTHER_TEAM, TEAMS, unit_named

HOUR = 60
DAYS_TOLD = 6
A_WALK = timedelta(minutes=48)
WEATHERS = (
    Weather.CLEAR,
    Weather.CLOUDY,
    Weather.CLEAR,
    Weather.RAIN,
    Weather.CLOUDY,
    Weather.WIND,
    Weather.CLEAR,
)
NORTH, SOUTH, BORDER, BESIDE, OTHERS = "北线", "南线", "邵店方向边界", "建设路交界", "一组片区"


@dataclass(frozen=True)
class Way:
    """A route of the story: who lays it down, what it is, who walks it, and which of its rounds are missed."""

    planner: str
    wanted: Wanted
    walkers: tuple[str, ...]
    missed: frozenset[tuple[int, int]]  # (days from today, hour)


def tell(on: Calendar) -> None:
    """The routes, the rounds of the days before, and today."""
    ways = _ways()
    for way in ways:
        with on.scene(way.planner, -7, 15):
            routes.lay_down(way.wanted)
    for days in range(-DAYS_TOLD, 1):
        for way in ways:
            _tell_a_day(on, way, days)
    _tell_a_correction(on)
    _tell_what_is_open(on)


def _ways() -> tuple[Way, ...]:
    with acting_as("li"):
        own, group = unit_named(COMMUNITY).id, unit_named(GROUP).id
        beside = unit_named(OTHER_COMMUNITY).id
        township = the_only_unit_called("邵店镇")
    first, second = _leader_of("豫苑社区一组"), _leader_of("豫苑社区二组")
    points = ["北门", "3号院公告栏", "建业小区广场", "豫苑北街路口", "停业棋牌室"]
    north = Wanted(own, PatrolKind.COMMUNITY, NORTH, points, [])
    return (
        Way("wang", north, ("zhao", first), frozenset({(-5, 20), (-2, 12), (-1, 15)})),
        Way(
            "wang",
            replace(
                north,
                unit_id=group,
                name=SOUTH,
                points=["东门", "蔡都家园门口", "重点户 3 户", "小广场"],
                hours=[9 * HOUR, 15 * HOUR, 20 * HOUR],
            ),
            (_leader_of(GROUP),),
            frozenset({(-3, 15)}),
        ),
        Way(
            "wang",
            Wanted(
                own, PatrolKind.BOUNDARY, BORDER, ["界桩路口", "土路隔离墩", "河堤便道"], [9 * HOUR, 20 * HOUR],
                "邵店镇", township,
            ),
            (second,),
            frozenset({(-4, 9), (0, 9)}),
        ),
        Way(
            "wang",
            Wanted(
                own, PatrolKind.BOUNDARY, BESIDE, ["建设路口水马", "小区侧门"], [17 * HOUR], OTHER_COMMUNITY, beside
            ),
            ("zhao",),
            frozenset(),
        ),
        Way(
            "sun",
            Wanted(beside, PatrolKind.COMMUNITY, OTHERS, ["大门", "菜市场口"], [9 * HOUR, 17 * HOUR]),
            (OTHER_TEAM[0],),
            frozenset({(-1, 17)}),
        ),
    )  # fmt: skip


def _leader_of(unit: str) -> str:
    """Who leads the shock team of a group, by sign-in name."""
    return next(
        f"demo{number}"
        for number, (role, _title, where) in enumerate(TEAMS, 1)
        if where == unit and role is Role.SHOCK_TEAM
    )


def _tell_a_day(on: Calendar, way: Way, days: int) -> None:
    day = on.hour(days, 0).date()
    with on.scene(way.walkers[0], days, 23):
        route = _route(way.wanted.name)
        rounds = plan.rounds_of(day, route_id=route.id)
        hours = [(local(one.round.at), one.key) for one in rounds if one.standing is Standing.MISSED]
    for number, (at, key) in enumerate(hours):
        if (days, at.hour) not in way.missed and at + A_WALK < now():
            _walk(on, way.walkers[number % len(way.walkers)], days, at, key)


def _walk(on: Calendar, walker: str, days: int, at: datetime, key: str) -> None:
    """One round: a few minutes late, most points passed, handed in at its end; one evening ends in the rain."""
    late = (at.day * 7 + at.hour) % 11
    with on.scene(walker, days, at.hour, late):
        patrol = _set_out(_the_round(key), WEATHERS[at.day % len(WEATHERS)])
        patrol_id, breaks_off = patrol.id, (days, at.hour, patrol.points[0]) == (-2, 20, "东门")
    with rehearsing(at + timedelta(minutes=late) + A_WALK), acting_as(walker):
        patrol = db.session.get_one(Patrol, patrol_id)
        if breaks_off:
            service.break_off(patrol, "暴雨，队员先行撤回")
            return
        service.keep(patrol, _written(patrol))
        service.send(patrol)


def _set_out(planned: PlannedRound, weather: Weather) -> Patrol:
    return service.set_out(
        Setout(
            kind=planned.route.kind,
            started_at=now(),
            leader=_own_name(),
            members="演示·队员甲, 演示·队员乙",
            weather=weather,
            planned=planned,
        )
    )


def _written(patrol: Patrol) -> dict[str, object]:
    skipped = patrol.started_at.day % 3 == 0 and len(patrol.points) > 3
    written: dict[str, object] = {
        "ended_at": now(),
        "walked": patrol.points[:-1] if skipped else list(patrol.points),
        "note": f"{patrol.points[-1]}道路施工，未能到达" if skipped else "",
    }
    if patrol.kind is PatrolKind.BOUNDARY:
        damaged = patrol.started_at.day % 4 == 0
        written |= {
            "barrier": Barrier.DAMAGED if damaged else Barrier.INTACT,
            "barrier_note": "隔离墩被挪开，已复位" if damaged else "",
            "turned_back_people": patrol.started_at.day % 5,
            "turned_back_vehicles": patrol.started_at.day % 3,
        }
    return written


def _tell_a_correction(on: Calendar) -> None:
    """Somebody has written one point too few, and says so."""
    with on.scene("zhao", -1, 11, 20):
        latest = select(Patrol).where(Patrol.route_id == _route(SOUTH).id).order_by(Patrol.started_at.desc())
        wrong = next(one for one in db.session.scalars(latest) if one.started_at < now())
        right = service.correct(wrong)
        service.keep(right, {"walked": list(right.points), "note": "原记录漏记一处，现补上"})
        service.send(right)


def _tell_what_is_open(on: Calendar) -> None:
    """A log that nobody has handed in yet, and a team that is out now."""
    with on.scene("qian", -1, 16, 10):
        area = Setout(PatrolKind.COMMUNITY, now(), _own_name(), where="二格楼栋与小菜园")
        draft_id = service.set_out(area).id
    with on.scene("qian", -1, 16, 50):
        draft = db.session.get_one(Patrol, draft_id)
        service.keep(draft, {"ended_at": now(), "walked": ["3号院东侧", "小菜园"]})
    with rehearsing(now() - timedelta(minutes=25)), acting_as("zhao"):
        service.set_out(
            Setout(PatrolKind.COMMUNITY, now(), _own_name(), route=_route(NORTH), weather=Weather.CLEAR)
        )


def _the_round(key: str) -> PlannedRound:
    planned = plan.round_named(key)
    if planned is None:
        raise RuntimeError(f"the story has no round {key}")
    return planned


def _route(name: str) -> PatrolRoute:
    return db.session.scalars(select(PatrolRoute).where(PatrolRoute.name == name).limit(1)).one()


def _own_name() -> str:
    return acting().name
