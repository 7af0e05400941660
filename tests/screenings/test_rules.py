"""What is decided without database and clock."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.clock import LOCAL
from portal.screenings.kinds import Category, Outcome
from portal.screenings.presets import PRESETS
from portal.screenings.rules import (
    Asks,
    differs,
    drawn,
    graver,
    next_morning,
    outcome_after,
    retries,
)

ASKS = Asks.of(PRESETS[0].parameters)
KEY = b"k" * 32


def test_from_the_threshold_up_the_office_decides() -> None:
    assert ASKS.threshold is Category.FROM_NEIGHBOUR
    assert ASKS.goes_to_the_office(Category.FROM_NEIGHBOUR)
    assert ASKS.goes_to_the_office(Category.CONFIRMED)
    assert not ASKS.goes_to_the_office(Category.RETURNED)
    assert graver(Category.RETURNED, Category.FEVER) is Category.FEVER


@pytest.mark.parametrize(
    ("temperature", "symptoms", "fever"),
    [(372, [], False), (373, [], True), (None, ["fever"], True), (None, [], False)],
)
def test_fever_begins_where_the_order_says(temperature: int | None, symptoms: list[str], fever: bool) -> None:
    assert ASKS.is_fever(temperature, symptoms) is fever


def test_asks_survive_being_kept() -> None:
    for preset in PRESETS:
        assert Asks.of(preset.parameters).to_json() == preset.parameters


@pytest.mark.parametrize(
    ("now", "morning"),
    [
        ((22, 22, 0), (23, 8)),
        ((22, 23, 59), (23, 8)),
        ((23, 0, 0), (23, 8)),
        ((23, 7, 59), (23, 8)),
        ((23, 8, 0), (24, 8)),
    ],
)
def test_the_next_morning_is_that_of_the_same_day_only_before_eight(
    now: tuple[int, int, int], morning: tuple[int, int]
) -> None:
    day, hour, minute = now
    at = datetime(2026, 11, day, hour, minute, tzinfo=LOCAL)
    assert next_morning(at) == datetime(2026, 11, morning[0], morning[1], tzinfo=LOCAL)


def test_another_try_is_at_another_hour_and_never_at_night() -> None:
    offered = retries(datetime(2026, 11, 23, 18, 30, tzinfo=LOCAL))
    assert [(one.day, one.hour) for one in offered] == [(24, 8), (24, 12), (24, 19)]


def test_who_has_answered_stays_answered() -> None:
    assert outcome_after(Outcome.ANSWERED, Outcome.NOBODY_HOME) is Outcome.ANSWERED
    assert outcome_after(Outcome.REFUSED, Outcome.ANSWERED) is Outcome.ANSWERED
    assert outcome_after(None, Outcome.MOVED) is Outcome.MOVED


@given(st.sets(st.integers(1, 10**6), max_size=60), st.integers(0, 10), st.integers(1, 1000))
def test_the_draw_is_the_same_however_often_it_is_asked(homes: set[int], many: int, round_id: int) -> None:
    chosen = drawn(homes, many, KEY, round_id)
    assert chosen == drawn(sorted(homes, reverse=True), many, KEY, round_id)
    assert chosen <= homes
    assert len(chosen) == min(many, len(homes))


def test_every_round_draws_others() -> None:
    draws = {frozenset(drawn(range(200), 3, KEY, round_id)) for round_id in range(20)}
    assert len(draws) > 15


def test_a_second_visit_differs_by_people_or_by_who_is_noted() -> None:
    assert differs((5, 4), ([], []))
    assert differs((5, 5), ([], [7]))
    assert not differs((5, 5), ([7, 8], [8, 7]))
