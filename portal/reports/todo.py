"""The lines that daily reports put on Today: to confirm, sent back, to receive, late below."""

from datetime import timedelta

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import pgettext
from sqlalchemy import select

from portal.access.acting import acting, may
from portal.access.policy import May
from portal.clock import local, now, today
from portal.database import db
from portal.reports.below import reports_below
from portal.reports.clock import Clock, clock_of
from portal.reports.kinds import ReportState, Standing
from portal.reports.models import DailyReport
from portal.reports.service import report_of
from portal.units.models import Unit
from portal.web.formats import day as day_words
from portal.web.formats import moment
from portal.workflow.todo import Todo

MOST_NAMED = 3
DAYS_BACK = 1


def todo() -> list[Todo]:
    """What waits for the one acting now."""
    place = acting().place
    if place is None or not may(May.CONFIRM_REPORTS):
        return []
    unit = db.session.get_one(Unit, place.unit_id)
    lines = [*_returned(unit), *_to_confirm(unit)]
    if may(May.RECEIVE_REPORTS):
        lines += _below(unit)
    return lines


def _returned(unit: Unit) -> list[Todo]:
    """Sent back, whatever the day."""
    found = select(DailyReport).where(
        DailyReport.unit_id == unit.id,
        DailyReport.state == ReportState.OPEN,
        DailyReport.returned_because != "",
    )
    return [
        Todo(
            _l("A daily report was sent back"),
            url_for("reports.index", unit=unit.id, day=one.day.isoformat()),
            note=one.returned_because,
            urgent=True,
        )
        for one in db.session.scalars(found.order_by(DailyReport.day.desc()).limit(3))
    ]


def _to_confirm(unit: Unit) -> list[Todo]:
    lines = []
    for back in range(DAYS_BACK + 1):
        day = today() - timedelta(days=back)
        clock = clock_of(unit.place, day)
        if clock is not None and report_of(unit.id, day) is None:
            lines.append(_to_confirm_for(unit, clock))
    return lines


def _to_confirm_for(unit: Unit, clock: Clock) -> Todo:
    return Todo(
        _l("Confirm the daily report"),
        url_for("reports.index", unit=unit.id, day=clock.day.isoformat()),
        note=_due_words(clock),
        urgent=now() >= clock.cut_off_at,
    )


def _due_words(clock: Clock) -> str:
    """Of which day and by when; the day is named once where both are on it."""
    due, of = moment(clock.due_at), day_words(clock.day)
    if now() > clock.due_at:
        return _("of %(day)s, was due %(due)s", day=of, due=due)
    if local(clock.due_at).date() == clock.day:
        return pgettext("report", "due %(when)s", when=due)
    return _("of %(day)s, by %(due)s", day=of, due=due)


def _below(unit: Unit) -> list[Todo]:
    """Who below may need help, because it is past their deadline; and what was confirmed and waits to be received."""
    lines = []
    for day in (today() - timedelta(days=back) for back in range(DAYS_BACK + 1)):
        below = reports_below(unit, day)
        address = url_for("reports.below", unit=unit.id, day=day.isoformat())
        if late := [one for one in below if one.standing is Standing.LATE]:
            named = _(", ").join(one.name for one in late[:MOST_NAMED])
            note = _("%(day)s: %(names)s", day=day_words(day), names=named)
            lines.append(Todo(_l("Reports late below"), address, len(late), note, urgent=True))
        if waiting := sum(one.standing in (Standing.REPORTED, Standing.NIL) for one in below):
            lines.append(Todo(_l("Reports to receive"), address, waiting, day_words(day)))
    return lines
