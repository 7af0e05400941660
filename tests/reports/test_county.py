"""A county of 460 communities: its report is one request, and a page asks no more than for two of them."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event, func, select

from portal.access.acting import Level
from portal.access.policy import Role
from portal.access.scope import everywhere
from portal.accounts.models import Title
from portal.clock import now
from portal.database import db
from portal.orders.models import Order
from portal.reports.kinds import ReportState
from portal.reports.models import DailyReport
from portal.reports.service import report_of
from portal.units.models import Unit
from portal.workflow import figures
from tests import people
from tests.people import Person, unit
from tests.reports.world import FIVE, TODAY, at, order

COUNTY, COMMUNITIES, STREETS = "上蔡县", 460, 20
xia = Person("xia", Role.OFFICE, Title.OFFICE_DIRECTOR, COUNTY)
HOURS = {
    "levels": {
        level: FIVE["levels"][name] for level, name in (("community", "community"), ("county", "street"))
    }
}


@pytest.fixture
def county(app) -> Order:
    """The office of a county whose order asks communities, past their streets, and the county itself."""
    with everywhere(because="the test makes a county"):
        people._appoint(xia)
        db.session.commit()
    return order(HOURS, unit=COUNTY)


def grow() -> None:
    """The rest of the 460 communities, in all the streets."""
    with everywhere(because="the test makes a county"):
        above = unit(COUNTY).id
        streets = [
            Unit(name=f"{n}街道", full_name=f"{n}街道", level=Level.STREET, parent_id=above)
            for n in range(1, STREETS)
        ]
        db.session.add_all(streets)
        db.session.flush()
        there = db.session.scalar(select(func.count()).where(Unit.level == Level.COMMUNITY))
        db.session.add_all(
            Unit(
                name=f"{n}社区",
                full_name=f"{n}社区",
                level=Level.COMMUNITY,
                parent_id=streets[n % len(streets)].id,
            )
            for n in range(there, COMMUNITIES)
        )
        db.session.commit()


def report_all(asked_by: int, exits: int = 3) -> None:
    """Whatever happened in them is counted, and each has confirmed that."""
    with everywhere(because="the test makes a county"):
        communities = db.session.scalars(select(Unit.id).where(Unit.level == Level.COMMUNITY)).all()
        for unit_id in communities:
            figures.add("gate.exits", unit_id, exits)
            db.session.add(
                DailyReport(
                    unit_id=unit_id,
                    day=TODAY,
                    order_id=asked_by,
                    state=ReportState.CONFIRMED,
                    figures={"gate.exits": exits},
                    starts_at=at(17, days=-1),
                    cut_off_at=at(17),
                    due_at=at(18),
                    version=1,
                    confirmed_at=now(),
                    first_confirmed_at=now(),
                )
            )
        db.session.commit()


@contextmanager
def statements() -> Iterator[list[str]]:
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield sent
    event.remove(db.engine, "before_cursor_execute", note)


def test_460_communities_roll_up_in_one_request(county, visit):
    asked: list[list[int]] = []
    for what in (lambda: None, grow):
        what()
        asked.append([])
        for endpoint in ("index", "below", "text"):
            visit(f"reports.{endpoint}", as_=xia)
            with statements() as sent:
                visit(f"reports.{endpoint}", as_=xia)
            asked[-1].append(len(sent))
    assert asked[0] == asked[1], "no more questions for 460 than for two"
    report_all(county.id)
    page = visit("reports.index", as_=xia)
    assert page.has("460 of 460 have reported")
    page = page.send("Confirm and report")
    assert page.has("Reported")
    with everywhere(because="the test looks"):
        db.session.rollback()
        report = report_of(unit(COUNTY).id, TODAY)
        assert report.figures["gate.exits"] == 3 * COMMUNITIES
        assert len(report.computed_from["below"]) == COMMUNITIES
        states = db.session.execute(select(DailyReport.state, func.count()).group_by(DailyReport.state)).all()
        assert dict(map(tuple, states)) == {ReportState.CONFIRMED: 1, ReportState.RECEIVED: COMMUNITIES}
