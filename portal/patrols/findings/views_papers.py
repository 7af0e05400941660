"""The persons of a finding, masked and in full, and its papers."""

from flask import g, redirect, url_for
from flask.typing import ResponseReturnValue

from portal.access.policy import May
from portal.audit import service as audit
from portal.database import db
from portal.patrols.findings import forms, paper, persons, service
from portal.patrols.findings.area import area
from portal.patrols.findings.models import Finding, FindingPerson
from portal.patrols.findings.printing import print_notices, print_referral
from portal.registry.forms import RevealForm
from portal.web.forms import Form
from portal.web.page import page


@area.form("/<int:finding_id>/persons/new", needs=May.LOG_PATROLS)
def name_person(finding_id: int) -> ResponseReturnValue:
    """Name somebody, from the second step on."""
    finding = db.get_or_404(Finding, finding_id)
    service.refuse_naming(finding)
    form = forms.PersonForm()
    if form.validate_on_submit():
        persons.name_person(finding, form.named)
        return _to(finding)
    return page("findings/person.html", fragment="form", status=form.status, form=form, finding=finding)


@area.form("/persons/<int:person_id>/strike", needs=May.LOG_PATROLS)
def strike_person(person_id: int) -> ResponseReturnValue:
    """Somebody was named by mistake."""
    person = db.get_or_404(FindingPerson, person_id)
    service.refuse_naming(person.finding)
    form = forms.WordsForm(forms.NAMED_BY_MISTAKE)
    if form.validate_on_submit():
        service.strike_person(person, form.reason)
        return _to(person.finding)
    return page("findings/strike.html", fragment="form", status=form.status, form=form, person=person)


@area.form("/persons/<int:person_id>/reveal", needs=May.REVEAL)
def reveal(person_id: int) -> ResponseReturnValue:
    """Somebody in full, once the reason is written down."""
    person, form = db.get_or_404(FindingPerson, person_id), RevealForm()
    if form.validate_on_submit():
        g.unmasked = True
        persons.reveal(person, form.reason)
        return page("findings/revealed.html", person=person)
    return page("findings/reveal.html", fragment="form", status=form.status, form=form, person=person)


@area.form("/<int:finding_id>/notice", needs=May.GIVE_NOTICE)
def print_notice(finding_id: int) -> ResponseReturnValue:
    """The written notice on paper, for everybody named; with ``?as=page`` on the screen."""
    finding = db.get_or_404(Finding, finding_id)
    notices, form = paper.notices_of(finding), Form()
    if form.validate_on_submit():
        audit.record("finding.print_notice", finding, sheets=len(notices.sheets))
        return print_notices(notices)
    return page("findings/print_notice.html", form=form, finding=finding, sheets=len(notices.sheets))


@area.form("/<int:finding_id>/referral", needs=May.REFER_TO_POLICE)
def print_referral_sheet(finding_id: int) -> ResponseReturnValue:
    """The sheet for the police, with everybody in full: for a reason, which is written down."""
    finding = db.get_or_404(Finding, finding_id)
    sheet, form = paper.referral_of(finding), forms.WordsForm(forms.PRINT_REASONS)
    if form.validate_on_submit():
        persons.note_printed(finding, form.reason)
        return print_referral(sheet)
    return page(
        "findings/print_referral.html", fragment="form", status=form.status, form=form, finding=finding
    )


def _to(finding: Finding) -> ResponseReturnValue:
    return redirect(url_for("findings.show", finding_id=finding.id), 303)
