"""What rounds, visits and key persons can be, in the words of the field (field-reference.md §2, §11)."""

from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp


class Category(StrEnum):
    """人员类别, the gravest first. Which of them are asked for, the order says."""

    CONFIRMED = "confirmed"
    SUSPECTED = "suspected"
    FEVER = "fever"
    CONTACT = "contact"
    SECOND_CONTACT = "second_contact"
    FROM_ABROAD = "from_abroad"
    FROM_RISK_AREA = "from_risk_area"
    FROM_AFFECTED_COUNTY = "from_affected_county"
    FROM_NEIGHBOUR = "from_neighbour"
    RETURNED = "returned"
    RECOVERED = "recovered"
    OTHER = "other"

    @property
    def label(self) -> str:
        return str(CATEGORY_LABELS[self])


class RoundState(StrEnum):
    """What is stored; past its deadline a round goes on until it is closed, or its order ends."""

    OPEN = "open"
    CLOSED = "closed"
    CALLED_OFF = "called_off"

    @property
    def label(self) -> str:
        return str(ROUND_STATE_LABELS[self])


class Criterion(StrEnum):
    """Who is looked for. Every household is asked in each of them."""

    EVERYONE = "everyone"
    FROM_AREAS = "from_areas"
    OTHER = "other"

    @property
    def label(self) -> str:
        return str(CRITERION_LABELS[self])


class Outcome(StrEnum):
    """What a knock on the door led to. Only what is answered is covered."""

    ANSWERED = "answered"
    NOBODY_HOME = "nobody_home"
    REFUSED = "refused"
    MOVED = "moved"

    @property
    def label(self) -> str:
        return str(OUTCOME_LABELS[self])


class KeyPersonState(StrEnum):
    """Where a key person stands: below the threshold they are only noted, above it somebody decides."""

    NOTED = "noted"
    TO_ASSESS = "to_assess"
    MANAGED = "managed"
    CLOSED = "closed"
    VOID = "void"

    @property
    def label(self) -> str:
        return str(KEY_PERSON_STATE_LABELS[self])


class Symptom(StrEnum):
    """What is asked for at the door and at every check."""

    FEVER = "fever"
    DRY_COUGH = "dry_cough"
    FATIGUE = "fatigue"
    SORE_THROAT = "sore_throat"
    SMELL_AND_TASTE = "smell_and_taste"
    DIARRHOEA = "diarrhoea"
    OTHER = "other"

    @property
    def label(self) -> str:
        return str(SYMPTOM_LABELS[self])


class Transport(StrEnum):
    """How somebody came."""

    CAR = "car"
    COACH = "coach"
    TRAIN = "train"
    AIRCRAFT = "aircraft"
    SHIP = "ship"
    OTHER = "other"

    @property
    def label(self) -> str:
        return str(TRANSPORT_LABELS[self])


class Contact(StrEnum):
    """Whether somebody met a confirmed or suspected case."""

    NONE = "none"
    SUSPECTED = "suspected"
    CONFIRMED = "confirmed"

    @property
    def label(self) -> str:
        return str(CONTACT_LABELS[self])


CATEGORY_LABELS: dict[Category, Any] = {
    Category.CONFIRMED: _l("Confirmed or without symptoms"),
    Category.SUSPECTED: _l("Suspected"),
    Category.FEVER: _l("Fever"),
    Category.CONTACT: _l("Close contact"),
    Category.SECOND_CONTACT: _l("Contact of a close contact"),
    Category.FROM_ABROAD: _l("Arrived from abroad"),
    Category.FROM_RISK_AREA: _l("Stayed in a risk area"),
    Category.FROM_AFFECTED_COUNTY: _l("Stayed in an affected county"),
    Category.FROM_NEIGHBOUR: _l("From a neighbouring township"),
    Category.RETURNED: _l("Returned home or to work"),
    Category.RECOVERED: _l("Out of hospital or isolation"),
    Category.OTHER: _lp("key person", "Other"),
}
ROUND_STATE_LABELS: dict[RoundState, Any] = {
    RoundState.OPEN: _lp("round", "Under way"),
    RoundState.CLOSED: _lp("round", "Closed"),
    RoundState.CALLED_OFF: _lp("round", "Called off"),
}
CRITERION_LABELS: dict[Criterion, Any] = {
    Criterion.EVERYONE: _l("Every household"),
    Criterion.FROM_AREAS: _l("Who came from affected areas"),
    Criterion.OTHER: _l("Something else"),
}
OUTCOME_LABELS: dict[Outcome, Any] = {
    Outcome.ANSWERED: _l("Answered"),
    Outcome.NOBODY_HOME: _l("Nobody home"),
    Outcome.REFUSED: _lp("visit", "Refused"),
    Outcome.MOVED: _l("Moved away"),
}
KEY_PERSON_STATE_LABELS: dict[KeyPersonState, Any] = {
    KeyPersonState.NOTED: _l("Noted"),
    KeyPersonState.TO_ASSESS: _l("Waits for a decision"),
    KeyPersonState.MANAGED: _l("Under a measure"),
    KeyPersonState.CLOSED: _lp("key person", "Closed"),
    KeyPersonState.VOID: _lp("key person", "Struck out"),
}
SYMPTOM_LABELS: dict[Symptom, Any] = {
    Symptom.FEVER: _lp("symptom", "Fever"),
    Symptom.DRY_COUGH: _l("Dry cough"),
    Symptom.FATIGUE: _l("Fatigue"),
    Symptom.SORE_THROAT: _l("Sore throat"),
    Symptom.SMELL_AND_TASTE: _l("Smell or taste lost"),
    Symptom.DIARRHOEA: _l("Diarrhoea"),
    Symptom.OTHER: _lp("symptom", "Other"),
}
TRANSPORT_LABELS: dict[Transport, Any] = {
    Transport.CAR: _l("Car"),
    Transport.COACH: _l("Coach"),
    Transport.TRAIN: _l("Train"),
    Transport.AIRCRAFT: _l("Aircraft"),
    Transport.SHIP: _l("Ship"),
    Transport.OTHER: _lp("transport", "Other"),
}
CONTACT_LABELS: dict[Contact, Any] = {
    Contact.NONE: _lp("contact", "None"),
    Contact.SUSPECTED: _l("With a suspected case"),
    Contact.CONFIRMED: _l("With a confirmed case"),
}
