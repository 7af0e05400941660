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


QUESTIONS: dict[str, Callable[[Place], object]] = {
    "as kept": _sums,
    "as kept, by community": _communities,
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
    write(connection, "step_taken", (_step(grids[n % len(grids)], n) for n in range(screenings)))
    return tree


def _kept_every_day(grids: list[Row], since: Any) -> Iterator[Row]:
    for grid in grids:
        yield from (_tally(grid, code, since, 3) for code in EVERY_DAY)
        yield from (_tally(grid, code, TO_THIS_DAY, 25) for code in STANDING)


def _tally(grid: Row, code: str, since: Any, value: int) -> Row:
    return {**place(grid), "figure": code, "since": since, "value": value}


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
