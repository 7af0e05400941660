"""What a pass is for: few words to choose from, and a note where none of them fits."""

from enum import StrEnum

from flask_babel import gettext as _
from flask_babel import lazy_pgettext as _lp

from portal.passes.kinds import Kind


class Purpose(StrEnum):
    """Why somebody goes out, or comes in. ``OTHER`` needs a note."""

    SHOPPING = "shopping"
    DOCTOR = "doctor"
    ERRAND = "errand"
    WORK = "work"
    DUTY = "duty"
    VOLUNTEERING = "volunteering"
    SUPPLIES = "supplies"
    PATIENT_TRANSPORT = "patient_transport"
    ILLNESS = "illness"
    FUNERAL = "funeral"
    EXAM = "exam"
    CARE = "care"
    REPAIR = "repair"
    OTHER = "other"

    @property
    def label(self) -> str:
        return str(PURPOSE_LABELS[self])


PURPOSE_LABELS = {
    Purpose.SHOPPING: _lp("purpose", "Food and medicine"),
    Purpose.DOCTOR: _lp("purpose", "Seeing a doctor"),
    Purpose.ERRAND: _lp("purpose", "Business to settle"),
    Purpose.WORK: _lp("purpose", "To work and back"),
    Purpose.DUTY: _lp("purpose", "Duty"),
    Purpose.VOLUNTEERING: _lp("purpose", "Volunteering"),
    Purpose.SUPPLIES: _lp("purpose", "Bringing supplies"),
    Purpose.PATIENT_TRANSPORT: _lp("purpose", "Taking patients"),
    Purpose.ILLNESS: _lp("purpose", "Illness"),
    Purpose.FUNERAL: _lp("purpose", "Funeral"),
    Purpose.EXAM: _lp("purpose", "Exam"),
    Purpose.CARE: _lp("purpose", "Caring for family"),
    Purpose.REPAIR: _lp("purpose", "Repairs"),
    Purpose.OTHER: _lp("purpose", "Something else"),
}

PURPOSES = {
    Kind.HOUSEHOLD: (Purpose.SHOPPING, Purpose.DOCTOR, Purpose.ERRAND, Purpose.OTHER),
    Kind.WORK: (Purpose.WORK, Purpose.OTHER),
    Kind.STAFF: (Purpose.DUTY, Purpose.VOLUNTEERING, Purpose.OTHER),
    Kind.VEHICLE: (Purpose.SUPPLIES, Purpose.PATIENT_TRANSPORT, Purpose.WORK, Purpose.OTHER),
    Kind.SPECIAL: (Purpose.ILLNESS, Purpose.FUNERAL, Purpose.EXAM, Purpose.OTHER),
    Kind.VISITOR: (Purpose.CARE, Purpose.REPAIR, Purpose.OTHER),
}


def words_for(purpose: Purpose, note: str) -> str:
    """What a pass is for, in the reader's language, with the note as it was written."""
    known = [] if purpose is Purpose.OTHER and note else [purpose.label]
    return _(": ").join([*known, note] if note else known)
