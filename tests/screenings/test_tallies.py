"""How far a round is, is kept beside what it counts: whatever is done, a recount finds the same."""

from collections import Counter
from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
import time_machine
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from portal.access.scope import everywhere, place_of
from portal.clock import now
from portal.database import db
from portal.registry import redrawing
from portal.registry.duplicates import service as duplicates
from portal.registry.duplicates.models import Merging
from portal.registry.models import Household
from portal.screenings import service, tallies
from portal.screenings.kinds import Category, Outcome, RoundState
from portal.screenings.models import ScreeningRound, Visit
from portal.screenings.rules import retries
from portal.screenings.tallies import RoundTally
from portal.units.models import Unit
from portal.web.errors import Refused
from tests.page import Browser
from tests.people import li, qian, unit, wang, zhao
from tests.registry_import.sheets import FAMILY, send
from tests.screenings.world import (
    BESIDE,
    GRID,
    acting_as,
    covered,
    every,
    family,
    hour,
    knock,
    marked,
    only,
    order,
    screening,
)

ROOM = count(1)
GRIDS = (GRID, BESIDE)
STEPS = st.one_of(
    st.tuples(st.just("knock"), st.integers(0, 7), st.sampled_from(list(Outcome)), st.booleans()),
    st.tuples(st.just("again"), st.integers(0, 7), st.sampled_from(list(Outcome)), st.booleans()),
    st.tuples(st.just("move"), st.integers(0, 7), st.sampled_from(GRIDS), st.booleans()),
    st.tuples(st.just("new"), st.integers(0, 1), st.none(), st.booleans()),
    st.tuples(st.just("split"), st.integers(0, 7), st.none(), st.booleans()),
)


def agrees() -> None:
    """Every row says what a recount finds, no visit is without its row, and all that is there is to be screened."""
    with everywhere(because="the test recounts"):
        for tally in every(RoundTally):
            found = tallies.counted(tally.round_id, tally.unit_id)
            assert {name: getattr(tally, name) for name in found} == found
        known = {(one.round_id, one.unit_id) for one in every(RoundTally)}
        assert {(one.round_id, one.unit_id) for one in every(Visit)} <= known
        here = place_of(unit("豫苑社区").id)
        under_way = every(ScreeningRound, ScreeningRound.state == RoundState.OPEN)
        there = Counter(one.unit_id for one in every(Household))
        for one in under_way:
            assert tallies.households([one], here, lambda model: model.unit_id) == there


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(STEPS, min_size=3, max_size=14))
def test_whatever_is_done_a_recount_finds_the_same(
    app: Flask, restore: Callable[[], None], steps: list[tuple[str, int, Any, bool]]
) -> None:
    db.session.remove()
    db.engine.dispose()
    restore()
    order()
    homes = [family(2, grid) for grid in GRIDS for _number in range(4)]
    rounds = [screening(rechecks=2), screening(li, name="街道排查")]
    for what, which, how, flag in steps:
        do(what, homes, rounds[int(flag)], which % len(homes), how, flag)
        agrees()


def do(what: str, homes: list[Household], round_: ScreeningRound, which: int, how: Any, flag: bool) -> None:
    """One step of somebody; what the rules refuse is refused."""
    home = homes[which]
    try:
        if what == "knock":
            noted = marked(home, category=Category.RETURNED) if flag and how is Outcome.ANSWERED else {}
            knock(round_, home, zhao, outcome=how, marked=noted)
        elif what == "again":
            knock(round_, home, wang, again=True, outcome=how, retry_at=retries(now())[0])
        elif what == "move":
            with acting_as(wang):
                redrawing.move([home.id], db.session.get_one(Unit, unit(how).id))
        elif what == "new":
            homes.append(family(1, GRIDS[which % 2]))
        else:
            with acting_as(wang):
                grid = db.session.get_one(Household, home.id).unit_id
                redrawing.split(db.session.get_one(Unit, grid), f"新{next(ROOM)}格", [home.id], "户数太多")
    except Refused:
        db.session.rollback()
        db.session.remove()


def test_households_that_turn_out_to_be_one_are_counted_once_where_they_are(app: Flask) -> None:
    order()
    kept, other = family(2), family(2, BESIDE)
    made = screening()
    knock(made, other, zhao, marked=marked(other, category=Category.RETURNED))
    with acting_as(wang):
        duplicates.merge(db.session.get_one(Household, kept.id), db.session.get_one(Household, other.id))
    agrees()
    assert {one.unit_id for one in every(Visit)} == {unit(GRID).id}


def test_a_household_that_was_visited_twice_under_two_names_counts_once_until_both_are_two_again(
    app: Flask,
) -> None:
    order()
    kept, other, third = family(2), family(2), family(1)
    made = screening()
    for home in (kept, other):
        knock(made, home, zhao)
    with acting_as(wang):
        merging = duplicates.merge(
            db.session.get_one(Household, kept.id), db.session.get_one(Household, other.id)
        )
        merging_id = merging.id
    agrees()
    assert only(RoundTally).answered == 1
    knock(made, third)
    assert (covered(made).answered, covered(made).households) == (2, 2)
    with acting_as(wang):
        duplicates.undo(db.session.get_one(Merging, merging_id))
    agrees()
    assert (covered(made).answered, covered(made).households) == (3, 3)


def test_a_household_counts_from_the_moment_it_is_written_down(app: Flask) -> None:
    order()
    family(1)
    made = screening()
    assert covered(made).households == 1
    family(1, BESIDE)
    assert [covered(made, grid=grid).households for grid in (GRID, BESIDE)] == [1, 1]


def test_a_round_that_is_closed_where_a_household_was_just_written_has_it(app: Flask) -> None:
    order()
    made = screening()
    with acting_as(wang):
        db.session.add(Household(unit_id=unit(GRID).id))
        service.close(db.session.get_one(ScreeningRound, made.id))
        db.session.commit()
    assert covered(made).missing == 1


def test_an_import_counts_at_once_and_no_longer_when_it_is_taken_back(desk: Browser) -> None:
    order()
    knock(made := screening(), family(1))
    page = send(desk, qian, FAMILY).send("Confirm the import")
    assert (covered(made).households, covered(made).missing) == (3, 2)
    page.send("Undo this import")
    assert (covered(made).households, covered(made).missing) == (1, 0)


def test_what_comes_after_a_round_was_closed_was_never_missing_in_it(app: Flask) -> None:
    order()
    homes = [family(1), family(1), family(1, BESIDE)]
    made = screening()
    for home in homes[:2]:
        knock(made, home)
    with time_machine.travel(hour(11)), acting_as(wang):
        service.close(db.session.get_one(ScreeningRound, made.id))
        db.session.commit()
    with time_machine.travel(hour(12)):
        new = family(1)
        assert [covered(made, grid=grid).households for grid in (GRID, BESIDE)] == [2, 1]
        with acting_as(wang):
            redrawing.move([homes[0].id, new.id], db.session.get_one(Unit, unit(BESIDE).id))
        agrees()
        assert [covered(made, grid=grid).missing for grid in (GRID, BESIDE)] == [0, 1]
        with acting_as(wang):
            kept, other = (db.session.get_one(Household, homes[number].id) for number in (2, 0))
            duplicates.merge(kept, other)
        agrees()
        assert (covered(made).households, covered(made).answered) == (2, 2)


@pytest.mark.parametrize("person", [li, wang, qian], ids=str)
def test_coverage_reads_neither_visits_nor_households(app: Flask, visit: Any, person: Any) -> None:
    """So that a county with a million of them answers as a grid does."""
    order()
    homes = [family(1, grid) for grid in GRIDS for _number in range(3)]
    made = screening(li)
    for home in homes:
        knock(made, home, zhao)
    asked: list[str] = []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *found: asked.append(found[2]))
        visit("screenings.coverage", as_=person, screening_round_id=made.id)
    assert any("FROM round_tally" in one for one in asked)
    assert any("FROM tally" in one for one in asked)
    assert not [one for one in asked if "FROM visit" in one or "FROM household" in one]
