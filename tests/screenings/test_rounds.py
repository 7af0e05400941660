"""Rounds: set up in a minute, within their order, closed where they were set up."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from portal.clock import local, now
from portal.database import db
from portal.orders import service as orders
from portal.orders.models import Order
from portal.screenings.kinds import Category, Criterion, Outcome, RoundState
from portal.screenings.models import ScreeningRound
from portal.screenings.rules import next_morning
from portal.screenings.tallies import RoundTally
from tests.people import an, li, qian, unit, wang
from tests.screenings.world import (
    BESIDE,
    acting_as,
    area,
    every,
    family,
    hour,
    knock,
    marked,
    only,
    order,
    round_in,
    screening,
)

Visit = Callable[..., Any]
NOT_COUNTED = "//main//form//*[self::input[not(@type='hidden')]|self::select|self::textarea]/@name"


def test_a_round_has_at_most_eight_inputs_and_needs_none(visit: Visit) -> None:
    order()
    area()
    page = visit("screenings.new", as_=li)
    asked = set(page.tree.xpath(NOT_COUNTED)) - {"q"}
    assert len(asked) <= 8, asked
    page.send("Start the round")
    made = only(ScreeningRound)
    assert made.criterion is Criterion.EVERYONE
    assert local(made.deadline) == hour(8, days=1)
    assert made.unit_id == unit("重阳街道").id
    assert made.parameters["fever"] == 373


def test_at_ten_in_the_evening_an_area_becomes_a_round_with_one_tap(app: Flask, visit: Visit) -> None:
    order()
    with time_machine.travel(hour(22)):
        added = visit("affected_areas.new", as_=li).send(
            "Add to the list", name="邵店镇", basis="上防指〔2026〕7号"
        )
        assert added.url.startswith("/screenings/new?area=")
        page = added.send("Start the round now")
    made = only(ScreeningRound)
    assert page.heading == made.name == "Who came from 邵店镇"
    assert made.criterion is Criterion.FROM_AREAS
    assert len(made.area_ids) == 1
    assert local(made.deadline) == hour(8, days=1)


def test_a_round_of_the_evening_shows_totals_and_what_is_missing_at_eight(app: Flask, visit: Visit) -> None:
    order()
    homes = [family(3), family(2), family(1), family(1, BESIDE)]
    with time_machine.travel(hour(22)):
        made = screening(li, deadline=next_morning(now()))
    with time_machine.travel(hour(7, days=1)):
        for home, outcome in zip(homes, (Outcome.ANSWERED, Outcome.ANSWERED, Outcome.REFUSED), strict=False):
            knock(made, home, outcome=outcome, marked=marked(home, category=Category.RETURNED))
    with time_machine.travel(hour(8, days=1)):
        today = visit("today.index", as_=li)
        assert today.has("Past its deadline: 全员排查")
        assert today.has("2 households missing")
        page = visit(next(link for link in today.links() if link.endswith("/coverage")), as_=li)
        facts = "".join(page.text.split())
        for words in (
            "Answered2(50%)",
            "refused1",
            "Nobodythereyet1",
            "somethingnotedof2",
            "2/4",
            "2missing",
        ):
            assert words in facts, words
        assert page.has("Returned home or to work")
        group = visit(
            "screenings.coverage", as_=wang, screening_round_id=made.id, unit=unit("豫苑社区三组").id
        )
        assert [word for word in ("一格", "2/3", "0/1", "1 missing") if not group.has(word)] == []


def test_without_an_order_there_is_no_round(visit: Visit, post: Visit) -> None:
    page = visit("screenings.new", as_=wang)
    assert page.has("There is no order in force")
    assert not page.buttons() or "Start the round" not in page.buttons()
    data = {
        "name": "x",
        "criterion": "everyone",
        "unit_id": unit("豫苑社区").id,
        "deadline_day": "2026-11-24",
        "deadline_time": "08:00",
        "rechecks": "0",
    }
    assert post("screenings.new", as_=wang, data=data, status=409).has("There is no order in force")
    assert every(ScreeningRound) == []


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"deadline_day": "2026-11-23", "deadline_time": "09:59"}, "This deadline has passed"),
        ({"deadline_day": "2026-11-22", "deadline_time": "23:59"}, "This deadline has passed"),
        ({"criterion": "from_areas"}, "Choose an area"),
        ({"criterion": "other"}, "Enter who is looked for"),
        ({"name": ""}, "Enter the name of the round"),
        ({"unit_id": "999999"}, "Where"),
    ],
)
def test_what_cannot_be_set_up_is_said_at_its_field(visit: Visit, typed: dict[str, str], said: str) -> None:
    order()
    page = visit("screenings.new", as_=wang).send("Start the round", status=422, **typed)
    assert page.has(said)
    assert every(ScreeningRound) == []


def test_midnight_is_a_deadline_like_any_other(visit: Visit) -> None:
    order()
    visit("screenings.new", as_=wang).send(
        "Start the round", deadline_day="2026-11-24", deadline_time="00:00"
    )
    assert local(only(ScreeningRound).deadline) == hour(0, days=1)


def test_nobody_sets_up_a_round_beside_the_own_unit(app: Flask, post: Visit) -> None:
    order()
    data = {
        "name": "x",
        "criterion": "everyone",
        "unit_id": unit("建设路社区").id,
        "deadline_day": "2026-11-24",
        "deadline_time": "08:00",
        "rechecks": "0",
    }
    post("screenings.new", as_=wang, data=data, status=422)
    assert every(ScreeningRound) == []


def test_a_round_of_the_street_is_seen_below_and_closed_above(visit: Visit, post: Visit) -> None:
    order()
    made = screening(li)
    for person in (wang, qian, an):
        visit("screenings.show", as_=person, screening_round_id=made.id)
    assert post("screenings.close", as_=wang, screening_round_id=made.id, status=409).has("was set up above")
    visit("screenings.show", as_=li, screening_round_id=made.id).send("Close the round")
    assert only(ScreeningRound).state is RoundState.CLOSED


def test_past_its_deadline_a_round_goes_on(app: Flask, visit: Visit) -> None:
    order()
    home, made = family(), screening()
    with time_machine.travel(hour(9, days=1)):
        assert visit("screenings.show", as_=wang, screening_round_id=made.id).has("Past its deadline")
        assert visit("today.index", as_=wang).has("Past its deadline: 全员排查")
        knock(made, home)
    assert only(RoundTally).answered == 1


def test_a_round_ends_at_noon_with_its_order_and_no_later(app: Flask, visit: Visit) -> None:
    order(until=hour(12, days=1))
    home, made = family(), screening()
    with time_machine.travel(hour(11, 59, days=1)):
        assert "All 5 are as before" in visit(f"/visits/{made.id}/{home.id}", as_=qian).buttons()
        page = visit(f"/visits/{made.id}/{home.id}", as_=qian)
    with time_machine.travel(hour(12, days=1)):
        assert page.send("All 5 are as before", status=409).has("This round is over")
        assert visit("screenings.show", as_=wang, screening_round_id=made.id).has("Its order has ended")


def test_an_order_that_is_replaced_without_a_gap_carries_its_rounds_on(app: Flask) -> None:
    old = order(until=hour(12, days=1))
    home, made = family(), screening()
    with acting_as(li):
        new = orders.extend(
            db.session.get_one(Order, old.id), "重阳防指〔2026〕99号", now() + timedelta(days=9)
        )
        orders.put_in_force(new)
    with time_machine.travel(hour(13, days=1)):
        knock(made, home)
    assert only(RoundTally).answered == 1


def test_a_later_order_changes_nothing_of_a_round_under_way(app: Flask) -> None:
    order()
    made = screening()
    order(measures={("screenings", "rounds"): dict(made.parameters) | {"fever": 380}})
    assert only(ScreeningRound).parameters["fever"] == 373


def test_a_round_called_off_says_why(visit: Visit) -> None:
    order()
    round_id = round_in(RoundState.CALLED_OFF)
    page = visit("screenings.show", as_=wang, screening_round_id=round_id)
    assert page.has("Called off")
    assert page.has("重复发起")
    assert visit("screenings.index", as_=wang).has("Earlier rounds")


@pytest.mark.parametrize("language", ["zh_Hans", "en"])
def test_the_pages_of_a_round_open_in_both_languages(visit: Visit, language: str) -> None:
    order()
    made = screening()
    for person in (li, wang, qian, an):
        for path in (
            "/screenings/",
            f"/screenings/{made.id}",
            f"/screenings/{made.id}/coverage",
            "/affected-areas/",
        ):
            visit(path, as_=person, language=language)
