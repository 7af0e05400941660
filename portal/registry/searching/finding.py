"""Finding people and households by what was understood, within one's own place only.

Each way of meaning it is a question of its own that begins at an index, so that none reads a county. What is asked
depends on what was typed alone, never on what was found: a hit takes as long as a miss.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, select

from portal.access.acting import Level, acting
from portal.access.guard import contributed
from portal.database import db
from portal.registry import listing
from portal.registry.addresses import address_key, address_of, search_pattern
from portal.registry.models import ADDRESS, Household, Resident
from portal.registry.searching.keys import BETWEEN, Door, begins_with
from portal.registry.searching.understanding import Meant, understood
from portal.units.models import Unit
from portal.vault import blind_index

MOST = 40

Way = tuple[Any, Select[int]]  # why it fits, and who does


@dataclass(frozen=True)
class Person:
    """Somebody who was found. The name is shown masked; ``why`` says by what."""

    id: int
    name: str
    address: str
    grid: str
    is_head: bool
    relation: str
    has_left: bool
    why: Any


@dataclass(frozen=True)
class Hit:
    """Something else that an area above has found. ``what`` is masked already."""

    url: str
    what: str
    under: str
    why: Any


@dataclass(frozen=True)
class Finder:
    """How an area takes part in the search (``contributes["search"]``): ``find(words)`` within one's own place."""

    label: Any
    find: Callable[[str], Sequence[Hit]]


@dataclass(frozen=True)
class Found:
    """What is shown of what was found, at most MOST in all; ``more`` where there is more than that."""

    people: list[Person]
    households: list[listing.Line]
    others: list[tuple[Any, Sequence[Hit]]]
    more: bool

    @property
    def nothing(self) -> bool:
        return not (self.people or self.households or any(hits for _label, hits in self.others))


def find(words: str) -> Found:
    """Everything of one's own place that the words can mean."""
    meant = understood(words)
    people = _first(ways_to_people(meant))
    households = _first(ways_to_households(meant))
    others = [(finder.label, finder.find(words)) for _area, finder in contributed("search")]
    room = max(0, MOST - len(people))
    return Found(
        people=_people(dict(list(people.items())[:MOST])),
        households=listing.lines_of(list(households)[:room]),
        others=others,
        more=len(people) > MOST or len(households) > room,
    )


def ways_to_people(meant: Meant) -> Iterator[Way]:
    """The questions for people, the surest first."""
    for number in meant.documents:  # one by one: for IN, SQLite would rather read the whole place
        yield _l("document number"), _equal(Resident.document_index == blind_index("document", number))
    for number in meant.phones:
        yield _l("phone"), _equal(Resident.phone_index == blind_index("phone", number))
    if meant.last_four:
        yield _l("phone ends so"), _equal(Resident.phone_end == meant.last_four)
        yield _l("document number ends so"), _equal(Resident.document_end == meant.last_four)
    if meant.name:
        for column in (Resident.name, Resident.name_rest_1, Resident.name_rest_2, Resident.name_rest_3):
            yield _l("name"), _beginning(column, meant.name)
    if meant.spelt:
        for column in (Resident.initials, Resident.initials_too):
            yield _l("initials"), _beginning(column, meant.spelt)
        for column in (Resident.pinyin, Resident.pinyin_too):
            yield _l("pinyin"), _beginning(column, meant.spelt)


def ways_to_households(meant: Meant) -> Iterator[Way]:
    """The questions for households: by the door, and by the words of the address."""
    if meant.door:
        yield _l("address"), _doors(meant.door)
    if meant.address:
        words = select(Household.id).where(_worded(meant.address))
        yield _l("address"), words.order_by(Household.address_key, Household.id).limit(MOST + 1)


def _equal(condition: ColumnElement[bool]) -> Select[int]:
    return select(Resident.id).where(condition).order_by(Resident.id).limit(MOST + 1)


def _beginning(column: Any, text: str) -> Select[int]:
    """Who is called exactly so comes first, as the shortest does in the order of the index."""
    return select(Resident.id).where(begins_with(column, text)).order_by(column, Resident.id).limit(MOST + 1)


def _doors(door: Door) -> Select[int]:
    """From the room outwards, as far as the way is known without a gap; the rest is compared among those."""
    beginning = f"{door.room}/"
    for part in (door.building, door.stairwell):
        if not part:
            break
        beginning += f"{part}/"
    condition = begins_with(Household.door, beginning)
    if door.stairwell or door.compound:
        parts = (door.room, door.building or "%", door.stairwell or "%", f"%{door.compound}%")
        condition &= Household.door.like("/".join(parts) + "/")
    return select(Household.id).where(condition).order_by(Household.door, Household.id).limit(MOST + 1)


def _worded(text: str) -> ColumnElement[bool]:
    """Anywhere in the address, among the households of a street; in a county where the address begins."""
    place = acting().place
    if place is None or place.level is Level.COUNTY:
        return begins_with(Household.address_key, address_key(BETWEEN.sub("", text), ""))
    return Household.address_key.like(search_pattern(text), escape="\\")


def _first(ways: Iterator[Way]) -> dict[int, Any]:
    """The ids in the order of the ways, each with the first reason."""
    found: dict[int, Any] = {}
    for why, question in ways:
        for id_ in db.session.scalars(question):
            found.setdefault(id_, why)
    return found


def _people(found: dict[int, Any]) -> list[Person]:
    rows = (
        select(
            Resident.id,
            Resident.name,
            Resident.is_head,
            Resident.relation,
            Resident.left_at,
            *ADDRESS,
            Unit.full_name.label("grid"),
        )
        .join(Household, Household.id == Resident.household_id)
        .join(Unit, Unit.id == Resident.unit_id)
        .where(Resident.id.in_(list(found) or listing.NOBODY))
    )
    by_id = {row.id: row for row in db.session.execute(rows)}
    return [
        Person(
            id=row.id,
            name=row.name,
            address=address_of(row),
            grid=row.grid,
            is_head=row.is_head,
            relation=row.relation,
            has_left=row.left_at is not None,
            why=why,
        )
        for id_, why in found.items()
        if (row := by_id.get(id_))
    ]
