"""The roll-up of a day: from the figures kept beside the records, and counted from the records, in a county of
460 communities and 13,800 grids. A day with a million screenings against one with ten thousand.

Both days have all that happens every day in every grid; what differs is how much was screened.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from statistics import median
from time import perf_counter
from typing import Any

from sqlalchemy import Connection, func, select

from portal.access.acting import Level, Place
from portal.access.scope import PLACE_COLUMNS, look_through
from portal.clock import now, today
from portal.database import db
from portal.orders.models import OrderState
from portal.screenings import coverage
from portal.screenings.kinds import Criterion, RoundState
from portal.screenings.models import ScreeningRound
from portal.screenings.tallies import RoundTally
from portal.workflow import figures
from portal.workflow.figures import TO_THIS_DAY
from portal.workflow.models import StepTaken
from tests.load.filling import Row, Tree, place, tree_of, write
from tests.load.options import SMALLEST, Options
from tests.load.table import table
from tests.load.worlds import World, Worlds

COUNTY = (1, 20, 23, 5, 6)  # streets, communities of each, groups, grids
A_TOY = (1, 1, 2, 2, 2)
EVERY_DAY = (
    "gate.exits",
    "gate.entries",
    "passes.issued",
    "passes.ended",
    "patrols.walked",
    "findings.found",
    "postings.hung",
)
STANDING = ("registry.households", "registry.residents")
SCREENED = ("screenings.answered", "screenings.new.returned")
FEW, MANY = SMALLEST, 1_000_000
ROUND = 1


def run(worlds: Worlds, options: Options) -> str:
    """Milliseconds for each level, few and many screenings, and their ratio."""
    sizes = (100, 200) if options.toy else (FEW, max(options.rows, FEW))
    shape = A_TOY if options.toy else COUNTY
    here = [worlds.filled(size, lambda connection, rows: _fill(connection, rows, shape)) for size in sizes]
    rows = []
    for level in (Level.COUNTY, Level.STREET, Level.COMMUNITY):
        for name, question in QUESTIONS.items():
            small, large = (_time(world, level, question, options.repeats) for world in here)
            rows.append((f"{level.value}: {name}", small, large, large / max(small, 0.05)))
    columns = ("", *(f"{size:,} screenings" for size in sizes), "ratio")
    return table(f"Roll-up of a day, {options.database}, ms", columns, rows)


def _sums(where: Place) -> object:
    return figures.sums(where, today())


def _communities(where: Place) -> object:
    return figures.by_part(where, today(), Level.COMMUNITY if where.level is not Level.COMMUNITY else None)


def _recounted(where: Place) -> object:
    span = figures.day_span(today())
    counted = select(StepTaken.community_id, StepTaken.step, func.count()).where(
        getattr(StepTaken, where.level.column) == where.unit_id,
        StepTaken.at >= span.start,
        StepTaken.at < span.end,
    )
    return db.session.execute(counted.group_by(StepTaken.community_id, StepTaken.step)).all()


def _coverage(where: Place) -> object:
    whole = ScreeningRound(id=ROUND, unit_id=where.county_id, state=RoundState.OPEN)
    return coverage.parts(whole, where)


QUESTIONS: dict[str, Callable[[Place], object]] = {
    "as kept": _sums,
    "as kept, by community": _communities,
    "coverage of a round, by unit below": _coverage,
    "counted from the steps": _recounted,
}


def _fill(connection: Connection, screenings: int, shape: tuple[int, ...]) -> Tree:
    """Units, the steps of the screenings, and what is kept of them and of all else."""
    tree = tree_of(shape)
    for level in Level:
        write(connection, "unit", tree[level])
    grids, since = tree[Level.GRID], figures.day_span(today()).start
    write(connection, "tally", _kept_every_day(grids, since))
    kept: Counter[tuple[int, str]] = Counter()
    for number in range(screenings):
        kept[number % len(grids), SCREENED[number % 10 == 0]] += 1
    write(
        connection,
        "tally",
        (_tally(grids[grid], code, since, value) for (grid, code), value in kept.items()),
    )
    write(connection, "order_", [_order(tree[Level.COUNTY][0])])
    write(connection, "screening_round", [_round(tree[Level.COUNTY][0])])
    write(connection, "round_tally", (_answered(grid, screenings // len(grids)) for grid in grids))
    write(connection, "step_taken", (_step(grids[n % len(grids)], n) for n in range(screenings)))
    return tree


def _kept_every_day(grids: list[Row], since: Any) -> Iterator[Row]:
    for grid in grids:
        yield from (_tally(grid, code, since, 3) for code in EVERY_DAY)
        yield from (_tally(grid, code, TO_THIS_DAY, 25) for code in STANDING)


def _tally(grid: Row, code: str, since: Any, value: int) -> Row:
    return {**place(grid), "figure": code, "since": since, "value": value}


def _order(county: Row) -> Row:
    hours = {"effective_from": now() - timedelta(days=1), "until": now() + timedelta(days=14)}
    said = {"number": "〔2026〕1号", "title": "排查", "legal_basis": "", "issued_by": ""}
    stamps = {"created_at": now(), "changed_at": now()}
    return {**place(county), **hours, **said, **stamps, "id": ROUND, "state": OrderState.IN_FORCE}


def _round(county: Row) -> Row:
    hours = {"starts_at": now() - timedelta(hours=1), "deadline": now() + timedelta(hours=10)}
    asked = {"name": "全员排查", "criterion": Criterion.EVERYONE, "looked_for": "", "area_ids": []}
    stamps = {"created_at": now(), "changed_at": now()}
    kept = {"id": ROUND, "order_id": ROUND, "state": RoundState.OPEN, "parameters": {}, "rechecks": 0}
    return {**place(county), **hours, **asked, **stamps, **kept}


def _answered(grid: Row, answered: int) -> Row:
    numbers = {column.name: 0 for column in RoundTally.__table__.c if column.default is not None}
    return {**place(grid), **numbers, "round_id": ROUND, "answered": answered}


def _step(grid: Row, number: int) -> Row:
    return {
        **place(grid),
        "record": "visit",
        "record_id": number,
        "step": "answer",
        "from_state": "to_visit",
        "to_state": "answered",
        "at": now() - timedelta(seconds=number % 60),
        "by": "演示·王",
        "by_unit": "格",
        "by_role": "grid_member",
        "reason": "",
    }


def _time(world: World, level: Level, question: Callable[[Place], object], repeats: int) -> float:
    """The median of some tries in ms, by the application itself."""
    unit = world.unit(level)
    where = Place(unit["id"], level, **{column: unit[column] for column in PLACE_COLUMNS})
    times: list[float] = []
    with world.app.test_request_context():
        look_through(where)
        while len(times) < min(repeats, 5):
            begun = perf_counter()
            question(where)
            times.append(1000 * (perf_counter() - begun))
        db.session.remove()
    return median(times)
