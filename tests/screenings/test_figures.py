"""What screening tells the daily report, and what stands on Today."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import time_machine
from flask import Flask

from portal.access.scope import place_of
from portal.screenings.kinds import Category, KeyPersonState, Outcome
from portal.workflow import figures
from tests.people import li, qian, unit, wang, zhao
from tests.screenings.world import (
    BESIDE,
    acting_as,
    family,
    hour,
    key_person,
    knock,
    marked,
    order,
    screening,
)

Visit = Callable[..., Any]
TODAY = date(2026, 11, 23)


def told(person: Any = li, day: date = TODAY) -> dict[str, int]:
    with acting_as(person):
        return figures.sums(place_of(unit(person.unit).id), day)


def test_households_to_screen_screened_and_missing_are_told(app: Flask) -> None:
    order()
    homes = [family(2), family(1), family(1, BESIDE)]
    made = screening()
    knock(made, homes[0])
    knock(made, homes[1], outcome=Outcome.NOBODY_HOME)
    found = told()
    assert found["screenings.to_screen"] == 3
    assert found["screenings.answered"] == 1
    assert found["screenings.not_screened"] == 2
    assert found["screenings.in_vain"] == 1
    assert told(qian)["screenings.to_screen"] == 2


def test_a_household_counts_once_and_on_the_day_it_answered(app: Flask) -> None:
    order()
    home, made = family(1), screening()
    knock(made, home)
    with time_machine.travel(hour(9, days=1)):
        knock(made, home, zhao)
        assert told(day=date(2026, 11, 24))["screenings.answered"] == 0
    assert told()["screenings.answered"] == 1


def test_what_was_written_down_later_counts_on_the_day_of_the_visit(app: Flask) -> None:
    order()
    home, made = family(1), screening()
    with time_machine.travel(hour(0, 10, days=1)):
        knock(made, home, claimed_at=hour(23, 50))
        assert told()["screenings.answered"] == 1


def test_key_persons_are_told_by_category_and_a_struck_out_one_is_not(app: Flask) -> None:
    order()
    key_person()
    key_person(KeyPersonState.TO_ASSESS)
    key_person(KeyPersonState.VOID)
    found = told()
    assert found["screenings.new.returned"] == 1
    assert found["screenings.new.from_neighbour"] == 1
    assert found["screenings.total.from_neighbour"] == 1


def test_the_parts_add_up_to_the_whole(app: Flask) -> None:
    order()
    for grid in (BESIDE, "豫苑社区三组二格", "建设路社区一组一格"):
        family(1, grid)
    screening(li)
    with acting_as(li):
        place = place_of(unit("重阳街道").id)
        whole = figures.sums(place, TODAY)["screenings.to_screen"]
        parts = figures.by_part(place, TODAY)
    assert whole == sum(part.get("screenings.to_screen", 0) for part in parts.values()) == 3


# ── Today ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_grid_member_sees_how_many_households_wait(visit: Visit) -> None:
    order()
    homes = [family(1) for _number in range(3)]
    made = screening()
    knock(made, homes[0])
    page = visit("today.index", as_=qian)
    assert page.has("Households to visit: 全员排查")
    assert f"/visits/{made.id}" in page.links()
    for home in homes[1:]:
        knock(made, home)
    assert not visit("today.index", as_=qian).has("Households to visit")


def test_who_leads_sees_a_round_past_its_deadline_with_what_is_missing(app: Flask, visit: Visit) -> None:
    order()
    family(1)
    screening()
    assert not visit("today.index", as_=zhao).has("Past its deadline")
    with time_machine.travel(hour(8, 1, days=1)):
        page = visit("today.index", as_=wang)
        assert page.has("Past its deadline: 全员排查")
        assert page.has("1 household missing")


@pytest.mark.parametrize("category", [Category.FEVER, Category.FROM_NEIGHBOUR])
def test_the_office_sees_at_once_who_waits(visit: Visit, category: Category) -> None:
    order()
    home = family(1)
    knock(screening(), home, marked=marked(home, category=category))
    assert visit("today.index", as_=li).has("Decide on key persons")
