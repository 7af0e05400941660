"""导入: a sheet is sent, explained, looked at, confirmed; and undone."""

from typing import Any

from flask import abort, g, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.access.policy import May
from portal.audit import service as audit
from portal.clock import today
from portal.database import db
from portal.registry import grids
from portal.registry.area import area
from portal.registry.importing import listing, looks, service
from portal.registry.importing.forms import FileForm, columns_form
from portal.registry.importing.kinds import Choice, ImportState, Outcome
from portal.registry.importing.models import RegistryImport
from portal.spreadsheets.refusal import Refusal
from portal.web import htmx, uploads
from portal.web.page import page

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@area.form("/import", needs=May.WRITE_REGISTRY)
def imports() -> ResponseReturnValue:
    """Send a sheet; and what was imported before."""
    form = FileForm()
    if form.validate_on_submit():
        try:
            return _to(service.upload(form.file.data.read()))
        except (Refusal, service.CannotRead) as refusal:
            db.session.rollback()
            form.refuse(refusal.sentence)
    return page("registry/importing/list.html", status=form.status, form=form, imports=listing.imports())


@area.get("/import/<int:import_id>", needs=May.WRITE_REGISTRY)
def import_(import_id: int) -> ResponseReturnValue:
    """An import where it stands: under way, to be explained, to be confirmed, done."""
    found = _visible(import_id)
    if found.state is ImportState.ASKING and service.mine(import_id):
        return _to(found)
    if htmx.asks_for_a_fragment() and not looks.is_under_way(found):
        return htmx.lead_to(url_for("registry.import_", import_id=import_id))
    response = page("registry/importing/show.html", fragment="bar", **looks.at_import(found))
    response.headers["Cache-Control"] = "no-store"
    return response


@area.form("/import/<int:import_id>/columns", needs=May.WRITE_REGISTRY)
def import_columns(import_id: int) -> ResponseReturnValue:
    """What the columns mean."""
    found = _mine(import_id)
    if found.state not in (ImportState.ASKING, ImportState.PREVIEW):
        abort(404)
    form = columns_form(found, grids.choices(None))
    if form.validate_on_submit():
        sheet = form.sheet.data if "sheet" in form else found.sheet
        grid_to = form.grid_to.data if "grid_to" in form else None
        service.name_columns(found, form.mapping, sheet=sheet, grid_to=grid_to)
        return _to(found)
    return page("registry/importing/columns.html", status=form.status, form=form, found=found)


@area.post("/import/<int:import_id>/decide", needs=May.WRITE_REGISTRY)
def import_decide(import_id: int) -> ResponseReturnValue:
    """What is to become of the rows on the page, or of all that are left."""
    found, show = _mine(import_id), _outcome()
    rest = request.form.get("rest", "")
    service.decide(found, looks.chosen(request.form))
    if rest in set(Choice) and show:
        service.decide_rest(found, show, Choice(rest))
    where: dict[str, Any] = {
        "show": show.value if show else None,
        "after": request.args.get("next", type=int),
    }
    return redirect(url_for("registry.import_", import_id=import_id, **where), 303)


@area.post("/import/<int:import_id>/confirm", needs=May.WRITE_REGISTRY)
def import_confirm(import_id: int) -> ResponseReturnValue:
    """Write it."""
    found = _mine(import_id)
    service.confirm(found)
    return _to(found)


@area.post("/import/<int:import_id>/undo", needs=May.WRITE_REGISTRY)
def import_undo(import_id: int) -> ResponseReturnValue:
    """Take it back."""
    found = _visible(import_id)
    service.undo(found)
    return _to(found)


@area.post("/import/<int:import_id>/back", needs=May.WRITE_REGISTRY)
def import_back(import_id: int) -> ResponseReturnValue:
    """The work has broken off: to where it can be begun again."""
    found = _visible(import_id)
    service.step_back(found)
    return _to(found)


@area.post("/import/<int:import_id>/drop", needs=May.WRITE_REGISTRY)
def import_drop(import_id: int) -> ResponseReturnValue:
    """Leave it; the file is destroyed."""
    service.drop(_mine(import_id))
    return redirect(url_for("registry.imports"), 303)


@area.post("/import/<int:import_id>/wrong-rows", needs=May.WRITE_REGISTRY)
def import_wrong_rows(import_id: int) -> ResponseReturnValue:
    """The rows to be mended, as the sheet they came in."""
    found = _mine(import_id)
    file = service.wrong_rows(found) or abort(404)
    audit.record("registry.import_wrong_rows", found, digest=found.digest)
    g.unmasked = True
    name = _("to mend %(day)s", day=f"{today():%Y-%m-%d}")
    return send_file(file, WORKBOOK, as_attachment=True, download_name=f"{name}.xlsx")


def _outcome() -> Outcome | None:
    return next((one for one in Outcome if one == request.args.get("show")), None)


def _to(found: RegistryImport) -> ResponseReturnValue:
    asks = found.state is ImportState.ASKING
    endpoint = "registry.import_columns" if asks else "registry.import_"
    return redirect(url_for(endpoint, import_id=found.id), 303)


def _mine(import_id: int) -> RegistryImport:
    return service.mine(import_id) or abort(404)


def _visible(import_id: int) -> RegistryImport:
    """One's own, or one of the units below that has been written: that concerns whoever answers for them."""
    found: RegistryImport = db.get_or_404(RegistryImport, import_id)
    if found.state.is_open:
        return _mine(import_id)
    return found


uploads.allow(area, "imports", service.LARGEST_UPLOAD)
