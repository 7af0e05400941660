"""A rule survives being written, and nothing that is no rule is read."""

import json
from typing import Any

import pytest
from hypothesis import given

from portal.passes.kinds import CountsFor, Kind, OnOvertime, Period
from portal.passes.presets import PRESETS, preset, presets_for
from portal.passes.rule_data import EVERY_DAY, LIMITS, PassRule, Window, WrongRule
from tests.passes.rule_facts import HOUSEHOLD, rules


@given(rules())
def test_a_rule_comes_back_as_it_was_written(rule: PassRule) -> None:
    assert PassRule.from_json(json.loads(json.dumps(rule.to_json()))) == rule


@pytest.mark.parametrize("missing", HOUSEHOLD.to_json())
def test_a_missing_entry_is_named(missing: str) -> None:
    written = HOUSEHOLD.to_json()
    del written[missing]
    with pytest.raises(ValueError, match=f"missing in the rule: {missing}"):
        PassRule.from_json(written)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"colour": "red"}, "unknown in the rule: colour"),
        ({"counts_for": "street"}, "counts_for must be one of household, person, plate"),
        ({"period": "weekly"}, "period must be one of"),
        ({"period": []}, "period must be one of"),
        ({"trips": "1"}, "trips must be a whole number"),
        ({"trips": True}, "trips must be a whole number"),
        ({"trips": 1.5}, "trips must be a whole number"),
        ({"trips": None}, "trips must be a whole number"),
        ({"trips": 0}, "trips: Enter a number from 1"),
        ({"max_minutes": 0}, "max_minutes: Enter a number from 1"),
        ({"longest_days": 367}, "longest_days: Enter a number"),
        ({"windows": "08:00"}, "windows must be a list"),
        ({"windows": [[127, 480, 660]]}, "a window must be a table"),
        ({"windows": [{"weekdays": 127, "start": 480}]}, "missing in a window: end"),
        ({"windows": [{"weekdays": 127, "start": 660, "end": 480}]}, "later than the start"),
        ({"windows": [{"weekdays": 0, "start": 480, "end": 660}]}, "at least one day"),
        ({"windows": [{"weekdays": 128, "start": 480, "end": 660}]}, "at least one day"),
        ({"windows": [{"weekdays": 127, "start": 480, "end": 1441}]}, "later than the start"),
        ({"windows": [{"weekdays": 127, "start": 480, "end": 660}] * 15}, "14 windows or fewer"),
        ({"suspended_by": ["debt"]}, "must be one of returnee, isolation, other"),
        ({"exempt": 7}, "a text of at most"),
        ({"exempt": "长" * 501}, "a text of at most"),
        ({"extra_proofs": "身份证"}, "extra_proofs must be a list"),
        ({"extra_proofs": [None]}, "a text of at most"),
    ],
)
def test_a_wrong_entry_is_refused_with_its_name(changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        PassRule.from_json(HOUSEHOLD.to_json() | changes)


@pytest.mark.parametrize("data", [None, [], "rule", 7])
def test_what_is_no_table_is_no_rule(data: object) -> None:
    with pytest.raises(ValueError, match="must be a table"):
        PassRule.from_json(data)


@pytest.mark.parametrize("name", LIMITS)
def test_both_ends_of_a_range_are_allowed_and_nothing_beyond(name: str) -> None:
    low, high = LIMITS[name]
    for value in (low, high):
        assert PassRule.from_json(HOUSEHOLD.to_json() | {name: value})
    for value in (low - 1, high + 1):
        with pytest.raises(WrongRule) as wrong:
            PassRule.from_json(HOUSEHOLD.to_json() | {name: value})
        assert wrong.value.field == name


@pytest.mark.parametrize(("period", "longest"), [(Period.UNLIMITED, 180), (Period.ROLLING, None)])
def test_only_a_counted_trip_with_a_longest_time_can_be_cancelled(
    period: Period, longest: int | None
) -> None:
    with pytest.raises(WrongRule) as wrong:
        PassRule(CountsFor.PERSON, period, max_minutes=longest, on_overtime=OnOvertime.SKIP_NEXT_TRIP)
    assert wrong.value.field == "on_overtime"


def test_a_pass_narrows_the_rule_and_never_widens_it() -> None:
    weekdays = PassRule(
        CountsFor.PERSON, Period.UNLIMITED, windows=(Window(0b0011111, 480, 660),), max_minutes=120
    )
    narrowed = weekdays.narrowed_to([(540, 720)], max_minutes=300)
    assert narrowed.windows == (Window(0b0011111, 540, 660),)
    assert narrowed.max_minutes == 120
    assert weekdays.narrowed_to([], max_minutes=60).windows == weekdays.windows
    assert weekdays.narrowed_to([], max_minutes=60).max_minutes == 60


def test_hours_narrow_a_rule_without_windows() -> None:
    any_hour = PassRule(CountsFor.PERSON, Period.UNLIMITED)
    narrowed = any_hour.narrowed_to([(480, 660)], max_minutes=None)
    assert narrowed.windows == (Window(EVERY_DAY, 480, 660),)
    assert narrowed.max_minutes is None


def test_hours_outside_the_rule_are_refused() -> None:
    with pytest.raises(WrongRule) as wrong:
        HOUSEHOLD.narrowed_to([(660, 720)], max_minutes=None)
    assert wrong.value.field == "windows"


def test_every_kind_has_a_preset_and_every_code_is_its_own() -> None:
    assert {one.kind for one in PRESETS} == set(Kind)
    assert len({one.code for one in PRESETS}) == len(PRESETS)
    for one in PRESETS:
        assert preset(one.code) is one
        assert one in presets_for(one.kind)
        assert PassRule.from_json(one.rule.to_json()) == one.rule
    with pytest.raises(LookupError):
        preset("nowhere")
