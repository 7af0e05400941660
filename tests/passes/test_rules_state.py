"""The state that people see: computed from what is stored and the moment."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given

from portal.passes.facts import Restriction, Standing
from portal.passes.kinds import PassState, Shown
from portal.passes.rules import shown_state, suspending
from portal.registry.restrictions import RestrictionKind
from tests.passes.rule_facts import HOUSEHOLD, STANDING, at, moments, standings

SECOND = timedelta(seconds=1)


def test_a_pass_lives_from_its_first_second_until_its_last() -> None:
    for moment, state in (
        (STANDING.valid_from - SECOND, Shown.NOT_YET),
        (STANDING.valid_from, Shown.VALID),
        (at(25, "12:00"), Shown.VALID),
        (at(29, "00:00") - SECOND, Shown.VALID),
        (at(29, "00:00"), Shown.EXPIRING),
        (STANDING.valid_until - SECOND, Shown.EXPIRING),
        (STANDING.valid_until, Shown.EXPIRED),
    ):
        assert shown_state(STANDING, HOUSEHOLD, moment) is state, moment


def test_a_pass_of_one_day_is_expiring_in_its_last_quarter_only() -> None:
    one_day = replace(STANDING, valid_from=at(25, "00:00"), valid_until=at(26, "00:00"))
    assert shown_state(one_day, HOUSEHOLD, at(25, "17:59")) is Shown.VALID
    assert shown_state(one_day, HOUSEHOLD, at(25, "18:00")) is Shown.EXPIRING


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({"state": PassState.DRAFT}, Shown.DRAFT),
        ({"state": PassState.APPLIED}, Shown.APPLIED),
        ({"state": PassState.ENDORSED}, Shown.ENDORSED),
        ({"state": PassState.REJECTED}, Shown.REJECTED),
        ({"state": PassState.SURRENDERED}, Shown.SURRENDERED),
        ({"state": PassState.REVOKED}, Shown.REVOKED),
        ({"state": PassState.REVOKED, "replaced": True}, Shown.REPLACED),
        ({"series_ended_at": at(25, "09:00")}, Shown.SERIES_ENDED),
        ({"series_ended_at": at(25, "09:01")}, Shown.EXPIRING),
        ({"order_until": at(25, "09:00")}, Shown.ORDER_ENDED),
        ({"order_until": at(26, "09:00")}, Shown.EXPIRING),
        ({"order_from": at(25, "09:01")}, Shown.ORDER_ENDED),
    ],
)
def test_what_ends_a_pass_shows(changes: dict[str, Any], state: Shown) -> None:
    assert shown_state(replace(STANDING, **changes), HOUSEHOLD, at(25, "09:00")) is state


@pytest.mark.parametrize(
    ("kind", "since", "until", "suspended"),
    [
        (RestrictionKind.RETURNEE, at(25, "09:00"), None, True),
        (RestrictionKind.RETURNEE, at(25, "09:01"), None, False),
        (RestrictionKind.ISOLATION, at(20, "09:00"), at(25, "09:01"), True),
        (RestrictionKind.ISOLATION, at(20, "09:00"), at(25, "09:00"), False),
        (RestrictionKind.OTHER, at(20, "09:00"), None, False),
    ],
)
def test_only_a_restriction_that_the_rule_names_suspends_and_only_while_it_lasts(
    kind: RestrictionKind, since: datetime, until: datetime | None, suspended: bool
) -> None:
    standing = replace(STANDING, restrictions=(Restriction(kind, since, until),))
    found = shown_state(standing, HOUSEHOLD, at(25, "09:00"))
    assert found is (Shown.SUSPENDED if suspended else Shown.VALID)
    assert bool(suspending(standing, HOUSEHOLD, at(25, "09:00"))) is suspended


@given(standings, moments)
def test_whatever_is_stored_something_is_shown(standing: Standing, moment: datetime) -> None:
    shown = shown_state(standing, HOUSEHOLD, moment)
    assert shown.label
    assert shown.look in ("ok", "look", "no", "nil")
    if shown in (Shown.VALID, Shown.EXPIRING):
        assert standing.state is PassState.ISSUED
        assert standing.valid_from <= moment < standing.valid_until
