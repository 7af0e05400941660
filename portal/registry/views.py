"""户籍台账: the list of households, one household, and what restricts it."""

from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from portal.access.policy import May
from portal.database import db
from portal.registry import grids, listing, looks, service, views_duties, views_people, views_redrawing
from portal.registry.area import area
from portal.registry.duplicates import asking
from portal.registry.duplicates import views as views_duplicates
from portal.registry.forms import HouseholdForm, ReasonForm, RestrictionForm
from portal.registry.importing import views as views_importing
from portal.registry.listing import Show
from portal.registry.models import Household, HouseholdRestriction
from portal.registry.searching import views as views_search
from portal.registry.ways import to_household
from portal.web.page import page
from portal.workflow.listing import steps_for

__all__ = [
    "area",
    "views_duplicates",
    "views_duties",
    "views_importing",
    "views_people",
    "views_redrawing",
    "views_search",
]


@area.get("/", needs=May.SEE_REGISTRY)
def index() -> ResponseReturnValue:
    """Households as people walk; on request only some."""
    show = next((one for one in listing.shows() if one == request.args.get("show")), Show.ALL)
    lines, after = listing.lines(show, after=request.args.get("after", type=int))
    context: dict[str, Any] = {
        "show": show,
        "filters": listing.filters(show),
        "steps": steps_for("households", show.value),
        "lines": lines,
        "after": after,
    }
    return page("registry/list.html", fragment="rows", **context)


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
        asked = asking.about_household(form.grid_id, form.values)
        if asked.answer is not None:
            return asked.answer
        household = service.add_household(form.grid_id, **form.values)
        asked.remember(household)
        return to_household(household.id)
    return _household_form(form, _l("New household"))


@area.form("/<int:household_id>/edit", needs=May.WRITE_REGISTRY)
def edit(household_id: int) -> ResponseReturnValue:
    """Change what is known of a household, or move it to another grid."""
    household = db.get_or_404(Household, household_id)
    form = HouseholdForm(grids.around(household.unit_id), household)
    if form.validate_on_submit():
        service.change_household(household, form.grid_id, **form.values)
        return to_household(household.id)
    return _household_form(form, _l("Change the household"), household)


@area.form("/<int:household_id>/restrict", needs=May.RESTRICT_HOUSEHOLDS)
def restrict(household_id: int) -> ResponseReturnValue:
    """Restrict a household for a time."""
    household = db.get_or_404(Household, household_id)
    form = RestrictionForm()
    if form.validate_on_submit():
        source = form.source.data or ""
        service.restrict(household, form.kind.data, since=form.since, until=form.until, source=source)
        return to_household(household.id)
    return page("registry/restrict.html", fragment="form", status=form.status, form=form, household=household)


@area.form("/restrictions/<int:restriction_id>/lift", needs=May.RESTRICT_HOUSEHOLDS)
def lift(restriction_id: int) -> ResponseReturnValue:
    """Lift a restriction, with the reason."""
    restriction = db.get_or_404(HouseholdRestriction, restriction_id)
    form = ReasonForm()
    if form.validate_on_submit():
        service.lift(restriction, form.reason.data or "")
        return to_household(restriction.household_id)
    return page("registry/lift.html", fragment="form", status=form.status, form=form, restriction=restriction)


def _household_form(
    form: HouseholdForm, heading: Any, household: Household | None = None
) -> ResponseReturnValue:
    context = {"form": form, "heading": heading, "household": household}
    return page("registry/household_form.html", fragment="form", status=form.status, **context)
