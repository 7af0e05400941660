"""What the daily report says of isolation, counted and recounted."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from portal.access.acting import Level
from portal.clock import now, rehearsing
from portal.database import db
from portal.isolations import checks, service
from portal.isolations.kinds import IsolationKind, IsolationState, Slot
from portal.isolations.models import Isolation
from portal.workflow import figures
from tests.isolations import world
from tests.isolations.world import hour
from tests.passes.conftest import acting_as
from tests.people import li, qian, unit, wang


@pytest.fixture
def order(app) -> Any:
    return world.order()


def told(app, at: datetime | None = None, days: int = 0) -> dict[str, int]:
    """The figures of isolation of a day, without those that are nought."""
    with rehearsing(at or now()), acting_as(app, li):
        sums = figures.sums(unit("重阳街道").place, world.day(days))
    return {
        code.removeprefix("isolations."): number
        for code, number in sums.items()
        if number and code.startswith("isolations.")
    }


def test_who_is_isolated_by_kind_and_who_was_released(app, order) -> None:
    world.isolated()
    world.isolated(world.somebody("演示·孟小妹"), kind=IsolationKind.COLLECTIVE)
    world.in_state(IsolationState.RELEASED)
    world.in_state(IsolationState.VOID)
    found = told(app)
    assert (found["under_way_home"], found["under_way_collective"]) == (1, 1)
    assert (found["released"], found["released_in_all"]) == (1, 1)
    assert "released" not in told(app, days=-1)


def test_checks_due_done_and_missed(app, order) -> None:
    first = world.isolated()
    second = world.isolated(world.somebody("演示·孟小妹"))
    world.check(first, hour(8))
    assert {code: number for code, number in told(app).items() if "checks" in code} == {
        "checks_due": 2,
        "checks_done": 1,
        "checks_missed": 1,
    }
    with acting_as(app, qian):
        checks.explain(db.session.get_one(Isolation, second), (world.day(-2), Slot.MORNING), "住院")
    assert told(app)["checks_missed"] == 1, "an explained gap of another day changes nothing today"
    yesterday = told(app, days=-1)
    assert (yesterday["checks_due"], yesterday["checks_missed"]) == (4, 4)


@pytest.mark.parametrize(("at", "due"), [(hour(9, 59), 0), (hour(10), 1), (hour(16, 59), 1), (hour(17), 2)])
def test_a_check_is_due_from_its_cut_off_minute(app, order, at: datetime, due: int) -> None:
    world.isolated()
    assert told(app, at).get("checks_due", 0) == due
    assert told(app, at).get("checks_missed", 0) == due


def test_an_evening_after_the_cut_off_is_told_in_the_next_report_and_only_there(app, order) -> None:
    first = world.isolated()
    world.check(first, hour(8))
    four = [figures.Span(hour(16, days=day - 1), hour(16, days=day)) for day in (0, 1)]
    with rehearsing(hour(18, days=1)), acting_as(app, li):
        place = unit("重阳街道").place
        told = [figures.sums(place, span) for span in four]
        parts = figures.by_part(place, four[0])
    numbers = [(one["isolations.checks_due"], one["isolations.checks_missed"]) for one in told]
    assert numbers == [(2, 1), (2, 2)], "the evening before and the morning"
    assert sum(part.get("isolations.checks_due", 0) for part in parts.values()) == 2


def test_who_was_released_at_noon_owes_no_evening(app, order) -> None:
    isolation_id = world.ready()
    with acting_as(app, wang):
        service.extend(db.session.get_one(Isolation, isolation_id), hour(0, days=2), "检测阳性")
        service.move_elsewhere(db.session.get_one(Isolation, isolation_id), "送医")
    assert told(app, hour(18)).get("checks_missed", 0) == 0


def test_a_second_temperature_and_a_correction_do_not_count_twice(app, order) -> None:
    isolation_id = world.isolated()
    check_id = world.check(isolation_id, hour(8), 381)
    with acting_as(app, qian):
        isolation = db.session.get_one(Isolation, isolation_id)
        checks.answer(isolation, "复测", 366)
    assert (told(app)["checks_done"], told(app)["fever"]) == (1, 1)
    with acting_as(app, qian):
        wrong = db.session.get_one(checks.HealthCheck, check_id)
        checks.correct(wrong, checks.Taken(Slot.MORNING, hour(8), 368))
    assert told(app)["checks_done"] == 1
    assert "fever" not in told(app)


def test_a_late_entry_counts_on_its_own_day(app, order) -> None:
    isolation_id = world.isolated()
    world.check(isolation_id, hour(8, days=-1), entered=hour(9, 50))
    assert "checks_done" not in told(app)
    assert told(app, days=-1)["checks_done"] == 1


def test_the_parts_add_up_to_the_whole(app, order) -> None:
    world.isolated()
    world.isolated(world.somebody("演示·孟小妹"))
    with acting_as(app, li):
        place = unit("重阳街道").place
        whole = figures.sums(place, world.day(0))
        for level in (None, Level.GRID):
            parts = figures.by_part(place, world.day(0), level)
            for code in ("isolations.checks_due", "isolations.checks_missed", "isolations.under_way_home"):
                assert sum(part.get(code, 0) for part in parts.values()) == whole[code] > 0


def test_what_moves_with_its_household_counts_where_it_is(app, order) -> None:
    person = world.somebody()
    world.isolated(person)
    with acting_as(app, wang):
        service_place = unit("豫苑社区三组一格").place
        service.follow_households([person.household_id], service_place)
    with acting_as(app, li):
        parts = figures.by_part(unit("豫苑社区三组").place, world.day(0), Level.GRID)
    assert {
        part: told["isolations.under_way_home"]
        for part, told in parts.items()
        if "isolations.under_way_home" in told
    } == {service_place.unit_id: 1}


def test_nothing_is_due_before_it_was_ordered(app, order) -> None:
    world.isolated(starts=now() - timedelta(minutes=5))
    assert told(app).get("checks_due", 0) == 0
    assert told(app, hour(18))["checks_due"] == 1
