"""The tree: one's own place, every unit below it, their checkpoints; and the import of the whole tree."""

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.access import scope
from portal.access.acting import acting, may
from portal.access.guard import Area, contributed
from portal.access.policy import May
from portal.database import db
from portal.units import actions, importing, listing, rules, service, uploads
from portal.units.forms import CheckpointForm, CloseForm, FileForm, NewUnitForm, UnitForm
from portal.units.models import LEVEL_LABELS, Checkpoint, Unit, UploadedTree
from portal.units.reading import LARGEST_FILE, NotImported
from portal.web.page import page

PROBLEMS_SHOWN = CHANGES_SHOWN = 20

area = Area("units", __name__, menu=_l("Units and teams"))
area.contributes["actions"] = actions.ACTIONS


@area.get("/", needs=May.SEE_UNITS)
def index() -> ResponseReturnValue:
    """One's own place; for the whole installation, what stands at the top."""
    place = acting().place
    if place is not None:
        return _show(db.get_or_404(Unit, place.unit_id))
    children, after = listing.children(None, after=request.args.get("after", type=int))
    return page("units/top.html", fragment="children", children=children, after=after, labels=LEVEL_LABELS)


@area.get("/<int:unit_id>", needs=May.SEE_UNITS)
def show(unit_id: int) -> ResponseReturnValue:
    """A unit: the way to it, what lies below, its gates and its team."""
    return _show(db.get_or_404(Unit, unit_id))


def _show(unit: Unit) -> ResponseReturnValue:
    children, after = listing.children(unit.id, after=request.args.get("after", type=int))
    return page(
        "units/detail.html",
        fragment="children",
        unit=unit,
        way=listing.way_to(unit),
        children=children,
        after=after,
        child_level=rules.level_below(unit.level),
        labels=LEVEL_LABELS,
        gates=listing.open_gates(unit.id),
        panels=[panel for _area, show_panel in contributed("unit_panel") if (panel := show_panel(unit))],
        may_edit=may(May.EDIT_UNITS) and scope.current().covers(unit),
    )


@area.form("/new", needs=May.IMPORT_UNITS)
def new_at_the_top() -> ResponseReturnValue:
    """A county, or a street that stands alone: only for the whole installation."""
    return _new_under(None)


@area.form("/<int:unit_id>/new", needs=May.EDIT_UNITS)
def new(unit_id: int) -> ResponseReturnValue:
    """A unit directly below this one."""
    return _new_under(_own(unit_id))


def _new_under(parent: Unit | None) -> ResponseReturnValue:
    if rules.level_below(parent.level if parent else None) is None:
        abort(404)
    form = NewUnitForm(parent)
    if form.validate_on_submit() and form.chosen:
        code = form.code.data if "code" in form else None
        unit = service.create_unit(parent, form.chosen, form.name.data, code or None)
        return redirect(url_for("units.show", unit_id=unit.parent_id or unit.id), 303)
    return page(
        "units/new.html", fragment="form", status=form.status, form=form, parent=parent, labels=LEVEL_LABELS
    )


@area.form("/<int:unit_id>/change", needs=May.EDIT_UNITS)
def change(unit_id: int) -> ResponseReturnValue:
    """Another name or duty phone."""
    unit = _own(unit_id)
    form = UnitForm(unit)
    if form.validate_on_submit():
        service.change_unit(unit, name=form.name.data, duty_phone=form.duty_phone.data)
        return redirect(url_for("units.show", unit_id=unit.id), 303)
    return page("units/change.html", fragment="form", status=form.status, form=form, unit=unit)


@area.form("/<int:unit_id>/checkpoints/new", needs=May.EDIT_UNITS)
def new_checkpoint(unit_id: int) -> ResponseReturnValue:
    """Open a gate."""
    unit = _own(unit_id)
    form = CheckpointForm(unit.id)
    if form.validate_on_submit():
        service.create_checkpoint(unit, form.name.data, **form.about)
        return redirect(url_for("units.show", unit_id=unit.id), 303)
    return page(
        "units/checkpoint.html", fragment="form", status=form.status, form=form, unit=unit, checkpoint=None
    )


@area.form("/checkpoints/<int:checkpoint_id>", needs=May.EDIT_UNITS)
def checkpoint(checkpoint_id: int) -> ResponseReturnValue:
    """Rename a gate, or open it to vehicles."""
    gate = _open_gate(checkpoint_id)
    unit = _own(gate.unit_id)
    form = CheckpointForm(unit.id, gate)
    if form.validate_on_submit():
        service.change_checkpoint(gate, name=form.name.data, **form.about)
        return redirect(url_for("units.show", unit_id=unit.id), 303)
    return page(
        "units/checkpoint.html", fragment="form", status=form.status, form=form, unit=unit, checkpoint=gate
    )


@area.form("/checkpoints/<int:checkpoint_id>/close", needs=May.EDIT_UNITS)
def close_checkpoint(checkpoint_id: int) -> ResponseReturnValue:
    """Close a gate, with the reason."""
    gate = _open_gate(checkpoint_id)
    form = CloseForm()
    if form.validate_on_submit():
        service.close_checkpoint(gate, form.reason.data)
        return redirect(url_for("units.show", unit_id=gate.unit_id), 303)
    return page("units/close.html", fragment="form", status=form.status, form=form, checkpoint=gate)


@area.form("/import", needs=May.IMPORT_UNITS)
def upload() -> ResponseReturnValue:
    """Send a file of units; it is looked at and shown before anything is written."""
    form, problems = FileForm(), []
    if form.validate_on_submit():
        try:
            kept = uploads.keep(form.file.data.read(LARGEST_FILE + 1))
            return redirect(url_for("units.preview", upload_id=kept.id), 303)
        except NotImported as refusal:
            problems = refusal.problems
    status = 422 if problems else form.status
    return page("units/upload.html", status=status, form=form, problems=problems, shown=PROBLEMS_SHOWN)


@area.form("/import/<int:upload_id>", needs=May.IMPORT_UNITS)
def preview(upload_id: int) -> ResponseReturnValue:
    """What the file would change; a post writes it."""
    kept = db.get_or_404(UploadedTree, upload_id)
    try:
        if request.method == "POST":
            flash(_("New: %(new)s, changed: %(changed)s, same: %(same)s", **uploads.take(kept).counts))
            return redirect(url_for("units.index"), 303)
        plan = importing.compare(kept.content)
    except NotImported as refusal:
        form = FileForm()
        return page(
            "units/upload.html", status=409, form=form, problems=refusal.problems, shown=PROBLEMS_SHOWN
        )
    return page("units/preview.html", plan=plan, shown=CHANGES_SHOWN, labels=LEVEL_LABELS, upload=kept)


def _own(unit_id: int) -> Unit:
    """A unit that the one acting may change: 404 for a stranger's, 403 for one above."""
    unit = db.get_or_404(Unit, unit_id)
    if not scope.current().covers(unit):
        abort(403)
    return unit


def _open_gate(checkpoint_id: int) -> Checkpoint:
    gate = db.get_or_404(Checkpoint, checkpoint_id)
    if gate.closed:
        abort(404)
    return gate
