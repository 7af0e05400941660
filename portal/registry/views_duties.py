"""包保到户: who answers for which households, and hand-overs. Effects are shown before they happen."""

from datetime import date, time
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.access.policy import May
from portal.database import db
from portal.registry import coverage, duties, handing
from portal.registry.area import area
from portal.registry.forms_duties import HandOverForm
from portal.registry.kinds import Duty
from portal.registry.models import Household
from portal.registry.parts import parts
from portal.web.page import page


@area.get("/<int:household_id>/responsibility", needs=May.SEE_REGISTRY)
def responsibility(household_id: int) -> ResponseReturnValue:
    """Everybody who ever answered for a household; and who it was at an hour."""
    household = db.get_or_404(Household, household_id)
    on = request.args.get("day", type=date.fromisoformat)
    return page("registry/past.html", **handing.past(household, on, request.args.get("at", type=_hour)))


@area.get("/handover", needs=May.ASSIGN_RESPONSIBILITY)
def people_responsible() -> ResponseReturnValue:
    """Whose households shall be handed over?"""
    unit = handing.unit_or_404(request.args.get("unit", type=int))
    below = handing.below(unit)
    loads = handing.loads(unit) if unit and not below else []
    gaps = coverage.of(unit) if unit and not below else None
    return page("registry/loads.html", unit=unit, below=below, loads=loads, gaps=gaps)


@area.form("/handover/<int:account_id>", needs=May.ASSIGN_RESPONSIBILITY)
def hand_over(account_id: int) -> ResponseReturnValue:
    """All households of a person, or some of them, to another one."""
    name, duty = handing.name_or_404(account_id), _duty()
    which = handing.held_by(account_id, duty)
    form = HandOverForm(parts(which, handing.way()), handing.who_could(which, account_id), duty=duty)
    ways = {one: url_for("registry.hand_over", account_id=account_id, duty=one.value) for one in Duty}
    context = {"name": name, "duty": duty, "ways": ways}
    return _hand_over(form, "registry/hand_over.html", url_for("registry.people_responsible"), **context)


@area.form("/handover/nobody/<int:unit_id>", needs=May.ASSIGN_RESPONSIBILITY)
def fill_gaps(unit_id: int) -> ResponseReturnValue:
    """The households of a unit that nobody has, or some of them, to somebody."""
    unit, duty = handing.small_unit_or_404(unit_id), _duty()
    which = handing.nobody_has(unit, duty)
    form = HandOverForm(parts(which, handing.way()), handing.who_could(which), duty=duty)
    ways = {one: url_for("registry.fill_gaps", unit_id=unit.id, duty=one.value) for one in Duty}
    context = {"name": _("nobody"), "duty": duty, "ways": ways}
    way = url_for("registry.people_responsible", unit=unit.id)
    return _hand_over(form, "registry/hand_over.html", way, **context)


@area.form("/<int:household_id>/handover", needs=May.ASSIGN_RESPONSIBILITY)
def hand_over_one(household_id: int) -> ResponseReturnValue:
    """One household to another person; or to the first one, where nobody answers for it."""
    household = db.get_or_404(Household, household_id)
    which = Household.id == household.id
    form = HandOverForm(parts(which, handing.way()), handing.who_could(which))
    way = url_for("registry.show", household_id=household.id)
    return _hand_over(
        form, "registry/hand_over_one.html", way, household=household, names=handing.answering(household)
    )


@area.get("/lapsed", needs=May.ASSIGN_RESPONSIBILITY)
def lapsed() -> ResponseReturnValue:
    """Who answers for households and no longer serves there."""
    return page("registry/lapsed.html", lapsed=coverage.lapsed())


@area.post("/lapsed/<int:account_id>/relieve", needs=May.ASSIGN_RESPONSIBILITY)
def relieve(account_id: int) -> ResponseReturnValue:
    """Let the deputies take over from somebody who no longer serves."""
    handing.name_or_404(account_id)
    _tell(duties.relieve(account_id, _("The appointment ended")))
    return redirect(url_for("registry.lapsed"), 303)


def _hand_over(form: HandOverForm, template: str, way: str, **context: Any) -> ResponseReturnValue:
    if form.validate_on_submit():
        if form.is_confirmed(request.form.get("confirmed", ""), len(form.chosen)):
            _tell(duties.hand_over(form.chosen, form.duty.data, form.to.data, form.reason.data or ""))
            return redirect(way, 303)
        effect = form.effect(len(form.chosen))
        return page(template, form=form, effect=effect, way=way, **context)
    return page(template, status=form.status, form=form, way=way, effect=None, **context)


def _tell(count: int) -> None:
    flash(ngettext("%(num)s household has changed hands.", "%(num)s households have changed hands.", count))


def _duty() -> Duty:
    """Which duty is handed over: the responsible person's, where it isn't said."""
    return next((one for one in Duty if one == request.values.get("duty")), Duty.RESPONSIBLE)


def _hour(text: str) -> time:
    return time.fromisoformat(text)
