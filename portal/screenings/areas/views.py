"""Affected areas: the list, adding one, taking one off."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.access.policy import May
from portal.clock import now
from portal.database import db
from portal.screenings.areas import service
from portal.screenings.areas.area import area
from portal.screenings.areas.forms import AreaForm
from portal.screenings.models import AffectedArea
from portal.web.page import page

__all__ = ["area"]


@area.get("/", needs=May.SEE_SCREENINGS)
def index() -> ResponseReturnValue:
    """What is on the list, and what was."""
    at = now()
    return page("screenings/areas/list.html", areas=service.listed(at), earlier=service.earlier(at))


@area.form("/new", needs=May.LIST_AFFECTED_AREAS)
def new() -> ResponseReturnValue:
    """Add an area; then a round is one tap away."""
    form = AreaForm()
    if form.validate_on_submit():
        added = service.add(form.listed)
        flash(_("On the list: %(name)s", name=added.name))
        return redirect(url_for("screenings.new", area=added.id), 303)
    return page("screenings/areas/new.html", fragment="form", status=form.status, form=form)


@area.post("/<int:area_id>/take-off", needs=May.LIST_AFFECTED_AREAS)
def take_off(area_id: int) -> ResponseReturnValue:
    """Take an area off the list."""
    listed = db.get_or_404(AffectedArea, area_id)
    service.take_off(listed)
    flash(_("Taken off the list: %(name)s", name=listed.name))
    return redirect(url_for("affected_areas.index"), 303)
