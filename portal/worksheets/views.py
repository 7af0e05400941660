"""工作表: the sheets that there are, a new one, its paper, and the keying page."""

from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.access.policy import May
from portal.database import db
from portal.units.models import Unit
from portal.web.page import page
from portal.workflow.worksheets import WorksheetKind
from portal.worksheets import keying, printing, service
from portal.worksheets.area import area
from portal.worksheets.forms import KeyForm, NumberForm, SheetForm
from portal.worksheets.keying import Keying
from portal.worksheets.models import Worksheet

LAST_SHOWN = 5


@area.form("/", needs=May.WORK_ON_SHEETS)
def index() -> ResponseReturnValue:
    """Key a sheet that has come back, make a new one, or look at the latest."""
    form = NumberForm()
    if form.validate_on_submit() and form.sheet:
        return redirect(url_for("worksheets.key", worksheet_id=form.sheet.id), 303)
    sheets, before = service.latest(request.args.get("before", type=int))
    context = {"form": form, "kinds": service.open_kinds(), "sheets": sheets, "before": before}
    return page("worksheets/list.html", fragment="rows", status=form.status, **context)


@area.form("/new/<name>", needs=May.WORK_ON_SHEETS)
def new(name: str) -> ResponseReturnValue:
    """Choose where, which ones and which columns."""
    kind = service.open_kinds().get(name) or abort(404)
    form = SheetForm(kind)
    if form.validate_on_submit():
        sheet = service.make(name, form.chosen, form.part.data, form.columns.data, form.subjects)
        return redirect(url_for("worksheets.show", worksheet_id=sheet.id), 303)
    return page("worksheets/new.html", fragment="form", status=form.status, form=form, kind=kind)


@area.get("/<int:worksheet_id>", needs=May.WORK_ON_SHEETS)
def show(worksheet_id: int) -> ResponseReturnValue:
    """One sheet: print it, key it, and what was keyed."""
    sheet, kind = _sheet(worksheet_id)
    lines, before = service.keyed(sheet, before=request.args.get("before", type=int))
    context: dict[str, Any] = {"sheet": sheet, "kind": kind, "lines": lines, "before": before}
    return page("worksheets/detail.html", **context, **_about(sheet))


@area.post("/<int:worksheet_id>/print", needs=May.WORK_ON_SHEETS)
def print_one(worksheet_id: int) -> ResponseReturnValue:
    """The paper: counted and written down."""
    return printing.print_sheet(*_sheet(worksheet_id))


@area.form("/<int:worksheet_id>/key", needs=May.WORK_ON_SHEETS)
def key(worksheet_id: int) -> ResponseReturnValue:
    """Row code, value, Enter."""
    sheet, kind = _sheet(worksheet_id)
    form = KeyForm(service.columns_of(sheet), request.args.get("column"))
    if form.validate_on_submit() and (done := keying.key(sheet, form.chosen, form.lines)):
        _say(done)
        return redirect(url_for("worksheets.key", worksheet_id=sheet.id, column=form.chosen.name), 303)
    lines, _before = service.keyed(sheet, most=LAST_SHOWN)
    context = {"form": form, "sheet": sheet, "kind": kind, "lines": lines}
    return page("worksheets/key.html", fragment="form", status=form.status, **context)


def _sheet(worksheet_id: int) -> tuple[Worksheet, WorksheetKind]:
    """A sheet of one's own area with its kind, or 404."""
    sheet = db.get_or_404(Worksheet, worksheet_id)
    return sheet, service.kind_of(sheet) or abort(404)


def _about(sheet: Worksheet) -> dict[str, Any]:
    return {
        "unit": db.session.get_one(Unit, sheet.unit_id).full_name,
        "columns": service.columns_of(sheet),
        "counts": service.counts(sheet),
        "mine": len(service.rows_of(sheet)),
    }


def _say(done: Keying) -> None:
    """What was written, and what had been keyed already: codes say nothing about anybody."""
    if done.written:
        flash(ngettext("%(num)s value kept", "%(num)s values kept", len(done.written)))
    if done.same:
        flash(_("Keyed before with the same value: %(codes)s", codes=_(", ").join(done.same)))
