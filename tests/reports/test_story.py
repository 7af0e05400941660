"""From the grid to the street: confirmed, received, sent back, added to. Nothing is typed and nothing is lost."""

import pytest
import time_machine
from flask import current_app
from sqlalchemy import select

from portal.access.scope import everywhere
from portal.audit.models import AuditEntry
from portal.database import db
from portal.reports import service
from portal.reports.kinds import ReportState, Standing
from portal.reports.looks import day_of
from portal.reports.models import DailyReport
from portal.web.errors import Refused
from tests.passes.conftest import acting_as
from tests.people import li, qian, sun, unit, wang, zhao
from tests.reports.world import (
    COMMUNITY,
    FIVE,
    GRID,
    GROUP,
    OTHER_GRID,
    STREET,
    TODAY,
    at,
    confirmed,
    happens,
    made,
    order,
    row,
)


def standings(where: str) -> dict[str, Standing]:
    with acting_as(current_app, li):
        return {one.name: one.standing for one in day_of(unit(where), TODAY).below}


def test_a_day_goes_from_the_grid_to_the_street(app):
    order()
    happens(GRID, 3)
    happens(OTHER_GRID, 4)
    happens(COMMUNITY, 5)
    with time_machine.travel(at(17, 5)):
        grid = confirmed(GRID, qian)
        other = confirmed(OTHER_GRID, zhao)  # a grid without anybody: the level above does it
        group = confirmed(GROUP, zhao)
        community = confirmed(COMMUNITY, wang)
        street = confirmed(STREET, li)
    assert row(grid).figures["gate.exits"] == 3
    assert row(other).figures["gate.exits"] == 4
    assert row(group).figures["gate.exits"] == 7
    assert row(community).figures["gate.exits"] == 12
    assert row(street).figures["gate.exits"] == 12
    assert {row(one).state for one in (grid, other, group, community)} == {ReportState.RECEIVED}
    assert row(street).state is ReportState.CONFIRMED
    said = row(group).computed_from
    assert said["below"] == {str(unit(GRID).id): 1, str(unit(OTHER_GRID).id): 1}
    assert said["order"] == row(group).order.number
    assert said["head"].split(":")[0].isdigit()


def test_silence_is_not_nought(app):
    order()
    happens(GRID)
    confirmed(GRID)
    happens(OTHER_GRID, 9)
    with time_machine.travel(at(17, 20)):
        group = confirmed(GROUP, zhao)
        assert standings(GROUP) == {"二格": Standing.RECEIVED, "一格": Standing.LATE}
        assert row(group).computed_from["below"][str(unit(OTHER_GRID).id)] == 0
        assert row(group).figures["gate.exits"] == 10
    assert standings(GROUP)["一格"] is Standing.NOT_YET


def test_a_nil_report_is_an_act_of_its_own(app):
    order()
    with acting_as(app, qian), pytest.raises(Refused):
        service.confirm(unit(GRID), TODAY)
    report = confirmed(is_nil=True)
    assert row(report).is_nil
    assert standings(GROUP)["二格"] is Standing.NIL
    happens(GRID)
    with acting_as(app, zhao), pytest.raises(Refused):
        service.confirm(unit(GROUP), TODAY, is_nil=True)


def test_what_comes_after_the_confirmation_is_a_difference_and_can_be_added(app):
    order()
    happens(by=2)
    report = confirmed()
    happens(by=3)
    assert row(report).figures["gate.exits"] == 2  # frozen
    with acting_as(app, qian):
        mine = db.session.get_one(DailyReport, report)
        assert service.differences(mine)["gate.exits"] == (2, 5)
        service.supplement(mine, "漏记")
    added = row(report)
    assert (added.figures["gate.exits"], added.told["gate.exits"], added.version) == (2, 5, 2)
    (one,) = added.supplements
    assert one.changes["gate.exits"] == [2, 5]
    assert not one.is_late
    happens(by=1)
    with time_machine.travel(at(17, 16)), acting_as(app, qian):
        mine = db.session.get_one(DailyReport, report)
        assert service.differences(mine)["gate.exits"] == (5, 6)
        assert service.supplement(mine, "迟到的记录").is_late
        with pytest.raises(Refused):
            service.supplement(mine, "没有变化")


def test_what_comes_after_the_cut_off_is_no_difference(app):
    order()
    happens()
    report = confirmed()
    with time_machine.travel(at(17)):
        happens(by=5)
        with acting_as(app, qian):
            mine = db.session.get_one(DailyReport, report)
            assert "gate.exits" not in service.differences(mine)


def test_a_report_after_the_deadline_is_marked(app):
    order()
    happens()
    with time_machine.travel(at(17, 14)):
        assert not row(confirmed(GRID)).is_late
    happens(OTHER_GRID)
    with time_machine.travel(at(9, days=1)):
        late = confirmed(OTHER_GRID, zhao)  # of yesterday by now
        assert row(late).is_late
        assert row(late).figures["gate.exits"] == 1


def test_a_day_to_come_and_a_day_without_an_order_cannot_be_reported(app):
    with acting_as(app, qian), pytest.raises(Refused):
        service.confirm(unit(GRID), TODAY)
    order()
    with acting_as(app, qian), pytest.raises(Refused):
        service.confirm(unit(GRID), at(0, days=1).date())


def test_a_returned_report_opens_itself_alone_unless_asked(app):
    order()
    happens()
    grid, group = confirmed(GRID), confirmed(GROUP, zhao)
    with acting_as(app, wang):
        assert service.send_back(db.session.get_one(DailyReport, group), "请核对") == 1
    assert (row(group).state, row(grid).state) == (ReportState.OPEN, ReportState.RECEIVED)
    assert row(group).returned_because == "请核对"
    assert standings(COMMUNITY)["三组"] is Standing.RETURNED
    again = confirmed(GROUP, zhao)
    assert (again, row(group).version, row(group).returned_because) == (group, 2, "")
    with acting_as(app, wang):
        assert service.send_back(db.session.get_one(DailyReport, group), "全部重报", with_below=True) == 2
    assert {row(grid).state, row(group).state} == {ReportState.OPEN}


def test_supplements_before_a_return_are_part_of_what_is_confirmed_again(app):
    order()
    happens()
    report = confirmed()
    happens()
    with acting_as(app, qian):
        service.supplement(db.session.get_one(DailyReport, report), "漏记")
    with acting_as(app, zhao):
        service.send_back(db.session.get_one(DailyReport, report), "再核")
    happens()
    confirmed()
    assert row(report).told["gate.exits"] == 3
    assert row(report).version == 3


def test_nobody_receives_or_sends_back_a_report_of_his_own_unit(app):
    order()
    happens()
    report = confirmed(GROUP, zhao)
    for verb in (service.receive, lambda one: service.send_back(one, "试")):
        with acting_as(app, zhao), pytest.raises(Refused):
            verb(db.session.get_one(DailyReport, report))


def test_a_unit_without_groups_reports(app):
    order({"levels": {"community": FIVE["levels"]["community"]}})
    happens("建设路社区", 2)
    report = confirmed("建设路社区", sun)
    assert row(report).figures["gate.exits"] == 2
    assert row(report).computed_from["below"] == {}


@pytest.mark.parametrize("state", list(ReportState))
def test_every_step_leaves_an_entry(app, state):
    order()
    report = made(state)
    with everywhere(because="the test looks"):
        actions = set(
            db.session.scalars(
                select(AuditEntry.action).where(
                    AuditEntry.subject == "daily_report", AuditEntry.subject_id == report
                )
            )
        )
    last = {"open": "send_back", "confirmed": "confirm", "received": "receive"}[state.value]
    assert {"daily_report.confirm", f"daily_report.{last}"} <= actions
