"""Findings: list, one finding, writing one down, and each step of the ladder. Papers and persons: the next file."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.access.policy import May
from portal.clock import now
from portal.database import db
from portal.patrols.findings import forms, listing, looks, models, service, views_papers
from portal.patrols.findings.area import area
from portal.patrols.findings.basis import looked_for, refuse_ended
from portal.patrols.findings.models import Finding
from portal.patrols.findings.station import last_station
from portal.patrols.findings.texts import what_was_found
from portal.patrols.models import Patrol
from portal.web.forms import Form
from portal.web.page import page
from portal.workflow.states import Step, for_step

__all__ = ["area", "views_papers"]


@area.get("/", needs=May.SEE_PATROLS)
def index() -> ResponseReturnValue:
    """The list; first what waits for a step."""
    at = now()
    numbers = listing.counts(at)
    show = listing.chosen(request.args.get("show"), numbers)
    lines, before = listing.lines(show, request.args.get("before", type=int), at)
    filters = listing.filters(show, numbers)
    return page("findings/list.html", fragment="rows", show=show, filters=filters, lines=lines, before=before)


@area.get("/<int:finding_id>", needs=May.SEE_PATROLS)
def show(finding_id: int) -> ResponseReturnValue:
    """One finding: what was found, what was done, and what can be done."""
    return page("findings/detail.html", **looks.at_finding(db.get_or_404(Finding, finding_id)))


@area.form("/new", needs=May.LOG_PATROLS)
def new() -> ResponseReturnValue:
    """Write down what a patrol found: ``?patrol_id=…``."""
    patrol = db.get_or_404(Patrol, request.args.get("patrol_id", 0, type=int))
    refuse_ended(patrol)
    form = forms.FindingForm(patrol, looked_for(patrol)[1])
    if form.validate_on_submit():
        return _found(service.find(patrol, form.found))
    places = looks.places_offered(patrol)
    return page(
        "findings/form.html", fragment="form", status=form.status, form=form, patrol=patrol, places=places
    )


@area.form("/<int:finding_id>/record-again", needs=May.LOG_PATROLS)
def record_again(finding_id: int) -> ResponseReturnValue:
    """Persuaded again and recorded; the second button goes on to naming somebody."""
    finding, form = for_step(Finding, finding_id, models.RECORD_AGAIN), forms.AgainForm()
    if form.validate_on_submit():
        service.record_again(finding, form.words.data or "")
        if request.form.get("do") == "name":
            return redirect(url_for("findings.name_person", finding_id=finding.id), 303)
        return done(finding)
    return _ask("again", form, finding, models.RECORD_AGAIN)


@area.form("/<int:finding_id>/give-notice", needs=May.GIVE_NOTICE)
def give_notice(finding_id: int) -> ResponseReturnValue:
    """The written notice: everything is proposed."""
    finding = for_step(Finding, finding_id, models.GIVE_NOTICE)
    form = forms.NoticeForm(finding)
    return _step("step", form, finding, models.GIVE_NOTICE, lambda: service.give_notice(finding, form.notice))


@area.form("/<int:finding_id>/refer", needs=May.REFER_TO_POLICE)
def refer(finding_id: int) -> ResponseReturnValue:
    """To the police, after a notice."""
    finding = for_step(Finding, finding_id, models.REFER)
    form = forms.ReferralForm(finding, last_station(finding))
    return _step("step", form, finding, models.REFER, lambda: service.refer(finding, form.referral))


@area.form("/<int:finding_id>/refer-at-once", needs=May.REFER_TO_POLICE)
def refer_at_once(finding_id: int) -> ResponseReturnValue:
    """To the police before that, for a reason."""
    finding = for_step(Finding, finding_id, models.REFER_AT_ONCE)
    form = forms.ReferralAtOnceForm(finding, last_station(finding))

    def verb() -> None:
        service.refer_at_once(finding, form.referral, form.reason)

    return _step("step", form, finding, models.REFER_AT_ONCE, verb)


@area.form("/<int:finding_id>/receive", needs=May.REFER_TO_POLICE)
def receive(finding_id: int) -> ResponseReturnValue:
    """What the police signed."""
    finding = for_step(Finding, finding_id, models.RECEIVE)
    form = forms.ReceiptForm(finding.referred_at or finding.changed_at)
    return _step("step", form, finding, models.RECEIVE, lambda: service.receive(finding, form.receipt))


@area.form("/<int:finding_id>/settle", needs=May.LOG_PATROLS)
def settle(finding_id: int) -> ResponseReturnValue:
    """What came of it."""
    finding = for_step(Finding, finding_id, models.SETTLE)
    form = forms.WordsForm(forms.OUTCOMES)
    form.common.label.text = _("What came of it")
    return _step("step", form, finding, models.SETTLE, lambda: service.settle(finding, form.reason))


def done(finding: Finding) -> ResponseReturnValue:
    """To the finding, saying what became of it."""
    flash(finding.state.label)
    return redirect(url_for("findings.show", finding_id=finding.id), 303)


def _found(finding: Finding) -> ResponseReturnValue:
    """Back to the patrol, or to the next finding of it."""
    flash(_("The finding is saved."))
    endpoint = "findings.new" if request.form.get("do") == "another" else "patrols.show"
    return redirect(url_for(endpoint, patrol_id=finding.patrol_id), 303)


def _step(
    template: str, form: Form, finding: Finding, step: Step, verb: Callable[[], Any]
) -> ResponseReturnValue:
    """A page of its own that asks what the step needs, then the step."""
    if form.validate_on_submit():
        verb()
        return done(finding)
    return _ask(template, form, finding, step)


def _ask(template: str, form: Form, finding: Finding, step: Step) -> ResponseReturnValue:
    what = what_was_found(finding.kind, finding.kind_note)
    context = {"form": form, "finding": finding, "step": step, "what": what}
    return page(f"findings/{template}.html", fragment="form", status=form.status, **context)
