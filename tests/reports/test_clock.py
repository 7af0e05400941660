"""Until when figures count, and when a report is due: from the order, for each level by itself."""

from datetime import timedelta

import pytest
import time_machine

from portal.access.scope import everywhere
from portal.clock import local
from portal.database import db
from portal.orders import service as orders
from portal.orders.models import Order
from portal.registry import redrawing
from portal.reports.below import reports_below
from portal.reports.clock import clock_of
from portal.reports.kinds import Standing
from portal.reports.looks import day_of
from portal.workflow import figures
from tests.factories import household
from tests.passes.conftest import acting_as
from tests.people import li, unit, wang
from tests.reports.world import (
    COMMUNITY,
    FIVE,
    GRID,
    GROUP,
    OTHER_GRID,
    STREET,
    TODAY,
    WHOLE_DAY,
    at,
    happens,
    order,
)

YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


def clock(where: str = GRID, day=TODAY):
    with everywhere(because="the test looks"):
        return clock_of(unit(where).place, day)


def told(where: str = GRID, day=TODAY, code: str = "gate.exits") -> int:
    """What a report of that day says now."""
    with everywhere(because="the test looks"):
        return figures.sums(unit(where).place, clock_of(unit(where).place, day).span)[code]


def test_without_an_order_nothing_is_asked(app):
    assert clock() is None


@pytest.mark.parametrize("level", list(FIVE["levels"]))
def test_each_level_has_a_cut_off_and_a_deadline_of_its_own(app, level):
    order()
    where = {"grid": GRID, "group": "豫苑社区三组", "community": COMMUNITY, "street": STREET}[level]
    found = clock(where)
    assert local(found.cut_off_at) == at(17)
    due = FIVE["levels"][level]["due"]
    assert local(found.due_at) == at(due // 60, due % 60)
    assert local(found.starts_at) == at(17, days=-1)
    assert clock("上蔡县") is None


def test_a_level_without_hours_does_not_report(app):
    order({"levels": {"community": FIVE["levels"]["community"]}})
    assert clock(GRID) is None
    assert clock(COMMUNITY) is not None


def test_the_minute_of_the_cut_off_belongs_to_the_next_day(app):
    order()
    for when, by in ((at(17, days=-1), 1), (at(16, 59), 10), (at(17), 100), (at(17, 1), 1000)):
        happens(by=by, when=when)
    assert told() == 11
    assert told(day=TOMORROW) == 1100


def test_levels_may_be_cut_off_at_different_hours(app):
    hours = {"levels": {"grid": {"cut_off": 960, "due": 970}, "community": {"cut_off": 1020, "due": 1080}}}
    order(hours)
    for hour, by in ((15, 1), (16, 10), (18, 100)):
        happens(by=by, when=at(hour))
    assert told(GRID) == 1
    assert told(COMMUNITY) == 11


def test_midnight_parts_whole_days(app):
    order(WHOLE_DAY)
    for when, by in ((at(0), 1), (at(23, 59), 10), (at(0, days=1), 100)):
        happens(by=by, when=when)
    assert told() == 11
    assert told(day=TOMORROW) == 100
    assert local(clock().due_at) == at(7, days=1)


def test_an_order_that_ends_at_noon_is_cut_off_at_noon(app):
    order(until=at(12))
    for hour, by in ((11, 1), (12, 10), (16, 100)):
        with time_machine.travel(at(hour)):
            happens(by=by)
    found = clock()
    assert local(found.cut_off_at) == at(12)
    assert local(found.due_at) == at(17, 15)
    assert told() == 1
    assert clock(day=TOMORROW) is None


def test_an_order_ended_by_hand_counts_until_then(app):
    made = order()
    happens(by=1)
    with time_machine.travel(at(12)), acting_as(app, li):
        orders.end(db.session.get_one(Order, made.id), "疫情结束")
    with time_machine.travel(at(16)):
        happens(by=10)
        assert told() == 1
        assert at(12) <= clock().cut_off_at < at(12, 1)


def test_another_order_at_noon_has_its_own_hours_and_loses_nothing(app):
    order(until=at(12))
    with time_machine.travel(at(11)):
        happens(by=1)
    evening = {"levels": {"grid": {"cut_off": 20 * 60, "due": 21 * 60}}}
    order(evening, effective_from=at(12))
    with time_machine.travel(at(19)):
        happens(by=10)
        assert local(clock().cut_off_at) == at(20)
        assert told() == 11


def test_what_was_before_the_first_order_counts_on_its_first_day(app):
    happens(by=1, when=at(8))
    order(effective_from=at(9))
    happens(by=10, when=at(11))
    assert local(clock().starts_at) == at(0)
    assert told() == 11


def test_who_stood_at_the_cut_off_is_told_also_later(app):
    order()
    homes = [household(GRID) for _ in range(3)]
    with time_machine.travel(at(18)):
        household(GRID)
        assert told(code="registry.households") == len(homes)
        assert told(day=TOMORROW, code="registry.households") == len(homes) + 1


def test_a_unit_that_was_split_today_reports_with_its_new_neighbour(app):
    order()
    homes = [household(GRID).id for _ in range(4)]
    happens(by=7, when=at(9))
    with time_machine.travel(at(11)), acting_as(app, wang):
        redrawing.split(unit(GRID), "三格", homes[:3], "太大")
    with time_machine.travel(at(12)):
        happens("豫苑社区三组三格", by=2)
        assert (told(GRID), told("豫苑社区三组三格")) == (7, 2)
        assert told(GRID, code="registry.households") == 1
        assert told("豫苑社区三组三格", code="registry.households") == 3
        with acting_as(app, wang):
            today = [one.name for one in day_of(unit("豫苑社区三组"), TODAY).below]
            before = [one.name for one in day_of(unit("豫苑社区三组"), YESTERDAY).below]
        assert sorted(today) == ["一格", "三格", "二格"]
        assert sorted(before) == ["一格", "二格"]


def test_those_below_are_the_next_level_that_reports(app):
    order({"levels": {name: FIVE["levels"][name] for name in ("grid", "community")}})
    with everywhere(because="the test looks"):
        community = unit(COMMUNITY)
        assert {one.unit_id for one in day_of(community, TODAY).below} == {
            unit(GRID).id,
            unit(OTHER_GRID).id,
        }
        assert {one.unit_id for one in day_of(unit(STREET), TODAY).below} == {
            community.id,
            unit("建设路社区").id,
        }


def below(where: str) -> set[str]:
    """Who reports to a unit today."""
    with everywhere(because="the test looks"):
        return {one.name for one in reports_below(unit(where), TODAY)}


def test_an_order_for_one_community_alone_is_listed_at_the_street_and_nowhere_else(app):
    order({"levels": {name: FIVE["levels"][name] for name in ("grid", "community")}}, unit=COMMUNITY)
    assert below(STREET) == below("上蔡县") == {COMMUNITY}
    assert below(COMMUNITY) == {"一格", "二格"}
    assert below(GROUP) == {"一格", "二格"}
    assert below("建设路社区") == set()
    with time_machine.travel(at(18, 1)), everywhere(because="the test looks"):
        (line,) = reports_below(unit(STREET), TODAY)
        assert (line.standing, local(line.due_at)) == (Standing.LATE, at(18))


def test_where_the_street_asks_communities_and_a_community_its_groups_each_reports_to_the_nearest(app):
    order({"levels": {name: FIVE["levels"][name] for name in ("grid", "community")}})
    order({"levels": {"group": {"cut_off": 16 * 60, "due": 17 * 60}}}, unit=COMMUNITY)
    assert below(STREET) == {COMMUNITY, "建设路社区"}
    assert below(COMMUNITY) == {"三组"}
    assert below(GROUP) == {"一格", "二格"}
    assert below("建设路社区") == {"一格"}  # its groups are not asked: the grid reports past them
    with everywhere(because="the test looks"):
        assert local(reports_below(unit(COMMUNITY), TODAY)[0].due_at) == at(17)


def test_an_order_for_a_community_asks_nothing_of_the_street_above(app):
    order({"levels": {name: FIVE["levels"][name] for name in ("community", "street")}}, unit=COMMUNITY)
    assert below("上蔡县") == below(STREET) == {COMMUNITY}
