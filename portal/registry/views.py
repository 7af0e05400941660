"""户籍台账: households and the people in them; restrictions; numbers shown in full, for a reason."""

from typing import Any

from flask import abort, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from portal.access.guard import Area
from portal.access.policy import May
from portal.audit import service as audit
from portal.database import db
from portal.registry import actions, grids, listing, looks, service
from portal.registry.forms import (
    RELATIONS,
    HouseholdForm,
    ReasonForm,
    ResidentForm,
    RestrictionForm,
    RevealForm,
)
from portal.registry.models import Household, HouseholdRestriction, Resident
from portal.web.page import page

area = Area("registry", __name__, menu=_l("Households"))
area.contributes["actions"] = actions.ACTIONS


@area.get("/", needs=May.SEE_REGISTRY)
def index() -> ResponseReturnValue:
    """Households as people walk; on request only those restricted now."""
    restricted = request.args.get("show") == "restricted"
    lines, after = listing.lines(restricted=restricted, after=request.args.get("after", type=int))
    return page("registry/list.html", fragment="rows", restricted=restricted, lines=lines, after=after)


@area.post("/search", needs=May.SEE_REGISTRY)
def search() -> ResponseReturnValue:
    """Posted and answered at once, so that no name or number stands in an address."""
    wanted = request.form.get("q", "")
    lines, more = listing.search(wanted)
    return page(
        "registry/found.html",
        fragment="rows",
        wanted=wanted[: listing.LONGEST_SEARCH],
        lines=lines,
        more=more,
    )


@area.get("/<int:household_id>", needs=May.SEE_REGISTRY)
def show(household_id: int) -> ResponseReturnValue:
    """One household: the people, what restricts it, and what the other areas know of it."""
    household = db.get_or_404(Household, household_id)
    return page("registry/household.html", **looks.at_household(household, with_left="left" in request.args))


@area.form("/new", needs=May.WRITE_REGISTRY)
def new() -> ResponseReturnValue:
    """Take up a household. Where there are many grids, the way down to one comes first."""
    choices = grids.choices(request.args.get("under", type=int))
    if choices.units or not choices.grids:
        return page("registry/choose_unit.html", units=choices.units)
    form = HouseholdForm(choices.grids)
    if form.validate_on_submit():
        household = service.add_household(form.grid_id, **form.address)
        return _to(household.id)
    return _household_form(form, _l("New household"))


@area.form("/<int:household_id>/edit", needs=May.WRITE_REGISTRY)
def edit(household_id: int) -> ResponseReturnValue:
    """Change the address, or move the household to another grid."""
    household = db.get_or_404(Household, household_id)
    form = HouseholdForm(grids.around(household.unit_id), household)
    if form.validate_on_submit():
        service.change_household(household, form.grid_id, **form.address)
        return _to(household.id)
    return _household_form(form, _l("Change the address"), household)


@area.form("/<int:household_id>/people/new", needs=May.WRITE_REGISTRY)
def add_person(household_id: int) -> ResponseReturnValue:
    """Add a person to a household; the first one is its head."""
    household = db.get_or_404(Household, household_id)
    form = ResidentForm(is_head=not household.residents)
    if form.validate_on_submit():
        service.add_resident(household, form.person)
        return _to(household.id)
    return _person_form(form, household, _l("Add a person"))


@area.get("/people/<int:resident_id>", needs=May.SEE_REGISTRY)
def person(resident_id: int) -> ResponseReturnValue:
    """One person: what is known, and who looked."""
    resident = db.get_or_404(Resident, resident_id)
    return page(
        "registry/person.html", resident=resident, looked=looks.who_looked(resident), fields=looks.REVEALED
    )


@area.form("/people/<int:resident_id>/edit", needs=May.WRITE_REGISTRY)
def edit_person(resident_id: int) -> ResponseReturnValue:
    """Change what is known of a person."""
    resident = db.get_or_404(Resident, resident_id)
    form = ResidentForm(resident)
    if form.validate_on_submit():
        service.change_resident(resident, form.person)
        return redirect(url_for("registry.person", resident_id=resident.id), 303)
    return _person_form(form, resident.household, _l("Change a person's record"), resident=resident)


@area.form("/people/<int:resident_id>/left", needs=May.WRITE_REGISTRY)
def left(resident_id: int) -> ResponseReturnValue:
    """Record that a person doesn't live here any more."""
    resident = db.get_or_404(Resident, resident_id)
    form = ReasonForm()
    if form.validate_on_submit():
        service.record_as_left(resident, form.reason.data or "")
        return _to(resident.household_id)
    return page("registry/left.html", fragment="form", status=form.status, form=form, resident=resident)


@area.post("/people/<int:resident_id>/back", needs=May.WRITE_REGISTRY)
def back(resident_id: int) -> ResponseReturnValue:
    """Record that a person lives here again."""
    resident = db.get_or_404(Resident, resident_id)
    service.record_as_back(resident)
    return _to(resident.household_id)


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


@area.form("/<int:household_id>/restrict", needs=May.RESTRICT_HOUSEHOLDS)
def restrict(household_id: int) -> ResponseReturnValue:
    """Restrict a household for a time."""
    household = db.get_or_404(Household, household_id)
    form = RestrictionForm()
    if form.validate_on_submit():
        source = form.source.data or ""
        service.restrict(household, form.kind.data, since=form.since, until=form.until, source=source)
        return _to(household.id)
    return page("registry/restrict.html", fragment="form", status=form.status, form=form, household=household)


@area.form("/restrictions/<int:restriction_id>/lift", needs=May.RESTRICT_HOUSEHOLDS)
def lift(restriction_id: int) -> ResponseReturnValue:
    """Lift a restriction, with the reason."""
    restriction = db.get_or_404(HouseholdRestriction, restriction_id)
    form = ReasonForm()
    if form.validate_on_submit():
        service.lift(restriction, form.reason.data or "")
        return _to(restriction.household_id)
    return page("registry/lift.html", fragment="form", status=form.status, form=form, restriction=restriction)


def _household_form(
    form: HouseholdForm, heading: Any, household: Household | None = None
) -> ResponseReturnValue:
    context = {"form": form, "heading": heading, "household": household}
    return page("registry/household_form.html", fragment="form", status=form.status, **context)


def _person_form(form: ResidentForm, household: Household, heading: Any, **more: Any) -> ResponseReturnValue:
    context = {
        "form": form,
        "household": household,
        "heading": heading,
        "relations": RELATIONS,
        "resident": None,
    }
    return page("registry/person_form.html", fragment="form", status=form.status, **context | more)


def _to(household_id: int) -> ResponseReturnValue:
    return redirect(url_for("registry.show", household_id=household_id), 303)
