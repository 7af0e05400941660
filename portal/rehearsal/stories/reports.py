"""Three days of reports: in time, late, with nothing to tell, sent back once, added to once; today is still open."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select

from portal.access.acting import Level
from portal.clock import today
from portal.database import db
from portal.rehearsal.calendar import Calendar
from portal.rehearsal.staff import COMMUNITY, GROUP, OTHER_COMMUNITY, STREET, unit_named
from portal.rehearsal.street import communities
from portal.reports import service
from portal.reports.clock import clock_of
from portal.units.models import Unit
from portal.workflow import figures

DAYS_TOLD = (-3, -2, -1)
LATE_ON = -1  # the day on which the second community reports the next morning
SILENT = 1  # communities from which nothing is heard on that day


def tell(on: Calendar) -> None:
    """The days before from the grids up, what went wrong on the way, and this morning."""
    for days in DAYS_TOLD:
        _tell_a_day(on, days)
    _tell_a_return(on)
    _tell_a_supplement(on)


def _tell_a_day(on: Calendar, days: int) -> None:
    with on.scene("wang", days, 16, 10):
        _confirm(_below(COMMUNITY, Level.GRID))
    with on.scene("wang", days, 16, 22):
        _confirm(_below(COMMUNITY, Level.GROUP))
    with on.scene("wang", days, 16, 35):
        _confirm([unit_named(COMMUNITY)], "防护口罩不足，请街道协调 500 只。" if days == LATE_ON else "")
    if days != LATE_ON:
        with on.scene("sun", days, 16, 38):
            _confirm([unit_named(OTHER_COMMUNITY)])
    with on.scene("li", days, 16, 39):  # told on the telephone
        others = [one for one in communities() if one.full_name not in (COMMUNITY, OTHER_COMMUNITY)]
        _confirm(others[:-SILENT] if days == LATE_ON else others)
    with on.scene("li", days, 16, 55):
        _confirm([unit_named(STREET)])


def _tell_a_return(on: Calendar) -> None:
    """The street asks again about one group, which looks through its grids; and somebody was late."""
    with on.scene("sun", 0, 7, 40):
        _confirm([unit_named(OTHER_COMMUNITY)], day=_day(on, LATE_ON))
    with on.scene("wang", LATE_ON, 16, 28):
        group = service.report_of(unit_named("豫苑社区一组").id, _day(on, LATE_ON))
        if group is not None:
            service.send_back(group, "张贴处数与张贴点不符，请核对")
    with on.scene("wang", LATE_ON, 16, 33):
        _confirm([unit_named("豫苑社区一组")], day=_day(on, LATE_ON))


def _tell_a_supplement(on: Calendar) -> None:
    """A patrol that was written down a day later."""
    with on.scene("zhao", 0, 8, 20):
        report = service.report_of(unit_named(GROUP).id, _day(on, LATE_ON))
        if report is not None and service.differences(report):
            service.supplement(report, "先记在纸上，今早补录")


def _day(on: Calendar, days: int) -> date:
    return on.hour(days, 0).date()


def _below(name: str, level: Level) -> list[Unit]:
    above = unit_named(name)
    found = select(Unit).where(Unit.community_id == above.id, Unit.level == level)
    return list(db.session.scalars(found.order_by(Unit.id)))


def _confirm(units: Iterable[Unit], to_coordinate: str = "", day: date | None = None) -> None:
    """Each of them, as a nil report where nothing has happened; not before an order asked for it."""
    for unit in units:
        clock = clock_of(unit.place, day or today())
        if clock is not None:
            nil = not service.happened(figures.sums(unit.place, clock.span))
            service.confirm(unit, clock.day, is_nil=nil, to_coordinate=to_coordinate)
