"""Windows, periods, overtime: when a trip may begin, and when the next one may."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from portal.passes.kinds import CountsFor, OnOvertime, Period
from portal.passes.quota import Trip, allowance, back_by, local_day, overdue
from portal.passes.rule_data import PassRule, Window
from portal.passes.verdicts import Reason
from tests.passes.rule_facts import FIRST_DAY, HOUSEHOLD, at, moments, out, rules

TOLERANT = replace(HOUSEHOLD, windows=(Window(0b0111111, 8 * 60, 9 * 60),), tolerance_minutes=5)


def counting(period: Period, days: int = 1, trips: int = 1) -> PassRule:
    return PassRule(CountsFor.HOUSEHOLD, period, period_days=days, trips=trips)


@pytest.mark.parametrize(
    ("clock", "why_not"),
    [
        ("07:54", Reason.WRONG_HOUR),
        ("07:55", None),
        ("08:00", None),
        ("09:00", None),
        ("09:04", None),
        ("09:05", None),
        ("09:06", Reason.WRONG_HOUR),
        ("00:00", Reason.WRONG_HOUR),
        ("23:59", Reason.WRONG_HOUR),
    ],
)
def test_the_edges_of_a_window_have_the_tolerance_of_the_rule(clock: str, why_not: Reason | None) -> None:
    assert allowance(TOLERANT, [], at(25, clock), FIRST_DAY).why_not is why_not


def test_without_tolerance_the_edge_is_the_minute_on_the_clock() -> None:
    strict = replace(TOLERANT, tolerance_minutes=0)
    assert allowance(strict, [], at(25, "09:00") + timedelta(seconds=59), FIRST_DAY).may_go
    assert not allowance(strict, [], at(25, "09:01"), FIRST_DAY).may_go
    assert not allowance(strict, [], at(25, "07:59") + timedelta(seconds=59), FIRST_DAY).may_go


def test_a_day_outside_the_mask_is_refused_and_the_next_is_named() -> None:
    sunday = allowance(TOLERANT, [], at(29, "08:30"), FIRST_DAY)
    assert sunday.why_not is Reason.WRONG_DAY
    assert sunday.next_at == at(30, "08:00")


def test_hours_are_those_of_the_place_wherever_the_moment_was_written() -> None:
    assert allowance(TOLERANT, [], datetime(2026, 11, 25, 0, 30, tzinfo=UTC), FIRST_DAY).may_go
    assert not allowance(TOLERANT, [], datetime(2026, 11, 25, 8, 30, tzinfo=UTC), FIRST_DAY).may_go


def test_a_night_is_two_windows_and_has_no_gap() -> None:
    night = replace(HOUSEHOLD, windows=(Window(0b1111111, 22 * 60, 1440), Window(0b1111111, 0, 6 * 60)))
    for clock in ("22:00", "23:59", "00:00", "06:00"):
        assert allowance(night, [], at(25, clock), FIRST_DAY).may_go, clock
    assert not allowance(night, [], at(25, "12:00"), FIRST_DAY).may_go


def test_before_the_window_the_next_time_is_today() -> None:
    assert allowance(TOLERANT, [], at(25, "06:00"), FIRST_DAY).next_at == at(25, "08:00")


def test_once_every_two_days_means_out_on_the_21st_and_next_on_the_23rd() -> None:
    trips = [out(21, "10:30", back=at(21, "11:30"))]
    for day, may_go in ((21, False), (22, False), (23, True)):
        assert allowance(HOUSEHOLD, trips, at(day, "10:59"), FIRST_DAY).may_go is may_go
    refused = allowance(HOUSEHOLD, trips, at(22, "09:00"), FIRST_DAY)
    assert (refused.why_not, refused.left) == (Reason.QUOTA_USED, 0)
    assert refused.next_at == at(23, "08:00")
    assert refused.last == trips[0]


@pytest.mark.parametrize(
    ("rule", "days_out", "open_days"),
    [
        (counting(Period.ROLLING, 1), [21], [22, 23]),
        (counting(Period.ROLLING, 3), [21], [24, 25, 26]),
        (counting(Period.ROLLING, 7, trips=2), [17, 20], [24, 25]),
        # blocks from the first of the month: 19-21, 22-24, 25-27
        (counting(Period.CALENDAR, 3), [21], [22, 23, 24]),
        (counting(Period.CALENDAR, 3), [22], [25, 26, 27]),
        (counting(Period.CALENDAR, 3, trips=2), [22, 23], [25, 26]),
        (counting(Period.ODD_DAYS), [21], [23, 25, 27]),
        (counting(Period.ODD_DAYS, trips=2), [21], [21, 23]),
        (counting(Period.EVEN_DAYS), [22], [24, 26]),
        (counting(Period.UNLIMITED), [21, 21], [21, 22]),
    ],
)
def test_periods(rule: PassRule, days_out: list[int], open_days: list[int]) -> None:
    trips = [out(day, "09:00", back=at(day, "10:00")) for day in days_out]
    first, last = max(days_out), max(open_days)
    found = [
        day for day in range(first, last + 1) if allowance(rule, trips, at(day, "12:00"), FIRST_DAY).may_go
    ]
    assert found == open_days


def test_blocks_before_the_first_day_of_the_order_have_the_same_length() -> None:
    rule = counting(Period.CALENDAR, 3)
    trips = [Trip(at(29, "09:00", month=10))]
    assert not allowance(rule, trips, at(31, "09:00", month=10), FIRST_DAY).may_go
    assert allowance(rule, trips, at(1, "09:00"), FIRST_DAY).may_go


def test_odd_dates_at_the_end_of_a_month_follow_each_other() -> None:
    rule, trips = counting(Period.ODD_DAYS), [Trip(at(31, "09:00", month=10), at(31, "10:00", month=10))]
    assert allowance(rule, trips, at(1, "09:00"), FIRST_DAY).may_go
    assert allowance(rule, [], at(2, "09:00"), FIRST_DAY).why_not is Reason.WRONG_DAY


def test_a_trip_over_midnight_counts_on_the_day_it_began() -> None:
    rule = counting(Period.ROLLING, 2)
    trips = [out(21, "23:50", back=at(22, "01:00"))]
    assert not allowance(rule, trips, at(22, "12:00"), FIRST_DAY).may_go
    assert allowance(rule, trips, at(23, "00:00"), FIRST_DAY).may_go


def test_a_trip_that_has_not_begun_yet_is_not_counted() -> None:
    assert allowance(HOUSEHOLD, [out(25, "10:00")], at(25, "09:00"), FIRST_DAY).may_go


def test_lateness_is_judged_by_what_was_known_at_the_moment() -> None:
    came_back_later = out(25, "05:00", back=at(25, "12:00"))
    assert overdue(came_back_later, HOUSEHOLD, at(25, "08:10")) is None
    assert overdue(came_back_later, HOUSEHOLD, at(25, "08:30")) == 30


@pytest.mark.parametrize(
    ("returned", "minutes"),
    [
        (at(25, "12:00"), None),
        (at(25, "12:15"), None),
        (at(25, "12:15") + timedelta(seconds=59), None),
        (at(25, "12:16"), 16),
        (at(26, "12:00"), 24 * 60),
    ],
)
def test_late_begins_after_the_grace_and_counts_from_the_hour_to_be_back(
    returned: datetime, minutes: int | None
) -> None:
    ended, still_out = out(25, "09:00", back=returned), out(25, "09:00")
    assert overdue(ended, HOUSEHOLD, at(30, "09:00")) == minutes
    assert overdue(still_out, HOUSEHOLD, returned) == minutes


def test_a_trip_without_a_longest_time_is_never_late() -> None:
    free = replace(HOUSEHOLD, max_minutes=None, on_overtime=OnOvertime.NOTHING)
    assert back_by(free, at(25, "09:00")) is None
    assert back_by(HOUSEHOLD, at(25, "22:30")) == at(26, "01:30")
    assert overdue(out(25, "09:00", minutes=None), free, at(30, "09:00")) is None


def test_overtime_cancels_the_next_trip_and_only_that() -> None:
    late = out(21, "09:00", back=at(21, "14:00"))
    found = {day: allowance(HOUSEHOLD, [late], at(day, "09:00"), FIRST_DAY).why_not for day in range(22, 28)}
    assert found == {
        22: Reason.QUOTA_USED,
        23: Reason.TRIP_CANCELLED,
        24: Reason.TRIP_CANCELLED,
        25: None,
        26: None,
        27: None,
    }
    refused = allowance(HOUSEHOLD, [late], at(23, "09:00"), FIRST_DAY)
    assert (refused.lost_to, refused.minutes_late, refused.next_at) == (late, 120, at(25, "08:00"))
    assert allowance(HOUSEHOLD, [late], at(22, "09:00"), FIRST_DAY).next_at == at(25, "08:00")


def test_within_the_grace_nothing_is_cancelled() -> None:
    in_time = out(21, "09:00", back=at(21, "12:15"))
    assert allowance(HOUSEHOLD, [in_time], at(23, "09:00"), FIRST_DAY).may_go


def test_a_rule_without_consequence_cancels_nothing() -> None:
    mild = replace(HOUSEHOLD, on_overtime=OnOvertime.NOTHING)
    assert allowance(mild, [out(21, "09:00", back=at(21, "20:00"))], at(23, "09:00"), FIRST_DAY).may_go


def test_of_two_trips_a_day_the_late_one_costs_the_other() -> None:
    rule = replace(HOUSEHOLD, period_days=1, trips=2, windows=())
    late = out(25, "06:00", back=at(25, "12:00"))
    assert allowance(rule, [late], at(25, "13:00"), FIRST_DAY).why_not is Reason.TRIP_CANCELLED
    assert allowance(rule, [late], at(26, "06:00"), FIRST_DAY).left == 2


def test_coming_back_late_the_next_morning_costs_a_trip_of_that_day() -> None:
    rule = replace(HOUSEHOLD, period_days=1, windows=())
    late = out(24, "21:00", back=at(25, "03:00"))
    assert allowance(rule, [late], at(25, "09:00"), FIRST_DAY).why_not is Reason.TRIP_CANCELLED
    assert allowance(rule, [late], at(26, "00:00"), FIRST_DAY).may_go
    assert allowance(replace(rule, trips=2), [late], at(25, "09:00"), FIRST_DAY).left == 1


def test_a_cancelled_trip_is_one_on_an_open_day() -> None:
    saturdays = replace(HOUSEHOLD, period_days=1, windows=(Window(0b0100000, 8 * 60, 11 * 60),))
    late = out(21, "09:00", back=at(21, "15:00"))
    refused = allowance(saturdays, [late], at(28, "09:00"), FIRST_DAY)
    assert (refused.why_not, refused.next_at) == (Reason.TRIP_CANCELLED, at(5, "08:00", month=12))


def test_who_is_still_out_and_overdue_already_costs_the_household_its_next_trip() -> None:
    assert (
        allowance(HOUSEHOLD, [out(21, "09:00")], at(23, "09:00"), FIRST_DAY).why_not is Reason.TRIP_CANCELLED
    )


asked = st.lists(moments, min_size=1, max_size=40).map(sorted)


def trips_taken(rule: PassRule, moments_asked: list[datetime], stay: timedelta) -> list[Trip]:
    """Somebody asks at each of these moments and goes whenever it is allowed."""
    taken: list[Trip] = []
    for moment in moments_asked:
        if allowance(rule, taken, moment, FIRST_DAY).may_go:
            taken.append(Trip(moment, moment + stay, back_by(rule, moment)))
    return taken


@given(rules(), asked, st.integers(0, 72))
def test_no_window_of_a_rolling_period_ever_holds_more_trips_than_the_rule(
    rule: PassRule, moments_asked: list[datetime], hours: int
) -> None:
    rule = replace(rule, period=Period.ROLLING)
    days = [local_day(trip.out_at) for trip in trips_taken(rule, moments_asked, timedelta(hours=hours))]
    for day in days:
        assert sum(0 <= (other - day).days < rule.period_days for other in days) <= rule.trips


@given(rules(), asked, st.integers(0, 72))
def test_no_block_and_no_day_ever_holds_more_trips_than_the_rule(
    rule: PassRule, moments_asked: list[datetime], hours: int
) -> None:
    assume(rule.period not in (Period.UNLIMITED, Period.ROLLING))
    days = [local_day(trip.out_at) for trip in trips_taken(rule, moments_asked, timedelta(hours=hours))]
    length = rule.period_days if rule.period is Period.CALENDAR else 1
    blocks = Counter((day - FIRST_DAY).days // length for day in days)
    assert all(count <= rule.trips for count in blocks.values())
    parity = {Period.ODD_DAYS: 1, Period.EVEN_DAYS: 0}.get(rule.period)
    assert parity is None or all(day.day % 2 == parity for day in days)


@given(rules(), asked, st.integers(0, 72), moments)
def test_the_next_time_that_is_named_is_one_and_none_comes_before_it(
    rule: PassRule, moments_asked: list[datetime], hours: int, moment: datetime
) -> None:
    stay = timedelta(hours=hours)
    moment = max(moment, moments_asked[-1] + stay)
    taken = trips_taken(rule, moments_asked, stay)
    answer = allowance(rule, taken, moment, FIRST_DAY)
    if answer.next_at is None:
        return
    assert answer.next_at >= moment
    assert allowance(rule, taken, answer.next_at, FIRST_DAY).may_go
    earlier = moment + (answer.next_at - moment - timedelta(minutes=rule.tolerance_minutes + 1)) / 2
    if answer.next_at - moment > 2 * timedelta(minutes=rule.tolerance_minutes + 1):
        assert not allowance(rule, taken, earlier, FIRST_DAY).may_go


@given(rules(), st.lists(st.builds(Trip, moments, moments, st.none() | moments), max_size=6), moments)
@settings(max_examples=200)
def test_an_answer_is_whole(rule: PassRule, trips: list[Trip], moment: datetime) -> None:
    answer = allowance(rule, trips, moment, date(2026, 11, 1))
    assert answer.may_go == (answer.next_at == moment)
    assert (answer.left is None) == (rule.period is Period.UNLIMITED)
    assert answer.why_not is not Reason.TRIP_CANCELLED or answer.lost_to is not None
