"""导出: what can be exported, and one form for each."""

from flask import Response, abort, g, redirect, url_for
from flask.typing import ResponseReturnValue

from portal.access.policy import May
from portal.exports import service
from portal.exports.area import area
from portal.exports.forms import ExportForm
from portal.exports.service import Made
from portal.jobs.models import Job
from portal.web.page import page

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@area.get("/", needs=May.EXPORT)
def index() -> ResponseReturnValue:
    """The lists that the one acting may export."""
    return page("exports/list.html", kinds=service.open_kinds())


@area.form("/<name>", needs=May.EXPORT)
def make(name: str) -> ResponseReturnValue:
    """Choose what, then fetch the workbook at once, or follow the job that makes it."""
    kind = service.open_kinds().get(name) or abort(404)
    form = ExportForm(name, kind)
    if form.validate_on_submit():
        return _answer(service.make(form.wish, form.reason))
    context = {"form": form, "kind": kind, "most_at_once": service.MOST_AT_ONCE}
    return page("exports/form.html", fragment="form", status=form.status, **context)


def _answer(made: Made | Job) -> ResponseReturnValue:
    if isinstance(made, Job):
        return redirect(url_for("jobs.show", job_id=made.id), 303)
    g.unmasked = True  # never kept by a browser
    with made.file:
        response = Response(made.file.read(), mimetype=XLSX)
    response.headers.set("Content-Disposition", "attachment", filename=f"export-{made.number}.xlsx")
    return response
