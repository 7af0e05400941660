"""The two checks a day: a household on one screen, corrections, gaps, and what was done about a fever."""

from datetime import date
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.access.policy import May
from portal.clock import now
from portal.database import db
from portal.isolations import checks, looks, rounds
from portal.isolations.area import area
from portal.isolations.describing import slot_words
from portal.isolations.forms_all import all_form
from portal.isolations.forms_checks import (
    WHY_MISSING,
    AnswerForm,
    CorrectForm,
    ManyForm,
    asked_of,
    round_form,
)
from portal.isolations.kinds import Slot
from portal.isolations.models import HealthCheck, Isolation
from portal.isolations.rules import SlotOfDay
from portal.registry.models import Household
from portal.web.errors import Refused
from portal.web.page import page
from portal.workflow.reasons import ReasonForm


@area.form("/check/<int:household_id>", needs=May.CARE_FOR_ISOLATED)
def check(household_id: int) -> ResponseReturnValue:
    """All isolated people of a household on one screen."""
    household = db.get_or_404(Household, household_id)
    people = looks.in_household(household_id)
    if not people:
        raise Refused(_("Nobody of this household is isolated now: there is nothing to enter."))
    day, slot = _asked_for()
    form = round_form(people, day, slot)
    if form.validate_on_submit():
        return _enter(form, url_for("isolations.index", show="due"))
    return page("isolations/check.html", fragment="form", status=form.status, form=form, household=household)


@area.form("/checks", needs=May.CARE_FOR_ISOLATED)
def enter_all() -> ResponseReturnValue:
    """Everybody who is without a check, on one page."""
    due = rounds.due_now(now())
    asked = next((one for one in rounds.offered(due) if one == _asked_for()), due)
    people, following = _people(asked)
    form = all_form(people, asked)
    if people and form.validate_on_submit():
        return _enter(form, _to_all(asked))
    context = {"asked": asked, "offered": rounds.offered(due), "following": following}
    words = {"slot_words": slot_words, "address": _to_all}
    return page(
        "isolations/enter_all.html", fragment="form", status=form.status, form=form, **context, **words
    )


@area.form("/<int:isolation_id>/seen", needs=May.CARE_FOR_ISOLATED)
def seen(isolation_id: int) -> ResponseReturnValue:
    """Somebody has seen a fever or a symptom, and says what was done."""
    isolation, form = db.get_or_404(Isolation, isolation_id), AnswerForm()
    waiting = checks.alarms(isolation)
    if form.validate_on_submit():
        checks.answer(isolation, form.reason, form.second.data)
        return _to(isolation)
    if not waiting:
        return _to(isolation)
    return _page_of("seen", isolation, form, waiting=waiting, symptom_words=looks.symptom_words)


@area.form("/<int:isolation_id>/gap", needs=May.CARE_FOR_ISOLATED)
def gap(isolation_id: int) -> ResponseReturnValue:
    """Why a check is missing, and what was done."""
    isolation, form = db.get_or_404(Isolation, isolation_id), ReasonForm(WHY_MISSING)
    missing = _gap_asked_for()
    if form.validate_on_submit():
        checks.explain(isolation, missing, form.reason)
        return _to(isolation)
    return _page_of("gap", isolation, form, missing=missing)


@area.form("/checks/<int:check_id>/correct", needs=May.CARE_FOR_ISOLATED)
def correct(check_id: int) -> ResponseReturnValue:
    """A new entry instead of a wrong one."""
    wrong = db.get_or_404(HealthCheck, check_id)
    form = CorrectForm(wrong)
    if form.validate_on_submit():
        checks.correct(wrong, form.corrected)
        return _to(wrong.isolation)
    return _page_of("correct", wrong.isolation, form, check=wrong)


def _enter(form: ManyForm, then: str) -> ResponseReturnValue:
    """Write what was entered; to whoever has fever first, else to what is due next."""
    entered = [checks.enter(isolation, taken).isolation for isolation, taken in form.readings()]
    flash(ngettext("%(num)s check entered", "%(num)s checks entered", len(entered)))
    alarmed = next((one for one in entered if one.alarm_since is not None), None)
    if alarmed is not None:
        return redirect(url_for("isolations.seen", isolation_id=alarmed.id), 303)
    return redirect(then, 303)


def _to(isolation: Isolation) -> ResponseReturnValue:
    return redirect(url_for("isolations.show", isolation_id=isolation.id), 303)


def _page_of(name: str, isolation: Isolation, form: Any, **more: Any) -> ResponseReturnValue:
    about = looks.about(isolation)
    return page(
        f"isolations/{name}.html", fragment="form", status=form.status, form=form, at=now(), **about, **more
    )


def _asked_for() -> tuple[date | None, Slot | None]:
    """The day and the slot of the address, where somebody enters what was missed."""
    slot = request.args.get("slot")
    return _day(), Slot(slot) if slot in list(Slot) else None


def _to_all(asked: SlotOfDay, after: int | None = None) -> str:
    day, slot = asked
    return url_for("isolations.enter_all", day=day.isoformat(), slot=slot.value, after=after)


def _people(asked: SlotOfDay) -> tuple[list[Isolation], int | None]:
    """Who stands on the page: of a form that was sent those for whom it had a field, whatever has happened since."""
    if request.method == "POST":
        return list(rounds.these(asked_of(request.form))), None
    return rounds.without(asked, request.args.get("after", type=int), now())


def _gap_asked_for() -> SlotOfDay:
    day, slot = _asked_for()
    if day is None or slot is None:
        abort(404)
    return day, slot


def _day() -> date | None:
    try:
        return date.fromisoformat(request.args.get("day", ""))
    except ValueError:
        return None
