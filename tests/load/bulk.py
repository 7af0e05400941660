"""The door for many rows against the session: the same people written both ways and rolled back, in turns."""

from collections.abc import Callable
from statistics import median
from time import perf_counter

from sqlalchemy import select

from portal.access.acting import Level
from portal.access.bulk import insert_many
from portal.access.scope import look_through, place_of
from portal.database import db
from portal.registry.models import Household, Resident
from tests.load.options import Options
from tests.load.table import table
from tests.load.worlds import Worlds

STREET = "411722003"
MANY = 2000
Row = dict[str, object]


def run(worlds: Worlds, options: Options) -> str:
    """Rows a second of both, and how many times as fast the door is: medians."""
    world, many = worlds.peopled(STREET, options.households[0]), 20 if options.toy else MANY
    community = world.unit(Level.COMMUNITY)["id"]
    with world.app.app_context():
        rows = _people(community, many)
        ways: dict[str, Callable[[], object]] = {
            "session.add_all": lambda: db.session.add_all([Resident(**row) for row in rows]),
            "insert_many": lambda: insert_many(Resident, rows),
        }
        taken: dict[str, list[float]] = {name: [] for name in ways}
        for _round in range(options.rounds):
            for name, write in ways.items():
                taken[name].append(_seconds(community, write))
        db.session.remove()
    rates = {name: many / median(times) for name, times in taken.items()}
    slowest = min(rates.values())
    heading = f"{many} people written within a community, {options.database}"
    columns = ("", "rows/s", "times as fast")
    return table(heading, columns, ((name, rate, rate / slowest) for name, rate in rates.items()))


def _people(community: int, many: int) -> list[Row]:
    look_through(place_of(community))
    home = db.session.scalars(select(Household).order_by(Household.id).limit(1)).one()
    of_home: Row = {"household_id": home.id, "unit_id": home.unit_id}
    db.session.rollback()
    return [of_home | {"name": f"演示·{number}"} for number in range(many)]


def _seconds(community: int, write: Callable[[], object]) -> float:
    look_through(place_of(community))
    begun = perf_counter()
    write()
    db.session.flush()
    taken = perf_counter() - begun
    db.session.rollback()
    return taken
