"""Daily reports 日报告: a unit's day, its confirmation, who below has reported, the last days, the text for a group."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.access.policy import May
from portal.database import db
from portal.reports import listing, looks, service, views_steps, wording
from portal.reports.area import area
from portal.reports.forms import ConfirmForm
from portal.reports.models import DailyReport
from portal.web.page import page

__all__ = ["area", "views_steps"]


@area.get("/", needs=May.SEE_REPORTS)
def index() -> ResponseReturnValue:
    """A unit's report of a day: today's of one's own, unless another one is asked for."""
    unit, day = listing.asked()
    return page("reports/day.html", form=ConfirmForm(), **looks.at_day(unit, day))


@area.get("/<int:daily_report_id>", needs=May.SEE_REPORTS)
def show(daily_report_id: int) -> ResponseReturnValue:
    """The same, of a report that there is."""
    report = db.get_or_404(DailyReport, daily_report_id)
    unit = looks.unit_asked(report.unit_id)
    return page("reports/day.html", form=ConfirmForm(), **looks.at_day(unit, report.day))


@area.post("/confirm", needs=May.CONFIRM_REPORTS)
def confirm() -> ResponseReturnValue:
    """One tap: the figures as they are now go up."""
    unit, day = listing.asked()
    form = ConfirmForm()
    if not form.validate():
        context = looks.at_day(unit, day)
        return page("reports/day.html", status=form.status, form=form, **context)
    nil = request.form.get("nil") == "1"
    report = service.confirm(unit, day, is_nil=nil, to_coordinate=form.to_coordinate.data or "")
    flash(_("Reported late") if report.is_late else report.state.label)
    return redirect(url_for("reports.index", unit=unit.id, day=day.isoformat()), 303)


@area.get("/below", needs=May.SEE_REPORTS)
def below() -> ResponseReturnValue:
    """The units below with their reports, those that are missing first; of one figure, what each of them has."""
    unit, day = listing.asked()
    after, code = request.args.get("after", 0, type=int), request.args.get("figure")
    return page("reports/below.html", **listing.at_below(unit, day, after, code))


@area.get("/trend", needs=May.SEE_REPORTS)
def trend() -> ResponseReturnValue:
    """One figure over fourteen days, as it was reported."""
    unit, day = listing.asked()
    told = looks.trend(unit, day, request.args.get("figure"))
    return page("reports/trend.html", **looks.about(unit, day), **told)


@area.get("/text", needs=May.SEE_REPORTS)
def text() -> ResponseReturnValue:
    """What is pasted into a chat group."""
    unit, day = listing.asked()
    return page("reports/text.html", text=wording.text(looks.day_of(unit, day)), **looks.about(unit, day))
