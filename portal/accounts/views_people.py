"""Looking after other people's accounts and appointments."""

from flask import Response, abort, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.access.policy import May
from portal.accounts import finding, picking, printing, service, team_printing
from portal.accounts.area import area
from portal.accounts.forms import AppointForm, EndForm, OpenAccountForm, ReasonForm
from portal.accounts.models import Appointment
from portal.accounts.people_steps import STEPS, hand_over, handover_or_404
from portal.accounts.service import NAME_TAKEN, NameTaken
from portal.audit import service as audit
from portal.database import db
from portal.units.models import Unit
from portal.web.page import page


@area.form("/accounts/", needs=May.MANAGE_ACCOUNTS)
def index() -> ResponseReturnValue:
    """The people of one's place, by unit; posting a name searches."""
    asked = request.form.get("q", "").strip() if request.method == "POST" else ""
    if asked:
        return page(
            "accounts/list.html", people=finding.people_called(asked), asked=asked, choice=None, older=None
        )
    choice = picking.choice_at(request.args.get("unit", type=int))
    people = finding.people_under(choice.unit, before=request.args.get("before", type=int))
    shown, more = people[: finding.PAGE], len(people) > finding.PAGE
    unit_id = choice.unit.id if choice.unit else None
    older = url_for("accounts.index", unit=unit_id, before=shown[-1].id) if more else None
    return page("accounts/list.html", people=shown, asked="", choice=choice, older=older)


@area.get("/accounts/new", needs=May.MANAGE_ACCOUNTS)
def new() -> ResponseReturnValue:
    """Where, and as what?"""
    choice = picking.choice_at(request.args.get("unit", type=int))
    return page("accounts/pick.html", choice=choice, person=None)


@area.form("/accounts/new/<int:unit_id>/<role>", needs=May.MANAGE_ACCOUNTS)
def open_account(unit_id: int, role: str) -> ResponseReturnValue:
    """Who?"""
    post, unit_name = picking.post_or_404(unit_id, role)
    form = OpenAccountForm(post.role, picking.gates_of(post), with_phone=g.acting.place is not None)
    if form.validate_on_submit():
        try:
            account_id, password = service.open_account(*form.person, picking.appointed(form, post))
            return redirect(url_for("accounts.slip", name=hand_over(account_id, password)), 303)
        except NameTaken:
            form.sign_in_name.errors = [str(NAME_TAKEN)]
    return page(
        "accounts/appoint.html", status=form.status, form=form, post=post, unit_name=unit_name, person=None
    )


@area.get("/accounts/<int:account_id>", needs=May.MANAGE_ACCOUNTS)
def show(account_id: int) -> ResponseReturnValue:
    """One person's account and appointments."""
    return page("accounts/detail.html", person=finding.person_or_404(account_id))


@area.get("/accounts/<int:account_id>/appoint", needs=May.MANAGE_ACCOUNTS)
def pick(account_id: int) -> ResponseReturnValue:
    """Another appointment: where, and as what?"""
    person = finding.person_or_404(account_id)
    return page(
        "accounts/pick.html", choice=picking.choice_at(request.args.get("unit", type=int)), person=person
    )


@area.form("/accounts/<int:account_id>/appoint/<int:unit_id>/<role>", needs=May.MANAGE_ACCOUNTS)
def appoint(account_id: int, unit_id: int, role: str) -> ResponseReturnValue:
    """Another appointment: its title and dates."""
    person = finding.person_or_404(account_id)
    post, unit_name = picking.post_or_404(unit_id, role)
    form = AppointForm(post.role, picking.gates_of(post))
    if form.validate_on_submit():
        service.appoint(person.id, picking.appointed(form, post))
        flash(_("The appointment is given. It is there at the next sign-in."))
        return redirect(url_for("accounts.show", account_id=person.id), 303)
    return page(
        "accounts/appoint.html", status=form.status, form=form, post=post, unit_name=unit_name, person=person
    )


@area.form("/accounts/<int:account_id>/appointments/<int:appointment_id>/end", needs=May.MANAGE_ACCOUNTS)
def end_appointment(account_id: int, appointment_id: int) -> ResponseReturnValue:
    """The last day of an appointment."""
    person = finding.person_or_404(account_id)
    held = next((one for one in person.appointments if one.id == appointment_id and one.is_mine_to_end), None)
    if held is None:
        abort(404)
    form = EndForm()
    if form.validate_on_submit():
        service.end_appointment(db.get_or_404(Appointment, held.id), form.until.data, form.reason.data)
        flash(_("The appointment ends. This person has to sign in again."))
        return redirect(url_for("accounts.show", account_id=person.id), 303)
    return page("accounts/end.html", status=form.status, form=form, person=person, held=held)


@area.form("/accounts/<int:account_id>/<name>", needs=May.MANAGE_ACCOUNTS)
def take_step(account_id: int, name: str) -> ResponseReturnValue:
    """A step that asks for a reason: see ``people_steps``."""
    person, step = finding.person_or_404(account_id), STEPS.get(name)
    if step is None:
        abort(404)
    form = ReasonForm()
    form.reason.label.text = step.asks
    if form.validate_on_submit():
        return redirect(step.take(person, form.reason.data), 303)
    return page("accounts/step.html", status=form.status, form=form, person=person, step=step)


@area.post("/accounts/<int:account_id>/enable", needs=May.MANAGE_ACCOUNTS)
def enable(account_id: int) -> ResponseReturnValue:
    """Let somebody sign in again."""
    person = finding.person_or_404(account_id)
    service.enable(person.id)
    return redirect(url_for("accounts.show", account_id=person.id), 303)


@area.get("/accounts/slips/<name>", needs=May.MANAGE_ACCOUNTS)
def slip(name: str) -> ResponseReturnValue:
    """A one-time password, to be read out or printed, for ten minutes."""
    handover = handover_or_404(name)
    person = finding.person_or_404(handover.account_id)
    g.unmasked = True
    return page("accounts/slip.html", handover=handover, person=person)


@area.post("/accounts/slips/<name>/print", needs=May.MANAGE_ACCOUNTS)
def print_slip(name: str) -> Response:
    """The one-time password on paper."""
    handover = handover_or_404(name)
    with finding.opened(handover.account_id) as account:
        audit.record("accounts.print_slip", account)
        names = account.name, account.sign_in_name
    return printing.print_slip(*names, handover.password, handover.valid_until, request.host_url)


@area.post("/units/<int:unit_id>/board", needs=May.SEE_UNITS)
def board(unit_id: int) -> ResponseReturnValue:
    """The notice board of a unit on paper."""
    return team_printing.print_board(db.get_or_404(Unit, unit_id))
