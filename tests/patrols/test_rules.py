"""Which rounds a day has, what becomes of them, and what a log lacks: without a database."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.clock import local
from portal.patrols import rules
from portal.patrols.kinds import PatrolKind, PatrolState
from portal.patrols.rules import LONGEST, NOT_BACK_AFTER, Round, Shown, Standing, SwitchedOn
from tests.patrols.world import HOURS, hour

DAY = date(2026, 11, 23)
COUNTY, STREET, COMMUNITY, GROUP, ELSEWHERE = 1, 2, 3, 4, 99
LINE = (COUNTY, STREET, COMMUNITY, GROUP)


def switched(unit: int = STREET, **values) -> SwitchedOn:
    given_ = {
        "order_id": 1,
        "kind": PatrolKind.COMMUNITY,
        "begins": hour(0, days=-3),
        "ends": hour(0, days=10),
        "rounds": tuple(HOURS),
        "grace": timedelta(minutes=60),
    }
    return SwitchedOn(**(given_ | {"unit_id": unit} | values))


def hours(*orders: SwitchedOn, kind: PatrolKind = PatrolKind.COMMUNITY, day: date = DAY) -> list[int]:
    return [local(one.at).hour for one in rules.rounds_on(day, kind, LINE, orders)]


def test_a_day_has_the_rounds_of_the_order_in_force():
    assert hours(switched()) == [9, 12, 15, 17, 20]
    assert hours() == []
    assert hours(switched(ELSEWHERE)) == []
    assert hours(switched(), kind=PatrolKind.BOUNDARY) == []


def test_rounds_begin_and_end_with_the_order_within_the_day():
    assert hours(switched(begins=hour(12))) == [12, 15, 17, 20], "the first moment belongs to the order"
    assert hours(switched(ends=hour(17))) == [9, 12, 15], "the last one doesn't"
    assert hours(switched(ends=hour(0))) == []


def test_the_order_that_began_last_decides_and_of_equals_the_nearest():
    evening = switched(COMMUNITY, order_id=2, begins=hour(13), rounds=(14 * 60, 20 * 60))
    assert hours(switched(), evening) == [9, 12, 14, 20]
    near = switched(GROUP, order_id=3, rounds=(8 * 60,))
    assert hours(switched(), near) == [8]


def test_the_grace_is_that_of_the_order_that_decides():
    short = switched(COMMUNITY, order_id=2, begins=hour(13), grace=timedelta(minutes=15))
    found = {
        local(one.at).hour: one
        for one in rules.rounds_on(DAY, PatrolKind.COMMUNITY, LINE, [switched(), short])
    }
    assert found[12].latest == hour(13)
    assert (found[15].latest, found[15].order_id) == (hour(15, 15), 2)


minutes = st.integers(0, 24 * 60 - 1)
moments = st.builds(
    lambda days, minute: hour(0, days=days) + timedelta(minutes=minute), st.integers(-2, 2), minutes
)
orders = st.builds(
    lambda unit, begins, length, rounds, grace, number: switched(
        unit, order_id=number, begins=begins, ends=begins + timedelta(minutes=length),
        rounds=tuple(sorted(rounds)), grace=timedelta(minutes=grace),
    ),
    st.sampled_from([*LINE, ELSEWHERE]), moments, st.integers(1, 5000), st.sets(minutes, max_size=8),
    st.integers(10, 180), st.integers(1, 9),
)  # fmt: skip


@given(st.lists(orders, max_size=5))
def test_every_round_is_one_of_an_order_in_force_on_the_line(several):
    found = rules.rounds_on(DAY, PatrolKind.COMMUNITY, LINE, several)
    assert [one.at for one in found] == sorted({one.at for one in found})
    for one in found:
        assert local(one.at).date() == DAY
        assert any(
            order.order_id == one.order_id
            and order.unit_id in LINE
            and order.begins <= one.at < order.ends
            and rules.minute_of(one.at) in order.rounds
            for order in several
        )


ROUND = Round(hour(9), hour(10), 1)


@pytest.mark.parametrize(
    ("at", "logged", "becomes"),
    [
        (hour(8), [], Standing.LATER),
        (hour(8, 30), [], Standing.SOON),
        (hour(9), [], Standing.NOW),
        (hour(10), [], Standing.NOW),
        (hour(10, 1), [], Standing.MISSED),
        (hour(9, 10), [PatrolState.DRAFT], Standing.OUT),
        (hour(12), [PatrolState.DRAFT], Standing.OUT),
        (hour(9, 40), [PatrolState.SENT], Standing.DONE),
        (hour(12), [PatrolState.BROKEN_OFF], Standing.BROKEN_OFF),
        (hour(9, 30), [PatrolState.BROKEN_OFF], Standing.NOW),
        (hour(12), [PatrolState.BROKEN_OFF, PatrolState.SENT], Standing.DONE),
        (hour(12), [PatrolState.VOID], Standing.MISSED),
        (hour(12), [PatrolState.CORRECTED, PatrolState.SENT], Standing.DONE),
    ],
)
def test_what_becomes_of_a_round(at, logged, becomes):
    assert rules.standing(ROUND, logged, at) is becomes


@given(
    st.datetimes(datetime(2026, 11, 22), datetime(2026, 11, 25)).map(
        lambda naive: naive.astimezone(hour(0).tzinfo)
    )
)
def test_whoever_sets_out_when_a_round_is_due_is_in_it(at):
    due = rules.standing(ROUND, [], at) in (Standing.SOON, Standing.NOW)
    assert due == ROUND.takes(at) == (rules.start_problem(at, ROUND, at) is None)


def test_late_is_counted_in_whole_minutes_from_the_hour():
    assert rules.minutes_late(hour(9), hour(9, 8) + timedelta(seconds=59)) == 8
    assert rules.minutes_late(hour(9), hour(8, 45)) == 0


@pytest.mark.parametrize(
    ("started", "ended", "sentence"),
    [
        ((22, 0, -1), (1, 30, 0), None),
        ((22, 0, -1), (1, 30, -1), "choose 23 Nov 2026 if it ended after midnight"),
        ((9, 0, 0), (8, 0, 0), "The patrol ends before it starts: correct the time"),
        ((9, 0, 0), (9, 0, 0), "The patrol ends before it starts: correct the time"),
        ((9, 0, 0), (11, 0, 0), "The end is still to come"),
        ((8, 0, -2), (8, 1, -1), "A patrol lasts 24 hours at most"),
    ],
)
def test_wrong_ends(app, started, ended, sentence):
    start, end = (hour(h, m, days=d) for h, m, d in (started, ended))
    with app.test_request_context(headers={"Cookie": "language=en"}):
        found = rules.end_problem(start, end, hour(10))
        assert (found is None) if sentence is None else (found and sentence in found.sentence)


@given(moments, st.integers(1, 4000), st.integers(1, 4000))
def test_an_end_without_a_problem_fits_into_a_day_and_the_past(start, length, since):
    end = start + timedelta(minutes=length)
    if length * 60 <= LONGEST.total_seconds() and since >= length:
        assert rules.end_problem(start, end, start + timedelta(minutes=since)) is None


def test_a_draft_is_out_until_it_has_an_end_and_not_back_after_six_hours():
    start = hour(3)
    assert rules.shown_state(PatrolState.DRAFT, start, None, start + NOT_BACK_AFTER) is Shown.OUT
    assert rules.shown_state(PatrolState.DRAFT, start, None, hour(9, 1)) is Shown.NOT_BACK
    assert rules.shown_state(PatrolState.DRAFT, start, hour(4), hour(10)) is Shown.WRITING
    for state in set(PatrolState) - {PatrolState.DRAFT}:
        assert rules.shown_state(state, start, None, hour(23)).value == state.value


@given(moments, st.integers(1, 600), moments, st.integers(1, 600))
def test_overlapping_goes_both_ways(first, length, second, other_length):
    ends = first + timedelta(minutes=length), second + timedelta(minutes=other_length)
    there = rules.overlap(first, ends[0], second, ends[1])
    assert there == rules.overlap(second, ends[1], first, ends[0])
    assert there == (max(first, second) < min(ends))
