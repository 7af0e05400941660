"""What the pages about assessments show: everything that is known of the person, and what was decided before."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp
from markupsafe import Markup
from sqlalchemy import select

from portal.access.acting import may
from portal.access.policy import May
from portal.assessments import executors, listing, models, service
from portal.assessments.kinds import OPEN, AssessmentState, Decision
from portal.assessments.models import Assessment
from portal.clock import now
from portal.database import db
from portal.isolations import service as isolations
from portal.registry.models import Household
from portal.screenings.keypersons import looks as keypersons
from portal.screenings.keypersons import ten
from portal.screenings.visits import looks as visits
from portal.units.models import Unit
from portal.web.formats import mask_name
from portal.web.page import part
from portal.workflow.record import Entry, entries_of
from portal.workflow.states import steps_open

IN_A_PANEL = 5
STEP_LABELS: dict[str, Any] = {
    "ask": _l("Decision asked for"),
    "decide": _l("Decided"),
    "no_measure": _l("No measure"),
    "report_back": _l("Reported back"),
    "answer": _lp("assessment", "Answered"),
    "reassign": _lp("assessment", "Given to somebody else"),
    "send_back": _l("Not done yet"),
    "close": _lp("assessment", "Closed"),
    "supersede": _l("Decide again"),
    "strike_out": _l("Struck out"),
    "fall_away": _l("Not needed any more"),
    "end_with": _l("Closed with the record"),
}
STEP_LOOKS = {
    "ask": "nil",
    "reassign": "look",
    "send_back": "look",
    "supersede": "look",
    "strike_out": "no",
    "fall_away": "nil",
}
BY_ITSELF = (models.DECIDE, models.NO_MEASURE, models.ANSWER, models.FALL_AWAY, models.END_WITH)


def at_assessment(assessment: Assessment) -> dict[str, Any]:
    """All that an assessment's own page shows beside the form."""
    person = assessment.key_person
    beside = keypersons.others(person)
    check = visits.last_checks([person.resident_id]).get(person.resident_id)
    return about(assessment) | {
        "ten": ten.ten(person, beside),
        "missing": ten.missing(person, beside),
        "last_check": visits.check_words(check) if check else "",
        "described": visits.described(person.resident),
        "isolated": isolations.open_of(person.resident_id),
        "earlier": earlier(assessment),
        "steps": steps_to_take(assessment),
        "entries": entries(assessment),
        "transfers": assessment.transfers,
        "can_transfer": can_transfer(assessment),
        "executor_left": executors.executor_left(assessment),
    }


def about(assessment: Assessment) -> dict[str, Any]:
    """What every page about one assessment says on top."""
    is_open = assessment.state in OPEN
    is_late = is_open and assessment.due_at < now()
    return {
        "assessment": assessment,
        "person": assessment.key_person,
        "shown_name": mask_name(assessment.key_person.resident.name),
        "is_open": is_open,
        "is_late": is_late,
        "look": "no" if is_late else listing.LOOKS[assessment.state],
        "unit": db.session.get_one(Unit, assessment.unit_id).full_name,
    }


def steps_to_take(assessment: Assessment) -> list[Any]:
    """The steps with a button of their own, for the one acting now."""
    waits = assessment.decision is Decision.TRANSFER and not service.has_taken_over(assessment)
    left_out = (*BY_ITSELF, models.REPORT_BACK) if waits else BY_ITSELF
    return [step for step in steps_open(assessment, models.TRANSITIONS) if step not in left_out]


def can_transfer(assessment: Assessment) -> bool:
    """Whether the one acting now can hand the case over, which is what was decided."""
    decided = assessment.state is AssessmentState.DECIDED and assessment.decision is Decision.TRANSFER
    return decided and may(May.TRANSFER_CASES) and not service.is_under_way(assessment)


def earlier(assessment: Assessment) -> list[Assessment]:
    """The other decisions about the same person, also under another record, the latest first."""
    same = [assessment.key_person_id, *(one.id for one in keypersons.earlier(assessment.key_person))]
    others = select(Assessment).where(Assessment.key_person_id.in_(same), Assessment.id != assessment.id)
    return list(db.session.scalars(others.order_by(Assessment.id.desc()).limit(IN_A_PANEL)))


def entries(assessment: Assessment) -> list[Entry]:
    """经过: the steps so far with their reasons."""
    return entries_of(assessment, STEP_LABELS, STEP_LOOKS)


def household_panel(household: Household) -> Markup | None:
    """What was decided about people of a household, on its page; nothing where there was nothing."""
    if not may(May.SEE_ASSESSMENTS):
        return None
    lines = listing.lines_of_household(household.id, IN_A_PANEL)
    if not lines:
        return None
    return part("assessments/panel.html", lines=lines)
