"""Patrols on paper: the log sheet of one patrol, and the sheet of a day to carry and to fill in by hand.

Paper is Chinese in both languages, so its words are written here and in ``templates/print/patrols/``.
"""

from dataclasses import dataclass
from datetime import date

from flask import Response
from flask_babel import force_locale

from portal import clock
from portal.database import db
from portal.patrols import plan
from portal.patrols.findings.models import Finding
from portal.patrols.kinds import PatrolKind, PatrolState
from portal.patrols.looks import LATE_FROM, place_words, points_passed
from portal.patrols.looks_plan import rounds_by_route
from portal.patrols.models import Patrol, PatrolRoute
from portal.patrols.plan import PlannedRound
from portal.patrols.rules import Standing, minutes_late
from portal.printing.document import printed
from portal.printing.foot import Foot
from portal.printing.words import CHINESE, day_in_words, moment_in_words
from portal.units.installation import foot
from portal.units.models import Unit
from portal.web.formats import minutes

KIND_WORDS = {PatrolKind.COMMUNITY: "社区巡逻", PatrolKind.BOUNDARY: "边界巡逻"}
STATE_WORDS = {
    PatrolState.DRAFT: "尚未上交",
    PatrolState.SENT: "已上交",
    PatrolState.BROKEN_OFF: "中途结束",
    PatrolState.CORRECTED: "已被更正",
    PatrolState.VOID: "已作废",
}
LEAST_ROWS = 3  # of findings, so that some can be written in by hand


@dataclass(frozen=True)
class FindingRow:
    """What was found, nobody named."""

    at: str
    place: str
    kind: str
    people: str
    step: str
    outcome: str


@dataclass(frozen=True)
class LogSheet:
    """What the sheet of one patrol says."""

    number: str
    title: str
    facts: tuple[tuple[str, str], ...]
    points: tuple[tuple[str, bool], ...]
    findings: tuple[FindingRow, ...]
    note: str
    state: str
    because: str
    foot: Foot

    @property
    def blank_rows(self) -> range:
        """Lines for what is still to be written in."""
        return range(max(0, LEAST_ROWS - len(self.findings)))

    @property
    def columns(self) -> tuple[tuple[tuple[int, str, bool], ...], ...]:
        """The points in two columns, numbered in the order of the way: (number, name, was it passed)."""
        numbered = tuple((number, name, passed) for number, (name, passed) in enumerate(self.points, 1))
        half = (len(numbered) + 1) // 2
        return (numbered[:half], numbered[half:]) if half else ()


@dataclass(frozen=True)
class RoundRow:
    """One round on the sheet of a day. What nobody has logged yet is written in by hand."""

    code: str
    time: str
    leader: str = ""
    out: str = ""
    back: str = ""
    state: str = ""


@dataclass(frozen=True)
class RouteRows:
    """One route on the sheet of a day."""

    name: str
    kind: str
    unit: str
    points: tuple[str, ...]
    neighbour: str
    rounds: tuple[RoundRow, ...]


@dataclass(frozen=True)
class DaySheet:
    """What is to be walked on a day, by the teams of one unit."""

    unit: str
    day: date
    routes: tuple[RouteRows, ...]
    foot: Foot

    @property
    def day_in_words(self) -> str:
        """2026年11月23日 周一"""
        return f"{day_in_words(self.day)} 周{'一二三四五六日'[self.day.weekday()]}"


def log_sheet(patrol: Patrol) -> Response:
    """The sheet of one patrol as the answer to a request."""
    return printed("patrols/log.html", log_sheet_of(patrol), file_name=f"patrol-{patrol.id}")


def day_sheet(unit: Unit, day: date) -> Response:
    """The sheet of a day as the answer to a request."""
    return printed("patrols/day.html", day_sheet_of(unit, day), file_name=f"patrols-{day:%Y%m%d}-{unit.id}")


def log_sheet_of(patrol: Patrol) -> LogSheet:
    """What the sheet of a patrol says. What is missing stays empty, to be written in by hand."""
    with force_locale(CHINESE):
        return LogSheet(
            number=_number(patrol),
            title=KIND_WORDS[patrol.kind],
            facts=_facts(patrol),
            points=tuple(points_passed(patrol)),
            findings=tuple(_finding(finding) for finding in patrol.findings),
            note=patrol.note,
            state=STATE_WORDS[patrol.state],
            because=patrol.ended_because,
            foot=foot(),
        )


def day_sheet_of(unit: Unit, day: date) -> DaySheet:
    """The rounds of a day that the teams of a unit walk, route by route."""
    by_route = rounds_by_route(plan.rounds_of(day, around=unit.place))
    routes = tuple(_route(rounds[0].route, rounds) for rounds in by_route.values())
    return DaySheet(unit.full_name, day, routes, foot())


def _facts(patrol: Patrol) -> tuple[tuple[str, str], ...]:
    facts = [
        ("单位", db.session.get_one(Unit, patrol.unit_id).full_name),
        ("路线或区域", place_words(patrol)),
        ("班次", _round_words(patrol)),
        ("出发", moment_in_words(patrol.started_at)),
        ("返回", moment_in_words(patrol.ended_at) if patrol.ended_at else ""),
        ("历时", minutes(patrol.ended_at - patrol.started_at) if patrol.ended_at else ""),
        ("带队人", patrol.leader),
        ("队员", patrol.members),
        ("天气", patrol.weather.label if patrol.weather else ""),
        ("依据", patrol.order.number),
    ]
    if patrol.corrects_id and (wrong := db.session.get(Patrol, patrol.corrects_id)):
        facts += [("更正记录", _number(wrong)), ("", "")]
    if patrol.kind is PatrolKind.BOUNDARY:
        barrier = "，".join(
            filter(None, (patrol.barrier.label if patrol.barrier else "", patrol.barrier_note))
        )
        facts += [
            ("相邻单位", patrol.route.neighbour if patrol.route else ""),
            ("隔离设施", barrier),
            ("劝返人员", f"{patrol.turned_back_people} 人"),
            ("劝返车辆", f"{patrol.turned_back_vehicles} 辆"),
        ]
    return tuple(facts)


def _number(patrol: Patrol) -> str:
    """巡20261123-7: how a log is called on paper."""
    return f"巡{clock.local(patrol.started_at):%Y%m%d}-{patrol.id}"


def _round_words(patrol: Patrol) -> str:
    if patrol.round_at is None:
        return "计划外"
    late = minutes_late(patrol.round_at, patrol.started_at)
    words = f"{clock.local(patrol.round_at):%H:%M}"
    return f"{words}（晚 {late} 分钟）" if late >= LATE_FROM else words


def _finding(finding: Finding) -> FindingRow:
    return FindingRow(
        at=f"{clock.local(finding.found_at):%H:%M}",
        place=finding.place,
        kind=finding.kind_note or finding.kind.label,
        people=f"{finding.people} 人",
        step=finding.state.label,
        outcome=finding.outcome,
    )


def _route(route: PatrolRoute, rounds: list[PlannedRound]) -> RouteRows:
    return RouteRows(
        name=route.name,
        kind=KIND_WORDS[route.kind],
        unit=rounds[0].unit,
        points=tuple(route.points),
        neighbour=route.neighbour,
        rounds=tuple(_round(one) for one in rounds),
    )


def _round(one: PlannedRound) -> RoundRow:
    time = f"{clock.local(one.round.at):%H:%M}"
    if one.logged is None:
        return RoundRow(one.row_code, time, state="未巡" if one.standing is Standing.MISSED else "")
    back = one.logged.ended_at
    return RoundRow(
        one.row_code,
        time,
        leader=one.logged.leader,
        out=f"{clock.local(one.logged.started_at):%H:%M}",
        back=f"{clock.local(back):%H:%M}" if back else "",
        state=STATE_WORDS[one.logged.state],
    )
