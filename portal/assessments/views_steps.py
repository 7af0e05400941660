"""The steps of an assessment after the decision, and the referral sheet."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from portal.access.policy import May
from portal.assessments import looks, models, printing, service
from portal.assessments.area import area
from portal.assessments.forms import ReassignForm, ReportForm
from portal.assessments.models import Assessment
from portal.database import db
from portal.printing.document import is_asked_first
from portal.web.forms import Form
from portal.web.page import page
from portal.workflow.reasons import ReasonForm
from portal.workflow.states import Step, for_step

NOT_DONE = (_l("Nobody was met"), _l("The care team is missing"), _l("Not reported what was done"))
AGAIN = (_l("New facts"), _l("Symptoms"), _l("The other side refused"))
OTHERS = (_l("Serves here no more"), _l("Is ill or off duty"), _l("Has too much to do"))
STRUCK_OUT = (_l("Mixed up with somebody else"), _l("Was not there"), _l("Written down twice"))


@area.form("/<int:assessment_id>/report-back", needs=May.CARRY_OUT)
def report_back(assessment_id: int) -> ResponseReturnValue:
    """What came of it, or the answer to what was asked."""
    assessment = for_step(Assessment, assessment_id, models.REPORT_BACK)
    form = ReportForm(assessment)
    if form.validate_on_submit():
        service.report_back(assessment, form.done.data, form.at)
        return done(assessment)
    return _ask(form, assessment, models.REPORT_BACK)


@area.post("/<int:assessment_id>/close", needs=May.ASSESS)
def close(assessment_id: int) -> ResponseReturnValue:
    """Nothing more has to be done."""
    assessment = db.get_or_404(Assessment, assessment_id)
    service.close(assessment)
    return done(assessment)


@area.form("/<int:assessment_id>/send-back", needs=May.ASSESS)
def send_back(assessment_id: int) -> ResponseReturnValue:
    """It is not done yet."""
    return _for_a_reason(assessment_id, models.SEND_BACK, NOT_DONE, service.send_back)


@area.form("/<int:assessment_id>/reassign", needs=May.TRANSFER_CASES)
def reassign(assessment_id: int) -> ResponseReturnValue:
    """Somebody else carries it out."""
    assessment = for_step(Assessment, assessment_id, models.REASSIGN)
    form = ReassignForm(assessment, OTHERS)
    if form.validate_on_submit():
        service.reassign(assessment, form.executor.data, form.reason)
        return done(assessment)
    return _ask(form, assessment, models.REASSIGN)


@area.form("/<int:assessment_id>/supersede", needs=May.ASSESS)
def supersede(assessment_id: int) -> ResponseReturnValue:
    """Decide again."""
    return _for_a_reason(assessment_id, models.SUPERSEDE, AGAIN, service.supersede)


@area.form("/<int:assessment_id>/strike-out", needs=May.ASSESS)
def strike_out(assessment_id: int) -> ResponseReturnValue:
    """Asked by mistake."""
    return _for_a_reason(assessment_id, models.STRIKE_OUT, STRUCK_OUT, service.strike_out)


@area.form("/<int:assessment_id>/print-referral", needs=May.CARRY_OUT)
def print_referral(assessment_id: int) -> ResponseReturnValue:
    """转诊单; ``?as=page`` shows it on the screen, only a posted form is printed and noted."""
    assessment = printing.refuse_others(db.get_or_404(Assessment, assessment_id))
    if is_asked_first():
        return page("assessments/print.html", form=Form(), **looks.about(assessment))
    if request.method == "POST":
        service.note_printed(assessment)
    return printing.referral(assessment)


def done(assessment: Assessment) -> ResponseReturnValue:
    """To the assessment, saying where it stands."""
    flash(assessment.state.label)
    return redirect(url_for("assessments.show", assessment_id=assessment.id), 303)


def _for_a_reason(
    assessment_id: int, step: Step, common: tuple[Any, ...], verb: Callable[[Assessment, str], None]
) -> ResponseReturnValue:
    """A page of its own that asks why, then the step."""
    assessment, form = for_step(Assessment, assessment_id, step), ReasonForm(common)
    if form.validate_on_submit():
        verb(assessment, form.reason)
        return done(assessment)
    return _ask(form, assessment, step)


def _ask(form: Form, assessment: Assessment, step: Step) -> ResponseReturnValue:
    context = looks.about(assessment) | {"form": form, "step": step}
    return page("assessments/step.html", fragment="form", status=form.status, **context)
