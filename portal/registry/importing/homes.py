"""The rows of a sheet gathered into homes: one row a person, or one row a household with its people in columns."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask_babel import gettext as _

from portal.registry.addresses import ADDRESS_PARTS, address_key, written_address
from portal.registry.importing.cells import Facts, Reader, several_names
from portal.registry.importing.flags import Flags, rows_in_words
from portal.registry.importing.grids import Grids, Outside, Unclear
from portal.registry.importing.synonyms import MOST_MEMBERS
from portal.spreadsheets.headings import Heading
from portal.spreadsheets.reading import Row, Sheet

NO_ADDRESS: Facts = {}
OF_SOMEBODY = {
    "document",
    "phone",
    "sex",
    "born_on",
}  # what is said without a name belongs to somebody all the same


@dataclass(slots=True)
class Said:
    """One person of a row; ``person`` is {} for a home without people. ``problem`` says what to mend."""

    number: int
    person: Facts
    problem: str = ""


@dataclass(slots=True)
class Home:
    """Rows that are about one household. ``grid_id`` None: outside one's own area, or nobody knows where."""

    grid_id: int | None
    facts: Facts
    said: list[Said] = field(default_factory=list)
    outside: bool = False

    @property
    def key(self) -> str:
        """By which the household is found."""
        return key_of(self.facts)

    @property
    def has_room(self) -> bool:
        """Whether the address leads to one door, so that nobody else lives at the same one."""
        return bool(self.facts.get("room"))


def key_of(address: Mapping[str, Any]) -> str:
    """By which a home is found whatever is noted beside its address; the words where there is no other address."""
    *door, note = (address.get(part) or "" for part in ADDRESS_PARTS)
    written = written_address(door[0], door[1], door[2], door[3], "")
    return address_key(written, "") if written else address_key(note, note)


def gather(sheet: Sheet, heading: Heading, grids: Grids, today: date) -> tuple[list[Home], list[str]]:
    """Every row of the list in one home or another, in the order of the sheet; and what is to be known of it."""
    walk = _Walk(heading, grids, today)
    for row in heading.data(sheet):
        walk.take(row)
    return walk.homes, walk.remarks()


class _Walk:
    """Goes down the sheet; a row without an address of its own goes on with the home above it."""

    def __init__(self, heading: Heading, grids: Grids, today: date) -> None:
        self.heading, self.grids, self.today = heading, grids, today
        self.names = {column.field: column.label for column in heading.columns if column.field}
        self.members = [n for n in range(1, MOST_MEMBERS + 1) if f"member{n}.name" in self.names]
        self.whole_households = bool(self.members) or "members" in self.names or "name" not in self.names
        self.homes: list[Home] = []
        self.known: dict[tuple[Any, ...], Home] = {}
        self.before: tuple[int | None, Facts, str] = (None, NO_ADDRESS, "")
        self.documents: dict[str, int] = {}
        self.people: dict[tuple[int, str], tuple[int, str | None]] = {}
        self.flags = Flags(self.names)
        self.headless: list[int] = []

    def take(self, row: Row) -> None:
        """One row."""
        reader = Reader(self.heading.pick(row), self.names, self.today)
        people = list(self._people(reader))
        address = reader.home()
        goes_on = not any(address.get(part) for part in ADDRESS_PARTS)
        if goes_on:
            address = self._continued(people, reader, address)
        grid_id, outside = self._grid(reader, goes_on=goes_on)
        people = self.flags.read(reader, row.number, grid_id, people)
        head = self._head(row, reader, people, address, goes_on=goes_on)
        self.before = (grid_id, {part: address[part] for part in ADDRESS_PARTS if part in address}, head)
        if outside or reader.problems:
            problem = "" if outside else " ".join(dict.fromkeys(reader.problems))
            said = [Said(row.number, person, problem) for person in people or [{}]]
            self.homes.append(Home(grid_id, address, said, outside=outside))
        else:
            self._put(row, grid_id, address, people, head)

    def _people(self, reader: Reader) -> Iterator[Facts]:
        if not self.whole_households:
            person = reader.person()
            yield from [person] if person else []
            return
        head = reader.person("head." if "head.name" in self.names else "")
        if head.get("name"):
            yield {**{k: v for k, v in head.items() if k != "relation"}, "is_head": True}
        elif OF_SOMEBODY & head.keys():
            field = "head.name" if "head.name" in self.names else "name"
            reader.blame(field, _("Enter the name, or empty the cells that tell of this person."))
        for number in self.members:
            if member := reader.person(f"member{number}."):
                yield member
        for name in reader.read("members", several_names) or ():
            yield {"name": name}

    def _continued(self, people: list[Facts], reader: Reader, own: Facts) -> Facts:
        """The address of the row above, for a further person of its household."""
        new_head = any(person.get("is_head") for person in people)
        if new_head or not self.before[1] or not people:
            reader.problems.append(_("Enter the address: the compound and room, or in words."))
            return own
        return {**own, **self.before[1]}

    def _grid(self, reader: Reader, *, goes_on: bool) -> tuple[int | None, bool]:
        """(the grid, whether it lies outside)."""
        grid, group, community = (reader.text(name) for name in ("grid", "group", "community"))
        if goes_on and not grid and not group and self.before[0] is not None:
            return self.before[0], False
        try:
            found = self.grids.find(grid, group, community)
        except Outside:
            return None, True
        except Unclear as unclear:
            reader.blame("grid", str(unclear))
            return None, False
        if found is None:
            reader.problems.append(_("Enter the grid."))
        return found, False

    def _head(self, row: Row, reader: Reader, people: list[Facts], address: Facts, *, goes_on: bool) -> str:
        """Whose household it is, as far as the sheet says; nobody is made head. Of a row that is a whole household
        and names none, a sign that tells it from others in the same street."""
        if said := reader.text("head.name", "name"):
            return said
        own = next((person.get("name", "") for person in people if person.get("is_head")), "")
        if self.whole_households and not goes_on and not own:
            if people:
                self.headless.append(row.number)
            return f"#{row.number}"
        before = {part: address[part] for part in ADDRESS_PARTS if part in address} == self.before[1]
        return own or (self.before[2] if goes_on or before else "")

    def remarks(self) -> list[str]:
        """What a person should know of the whole list before it is written."""
        said = self.flags.remarks()
        if self.headless:
            rows = rows_in_words(self.headless)
            said.append(
                _("These rows name no head; their households are written without one: %(rows)s.", rows=rows)
            )
        return said

    def _put(self, row: Row, grid_id: int | None, address: Facts, people: list[Facts], head: str) -> None:
        key = key_of(address)
        apart = "" if address.get("room") else head
        home = self.known.get((grid_id, key, apart))
        if home is None:
            home = self.known[grid_id, key, apart] = Home(grid_id, dict(address))
            self.homes.append(home)
        else:
            home.facts |= {name: said for name, said in address.items() if name not in home.facts}
        if head and not any(person.get("is_head") for person in people):
            people = [{**p, "is_head": True} if p.get("name") == head else p for p in people]
        for person in people or ([{}] if not home.said else []):
            self._add(home, row.number, person)

    def _add(self, home: Home, number: int, person: Facts) -> None:
        """Put a person into a home, who must not stand in the sheet twice."""
        name, document = person.get("name"), person.get("document")
        if person and not name:
            home.said.append(Said(number, person, _("Enter the name.")))
            return
        here = (id(home), name or "")
        twice, other = self.people.get(here, (None, None))
        if name and twice is not None and (document == other or not document or not other):
            if self.whole_households and person.get("is_head"):
                return  # the head is named again beside each member
            said = _("This person stands in row %(row)s already. Delete one of the two rows.", row=twice)
            home.said.append(Said(number, person, said))
            return
        if document and (first := self.documents.setdefault(document, number)) != number:
            said = _(
                "The same document number stands in row %(row)s. Compare both with the cards.", row=first
            )
            home.said.append(Said(number, person, said))
            return
        self.people.setdefault(here, (number, document))
        home.said.append(Said(number, person))
