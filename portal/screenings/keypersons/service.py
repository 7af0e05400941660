"""Key persons 重点人员: noted, completed, sent to the office, decided, struck out. Every change is kept."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from portal.access.acting import acting
from portal.access.guard import contributed
from portal.access.scope import place_of
from portal.audit import service as audit
from portal.clock import now
from portal.database import db
from portal.registry import service as registry
from portal.registry.kinds import Stay
from portal.registry.models import Household, Resident
from portal.registry.restrictions import RestrictionKind
from portal.registry.service import Person
from portal.screenings import models
from portal.screenings.kinds import Category, KeyPersonState
from portal.screenings.measure import lasts_until, needed
from portal.screenings.models import KeyPerson, KeyPersonNote, ScreeningRound
from portal.screenings.rules import Asks, graver
from portal.web.errors import Refused
from portal.workflow.record import steps_of
from portal.workflow.states import begin, lock, take

ENDED = (KeyPersonState.CLOSED, KeyPersonState.VOID)
FACTS = (
    "category", "area_id", "origin", "left_on", "arrived_at", "transport", "transport_number", "itinerary",
    "companions", "contact", "contact_note", "temperature", "symptoms", "note",
)  # fmt: skip
CLOSED_ALREADY = _l("This record is closed. Ask for another decision first, then complete it.")
LIVES_HERE = _l("Somebody of this name lives in the household already: mark that person instead.")
DECIDED = _l("A decision has been made.")
STAYS_MEANWHILE = _l("This person is a key person: have that record closed, then record the move.")


@dataclass(frozen=True)
class Noted:
    """What is noted first: the category is enough. ``facts`` are further columns of FACTS."""

    category: Category
    area_id: int | None = None
    round_: ScreeningRound | None = None
    facts: dict[str, Any] = field(default_factory=dict)


def note(resident: Resident, noted: Noted) -> KeyPerson:
    """Somebody is a key person. Who is one already keeps the record, with the graver category.

    From the threshold of the order up the office is asked by itself, and the household waits for its answer.
    """
    lock(resident)  # of two who note somebody at once the second one completes what the first began
    person = standing_of(resident.id)
    if person is None:
        person = _begin(resident, noted)
    else:
        told = {"category": graver(person.category, noted.category)} | noted.facts
        if noted.area_id:
            told["area_id"] = noted.area_id
        complete(person, **told)
    person.last_seen_at = now()
    return person


def complete(person: KeyPerson, **told: Any) -> list[str]:
    """Write down what is known now, any of FACTS; what it was before is kept. Returns the names of what changed."""
    lock(person)
    if person.state in ENDED:
        raise Refused(CLOSED_ALREADY)
    changes = {
        name: [plain(before), plain(value)]
        for name, value in told.items()
        if (before := getattr(person, name)) != value
    }
    for name in changes:
        setattr(person, name, told[name])
    if changes:
        person.changed_at = now()
        _keep(person, changes)
        audit.record("key_person.complete", person, changed=sorted(changes))
    submit_where_needed(person)
    return sorted(changes)


def submit_where_needed(person: KeyPerson) -> None:
    """Above the threshold nobody has to think of it."""
    if person.state is KeyPersonState.NOTED and asks_of(person).goes_to_the_office(person.category):
        submit(person)


def submit(person: KeyPerson) -> None:
    """The office is asked."""
    take(person, models.SUBMIT, category=person.category.value)
    _restrict(person)
    _tell_above(person)


def manage(person: KeyPerson) -> None:
    """The office has decided a measure: from here on the measure restricts the household, not the question."""
    take(person, models.MANAGE)
    _lift(person)


def close(person: KeyPerson, reason: str) -> None:
    """Nothing more is to be done."""
    take(person, models.CLOSE, reason=reason)
    _lift(person)
    _tell_above(person)


def reopen(person: KeyPerson, reason: str) -> None:
    """The office is asked again."""
    take(person, models.REOPEN, reason=reason)
    _restrict(person)
    _tell_above(person)


def strike_out(person: KeyPerson, reason: str) -> None:
    """Noted by mistake: counts for nothing."""
    take(person, models.STRIKE_OUT, reason=reason)
    _lift(person)
    _tell_above(person)


def take_in(household: Household, name: str) -> Resident:
    """An incomer becomes a resident of the household where they stay. Who had left is back."""
    theirs = select(Resident).where(Resident.household_id == household.id, Resident.name == name)
    known = db.session.scalars(theirs.order_by(Resident.left_at.is_not(None), Resident.id)).first()
    if known is None:
        return registry.add_resident(household, Person(name=name, stay=Stay.FLOATING))
    if known.left_at is None:
        raise Refused(LIVES_HERE)
    registry.record_as_back(known)
    return known


def standing_of(resident_id: int) -> KeyPerson | None:
    """The record of a person that is not ended; None where there is none."""
    return next(iter(all_standing_of(resident_id)), None)


def all_standing_of(resident_id: int) -> list[KeyPerson]:
    """The same, the newest first: more than one where two records of one person became one."""
    theirs = select(KeyPerson).where(KeyPerson.resident_id == resident_id, KeyPerson.state.not_in(ENDED))
    return list(db.session.scalars(theirs.order_by(KeyPerson.id.desc())))


def close_several(persons: Sequence[KeyPerson], reason: str) -> int:
    """Close those of these that are open by now. Returns how many."""
    closed = 0
    for person in persons:
        lock(person)
        if person.state not in ENDED:
            close(person, reason)
            closed += 1
    return closed


def follow_person(resident: Resident, to: Household) -> None:
    """Somebody moves house: what is only noted goes along, with its history.

    What waits for a decision, or was decided, is about the household where the person is: no move meanwhile.
    """
    for person in all_standing_of(resident.id):
        lock(person)
        if person.state in ENDED:
            continue
        if person.state is not KeyPersonState.NOTED:
            raise Refused(STAYS_MEANWHILE)
        _move(person, to)


def asks_of(person: KeyPerson) -> Asks:
    """What the order asked when the person was noted."""
    return Asks.of(person.parameters)


def plain(value: Any) -> Any:
    """As a note keeps it."""
    if isinstance(value, StrEnum):
        return value.value
    return value.isoformat() if isinstance(value, date | datetime) else value


def _begin(resident: Resident, noted: Noted) -> KeyPerson:
    order, asks = needed(place_of(resident.unit_id))
    if noted.round_ is not None:
        order, asks = noted.round_.order, Asks.of(noted.round_.parameters)
    person = KeyPerson(
        unit_id=resident.unit_id,
        resident_id=resident.id,
        household_id=resident.household_id,
        order_id=order.id,
        parameters=asks.to_json(),
        round_id=noted.round_.id if noted.round_ else None,
        category=noted.category,
        area_id=noted.area_id,
        created_by_id=acting().account_id,
        **noted.facts,
    )
    begin(person, step="note", category=noted.category.value)
    first = {"category": noted.category, "area_id": noted.area_id} | noted.facts
    _keep(person, {name: [None, plain(value)] for name, value in first.items() if value})
    submit_where_needed(person)
    return person


def _move(person: KeyPerson, to: Household) -> None:
    notes = select(KeyPersonNote).where(KeyPersonNote.key_person_id == person.id)
    for row in (person, *db.session.scalars(notes)):
        row.household_id, row.unit_id = to.id, to.unit_id
    for step in steps_of(person):
        step.unit_id = to.unit_id
    audit.record("key_person.move", person, into=to.id)


def _keep(person: KeyPerson, changes: dict[str, list[Any]]) -> None:
    db.session.add(
        KeyPersonNote(
            unit_id=person.unit_id,
            key_person_id=person.id,
            household_id=person.household_id,
            at=now(),
            by_id=acting().account_id,
            changes=changes,
        )
    )


def _restrict(person: KeyPerson) -> None:
    """The passes of the household wait, where the order says so; no longer than the order itself."""
    ends = lasts_until(person.order)
    if not asks_of(person).restricts or ends <= now():
        return
    person.restriction = registry.restrict(
        db.session.get_one(Household, person.household_id),
        RestrictionKind.RETURNEE,
        since=now(),
        until=ends,
        source=person.order.number,
    )


def _tell_above(person: KeyPerson) -> None:
    """What follows from a step on the floors above: ``contributes["on_key_person"] = fn(person)``."""
    for _area, follow in contributed("on_key_person"):
        follow(person)


def _lift(person: KeyPerson) -> None:
    restriction = person.restriction
    if restriction is not None and restriction.lifted_at is None:
        registry.lift(restriction, str(DECIDED))
