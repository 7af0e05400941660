"""What the pages about key persons show."""

from typing import Any

from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from sqlalchemy import select

from portal.access.acting import may
from portal.access.policy import May
from portal.database import db
from portal.registry.models import Household, Resident
from portal.registry.serving import names_of
from portal.screenings import models
from portal.screenings.keypersons import ten
from portal.screenings.keypersons.decided import NOTHING, decided
from portal.screenings.keypersons.listing import LOOKS
from portal.screenings.keypersons.service import ENDED, all_standing_of
from portal.screenings.kinds import (
    CATEGORY_LABELS,
    CONTACT_LABELS,
    SYMPTOM_LABELS,
    TRANSPORT_LABELS,
    KeyPersonState,
)
from portal.screenings.models import AffectedArea, KeyPerson, KeyPersonNote
from portal.screenings.visits import looks as visits
from portal.units.models import Unit
from portal.web.formats import mask_name
from portal.web.page import part
from portal.web.temperatures import degrees
from portal.workflow.record import Entry, entries_of
from portal.workflow.states import steps_open

STEP_LABELS = {
    "note": _l("Noted"),
    "submit": _l("Sent for a decision"),
    "manage": _l("Measure decided"),
    "close": _l("Closed"),
    "reopen": _l("Decision asked for again"),
    "strike_out": _l("Struck out"),
}
STEP_LOOKS = {"note": "nil", "submit": "look", "reopen": "look", "strike_out": "no"}
FIELD_LABELS: dict[str, Any] = {
    "category": _l("Noted for"),
    "area_id": _l("Affected area"),
    "origin": _l("Came from"),
    "left_on": _l("Left there on"),
    "arrived_at": _l("Arrival"),
    "transport": _l("Transport"),
    "transport_number": _l("Number of train, flight or car"),
    "itinerary": _l("Places on the way"),
    "companions": _l("Who came along"),
    "contact": _l("Contact with a case"),
    "contact_note": _l("About the contact"),
    "temperature": _l("Temperature"),
    "symptoms": _l("Symptoms"),
    "note": _l("Note"),
}
WORDS: dict[str, Any] = {
    "category": CATEGORY_LABELS,
    "transport": TRANSPORT_LABELS,
    "contact": CONTACT_LABELS,
}
NOTES_SHOWN = 30


def at_person(person: KeyPerson) -> dict[str, Any]:
    """All that a key person's own page shows."""
    beside, was_decided = others(person), decided([person.id]).get(person.id, NOTHING)
    clear = ten.ten(person, beside, was_decided.in_words)
    check = visits.last_checks([person.resident_id]).get(person.resident_id)
    return about(person) | {
        "ten": clear,
        "clear": sum(not one.missing for one in clear),
        "decided": was_decided,
        "to_close": was_decided.is_over and person.state is KeyPersonState.MANAGED,
        "another": person.state not in ENDED and len(all_standing_of(person.resident_id)) > 1,
        "missing": ten.missing(person, beside),
        "last_check": visits.check_words(check) if check else "",
        "earlier": earlier(person),
        "entries": entries(person),
        "changes": changes(person),
        "steps": [step for step in steps_open(person, models.TRANSITIONS) if step is not models.MANAGE],
        "can_complete": person.state not in ENDED,
    }


def about(person: KeyPerson) -> dict[str, Any]:
    """What every page about a key person says on top."""
    return {
        "person": person,
        "look": LOOKS[person.state],
        "described": visits.described(person.resident),
        "unit": db.session.get_one(Unit, person.unit_id).full_name,
    }


def others(person: KeyPerson) -> list[str]:
    """身边人员: the others of the household, with what was last noted of them."""
    living = [one for one in visits.living_in(person.household) if one.id != person.resident_id]
    checks = visits.last_checks([one.id for one in living])
    return [
        mask_name(one.name) + (f" ({visits.check_words(checks[one.id])})" if one.id in checks else "")
        for one in living
    ]


def earlier(person: KeyPerson) -> list[KeyPerson]:
    """The person's other records: who reappears is known."""
    theirs = select(KeyPerson).where(KeyPerson.resident_id == person.resident_id, KeyPerson.id != person.id)
    return list(db.session.scalars(theirs.order_by(KeyPerson.id.desc()).limit(5)))


def entries(person: KeyPerson) -> list[Entry]:
    """经过: the steps so far with their reasons."""
    return entries_of(person, STEP_LABELS, STEP_LOOKS)


def changes(person: KeyPerson) -> list[dict[str, Any]]:
    """What was written down when and by whom, the latest first: [{at, by, lines}]."""
    found = select(KeyPersonNote).where(KeyPersonNote.key_person_id == person.id)
    notes = db.session.scalars(found.order_by(KeyPersonNote.id.desc()).limit(NOTES_SHOWN)).all()
    names = names_of({note.by_id for note in notes})
    return [
        {
            "at": note.at,
            "by": names.get(note.by_id or 0, ""),
            "lines": [
                (FIELD_LABELS.get(name, name), in_words(name, before), in_words(name, after))
                for name, (before, after) in note.changes.items()
            ],
        }
        for note in notes
    ]


def in_words(name: str, value: Any) -> str:
    """A value of a note, as people read it."""
    if value in (None, "", []):
        return ""
    if name in WORDS:
        return str(next((label for one, label in WORDS[name].items() if one.value == value), value))
    if name == "symptoms":
        return ", ".join(str(label) for one, label in SYMPTOM_LABELS.items() if one.value in value)
    if name == "temperature":
        return degrees(int(value))
    if name == "area_id":
        area = db.session.get(AffectedArea, int(value))
        return area.name if area else ""
    return str(value)[:16].replace("T", " ") if name == "arrived_at" else str(value)


def household_panel(household: Household) -> Markup | None:
    """What screening knows of a household, on its page: the last visit, and who is a key person."""
    if not may(May.SEE_SCREENINGS):
        return None
    found = (
        select(KeyPerson, Resident.name)
        .join(Resident, Resident.id == KeyPerson.resident_id)
        .where(KeyPerson.household_id == household.id)
    )
    persons = db.session.execute(found.order_by(KeyPerson.id.desc()).limit(5)).all()
    return part(
        "screenings/keypersons/panel.html",
        household=household,
        last=visits.last_visit(household.id),
        persons=[(person, name, LOOKS[person.state]) for person, name in persons],
    )
