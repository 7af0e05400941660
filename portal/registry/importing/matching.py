"""What rows would do to the registry as it stands: who is registered already, and what differs.

Somebody is the same without a question who has the same document number, name and home, or the same name in the
same home with nothing that speaks against it. What only looks alike is for a person to decide.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, select

from portal.access.scope import PLACE_COLUMNS, current, everywhere
from portal.database import db
from portal.registry.importing.cells import Facts
from portal.registry.importing.facts import complete, plain
from portal.registry.importing.homes import Home, Said
from portal.registry.importing.kinds import Outcome, Why
from portal.registry.models import Household, Resident
from portal.vault import blind_index

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


@dataclass(slots=True)
class Found:
    """What one row would do. ``told``: grid, home, person as the row says; before, home_before; problem."""

    number: int
    home: int
    outcome: Outcome
    told: dict[str, Any]
    why: Why | None = None
    household_id: int | None = None
    resident_id: int | None = None


@dataclass
class _Registered:
    """What the registry knows around some homes."""

    households: dict[tuple[int, str], list[Any]] = field(default_factory=lambda: defaultdict(list))
    living: dict[int, list[Any]] = field(default_factory=lambda: defaultdict(list))
    by_document: dict[str, Any] = field(default_factory=dict)
    by_phone: dict[str, list[Any]] = field(default_factory=lambda: defaultdict(list))
    elsewhere: set[str] = field(default_factory=set)


def match(homes: Sequence[tuple[int, Home]]) -> list[Found]:
    """Judge some homes, each with its number in the file; five questions however many there are."""
    ours = [home for _number, home in homes if home.grid_id is not None]
    indexes = {
        (kind, said.person[kind]): blind_index(kind, said.person[kind])
        for home in ours
        for said in home.said
        for kind in NUMBERS
        if kind in said.person and not said.problem
    }
    registered = _look_up(ours, indexes)
    return [found for number, home in homes for found in _home(number, home, registered, indexes)]


# ── asking ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _look_up(homes: Sequence[Home], indexes: dict[tuple[str, str], str]) -> _Registered:
    """Documents and phones are looked for everywhere: of what lies outside only that it is there is kept."""
    found = _Registered()
    ids = []
    for row in _households({home.key for home in homes}):
        found.households[row.unit_id, row.address_key].append(row)
        ids.append(row.id)
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
    return found


def _households(keys: set[str]) -> Sequence[Any]:
    columns = (Household.id, Household.unit_id, Household.address_key, Household.kind, Household.note)
    return db.session.execute(
        select(*columns).where(Household.address_key.in_(keys)).order_by(Household.id)
    ).all()


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


# ── judging ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _home(number: int, home: Home, known: _Registered, indexes: dict[tuple[str, str], str]) -> list[Found]:
    told = {"grid": home.grid_id, "home": plain(home.facts)}
    if home.outside or home.grid_id is None:
        outcome = Outcome.OUTSIDE if home.outside else Outcome.WRONG
        return [
            Found(
                said.number, number, outcome, told | {"person": plain(said.person), "problem": said.problem}
            )
            for said in home.said
        ]
    household = _household(home, known, indexes)
    living = known.living[household.id] if household else []
    found = []
    for said in home.said:
        row = Found(said.number, number, Outcome.NEW, {**told, "person": plain(said.person)})
        row.household_id = household.id if household else None
        if said.problem:
            row.outcome, row.told["problem"] = Outcome.WRONG, said.problem
        elif said.person:
            _judge(row, home, said, living, known, indexes)
        elif household:
            row.outcome = Outcome.SAME
        found.append(row)
    if household:
        _compare_household(household, home, found)
    return found


def _household(home: Home, known: _Registered, indexes: dict[tuple[str, str], str]) -> Any:
    """The registered household: at a door the one there is, else that of the same people."""
    there = known.households.get((home.grid_id or 0, home.key), [])
    names = {said.person.get("name") for said in home.said} - {None}
    documents = {indexes.get(("document", said.person.get("document", ""))) for said in home.said} - {None}
    for household in there:
        living = known.living[household.id]
        if any(one.name in names or one.document_index in documents for one in living):
            return household
    if there and (home.has_room or not names):
        return there[0]
    return None


def _judge(
    row: Found,
    home: Home,
    said: Said,
    living: Sequence[Any],
    known: _Registered,
    indexes: dict[tuple[str, str], str],
) -> None:
    person = said.person
    document = indexes.get(("document", person.get("document", "")))
    phones = known.by_phone.get(indexes.get(("phone", person.get("phone", "")), ""), [])
    namesake = next((one for one in living if one.name == person["name"]), None)
    if document and (same := known.by_document.get(document)):
        if same.name != person["name"]:
            _doubt(row, same, Why.OTHER_NAME)
        elif same.household_id != row.household_id:
            _doubt(row, same, Why.OTHER_HOME)
        else:
            _compare(row, person, same, living, indexes)
    elif namesake:
        if document and namesake.document_index:
            _doubt(row, namesake, Why.OTHER_NUMBER)
        else:
            _compare(row, person, namesake, living, indexes)
    elif same := next(
        (one for one in phones if one.name == person["name"] and not (document and one.document_index)), None
    ):
        _doubt(row, same, Why.PHONE_AND_NAME)
    elif same := _at_home_by_phone(phones, home, row.household_id, document):
        _doubt(row, same, Why.PHONE_AND_HOME)
    elif document in known.elsewhere:
        row.outcome, row.why = Outcome.DUPLICATE, Why.ELSEWHERE


def _at_home_by_phone(
    phones: Sequence[Any], home: Home, household_id: int | None, document: str | None
) -> Any:
    """Somebody of the household with this phone whom no other row of the home names."""
    named = {said.person.get("name") for said in home.said}
    return next(
        (
            one
            for one in phones
            if one.household_id == household_id
            and one.name not in named
            and not (document and one.document_index)
        ),
        None,
    )


def _doubt(row: Found, resident: Any, why: Why) -> None:
    row.outcome, row.why, row.resident_id = Outcome.DUPLICATE, why, resident.id


def _compare(
    row: Found, person: Facts, resident: Any, living: Sequence[Any], indexes: dict[tuple[str, str], str]
) -> None:
    before = differing(person, resident, has_head=any(one.is_head for one in living), indexes=indexes)
    row.resident_id = resident.id
    row.outcome = Outcome.CHANGED if before else Outcome.SAME
    if before:
        row.told["before"] = plain(before)


def differing(
    person: Facts, resident: Any, *, has_head: bool, indexes: dict[tuple[str, str], str] | None = None
) -> Facts:
    """What is registered of a person and differs from what the row says: {attribute: value so far}."""
    full = complete(person)
    settled = resident.document_index is not None and "document" not in person  # the number tells these
    before: Facts = {}
    for name in PERSON:
        now_said = full.get(name)
        if now_said in (None, "") or now_said == getattr(resident, name):
            continue
        if (name == "is_head" and has_head) or (
            name in ("sex", "born_on") and settled and getattr(resident, name)
        ):
            continue
        before[name] = getattr(resident, name)
    for kind in NUMBERS:
        if kind in person:
            index = (indexes or {}).get((kind, person[kind])) or blind_index(kind, person[kind])
            if index != getattr(resident, f"{kind}_index"):
                before[kind] = _unsealed(kind, resident)
    if (
        "document" in before
        and "document_type" in person
        and person["document_type"] != resident.document_type
    ):
        before["document_type"] = resident.document_type
    return before


def _unsealed(kind: str, resident: Any) -> str | None:
    sealed = {f"{kind}_sealed": getattr(resident, f"{kind}_sealed"), "seal_id": resident.seal_id}
    number: str | None = getattr(Resident(**sealed), kind)
    return number


def _compare_household(household: Any, home: Home, found: list[Found]) -> None:
    """What is new about the household itself goes with the first row that can take it."""
    before = {
        name: getattr(household, name)
        for name in OF_A_HOUSEHOLD
        if home.facts.get(name) not in (None, "", getattr(household, name))
    }
    first = next((row for row in found if row.outcome in (Outcome.SAME, Outcome.CHANGED, Outcome.NEW)), None)
    if before and first:
        first.told["home_before"] = plain(before)
        if first.outcome is Outcome.SAME:
            first.outcome = Outcome.CHANGED
