"""The people of a household: taken up, changed, left and come back; numbers shown in full, for a reason."""

from typing import Any

from flask import abort, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from portal.access.policy import May
from portal.audit import service as audit
from portal.database import db
from portal.registry import looks, moving, needs, service
from portal.registry.area import area
from portal.registry.duplicates import asking
from portal.registry.forms import ReasonForm, RevealForm
from portal.registry.forms_people import PHONE_OWNERS, RELATIONS, MovePersonForm, ResidentForm
from portal.registry.models import Household, Resident
from portal.registry.ways import to_household
from portal.web.page import page


@area.form("/<int:household_id>/people/new", needs=May.WRITE_REGISTRY)
def add_person(household_id: int) -> ResponseReturnValue:
    """Add a person to a household; the first one is its head."""
    household = db.get_or_404(Household, household_id)
    form = ResidentForm(household.unit_id, is_head=not household.residents)
    if form.validate_on_submit():
        asked = asking.about_person(household, form.person)
        if asked.answer is not None:
            return asked.answer
        resident = service.add_resident(household, form.person)
        asked.remember(resident)
        _note_needs(resident, form)
        return to_household(household.id)
    return _person_form(form, household, _l("Add a person"))


@area.get("/people/<int:resident_id>", needs=May.SEE_REGISTRY)
def person(resident_id: int) -> ResponseReturnValue:
    """One person: what is known, and who looked."""
    resident = db.get_or_404(Resident, resident_id)
    _order, asked = needs.asked_at(resident.unit_id)
    return page(
        "registry/person.html",
        resident=resident,
        asked=asked,
        needs=needs.of_people([resident.id], asked).get(resident.id, []),
        looked=looks.who_looked(resident),
        fields=looks.REVEALED,
    )


@area.form("/people/<int:resident_id>/edit", needs=May.WRITE_REGISTRY)
def edit_person(resident_id: int) -> ResponseReturnValue:
    """Change what is known of a person."""
    resident = db.get_or_404(Resident, resident_id)
    form = ResidentForm(resident.unit_id, resident)
    if form.validate_on_submit():
        service.change_resident(resident, form.person)
        _note_needs(resident, form)
        return redirect(url_for("registry.person", resident_id=resident.id), 303)
    return _person_form(form, resident.household, _l("Change a person's record"), resident=resident)


@area.form("/people/<int:resident_id>/move", needs=May.WRITE_REGISTRY)
def move_person(resident_id: int) -> ResponseReturnValue:
    """To another household: its address is looked for, and one of those found is chosen."""
    resident = db.get_or_404(Resident, resident_id)
    moving.refuse_left(resident)
    to = request.form.get("to", type=int)
    household = db.get_or_404(Household, to) if to else None
    form = MovePersonForm(moving.homes(request.form.get("where", ""), resident, household))
    if form.validate_on_submit() and household:
        moving.move(resident, household, form.reason.data or "")
        return redirect(url_for("registry.person", resident_id=resident.id), 303)
    stays = moving.restricted_by([resident.household_id])
    context = {"form": form, "resident": resident, "stays": stays}
    return page("registry/move_person.html", fragment="form", status=form.status, **context)


@area.form("/people/<int:resident_id>/left", needs=May.WRITE_REGISTRY)
def left(resident_id: int) -> ResponseReturnValue:
    """Record that a person doesn't live here any more."""
    resident = db.get_or_404(Resident, resident_id)
    form = ReasonForm()
    if form.validate_on_submit():
        service.record_as_left(resident, form.reason.data or "")
        return to_household(resident.household_id)
    return page("registry/left.html", fragment="form", status=form.status, form=form, resident=resident)


@area.post("/people/<int:resident_id>/back", needs=May.WRITE_REGISTRY)
def back(resident_id: int) -> ResponseReturnValue:
    """Record that a person lives here again."""
    resident = db.get_or_404(Resident, resident_id)
    service.record_as_back(resident)
    return to_household(resident.household_id)


@area.form("/people/<int:resident_id>/reveal/<field>", needs=May.REVEAL)
def reveal(resident_id: int, field: str) -> ResponseReturnValue:
    """Show one number in full, once its reason is written down."""
    resident = db.get_or_404(Resident, resident_id)
    label = looks.REVEALED.get(field) or abort(404)
    value = getattr(resident, field) or abort(404)
    form = RevealForm()
    if form.validate_on_submit():
        audit.record("registry.reveal", resident, reason=form.reason, field=field)
        g.unmasked = True
        return page("registry/revealed.html", resident=resident, label=label, value=value)
    context = {"form": form, "resident": resident, "label": label}
    return page("registry/reveal.html", fragment="form", status=form.status, **context)


def _note_needs(resident: Resident, form: ResidentForm) -> None:
    if form.needed is not None:
        needs.note(resident, form.needed)


def _person_form(form: ResidentForm, household: Household, heading: Any, **more: Any) -> ResponseReturnValue:
    context = {
        "form": form,
        "household": household,
        "heading": heading,
        "relations": RELATIONS,
        "phone_owners": PHONE_OWNERS,
        "resident": None,
    }
    return page("registry/person_form.html", fragment="form", status=form.status, **context | more)
