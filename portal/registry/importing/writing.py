"""What confirmed rows write into the registry: many at a time, and what it takes to take it back."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

from sqlalchemy import select

from portal.access.bulk import insert_many, insert_many_returning
from portal.database import db
from portal.registry.importing import asked, needed
from portal.registry.importing.facts import complete, dumped, plain, restored
from portal.registry.importing.flags import changed
from portal.registry.importing.kept import Kept, by_home
from portal.registry.importing.matching import differing
from portal.registry.importing.models import ImportRow, RegistryImport
from portal.registry.kinds import Need
from portal.registry.models import Household, Resident
from portal.registry.service import Person, columns_of, set_document, set_phone
from portal.vault import blind_index, new_seal_id

PERSON_FIELDS = {field.name for field in fields(Person)}
STANDS = (
    Resident.id,
    Resident.household_id,
    Resident.name,
    Resident.is_head,
    Resident.relation,
    Resident.sex,
    Resident.born_on,
    Resident.document_type,
    Resident.document_index,
    Resident.phone_index,
    Resident.phone_of,
    Resident.registered_address,
    Resident.work,
    Resident.stay,
    Resident.left_at,
)
HOME_STANDS = (Household.id, Household.unit_id, Household.address_key, Household.kind, Household.note)


class Writer:
    """Writes batch after batch. ``made`` are the new households by grid; ``counts`` what was done."""

    def __init__(self, import_: RegistryImport) -> None:
        self.unit_id, self.import_id = import_.unit_id, import_.id
        self.made: dict[int, list[int]] = defaultdict(list)
        self.new = self.changed = self.noted = 0
        self.orders = asked.Asked()

    def write(self, rows: Sequence[Kept]) -> None:
        """Write some whole homes, and their rows anew as the history of the import."""
        headed = self._headed(rows)
        self._make_households(rows)
        self._change(rows, headed)
        self._make_people(rows, headed)
        self.noted += needed.write([row for row in rows if row.makes or row.changes], self.orders)
        self._note(rows)

    def _make_households(self, rows: Sequence[Kept]) -> None:
        new = [
            some for some in by_home(rows) if some[0].household_id is None and any(row.makes for row in some)
        ]
        values = [{"unit_id": some[0].told["grid"], **restored(some[0].told["home"])} for some in new]
        for some, household_id in zip(new, insert_many_returning(Household, values), strict=True):
            self.made[some[0].told["grid"]].append(household_id)
            for row in some:
                row.household_id = household_id
            next(row for row in some if row.makes).made_household = True

    def _headed(self, rows: Sequence[Kept]) -> set[int]:
        """The households that have a head already."""
        ids = {row.household_id for row in rows} - {None}
        heads = select(Resident.household_id).where(
            Resident.household_id.in_(ids), Resident.is_head, Resident.left_at.is_(None)
        )
        return set(db.session.scalars(heads))

    def _change(self, rows: Sequence[Kept], headed: set[int]) -> None:
        changing = [row for row in rows if row.changes and row.resident_id]
        ids = {row.resident_id for row in changing}
        people = {one.id: one for one in db.session.scalars(select(Resident).where(Resident.id.in_(ids)))}
        needs = asked.of_people(people.keys()) if any("needs" in row.person for row in changing) else {}
        for row in changing:
            resident = people[row.resident_id or 0]
            theirs = needs.get(resident.id, set())
            at_home = resident.household_id == row.household_id
            has_head = not at_home or resident.household_id in headed
            before = differing(row.person, resident, theirs, has_head=has_head)
            row.told["before"] = plain(before)
            apply(resident, {name: complete(row.person).get(name) for name in before})
            theirs ^= {Need(name) for name in before.get("needs", ())}
            if "is_head" in before:
                headed.add(resident.household_id)
        self._change_households(rows)
        db.session.flush()
        self.changed += len(changing)
        for resident in people.values():
            db.session.expunge(resident)

    def _change_households(self, rows: Sequence[Kept]) -> None:
        telling = [
            row
            for row in rows
            if "home_before" in row.told and (row.changes or row.makes) and not row.made_household
        ]
        ids = {row.household_id for row in telling}
        found = {one.id: one for one in db.session.scalars(select(Household).where(Household.id.in_(ids)))}
        for row in telling:
            facts = restored(row.told["home"])
            for name in row.told["home_before"]:
                setattr(found[row.household_id or 0], name, facts[name])

    def _make_people(self, rows: Sequence[Kept], headed: set[int]) -> None:
        new = [row for row in rows if row.makes and row.person]
        values = []
        for row in new:
            facts = {name: value for name, value in row.person.items() if name in PERSON_FIELDS}
            facts["is_head"] = bool(facts.get("is_head")) and row.household_id not in headed
            if facts["is_head"]:
                headed.add(row.household_id or 0)
            place = {"household_id": row.household_id, "unit_id": row.told["grid"]}
            # The seal's name comes first: by it the row is found again, quicker than by asking for each new id.
            values.append({"seal_id": new_seal_id(), **columns_of(Person(**facts)), **place})
        insert_many(Resident, values)
        homes = {value["household_id"] for value in values}
        ids = select(Resident.seal_id, Resident.id).where(Resident.household_id.in_(homes))
        by_seal = {one.seal_id: one.id for one in db.session.execute(ids)}
        for row, value in zip(new, values, strict=True):
            row.resident_id = by_seal[value["seal_id"]]
            if begun := changed(row.person, ()):
                row.told["before"] = {"needs": begun}
        self.new += len(new)

    def _note(self, rows: Sequence[Kept]) -> None:
        done = [row for row in rows if row.makes or row.changes]
        people = standing(row.resident_id for row in done)
        households = standing_households(row.household_id for row in done)
        insert_many(ImportRow, [self._history(row, people, households) for row in rows])

    def _history(self, row: Kept, people: Mapping[int, str], households: Mapping[int, str]) -> dict[str, Any]:
        told = {name: row.told[name] for name in ("before", "home_before", "noted") if row.told.get(name)}
        is_done = row.makes or row.changes
        if is_done and (row.made_household or "home_before" in told):
            told["home_stood"] = households[row.household_id or 0]
        return {
            "unit_id": self.unit_id,
            "import_id": self.import_id,
            "number": row.number,
            "home": row.home,
            "outcome": row.outcome,
            "why": row.why,
            "choice": row.choice,
            "household_id": row.household_id if is_done else None,
            "resident_id": row.resident_id if is_done else None,
            "made_household": row.made_household,
            "stood": people.get(row.resident_id or 0, "") if is_done else "",
            "told": dumped(told) if is_done and told else None,
        }


def apply(resident: Resident, values: Mapping[str, Any]) -> None:
    """Write these attributes; numbers with what they are found by. ``needs`` are rows of their own."""
    for name, value in values.items():
        if name == "needs":
            continue
        if name == "document":
            set_document(resident, value)
        elif name == "phone":
            set_phone(resident, value)
        else:
            setattr(resident, name, value)


def standing(resident_ids: Any) -> dict[int, str]:
    """A keyed digest of each person as registered now, by which it is known later whether anybody changed it."""
    rows = select(*STANDS).where(Resident.id.in_(set(resident_ids) - {None}))
    return {row.id: _digest(row) for row in db.session.execute(rows)}


def standing_households(household_ids: Any) -> dict[int, str]:
    """The same of households: where they are, and what is known of them."""
    rows = select(*HOME_STANDS).where(Household.id.in_(set(household_ids) - {None}))
    return {row.id: _digest(row) for row in db.session.execute(rows)}


def _digest(row: Any) -> str:
    return blind_index("imported row", "\x1f".join("" if value is None else str(value) for value in row[1:]))
