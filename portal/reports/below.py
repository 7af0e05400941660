"""Who reports to whom: the units right below one that are asked for reports, and what each of them has said."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, not_, or_, select
from sqlalchemy.orm import selectinload

from portal.access.acting import Level
from portal.access.scope import lies_in
from portal.audit.models import AuditEntry
from portal.clock import LOCAL, now
from portal.database import db
from portal.reports.clock import asked_below, dues
from portal.reports.kinds import ReportState, Standing
from portal.reports.models import DailyReport
from portal.units.models import Unit


@dataclass(frozen=True)
class Below:
    """A unit below and its report of a day, as far as there is one."""

    unit_id: int
    level: Level
    name: str
    standing: Standing
    due_at: datetime | None
    report: DailyReport | None

    @property
    def is_late(self) -> bool:
        return self.report is not None and self.report.is_late

    @property
    def has_reported(self) -> bool:
        return self.standing in (Standing.REPORTED, Standing.NIL, Standing.RECEIVED)


def units_below(unit: Unit, day: date) -> list[int]:
    """The ids of the units that report to this one: of the next level below that reports, past those that don't."""
    return list(db.session.scalars(select(Unit.id).where(*_reporting_to(unit, day)).order_by(Unit.id)))


def reports_below(unit: Unit, day: date) -> list[Below]:
    """These units with their reports, those that are missing first: a help, no ranking."""
    asked = _reporting_to(unit, day)
    found: Any = db.session.execute(
        select(Unit, DailyReport)
        .outerjoin(DailyReport, and_(DailyReport.unit_id == Unit.id, DailyReport.day == day))
        .where(*asked)
        .options(selectinload(DailyReport.supplements))
        .order_by(Unit.id)
    ).all()
    due_of = dues(day)
    lines = []
    for one, report in found:
        due_at = report.due_at if report else due_of(one.place)
        shortest = min(one.name, one.full_name or one.name, key=len)
        lines.append(Below(one.id, one.level, shortest, standing_of(report, due_at), due_at, report))
    return sorted(lines, key=lambda line: line.has_reported)


def standing_of(report: DailyReport | None, due_at: datetime | None) -> Standing:
    """How a unit's report stands now; ``due_at`` None: nothing is asked of it."""
    if report is None or report.state is ReportState.OPEN:
        if report is not None and report.returned_because:
            return Standing.RETURNED
        if due_at is None:
            return Standing.NOT_ASKED
        return Standing.LATE if now() > due_at else Standing.NOT_YET
    if report.state is ReportState.RECEIVED:
        return Standing.RECEIVED
    return Standing.NIL if report.is_nil else Standing.REPORTED


def _reporting_to(unit: Unit, day: date) -> list[ColumnElement[bool]]:
    """Open units of that day below this one that are asked for reports, with none that is asked between."""
    asked = asked_below(unit.place, day)
    nearest: list[ColumnElement[bool]] = []
    for nearer, level in enumerate(asked):
        between = [_is_below_one_of(above, asked[above]) for above in list(asked)[:nearer]]
        nearest.append(and_(Unit.level == level, _is_in(asked[level]), *map(not_, between)))
    end = datetime.combine(day, time(), LOCAL) + timedelta(days=1)
    made_later = select(AuditEntry.subject_id).where(
        AuditEntry.action == "units.create", AuditEntry.subject == Unit.__tablename__, AuditEntry.at >= end
    )
    return [
        lies_in(Unit, unit.place),
        Unit.id != unit.id,
        or_(*nearest) if nearest else Unit.id.is_(None),
        or_(Unit.closed_at.is_(None), Unit.closed_at >= end - timedelta(days=1)),
        Unit.id.not_in(made_later),
    ]


def _is_in(places: dict[str, set[int]]) -> ColumnElement[bool]:
    """The condition that a unit lies in one of these, {place column: ids}; never unknown."""
    columns = [(getattr(Unit, name), ids) for name, ids in places.items()]
    return or_(*(and_(column.is_not(None), column.in_(ids)) for column, ids in columns))


def _is_below_one_of(level: Level, places: dict[str, set[int]]) -> ColumnElement[bool]:
    """The condition that the unit of this level above it, if there is one, is asked itself."""
    return and_(getattr(Unit, level.column).is_not(None), _is_in(places))
