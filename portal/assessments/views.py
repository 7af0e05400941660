"""Assessment 研判: the office's list, one assessment with all that is known of the person, and the decision."""

from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.access.acting import may
from portal.access.policy import May
from portal.assessments import listing, looks, models, service, views_steps
from portal.assessments.area import area
from portal.assessments.brief.views import area as brief
from portal.assessments.forms import DecideForm
from portal.assessments.kinds import AssessmentState
from portal.assessments.models import Assessment
from portal.assessments.transfers.views import area as transfers
from portal.database import db
from portal.web.page import page
from portal.workflow.states import for_step

__all__ = ["area", "views_steps"]

area.rooms = (transfers, brief)


@area.get("/", needs=May.SEE_ASSESSMENTS)
def index() -> ResponseReturnValue:
    """What waits for a decision, or for who carries it out; the nearest deadline first."""
    show = listing.chosen(request.args.get("show"))
    lines, following = listing.lines(show, request.args.get("after", type=int))
    context: dict[str, Any] = {"show": show, "lines": lines, "following": following}
    return page("assessments/list.html", fragment="rows", filters=listing.filters(show), **context)


@area.get("/<int:assessment_id>", needs=May.SEE_ASSESSMENTS)
def show(assessment_id: int) -> ResponseReturnValue:
    """One person on one screen, with the form of the decision for those who decide."""
    assessment = db.get_or_404(Assessment, assessment_id)
    decides = may(May.ASSESS) and assessment.state is AssessmentState.WAITING
    form = DecideForm(assessment) if decides else None
    return page("assessments/detail.html", form=form, **looks.at_assessment(assessment))


@area.form("/<int:assessment_id>/decide", needs=May.ASSESS)
def decide(assessment_id: int) -> ResponseReturnValue:
    """The same page, when the decision is sent."""
    assessment = for_step(Assessment, assessment_id, models.DECIDE)
    form = DecideForm(assessment)
    if form.validate_on_submit():
        service.decide(assessment, form.decided)
        flash(assessment.state.label)
        return redirect(url_for("assessments.show", assessment_id=assessment.id), 303)
    context = looks.at_assessment(assessment) | {"form": form}
    return page("assessments/detail.html", fragment="form", status=form.status, **context)
