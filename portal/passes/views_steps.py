"""The steps of one pass, from endorsement to its end; its paper; its holder's document."""

from collections.abc import Callable
from typing import Any

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.access.policy import May
from portal.database import db
from portal.passes import certificate, forms_steps, models, replacing, service
from portal.passes.area import area
from portal.passes.forms_steps import PrintForm
from portal.passes.models import Pass
from portal.passes.printing import Layout
from portal.web.forms import Form
from portal.web.page import page
from portal.workflow.reasons import ReasonForm, ToldReasonForm
from portal.workflow.states import Step, for_step


@area.post("/<int:pass_id>/apply", needs=May.APPLY_FOR_PASSES)
def apply(pass_id: int) -> ResponseReturnValue:
    """Send a draft as it stands."""
    pass_ = db.get_or_404(Pass, pass_id)
    service.apply(pass_)
    return done(pass_)


@area.post("/<int:pass_id>/endorse", needs=May.ENDORSE_PASSES)
def endorse(pass_id: int) -> ResponseReturnValue:
    """The shock team has made sure of it."""
    pass_ = db.get_or_404(Pass, pass_id)
    service.endorse(pass_)
    return done(pass_)


@area.post("/<int:pass_id>/issue", needs=May.ISSUE_PASSES)
def issue(pass_id: int) -> ResponseReturnValue:
    """The commander issues."""
    pass_ = db.get_or_404(Pass, pass_id)
    service.issue(pass_)
    return done(pass_)


@area.post("/<int:pass_id>/issue-at-once", needs=May.ISSUE_AT_ONCE)
def issue_at_once(pass_id: int) -> ResponseReturnValue:
    """The office issues without the steps before."""
    pass_ = db.get_or_404(Pass, pass_id)
    service.issue_at_once(pass_)
    return done(pass_)


@area.form("/<int:pass_id>/return-to-applicant", needs=May.ENDORSE_PASSES)
def return_to_applicant(pass_id: int) -> ResponseReturnValue:
    """The shock team sends it back."""
    return _for_a_reason(pass_id, models.RETURN_TO_APPLICANT, forms_steps.RETURN_REASONS, service.return_)


@area.form("/<int:pass_id>/return-to-team", needs=May.ISSUE_PASSES)
def return_to_team(pass_id: int) -> ResponseReturnValue:
    """The commander sends it back."""
    return _for_a_reason(pass_id, models.RETURN_TO_TEAM, forms_steps.RETURN_REASONS, service.return_)


@area.form("/<int:pass_id>/reject", needs=May.ISSUE_PASSES)
def reject(pass_id: int) -> ResponseReturnValue:
    """No pass will be issued."""
    return _for_a_reason(pass_id, models.REJECT, forms_steps.REJECT_REASONS, service.reject)


@area.form("/<int:pass_id>/revoke", needs=May.REVOKE_PASSES)
def revoke(pass_id: int) -> ResponseReturnValue:
    """The pass is no longer valid."""
    return _for_a_reason(pass_id, models.REVOKE, forms_steps.REVOKE_REASONS, service.revoke)


@area.form("/<int:pass_id>/reissue", needs=May.ISSUE_PASSES)
def reissue(pass_id: int) -> ResponseReturnValue:
    """A new serial number for the same pass; the old one is dead."""
    return _for_a_reason(pass_id, models.REISSUE, forms_steps.REISSUE_REASONS, replacing.reissue)


@area.form("/<int:pass_id>/take-back", needs=May.APPLY_FOR_PASSES)
def take_back(pass_id: int) -> ResponseReturnValue:
    """The household has handed the pass back."""
    pass_ = for_step(Pass, pass_id, models.TAKE_BACK)
    form = Form()
    if form.validate_on_submit():
        service.take_back(pass_)
        return done(pass_)
    return page("passes/take_back.html", status=form.status, form=form, held=pass_)


@area.form("/<int:pass_id>/print", needs=May.PRINT_PASSES)
def print_one(pass_id: int) -> ResponseReturnValue:
    """Choose the paper; ``?as=page`` shows it on the screen. Only a posted form is printed and counted."""
    pass_ = for_step(Pass, pass_id, models.REVOKE)
    layout = request.args.get("layout")
    if request.method == "GET" and request.args.get("as") == "page":
        return certificate.on_paper([pass_], Layout(layout) if layout in list(Layout) else Layout.A5)
    form = PrintForm(data={"layout": layout} if layout in list(Layout) else None)
    if form.validate_on_submit():
        service.mark_printed([pass_])
        return certificate.on_paper([pass_], form.layout.data, counterfoil=bool(form.counterfoil.data))
    return page(
        "passes/print.html", fragment="form", status=form.status, form=form, passes=[pass_], held=pass_
    )


@area.form("/<int:pass_id>/reveal", needs=May.REVEAL)
def reveal(pass_id: int) -> ResponseReturnValue:
    """The holder's document in full, once its reason is written down. A resident's is shown by the registry."""
    pass_ = db.get_or_404(Pass, pass_id)
    if pass_.resident_id:
        return redirect(url_for("registry.reveal", resident_id=pass_.resident_id, field="document"), 303)
    form = ReasonForm(forms_steps.REVEAL_REASONS)
    if form.validate_on_submit():
        g.unmasked = True
        number = service.reveal_document(pass_, form.reason)
        return page("passes/revealed.html", held=pass_, number=number)
    return page("passes/reveal.html", fragment="form", status=form.status, form=form, held=pass_)


def done(pass_: Pass) -> ResponseReturnValue:
    """To the pass, saying what became of it."""
    number = _(", %(serial)s", serial=pass_.serial) if pass_.serial else ""
    flash(f"{_('Returned') if pass_.returned_because else pass_.state.label}{number}")
    return redirect(url_for("passes.show", pass_id=pass_.id), 303)


def _for_a_reason(
    pass_id: int, step: Step, common: tuple[Any, ...], verb: Callable[[Pass, str], Pass | None]
) -> ResponseReturnValue:
    """A page of its own that asks why, then the step."""
    pass_ = for_step(Pass, pass_id, step)
    form = ToldReasonForm(common)
    if form.validate_on_submit():
        return done(verb(pass_, form.reason) or pass_)
    return page("passes/reason.html", fragment="form", status=form.status, form=form, held=pass_, step=step)
