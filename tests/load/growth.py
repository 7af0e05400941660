"""How the questions of the list of passes grow with the table, at every level of the tree: the database alone."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median
from time import perf_counter
from typing import Any

from flask import g
from sqlalchemy import event

from portal.access.acting import Acting, Level, Place
from portal.access.policy import Role
from portal.access.scope import PLACE_COLUMNS, look_through
from portal.accounts.models import TITLES
from portal.clock import now
from portal.database import db
from portal.passes import listing
from portal.passes.listing import Filters, Show
from tests.load.options import Options
from tests.load.table import table
from tests.load.worlds import World, Worlds

WANTED = 1.5  # what is more than this is explained
LONG_ENOUGH = 500.0  # ms: nobody waits longer for one median
UNMEASURABLE = 0.05  # ms: below this a ratio tells of the clock

WHO = {
    Level.COUNTY: Role.OFFICE,
    Level.STREET: Role.OFFICE,
    Level.COMMUNITY: Role.COMMANDER,
    Level.GROUP: Role.SHOCK_TEAM,
    Level.GRID: Role.GRID_MEMBER,
}

Question = tuple[str, Any]  # the statement as it is sent, and its parameters
QUESTIONS: dict[str, Callable[[], object]] = {
    **{f"page of {show.value}": lambda show=show: listing.lines(show, None, Filters(now())) for show in Show},  # type: ignore[misc]
    "figures of the filters": lambda: listing.counts(Filters(now())),
}


def run(worlds: Worlds, options: Options) -> str:
    """Milliseconds of the smallest and the largest world, and their ratio."""
    sizes = (options.sizes[0], options.sizes[-1])
    rows, plans = [], []
    for level in (Level.COMMUNITY,) if options.toy else Level:
        for name in QUESTIONS:
            asked = [_asked(worlds.of(size), level, name) for size in sizes]
            times = [
                _times(worlds.of(size), questions, options.repeats)
                for size, questions in zip(sizes, asked, strict=True)
            ]
            small, large = (sum(taken) for taken in times)
            ratio = large / max(small, UNMEASURABLE)
            rows.append((f"{level.value}: {name}", small, large, ratio))
            if ratio > WANTED and not options.toy:
                slowest = max(range(len(times[1])), key=times[1].__getitem__)
                plans.append((rows[-1][0], _plan(worlds.of(sizes[1]), asked[1][slowest])))
    heading = f"Growth of the list's questions, {options.database}, ms"
    columns = ("", *(f"{size:,} passes" for size in sizes), "ratio")
    return table(heading, columns, rows) + "".join(f"\n{name}\n{plan}\n" for name, plan in plans)


def _asked(world: World, level: Level, name: str) -> list[Question]:
    """What is sent to the database for one part of the page, as somebody at this level sees it."""
    unit, role = world.unit(level), WHO[level]
    place = Place(unit["id"], level, **{column: unit[column] for column in PLACE_COLUMNS})
    with world.app.test_request_context():
        g.acting = Acting(1, 1, "演示·王", role, TITLES[role][0].label, place, unit["full_name"])
        look_through(place)
        with _listening() as sent:
            QUESTIONS[name]()
        db.session.remove()
    return sent


@contextmanager
def _listening() -> Iterator[list[Question]]:
    sent: list[Question] = []

    def note(_connection: object, _cursor: object, statement: str, values: Any, *_more: object) -> None:
        if statement.startswith("SELECT"):
            sent.append((statement, values))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def _times(world: World, questions: list[Question], repeats: int) -> list[float]:
    """The median of each question in ms, sent again on the driver's own connection."""
    with world.app.app_context():
        connection = db.engine.raw_connection()
        try:
            return [_median(connection, question, repeats) for question in questions]
        finally:
            connection.close()


def _median(connection: Any, question: Question, repeats: int) -> float:
    times = [_once(connection, question)]
    while len(times) < repeats and sum(times) < LONG_ENOUGH:
        times.append(_once(connection, question))
    return median(times)


def _once(connection: Any, question: Question) -> float:
    begun = perf_counter()
    cursor = connection.cursor()
    cursor.execute(*question)
    cursor.fetchall()
    taken = 1000 * (perf_counter() - begun)
    cursor.close()
    return taken


def _plan(world: World, question: Question) -> str:
    with world.app.app_context():
        connection = db.engine.raw_connection()
        try:
            cursor = connection.cursor()
            how = "EXPLAIN QUERY PLAN " if db.engine.dialect.name == "sqlite" else "EXPLAIN ANALYZE "
            cursor.execute(how + question[0], question[1])
            return "\n".join(f"    {row[-1]}" for row in cursor.fetchall())
        finally:
            connection.close()
