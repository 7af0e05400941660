"""What isolation can be, in the words of the field (field-reference.md §2.3, §3, §11)."""

from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp


class IsolationKind(StrEnum):
    """The grades of management; each is an item of the order's measure."""

    COLLECTIVE = "collective"
    HOME = "home"
    HOME_MONITORING = "home_monitoring"
    MONITORING = "monitoring"

    @property
    def label(self) -> str:
        return str(ISOLATION_KIND_LABELS[self])


class IsolationState(StrEnum):
    """Ordered: decided, and not yet told. Days are counted from the start, whatever the state."""

    ORDERED = "ordered"
    RUNNING = "running"
    RELEASED = "released"
    MOVED = "moved"
    VOID = "void"

    @property
    def label(self) -> str:
        return str(ISOLATION_STATE_LABELS[self])


class Slot(StrEnum):
    """早、晚两次: which of the two checks of a day."""

    MORNING = "morning"
    EVENING = "evening"

    @property
    def label(self) -> str:
        return str(SLOT_LABELS[self])


class Method(StrEnum):
    """How a temperature was taken."""

    SELF = "self"
    DOOR = "door"
    PHONE = "phone"
    VIDEO = "video"

    @property
    def label(self) -> str:
        return str(METHOD_LABELS[self])


class Symptom(StrEnum):
    """What the notice of obligations names beside fever (field-reference.md §3.1)."""

    COUGH = "cough"
    FATIGUE = "fatigue"
    SORE_THROAT = "sore_throat"
    TASTE_LOST = "taste_lost"
    DIARRHOEA = "diarrhoea"
    OTHER = "other"

    @property
    def label(self) -> str:
        return str(SYMPTOM_LABELS[self])


class Signature(StrEnum):
    """How the notice of obligations was signed for."""

    PERSON = "person"
    HOUSEHOLD = "household"
    REFUSED = "refused"
    TELEPHONE = "telephone"

    @property
    def label(self) -> str:
        return str(SIGNATURE_LABELS[self])


class CarerRole(StrEnum):
    """五包一: who of the care team looks after a person."""

    CADRE = "cadre"
    GRID_MEMBER = "grid_member"
    MEDIC = "medic"
    POLICE = "police"
    VOLUNTEER = "volunteer"

    @property
    def label(self) -> str:
        return str(CARER_LABELS[self])


ISOLATION_KIND_LABELS: dict[IsolationKind, Any] = {
    IsolationKind.COLLECTIVE: _l("Collective isolation"),
    IsolationKind.HOME: _l("Home isolation"),
    IsolationKind.HOME_MONITORING: _l("Health monitoring at home"),
    IsolationKind.MONITORING: _l("Health monitoring"),
}
ISOLATION_STATE_LABELS: dict[IsolationState, Any] = {
    IsolationState.ORDERED: _l("To be told"),
    IsolationState.RUNNING: _lp("isolation", "Under way"),
    IsolationState.RELEASED: _l("Released"),
    IsolationState.MOVED: _l("Ended early"),
    IsolationState.VOID: _lp("isolation", "Struck out"),
}
SLOT_LABELS: dict[Slot, Any] = {Slot.MORNING: _l("Morning"), Slot.EVENING: _l("Evening")}
METHOD_LABELS: dict[Method, Any] = {
    Method.SELF: _l("Taken by themselves"),
    Method.DOOR: _l("At the door"),
    Method.PHONE: _l("By telephone"),
    Method.VIDEO: _l("By video"),
}
SYMPTOM_LABELS: dict[Symptom, Any] = {
    Symptom.COUGH: _l("Dry cough"),
    Symptom.FATIGUE: _l("Fatigue"),
    Symptom.SORE_THROAT: _l("Sore throat"),
    Symptom.TASTE_LOST: _l("Loss of smell or taste"),
    Symptom.DIARRHOEA: _l("Diarrhoea"),
    Symptom.OTHER: _lp("symptom", "Other"),
}
SIGNATURE_LABELS: dict[Signature, Any] = {
    Signature.PERSON: _l("Signed by the person"),
    Signature.HOUSEHOLD: _l("Signed by somebody of the household"),
    Signature.REFUSED: _l("Refused; a witness has signed"),
    Signature.TELEPHONE: _l("Told by telephone, to be signed at the door"),
}
CARER_LABELS: dict[CarerRole, Any] = {
    CarerRole.CADRE: _l("Cadre"),
    CarerRole.GRID_MEMBER: _l("Grid member"),
    CarerRole.MEDIC: _l("Medic"),
    CarerRole.POLICE: _l("Police officer"),
    CarerRole.VOLUNTEER: _l("Volunteer"),
}
