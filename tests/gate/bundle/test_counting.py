"""The trips that a gate is not told of make no difference to any later verdict."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.gate.bundle.rules import Basis, still_counted
from portal.passes.kinds import CountsFor, OnOvertime, Period
from portal.passes.quota import Trip, allowance, local_day
from portal.passes.rule_data import PassRule, Window

pytestmark = pytest.mark.any_database

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
BACK_BY = 120 * MINUTE


@st.composite
def rules(draw):
    period = draw(st.sampled_from(Period))
    counted = period is not Period.UNLIMITED
    return PassRule(
        CountsFor.HOUSEHOLD,
        period,
        period_days=draw(st.integers(1, 7)),
        trips=draw(st.integers(1, 3)),
        max_minutes=120,
        windows=draw(st.sampled_from(((), (Window(0b1111111, 360, 720),), (Window(0b0010101, 0, 1440),)))),
        on_overtime=draw(st.sampled_from(OnOvertime)) if counted else OnOvertime.NOTHING,
    )


@st.composite
def histories(draw):
    """Trips of the last three weeks, one after the other, some late, the last one perhaps not ended."""
    begins = sorted(draw(st.lists(st.integers(0, 21 * 48), max_size=12, unique=True)))
    trips = []
    for half_hours in begins:
        out = NOW - half_hours * 30 * MINUTE
        lasted = draw(st.sampled_from((30, 90, 130, 150, 400, 1500))) * MINUTE
        trips.append(Trip(out, min(out + lasted, NOW), out + BACK_BY))
    trips.sort(key=lambda trip: trip.out_at)
    if trips and draw(st.booleans()):
        trips[-1] = Trip(trips[-1].out_at, None, trips[-1].back_by)
    return trips


@settings(max_examples=400)
@given(rules(), histories(), st.integers(0, 8 * 24 * 60), st.integers(1, 30))
def test_what_is_left_out_makes_no_difference(rule, trips, later, order_days):
    since = NOW - order_days * DAY
    counted = still_counted(Basis(since, NOW + DAY, rule), trips, NOW)
    kept = [trips[place] for place in sorted(counted)]
    at, first_day = NOW + later * MINUTE, local_day(since)
    told, all_told = allowance(rule, kept, at, first_day), allowance(rule, trips, at, first_day)
    assert (told.why_not, told.left, told.next_at) == (all_told.why_not, all_told.left, all_told.next_at)
    assert told.lost_to == all_told.lost_to
    assert told.minutes_late == all_told.minutes_late
    if told.why_not == "quota_used":
        assert told.last == all_told.last


def test_little_is_left_of_a_long_history():
    """Of a month of trips every other day, in time, the last one or two."""
    rule = PassRule(CountsFor.HOUSEHOLD, Period.ROLLING, period_days=2, max_minutes=120)
    trips = [Trip(NOW - days * DAY, NOW - days * DAY + 60 * MINUTE) for days in range(30, 0, -2)]
    assert still_counted(Basis(NOW - 40 * DAY, NOW + DAY, rule), trips, NOW) == {}
    trips.append(Trip(NOW - 60 * MINUTE, NOW - 30 * MINUTE))
    assert still_counted(Basis(NOW - 40 * DAY, NOW + DAY, rule), trips, NOW) == {15: True}
    assert local_day(NOW) == date(2026, 11, 23)
