"""The ten 清 (field-reference.md §2.1): what must be clear of a key person, and what is not yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.screenings.kinds import SYMPTOM_LABELS, KeyPersonState, Symptom
from portal.screenings.models import KeyPerson
from portal.web.formats import full_day, mask_document, mask_phone, moment
from portal.web.temperatures import degrees

MEASURE = 8  # the ninth of the ten is not for the grid to find out


@dataclass(frozen=True)
class Clear:
    """One of the ten: ``label`` (lazy), what is known of it, and what is missing, in words."""

    label: Any
    known: str
    missing: tuple[str, ...] = ()


def ten(person: KeyPerson, beside: Sequence[str] = (), measure: str = "") -> list[Clear]:
    """All ten, in their order. ``beside``: what is known of the others of the household, a line each.

    ``measure``: what is done, since when and until when, where somebody knows it.
    """
    resident = person.resident
    return [
        Clear(_l("Counted"), _("yes")),
        _of(
            _l("Person"),
            [
                (_("work"), resident.work),
                (_("phone"), mask_phone(resident.phone)),
                (_("document"), mask_document(resident.document)),
            ],
        ),
        _of(
            _l("Arrival"),
            [
                (_("arrival"), moment(person.arrived_at) if person.arrived_at else ""),
                (_("day of leaving"), full_day(person.left_on) if person.left_on else ""),
            ],
        ),
        _of(_l("Origin"), [(_("where from"), person.origin or (person.area.name if person.area else ""))]),
        _of(_l("Route"), [(_("places on the way"), person.itinerary)]),
        _of(
            _l("Transport"),
            [
                (_("means"), person.transport.label if person.transport else ""),
                (_("number of the train, flight or car"), person.transport_number),
            ],
        ),
        _of(_l("Contact with a case"), [(_("contact"), _contact(person))]),
        _of(_l("Health"), [(_("temperature"), _health(person))]),
        Clear(
            _l("Measure"),
            _joined([person.state.label, measure]),
            () if _decided(person) else (_("decision"),),
        ),
        _of(_l("People around"), [(_("companions and family"), _joined([person.companions, *beside]))]),
    ]


def missing(person: KeyPerson, beside: Sequence[str] = ()) -> list[str]:
    """What is not clear yet and can be found out by asking, in words."""
    return [what for place, one in enumerate(ten(person, beside)) if place != MEASURE for what in one.missing]


def _of(label: Any, facts: list[tuple[str, str]]) -> Clear:
    return Clear(
        label, _joined([value for _name, value in facts]), tuple(name for name, value in facts if not value)
    )


def _joined(words: Sequence[str]) -> str:
    return _(", ").join(word for word in words if word)


def _contact(person: KeyPerson) -> str:
    return _joined([person.contact.label if person.contact else "", person.contact_note])


def _health(person: KeyPerson) -> str:
    symptoms = [str(SYMPTOM_LABELS[Symptom(one)]) for one in person.symptoms]
    return _joined([f"{degrees(person.temperature)} ℃" if person.temperature else "", *symptoms])


def _decided(person: KeyPerson) -> bool:
    return person.state in (KeyPersonState.MANAGED, KeyPersonState.CLOSED)
