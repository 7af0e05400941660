"""What rows would do to the registry as it stands: who is registered already, and what differs.

Somebody is the same without a question who has the same document number, name and home, or the same name in the
same home with nothing that speaks against it. What only looks alike is for a person to decide.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from portal.registry.importing.cells import Facts
from portal.registry.importing.facts import complete, plain
from portal.registry.importing.flags import changed
from portal.registry.importing.homes import Home, Said
from portal.registry.importing.kinds import Outcome, Why
from portal.registry.importing.registered import NUMBERS, OF_A_HOUSEHOLD, PERSON, Doors, Registered, look_up
from portal.registry.kinds import Need
from portal.registry.models import Resident
from portal.vault import blind_index


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


def match(homes: Sequence[tuple[int, Home]], doors: Doors) -> list[Found]:
    """Judge some homes, each with its number in the file; four questions however many there are."""
    ours = [home for _number, home in homes if home.grid_id is not None]
    for home in ours:
        _leave_out_what_nobody_asks(home, doors)
    indexes = {
        (kind, said.person[kind]): blind_index(kind, said.person[kind])
        for home in ours
        for said in home.said
        for kind in NUMBERS
        if kind in said.person and not said.problem
    }
    registered = look_up(ours, doors, indexes)
    return [found for number, home in homes for found in _home(number, home, registered, indexes)]


def _leave_out_what_nobody_asks(home: Home, doors: Doors) -> None:
    """An order may have ended since the sheet was read."""
    for said in home.said:
        if "needs" in said.person:
            asked = doors.orders.only(home.grid_id or 0, said.person["needs"])
            rest = {name: value for name, value in said.person.items() if name != "needs"}
            said.person = rest | ({"needs": asked} if asked else {})


# ── judging ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _home(number: int, home: Home, known: Registered, indexes: dict[tuple[str, str], str]) -> list[Found]:
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


def _household(home: Home, known: Registered, indexes: dict[tuple[str, str], str]) -> Any:
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
    known: Registered,
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
            _compare(row, person, same, living, known, indexes)
    elif namesake:
        if document and namesake.document_index:
            _doubt(row, namesake, Why.OTHER_NUMBER)
        else:
            _compare(row, person, namesake, living, known, indexes)
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
    row: Found,
    person: Facts,
    resident: Any,
    living: Sequence[Any],
    known: Registered,
    indexes: dict[tuple[str, str], str],
) -> None:
    has_head = any(one.is_head for one in living)
    needs = known.needed.get(resident.id, ())
    before = differing(person, resident, needs, has_head=has_head, indexes=indexes)
    row.resident_id = resident.id
    row.outcome = Outcome.CHANGED if before else Outcome.SAME
    if before:
        row.told["before"] = plain(before)


def differing(
    person: Facts,
    resident: Any,
    needs: Collection[Need],
    *,
    has_head: bool,
    indexes: dict[tuple[str, str], str] | None = None,
) -> Facts:
    """What is registered of a person and differs from what the row says: {attribute: value so far}.

    ``needs`` is {need: whether so far} of those that differ.
    """
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
    if other_needs := changed(person, needs):
        before["needs"] = other_needs
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
