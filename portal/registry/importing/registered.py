"""What the registry knows already around some homes of a sheet, asked for in few questions."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, select

from portal.access.scope import PLACE_COLUMNS, current, everywhere
from portal.database import db
from portal.registry.addresses import ADDRESS_PARTS
from portal.registry.importing import asked
from portal.registry.importing.homes import Home, key_of
from portal.registry.kinds import Need
from portal.registry.models import Household, Resident

PERSON = (
    "name",
    "is_head",
    "relation",
    "sex",
    "born_on",
    "phone_of",
    "registered_address",
    "work",
    "stay",
)
NUMBERS = ("document", "phone")
OF_A_HOUSEHOLD = ("kind", "note")
_COLUMNS = (
    *(getattr(Resident, name) for name in PERSON),
    Resident.id,
    Resident.household_id,
    Resident.document_type,
    Resident.document_index,
    Resident.document_sealed,
    Resident.phone_index,
    Resident.phone_sealed,
    Resident.seal_id,
    *(getattr(Resident, column) for column in PLACE_COLUMNS),
)


@dataclass
class Registered:
    """What the registry knows around some homes."""

    households: dict[tuple[int, str], list[Any]] = field(default_factory=dict)
    living: dict[int, list[Any]] = field(default_factory=lambda: defaultdict(list))
    by_document: dict[str, Any] = field(default_factory=dict)
    by_phone: dict[str, list[Any]] = field(default_factory=lambda: defaultdict(list))
    elsewhere: set[str] = field(default_factory=set)
    needed: dict[int, set[Need]] = field(default_factory=dict)


class Doors:
    """The households of the grids that a sheet names, by where they are, and what orders ask for there; once."""

    def __init__(self) -> None:
        self.known: set[int | None] = set()
        self.orders = asked.Asked()
        self.there: dict[tuple[int, str], list[Any]] = defaultdict(list)

    def learn(self, grid_ids: set[int | None]) -> None:
        """Ask for the households of those grids that aren't known yet."""
        columns = [getattr(Household, part) for part in (*ADDRESS_PARTS, *OF_A_HOUSEHOLD)]
        rows = select(Household.id, Household.unit_id, *columns)
        if new := grid_ids - self.known:
            for row in db.session.execute(rows.where(Household.unit_id.in_(new)).order_by(Household.id)):
                self.there[row.unit_id, key_of(dict(row._mapping))].append(row)
            self.known |= new

    def at(self, home: Home) -> list[Any]:
        """The households at a home's door."""
        return self.there.get((home.grid_id or 0, home.key), [])


def look_up(homes: Sequence[Home], doors: Doors, indexes: dict[tuple[str, str], str]) -> Registered:
    """Documents and phones are looked for everywhere: of what lies outside only that it is there is kept."""
    found = Registered()
    doors.learn({home.grid_id for home in homes} - {None})
    for home in homes:
        found.households[home.grid_id or 0, home.key] = doors.at(home)
    ids = {row.id for rows in found.households.values() for row in rows}
    documents = {index for (kind, _number), index in indexes.items() if kind == "document"}
    phones = {index for (kind, _number), index in indexes.items() if kind == "phone"}
    with everywhere(because="a document must not be imported twice; where else it is, isn't told"):
        for row in _people(Resident.household_id.in_(ids)):
            found.living[row.household_id].append(row)
        numbered = [
            *_people(Resident.document_index.in_(documents)),
            *_people(Resident.phone_index.in_(phones)),
        ]
    is_mine = _mine()
    for row in numbered:
        if is_mine(row):
            found.by_document.setdefault(row.document_index or "", row)
            found.by_phone[row.phone_index or ""].append(row)
        elif row.document_index in documents:
            found.elsewhere.add(row.document_index)
    found.elsewhere -= found.by_document.keys()
    if any("needs" in said.person for home in homes for said in home.said):
        people = [one for some in (*found.living.values(), numbered) for one in some if is_mine(one)]
        found.needed = asked.of_people({one.id for one in people})
    return found


def _people(which: ColumnElement[bool]) -> Sequence[Any]:
    living = select(*_COLUMNS).where(which, Resident.left_at.is_(None))
    return db.session.execute(living.order_by(Resident.id)).all()


def _mine() -> Callable[[Any], bool]:
    """Whether a row lies within one's own scope."""
    place = current().place
    if place is None:
        return lambda _row: True
    column = place.level.column
    return lambda row: bool(getattr(row, column) == place.unit_id)
