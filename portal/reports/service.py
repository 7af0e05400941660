"""What is done with daily reports: confirmed, received, sent back, added to. Figures are computed, never typed."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal.access.acting import acting
from portal.access.scope import PLACE_COLUMNS
from portal.audit import service as audit
from portal.audit.chain import noted_head
from portal.clock import now, today
from portal.database import db
from portal.orders.service import why_not
from portal.reports import models
from portal.reports.below import units_below
from portal.reports.clock import AREA, DAILY, Clock, clock_of
from portal.reports.kinds import ReportState
from portal.reports.models import DailyReport, Supplement
from portal.units.models import Unit
from portal.web.errors import Refused
from portal.workflow import figures
from portal.workflow.figures import Counting
from portal.workflow.states import begin, lock, take

IN_THE_FUTURE = _l("This day has not come yet.")
OWN = _l("A report is received or sent back by the level above.")
SOMETHING = _l("Something has happened meanwhile: there is no nil report. Look at the figures again.")
NOTHING = _l("Nothing has happened: report that there is nothing to report.")
UNCHANGED = _l("Nothing has changed since this report was confirmed.")
NOT_REPORTED = _l("This report has not been confirmed yet: what is new will be in it.")


def report_of(unit_id: int, day: date) -> DailyReport | None:
    """The report of a unit for a day, if somebody has begun it."""
    found = select(DailyReport).where(DailyReport.unit_id == unit_id, DailyReport.day == day)
    return db.session.scalars(found).one_or_none()


def happened(told: dict[str, int]) -> bool:
    """Whether anything is to be reported: what merely stands, as households, isn't."""
    known = figures.figures()
    return any(
        number and known[code].counting is Counting.ON_THE_DAY
        for code, number in told.items()
        if code in known
    )


def confirm(unit: Unit, day: date, *, is_nil: bool = False, to_coordinate: str = "") -> DailyReport:
    """Freeze the figures of a unit's day and send them up. What was reported below is received with it.

    ``Refused`` where no order asks for it, where somebody was first, and where a nil report isn't one.
    """
    clock = _clock(unit, day)
    report = _begun(unit, day, clock)
    lock(report)
    told = figures.sums(unit.place, clock.span)
    if happened(told) and is_nil:
        raise Refused(SOMETHING)
    if not happened(told) and not is_nil:
        raise Refused(NOTHING)
    below = _lock_below(unit, day)
    take(report, models.CONFIRM, version=report.version + 1, nil=is_nil, late=now() > clock.due_at)
    versions = {str(one): below[one].version if one in below else 0 for one in units_below(unit, day)}
    _freeze(report, clock, told, versions)
    report.is_nil, report.to_coordinate, report.returned_because = is_nil, to_coordinate, ""
    for one in below.values():
        if one.state is ReportState.CONFIRMED:
            _receive(one)
    return report


def receive(report: DailyReport) -> None:
    """The level above has it."""
    _refuse_own(report)
    _receive(report)


def send_back(report: DailyReport, reason: str, *, with_below: bool = False) -> int:
    """Open a report again, and those below it if wanted. Returns how many were opened."""
    _refuse_own(report)
    opened = [report, *(_reported_below(report) if with_below else ())]
    for one in opened:
        take(one, models.SEND_BACK, reason=reason)
        one.returned_because, one.received_at = reason, None
    return len(opened)


def differences(report: DailyReport) -> dict[str, tuple[int, int]]:
    """What is no longer as it was told: {code: (was, is)}, of the hours that the report is of.

    What only the clock tells was so when it was frozen.
    """
    place = db.session.get_one(Unit, report.unit_id).place
    known = figures.sums(place, figures.Span(report.starts_at, report.cut_off_at))
    told = report.told
    return {
        code: (told[code], number)
        for code, number in known.items()
        if told.get(code, number) != number and not _only_now(code)
    }


def supplement(report: DailyReport, reason: str) -> Supplement:
    """补报: tell the level above what has changed since; marked as late after the deadline."""
    lock(report)
    if report.state is ReportState.OPEN:
        raise Refused(NOT_REPORTED)
    changed = differences(report)
    if not changed:
        raise Refused(UNCHANGED)
    report.version += 1
    report.changed_at = now()
    if any(code_happened(code) for code in changed):
        report.is_nil = False
    added = Supplement(
        unit_id=report.unit_id,
        version=report.version,
        changes={code: list(pair) for code, pair in changed.items()},
        reason=reason,
        is_late=now() > report.due_at,
        at=now(),
        by_id=acting().account_id,
    )
    report.supplements.append(added)
    db.session.flush()
    changes: dict[str, Any] = {code: list(pair) for code, pair in changed.items()}
    audit.record("daily_report.supplement", report, reason=reason, changes=changes, late=added.is_late)
    return added


def _only_now(code: str) -> bool:
    figure = figures.figures()[code]
    return figure.live is not None and not figure.tells_past


def code_happened(code: str) -> bool:
    """Whether a figure tells of what happened on the day."""
    return figures.figures()[code].counting is Counting.ON_THE_DAY


# ── small parts ──────────────────────────────────────────────────────────────────────────────────────────────────


def _clock(unit: Unit, day: date) -> Clock:
    if day > today():
        raise Refused(IN_THE_FUTURE)
    clock = clock_of(unit.place, day)
    if clock is None:
        raise Refused(_("No report is asked of this unit for that day. %(why)s", why=why_not(AREA, DAILY)))
    return clock


def _begun(unit: Unit, day: date, clock: Clock) -> DailyReport:
    """The report's row; of two who begin it at the same moment the second finds that of the first."""
    report = report_of(unit.id, day)
    if report is not None:
        return report
    report = DailyReport(
        unit_id=unit.id,
        day=day,
        order_id=clock.order.id,
        starts_at=clock.starts_at,
        cut_off_at=clock.cut_off_at,
        due_at=clock.due_at,
        created_by_id=acting().account_id,
    )
    try:
        with db.session.begin_nested():
            begin(report, step="open", day=day.isoformat())
    except IntegrityError:
        begun = report_of(unit.id, day)
        if begun is None:
            raise
        return begun
    return report


def _freeze(report: DailyReport, clock: Clock, told: dict[str, int], below: dict[str, int]) -> None:
    head = noted_head()
    report.version += 1
    report.order_id = clock.order.id
    report.starts_at, report.cut_off_at, report.due_at = clock.starts_at, clock.cut_off_at, clock.due_at
    report.figures = told
    report.confirmed_at = now()
    report.first_confirmed_at = report.first_confirmed_at or report.confirmed_at
    report.computed_from = {
        "at": now().isoformat(timespec="seconds"),
        "order": clock.order.number,
        "head": f"{head.position}:{head.digest}",
        "version": report.version,
        "below": below,
    }


def _lock_below(unit: Unit, day: date) -> dict[int, DailyReport]:
    """The reports of the units right below, held until this one is confirmed: {unit id: report}."""
    ids = units_below(unit, day)
    if not ids:
        return {}
    held = select(DailyReport).where(DailyReport.unit_id.in_(ids), DailyReport.day == day)
    reports = db.session.scalars(
        held.order_by(DailyReport.id).with_for_update().execution_options(populate_existing=True)
    )
    return {one.unit_id: one for one in reports}


def _receive(report: DailyReport) -> None:
    take(report, models.RECEIVE, version=report.version)
    report.received_at = now()


def _refuse_own(report: DailyReport) -> None:
    place = acting().place
    if place is not None and place.unit_id == report.unit_id:
        raise Refused(OWN)


def _reported_below(report: DailyReport) -> list[DailyReport]:
    """From the top down, as they are locked everywhere: so that nobody waits for somebody who waits for him."""
    place = db.session.get_one(Unit, report.unit_id).place
    found = select(DailyReport).where(
        getattr(DailyReport, place.level.column) == report.unit_id,
        DailyReport.unit_id != report.unit_id,
        DailyReport.day == report.day,
        DailyReport.state != ReportState.OPEN,
    )
    reports = db.session.scalars(found.order_by(DailyReport.id))
    return sorted(reports, key=lambda one: sum(getattr(one, column) is not None for column in PLACE_COLUMNS))
