"""Days, slots, cut-offs and readings: pure, minute by minute."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.clock import LOCAL, local
from portal.isolations import rules
from portal.isolations.kinds import Slot
from portal.isolations.rules import Reading, Rule
from tests.isolations.world import FOURTEEN, day, hour

RULE = Rule.of(FOURTEEN)
AM, PM = Slot.MORNING, Slot.EVENING
A_MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (hour(0), hour(0, days=14)),
        (hour(0, 1), hour(0, days=15)),
        (hour(15), hour(0, days=15)),
        (hour(23, 59), hour(0, days=15)),
    ],
)
def test_whole_days_are_counted_from_midnight_to_midnight(start: datetime, end: datetime) -> None:
    assert rules.end_after(start, 14) == end
    assert rules.days_in_all(start, end) == 14


def test_the_day_of_the_start_is_day_0_and_no_day_is_later_than_the_last() -> None:
    end = rules.end_after(hour(15), 14)
    said = [rules.day_number(hour(15), end, hour(12, days=days)) for days in (0, 1, 14, 15, 40)]
    assert said == [0, 1, 14, 14, 14]
    assert rules.day_number(hour(0), rules.end_after(hour(0), 14), hour(0)) == 1
    assert rules.last_day(end) == day(14)


@given(st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)), st.integers(1, rules.MOST_DAYS))
def test_an_end_is_always_a_midnight_after_whole_days(start: datetime, days: int) -> None:
    starts_at = start.replace(tzinfo=LOCAL)
    ends_at = rules.end_after(starts_at, days)
    assert (local(ends_at).hour, local(ends_at).minute) == (0, 0)
    assert timedelta(days=days) <= ends_at - starts_at < timedelta(days=days + 1)
    slots = list(rules.owed(RULE, starts_at, ends_at))
    assert 2 * days <= len(slots) <= 2 * days + 2
    assert all(starts_at < rules.cut_off(RULE, *one) <= ends_at for one in slots)


def test_a_check_is_asked_for_where_there_is_an_hour_left_for_it() -> None:
    end = hour(0, days=2)
    assert next(rules.owed(RULE, hour(9), end)) == (day(0), AM)
    assert next(rules.owed(RULE, hour(9, 1), end)) == (day(0), PM)
    assert next(rules.owed(RULE, hour(16, 1), end)) == (day(1), AM)


def test_at_the_cut_off_minute_a_check_is_missed() -> None:
    begins, ends = hour(0), hour(0, days=14)
    assert rules.missing(RULE, begins, ends, (), hour(10) - A_MINUTE) == []
    assert rules.missing(RULE, begins, ends, (), hour(10)) == [(day(0), AM)]
    assert rules.missing(RULE, begins, ends, {(day(0), AM)}, hour(17)) == [(day(0), PM)]


def test_at_midnight_nothing_of_the_new_day_is_missed_and_all_of_the_old_one() -> None:
    begins, ends = hour(0, days=-1), hour(0)
    assert rules.missing(RULE, begins, ends, (), hour(0)) == [(day(-1), AM), (day(-1), PM)]
    assert rules.next_cut_off(RULE, begins, ends, {(day(-1), AM), (day(-1), PM)}) is None


@pytest.mark.parametrize(
    ("at", "slot"), [(hour(0), AM), (hour(9, 59), AM), (hour(10), PM), (hour(23, 59), PM)]
)
def test_which_check_is_due(at: datetime, slot: Slot) -> None:
    assert rules.slot_now(RULE, at) is slot


WHEN = (
    (AM, hour(8), False),
    (AM, hour(12), False),
    (AM, hour(17), True),
    (PM, hour(9, 59), True),
    (PM, hour(10), False),
    (AM, hour(8, days=1), True),
    (AM, hour(8, days=-5), True),
)


@pytest.mark.any_database
def test_when_a_check_can_have_been_taken(app) -> None:
    with app.test_request_context():
        for slot, taken_at, wrong in WHEN:
            latest = max(hour(18), taken_at.replace(day=23))
            said = rules.problem(RULE, slot, taken_at, hour(8, days=-3), latest)
            assert bool(said) is wrong, (slot, taken_at)


def reading(at: datetime, temperature: int = 365) -> Reading:
    return Reading(at, temperature)


@pytest.mark.parametrize(
    ("readings", "enough"),
    [
        ([], False),
        ([reading(hour(8))], False),
        ([reading(hour(16, days=-1)), reading(hour(8))], True),
        ([reading(hour(8, days=-1)), reading(hour(16, days=-1))], True),
        ([reading(hour(16, days=-2)), reading(hour(8))], False),
        ([reading(hour(16, days=-1), 373), reading(hour(8))], False),
        ([reading(hour(16, days=-1)), reading(hour(8), 373)], False),
        ([reading(hour(16, days=-1), 372), reading(hour(8), 372)], True),
        ([reading(hour(8, days=-1), 390), reading(hour(16, days=-1)), reading(hour(8))], True),
    ],
)
def test_the_last_two_readings_decide(readings: list[Reading], enough: bool) -> None:
    assert rules.readings_allow_release(RULE, readings, hour(10)) is enough


@pytest.mark.parametrize(
    ("typed", "same"),
    [
        ("孟晓燕", True),
        ("演示·孟晓燕", True),
        ("孟 晓燕", True),
        ("孟晓", False),
        ("", False),
        ("演示·", False),
    ],
)
def test_the_name_has_to_be_that_of_the_person(typed: str, same: bool) -> None:
    assert rules.same_name(typed, "演示·孟晓燕") is same


def test_fourteen_identical_temperatures_are_looked_at() -> None:
    assert rules.alike([365] * 14)
    assert not rules.alike([365] * 13)
    assert not rules.alike([365] * 13 + [366])
    assert rules.alike([371, 370] + [365] * 14)
