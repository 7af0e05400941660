"""An order that asks for reports, and whoever confirms them. It is ten in the morning of 23 November 2026."""

from datetime import date, datetime, time, timedelta
from itertools import count
from typing import Any

from flask import current_app

from portal.access.scope import everywhere
from portal.clock import LOCAL
from portal.database import db
from portal.orders.models import Order
from portal.reports import service
from portal.reports.clock import AREA, DAILY
from portal.reports.kinds import ReportState
from portal.reports.models import DailyReport
from portal.workflow import figures
from tests.factories import order_in_force
from tests.passes.conftest import acting_as
from tests.people import Person, li, qian, unit, wang, zhao

SERIALS = count(0)
TODAY = date(2026, 11, 23)
GRID, OTHER_GRID, GROUP, COMMUNITY, STREET = (
    "豫苑社区三组二格",
    "豫苑社区三组一格",
    "豫苑社区三组",
    "豫苑社区",
    "重阳街道",
)
FIVE = {
    "levels": {
        "grid": {"cut_off": 17 * 60, "due": 17 * 60 + 15},
        "group": {"cut_off": 17 * 60, "due": 17 * 60 + 30},
        "community": {"cut_off": 17 * 60, "due": 18 * 60},
        "street": {"cut_off": 17 * 60, "due": 18 * 60 + 30},
    }
}
WHOLE_DAY = {"levels": {level: {"cut_off": 24 * 60, "due": 31 * 60} for level in FIVE["levels"]}}


def at(hours: int, minutes: int = 0, *, days: int = 0) -> datetime:
    """An hour of the tests' day, or of the days around it."""
    return datetime(2026, 11, 23, hours, minutes, tzinfo=LOCAL) + timedelta(days=days)


def order(parameters: dict[str, Any] = FIVE, **values: Any) -> Order:
    """An order of the street that asks every level for reports, since a month ago."""
    given = {"measures": {(AREA, DAILY): parameters}, "effective_from": at(0, days=-30)}
    return order_in_force(**(given | values))


def happens(where: str = GRID, by: int = 1, when: datetime | None = None, code: str = "gate.exits") -> None:
    """Something that is counted."""
    with acting_as(current_app, li):
        figures.add(code, unit(where).id, by, when)


def confirmed(where: str = GRID, by: Person = qian, day: date = TODAY, **how: Any) -> int:
    """A report that was confirmed. Returns its id."""
    with acting_as(current_app, by):
        return service.confirm(unit(where), day, **how).id


def row(report_id: int) -> DailyReport:
    """The report as it stands, with what was added to it."""
    with everywhere(because="the test looks"):
        db.session.rollback()
        report = db.session.get_one(DailyReport, report_id)
        assert report.supplements is not None
        assert report.order
        return report


def made(state: ReportState) -> int:
    """A report of a grid in this state, each of a day of its own."""
    day = TODAY - timedelta(days=next(SERIALS) % 20)
    happens(when=datetime.combine(day, time(9), LOCAL))
    report_id = confirmed(day=day)
    with acting_as(current_app, zhao):
        report = db.session.get_one(DailyReport, report_id)
        if state is ReportState.RECEIVED:
            service.receive(report)
        elif state is ReportState.OPEN:
            service.send_back(report, "数字有误")
    return report_id


__all__ = ["Person", "li", "qian", "wang", "zhao"]
