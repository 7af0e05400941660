"""Grids redrawn: split, merged, households moved between them. Effects are shown before they happen."""

from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from portal.access import scope
from portal.access.acting import Level
from portal.access.policy import May
from portal.database import db
from portal.registry import grids, handing, redrawing
from portal.registry.area import area
from portal.registry.forms_duties import MergeForm, MoveForm, SplitForm
from portal.registry.models import Household
from portal.registry.parts import parts
from portal.units.models import Unit
from portal.web.page import page


@area.form("/grids/<int:unit_id>/split", needs=May.REDRAW_GRIDS)
def split(unit_id: int) -> ResponseReturnValue:
    """Some of a grid's households to a new grid."""
    grid = _own_grid(unit_id)
    form = SplitForm(grid, parts(Household.unit_id == grid.id, handing.way()), redrawing.how_many(grid))
    if form.validate_on_submit():
        if form.is_confirmed(request.form.get("confirmed", ""), len(form.ticked)):
            redrawing.split(grid, form.name.data or "", form.ticked, form.reason.data or "")
            return _to_unit(grid.parent_id, len(form.ticked))
        along = redrawing.who_comes_along(form.ticked, grid, None)
        return _effect(form, "registry/split.html", len(form.ticked), grid=grid, along=along)
    return page("registry/split.html", status=form.status, form=form, grid=grid, effect=None)


@area.form("/grids/<int:unit_id>/move", needs=May.REDRAW_GRIDS)
def move(unit_id: int) -> ResponseReturnValue:
    """Some of a grid's households to another grid of the community."""
    grid = _own_grid(unit_id)
    form = MoveForm(parts(Household.unit_id == grid.id, handing.way()))
    form.offer(_others(grid))
    if form.validate_on_submit():
        into = db.get_or_404(Unit, form.into.data)
        if form.is_confirmed(request.form.get("confirmed", ""), len(form.ticked)):
            redrawing.transfer(grid, into, form.ticked, form.reason.data or "")
            return _to_unit(grid.id, len(form.ticked))
        people = handing.who_takes_over(form.ticked, grid, into)
        return _effect(form, "registry/move.html", len(form.ticked), grid=grid, **people)
    return page("registry/move.html", status=form.status, form=form, grid=grid, effect=None)


@area.form("/grids/<int:unit_id>/merge", needs=May.REDRAW_GRIDS)
def merge(unit_id: int) -> ResponseReturnValue:
    """All of a grid's households and people to another one; this one is closed."""
    grid = _own_grid(unit_id)
    form = MergeForm()
    form.offer(_others(grid))
    if form.validate_on_submit():
        count = redrawing.how_many(grid)
        if form.is_confirmed(request.form.get("confirmed", ""), count):
            redrawing.merge(grid, db.get_or_404(Unit, form.into.data), form.reason.data or "")
            return _to_unit(grid.parent_id, count)
        return _effect(form, "registry/merge.html", count, grid=grid)
    return page("registry/merge.html", status=form.status, form=form, grid=grid, effect=None)


def _effect(form: Any, template: str, count: int, **context: Any) -> ResponseReturnValue:
    return page(template, form=form, effect=form.effect(count), **context)


def _to_unit(unit_id: int | None, count: int) -> ResponseReturnValue:
    flash(ngettext("%(num)s household has moved.", "%(num)s households have moved.", count))
    return redirect(url_for("units.show", unit_id=unit_id), 303)


def _own_grid(unit_id: int) -> Unit:
    """An open grid of one's own place; 404 for any other."""
    grid = db.get_or_404(Unit, unit_id)
    if grid.level is not Level.GRID or grid.closed_at is not None or not scope.current().covers(grid):
        abort(404)
    return grid


def _others(grid: Unit) -> list[tuple[int, str]]:
    return [one for one in grids.around(grid.id) if one[0] != grid.id]
