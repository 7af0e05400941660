"""Affected areas: neighbours first, each with its basis, taken off when it is over."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from portal.clock import local, now
from portal.screenings.kinds import Category
from portal.screenings.models import AffectedArea
from tests.people import li, qian, unit, wang
from tests.screenings.world import area, every, hour, only, order

pytestmark = pytest.mark.any_database

Visit = Callable[..., Any]
TYPED = {"name": "邵店镇", "basis": "上防指〔2026〕7号"}


def test_an_area_is_added_with_two_entries(visit: Visit) -> None:
    order()
    visit("affected_areas.new", as_=li).send("Add to the list", **TYPED)
    added = only(AffectedArea)
    assert (added.name, added.is_neighbour, added.category) == ("邵店镇", True, Category.FROM_NEIGHBOUR)
    assert local(added.since) == hour(0)
    assert added.until is None


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": ""}, "Enter the name of the area"),
        ({"basis": ""}, "Enter the basis"),
        ({"since_day": "2026-11-24"}, "Enter a time up to now"),
        ({"since_time": "10:01"}, "Enter a time up to now"),
        ({"since_day": "2026-11-22", "until_day": "2026-11-21"}, "The end comes before the beginning"),
        ({"since_day": "2026-11-20", "until_day": "2026-11-22"}, "This day has passed"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(visit: Visit, typed: dict[str, str], said: str) -> None:
    page = visit("affected_areas.new", as_=li).send("Add to the list", status=422, **(TYPED | typed))
    assert page.has(said)
    assert every(AffectedArea) == []


def test_an_area_until_today_lasts_until_midnight(visit: Visit) -> None:
    order()
    visit("affected_areas.new", as_=li).send("Add to the list", until_day="2026-11-23", **TYPED)
    assert local(only(AffectedArea).until) == hour(0, days=1)


def test_neighbours_come_first_and_everybody_below_sees_them(visit: Visit) -> None:
    area(name="郑州市", is_neighbour=False, category=Category.FROM_RISK_AREA)
    area(name="邵店镇")
    area(name="旧区", until=now() - timedelta(hours=1))
    page = visit("affected_areas.index", as_=qian)
    assert page.text.index("邵店镇") < page.text.index("郑州市") < page.text.index("旧区")
    assert "Take off the list" not in page.buttons()


def test_an_area_is_taken_off_once(app: Flask, visit: Visit, post: Visit) -> None:
    listed = area()
    visit("affected_areas.index", as_=li).send("Take off the list")
    assert only(AffectedArea).until <= now()
    assert post("affected_areas.take_off", as_=li, area_id=listed.id, status=409).has("already")
    assert visit("affected_areas.index", as_=li).has("1 area was on the list before")


def test_only_the_office_lists_areas(visit: Visit, post: Visit) -> None:
    listed = area()
    visit("affected_areas.new", as_=wang, status=403)
    post("affected_areas.take_off", as_=wang, area_id=listed.id, status=403)


def test_a_unit_of_the_tree_is_known_by_its_name(visit: Visit) -> None:
    order()
    visit("affected_areas.new", as_=li).send("Add to the list", name="建设路社区", basis="通报")
    assert only(AffectedArea).pointed_id == unit("建设路社区").id


@pytest.mark.parametrize("language", ["zh_Hans", "en"])
def test_the_pages_open_in_both_languages(visit: Visit, language: str) -> None:
    area()
    area(until=now() - timedelta(hours=1))
    visit("affected_areas.index", as_=li, language=language)
    visit("affected_areas.new", as_=li, language=language)
