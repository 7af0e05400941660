"""Key persons 重点人员: the list, one person with the ten 清, noting, completing, and the steps."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from portal.access.acting import own_place
from portal.access.policy import May
from portal.access.scope import place_of
from portal.audit import service as audit
from portal.database import db
from portal.printing.document import is_asked_first
from portal.registry.models import Household
from portal.screenings import models
from portal.screenings.keypersons import listing, looks, printing, service
from portal.screenings.keypersons.area import area
from portal.screenings.keypersons.forms import CompleteForm, NoteForm
from portal.screenings.kinds import Category
from portal.screenings.measure import needed
from portal.screenings.models import KeyPerson
from portal.screenings.visits.looks import living_in
from portal.units.models import Unit
from portal.web.forms import Form
from portal.web.page import page
from portal.workflow.reasons import ReasonForm
from portal.workflow.states import Step, for_step
from portal.workflow.ticked import MOST_AT_ONCE, ticked

__all__ = ["area"]

WHY_CLOSED = (_l("Released from isolation"), _l("Nothing found"), _l("Time is over"), _l("Moved elsewhere"))
NONE_TICKED = _l("Nobody is ticked: tick who is to be closed.")
TOO_MANY = _l("At most %(num)s at once: tick fewer.", num=MOST_AT_ONCE)
WHY_AGAIN = (_l("New facts"), _l("Symptoms"), _l("Back again"))
WHY_STRUCK_OUT = (_l("Mixed up with somebody else"), _l("Was not there"), _l("Written down twice"))


@area.get("/", needs=May.SEE_SCREENINGS)
def index() -> ResponseReturnValue:
    """The list, what waits first; of one category or one round where that is asked for."""
    show, asked = listing.chosen(request.args.get("show")), request.args.get("category")
    category = Category(asked) if asked in list(Category) else None
    round_id = request.args.get("round", type=int)
    before = request.args.get("before", type=int)
    lines, following = listing.lines(show, before, category=category, round_id=round_id)
    narrowed = {"category": category, "round": round_id}
    context: dict[str, Any] = {"show": show, "lines": lines, "before": following, "narrowed": narrowed}
    return page("screenings/keypersons/list.html", filters=listing.filters(show), **context)


@area.get("/<int:key_person_id>", needs=May.SEE_SCREENINGS)
def show(key_person_id: int) -> ResponseReturnValue:
    """One person: the ten, what is missing, what was done."""
    return page(
        "screenings/keypersons/detail.html", **looks.at_person(db.get_or_404(KeyPerson, key_person_id))
    )


@area.form("/new/<int:household_id>", needs=May.SCREEN)
def new(household_id: int) -> ResponseReturnValue:
    """Note somebody of a household, or somebody new there."""
    household = db.get_or_404(Household, household_id)
    _order, asks = needed(place_of(household.unit_id))
    form = NoteForm(living_in(household), asks)
    if form.validate_on_submit():
        resident = form.chosen or service.take_in(household, form.name.data)
        return done(service.note(resident, form.noted))
    context = {"form": form, "household": household}
    return page("screenings/keypersons/new.html", fragment="form", status=form.status, **context)


@area.form("/<int:key_person_id>/complete", needs=May.SCREEN)
def complete(key_person_id: int) -> ResponseReturnValue:
    """Write down what is known by now."""
    person = db.get_or_404(KeyPerson, key_person_id)
    form = CompleteForm(person)
    if form.validate_on_submit():
        service.complete(person, **form.told)
        return done(person)
    context = looks.about(person) | {"form": form}
    return page("screenings/keypersons/complete.html", fragment="form", status=form.status, **context)


@area.post("/<int:key_person_id>/submit", needs=May.SCREEN)
def submit(key_person_id: int) -> ResponseReturnValue:
    """Ask the office, although the order doesn't."""
    person = db.get_or_404(KeyPerson, key_person_id)
    service.submit(person)
    return done(person)


@area.form("/<int:key_person_id>/close", needs=May.ASSESS)
def close(key_person_id: int) -> ResponseReturnValue:
    """Nothing more is to be done."""
    return _for_a_reason(key_person_id, models.CLOSE, WHY_CLOSED, service.close)


@area.post("/close", needs=May.ASSESS)
def close_several() -> ResponseReturnValue:
    """Ask why, then close those ticked."""
    persons = ticked(KeyPerson, "key_person_id", none=NONE_TICKED, too_many=TOO_MANY)
    form = ReasonForm(WHY_CLOSED, formdata=request.form if "words" in request.form else None)
    if "words" in request.form and form.validate():
        closed = service.close_several(persons, form.reason)
        flash(ngettext("%(num)s key person closed", "%(num)s key persons closed", closed))
        return redirect(url_for("keypersons.index", show=listing.Show.TO_CLOSE.value), 303)
    context = {"form": form, "persons": persons}
    return page("screenings/keypersons/close.html", fragment="form", status=form.status, **context)


@area.form("/<int:key_person_id>/reopen", needs=May.SCREEN)
def reopen(key_person_id: int) -> ResponseReturnValue:
    """Ask the office again."""
    return _for_a_reason(key_person_id, models.REOPEN, WHY_AGAIN, service.reopen)


@area.form("/<int:key_person_id>/strike-out", needs=May.START_ROUNDS)
def strike_out(key_person_id: int) -> ResponseReturnValue:
    """Noted by mistake."""
    return _for_a_reason(key_person_id, models.STRIKE_OUT, WHY_STRUCK_OUT, service.strike_out)


@area.form("/print", needs=May.SEE_SCREENINGS)
def print_ledger() -> ResponseReturnValue:
    """The ledger on paper, masked."""
    show, unit = listing.chosen(request.args.get("show")), db.session.get_one(Unit, own_place().unit_id)
    if is_asked_first():
        return page("screenings/keypersons/print.html", form=Form(), show=show, unit=unit)
    if request.method == "POST":
        audit.record("key_person.print", unit, show=show.value)
    return printing.ledger(unit, show)


def done(person: KeyPerson) -> ResponseReturnValue:
    """To the person, saying where the record stands."""
    flash(person.state.label)
    return redirect(url_for("keypersons.show", key_person_id=person.id), 303)


def _for_a_reason(
    key_person_id: int, step: Step, common: tuple[Any, ...], verb: Callable[[KeyPerson, str], None]
) -> ResponseReturnValue:
    """A page of its own that asks why, then the step."""
    person, form = for_step(KeyPerson, key_person_id, step), ReasonForm(common)
    if form.validate_on_submit():
        verb(person, form.reason)
        return done(person)
    context = looks.about(person) | {"form": form, "step": step}
    return page("screenings/keypersons/reason.html", fragment="form", status=form.status, **context)
