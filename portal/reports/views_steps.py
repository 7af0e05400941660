"""The steps of those above on a report, what is added later, and its paper."""

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.access.policy import May
from portal.audit import service as audit
from portal.database import db
from portal.printing.document import is_asked_first
from portal.reports import listing, looks, models, printing, service
from portal.reports.area import area
from portal.reports.forms import WHY_ADDED, WHY_SENT_BACK, SendBackForm, SupplementForm
from portal.reports.models import DailyReport
from portal.units.models import Unit
from portal.web.forms import Form
from portal.web.page import page
from portal.workflow.states import for_step

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@area.post("/<int:report_id>/receive", needs=May.RECEIVE_REPORTS)
def receive(report_id: int) -> ResponseReturnValue:
    """The level above has it."""
    report = db.get_or_404(DailyReport, report_id)
    service.receive(report)
    return done(report)


@area.form("/<int:report_id>/send-back", needs=May.RECEIVE_REPORTS)
def send_back(report_id: int) -> ResponseReturnValue:
    """Open it again, with the reason that its unit is shown."""
    report, form = for_step(DailyReport, report_id, models.SEND_BACK), SendBackForm(WHY_SENT_BACK)
    if form.validate_on_submit():
        service.send_back(report, form.reason, with_below=form.with_below.data)
        return done(report)
    context = {"form": form, "report": report, **about(report)}
    return page("reports/send_back.html", fragment="form", status=form.status, **context)


@area.form("/<int:report_id>/supplement", needs=May.CONFIRM_REPORTS)
def supplement(report_id: int) -> ResponseReturnValue:
    """补报: what has changed since it was confirmed."""
    report, form = db.get_or_404(DailyReport, report_id), SupplementForm(WHY_ADDED)
    if form.validate_on_submit():
        service.supplement(report, form.reason)
        return done(report)
    unit = db.session.get_one(Unit, report.unit_id)
    context = {"form": form, "report": report, "shown": looks.day_of(unit, report.day), **about(report)}
    return page("reports/supplement.html", fragment="form", status=form.status, **context)


@area.form("/print", needs=May.SEE_REPORTS)
def print_() -> ResponseReturnValue:
    """The sheet. ``?as=page`` shows it on the screen; only a posted form is printed and noted."""
    unit, day = listing.asked()
    if is_asked_first():
        return page("reports/print.html", form=Form(), **looks.about(unit, day))
    if request.method == "POST":
        _note("daily_report.print", unit, day.isoformat())
    return printing.sheet(looks.day_of(unit, day))


@area.post("/workbook", needs=May.SEE_REPORTS)
def workbook() -> ResponseReturnValue:
    """A row for each unit below."""
    unit, day = listing.asked()
    _note("daily_report.export", unit, day.isoformat())
    with printing.workbook(looks.day_of(unit, day)) as made:
        response = Response(made.read(), mimetype=XLSX)
    name = f"report-{day:%Y%m%d}-{unit.id}.xlsx"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def done(report: DailyReport) -> ResponseReturnValue:
    """To the report, saying what became of it."""
    flash(report.state.label)
    return redirect(url_for("reports.index", unit=report.unit_id, day=report.day.isoformat()), 303)


def about(report: DailyReport) -> dict[str, object]:
    """What the pages about one report say on top."""
    return looks.about(db.session.get_one(Unit, report.unit_id), report.day)


def _note(action: str, unit: Unit, day: str) -> None:
    audit.record(action, service.report_of(unit.id, looks.day_asked(day)), unit_id=unit.id, day=day)
