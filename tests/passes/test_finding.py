"""The search of passes: through the names and doors of the registry, by the numbers of the pass, and for whom only
the pass names; and no way of it reads all passes."""

from typing import Any

import pytest
from flask import Flask

from portal.access.bulk import insert_many
from portal.access.scope import everywhere
from portal.clock import now
from portal.database import db, learn_sizes
from portal.passes import finding
from portal.passes.kinds import Kind, PassState
from portal.passes.models import Pass
from portal.passes.purposes import Purpose
from portal.registry.models import Household, Resident
from tests.factories import household, resident
from tests.passes.conftest import acting_as
from tests.people import li, sun, wang
from tests.registry_search.test_plans import begins_at, crowd, plans, refuse_scans

__all__ = ["crowd"]

# what is typed → the columns from which the database sets out for what it means
TYPED = {
    "张学敏": {"name", "name_rest_1", "name_rest_2", "name_rest_3"},
    "zhangxuemin": {"pinyin", "pinyin_too", "initials", "initials_too"},
    "6021": {"door"},
    "3-2-401": {"door"},
}
NUMBERS = {"serial", "short_code", "plate"}


@pytest.fixture
def zhang(street: Any, make: Any) -> int:
    """A pass of 张学敏 in 3号院3号楼2单元401."""
    home = household(compound="3号院", building="3", stairwell="2", room="401")
    return int(make(resident_id=resident(home, name="演示·张学敏").id, household_id=home.id))


@pytest.mark.parametrize(
    "typed", ["张学敏", "学敏", "敏", "zxm", "zhangxuemin", "3-2-401", "3号楼2单元401", "401"]
)
def test_a_pass_is_found_by_its_holder_and_the_door(app: Flask, zhang: int, typed: str) -> None:
    with acting_as(app, wang):
        assert zhang in finding.ids(typed)
    with acting_as(app, sun):
        assert not finding.ids(typed)


@pytest.mark.parametrize("typed", ["", " ", "·", "%", "李学敏", "3-2-402"])
def test_what_means_nothing_here_finds_no_pass(app: Flask, zhang: int, typed: str) -> None:
    with acting_as(app, wang):
        assert not finding.ids(typed)


def test_whom_only_the_pass_names_is_found_by_that_name(app: Flask, make: Any) -> None:
    driver = make(
        Kind.STAFF, household_id=None, resident_id=None, holder_name="演示·司机何", employer="电力公司"
    )
    with acting_as(app, wang):
        assert finding.ids("司机") == [driver]


@pytest.mark.usefixtures("crowd")
def test_no_way_of_searching_reads_all_passes(app: Flask, street: Any) -> None:
    fill(street.order.id)
    for person in (wang, li):
        for typed, columns in TYPED.items():
            with acting_as(app, person), plans("household|resident|pass") as seen:
                finding.ids(typed)
            assert len(seen) > 3, typed
            for plan in seen:
                refuse_scans(plan)
            set_out = set().union(*map(begins_at, seen))
            assert set_out >= columns | NUMBERS, (person, typed, seen)


def fill(order_id: int) -> None:
    """A pass for every resident."""
    with everywhere(because="the test fills a street"):
        people = db.session.execute(
            db.select(Resident.id, Resident.name, Resident.household_id, Household.unit_id).join(Household)
        )
        rows = [
            {
                "unit_id": one.unit_id,
                "kind": Kind.HOUSEHOLD,
                "state": PassState.ISSUED,
                "order_id": order_id,
                "household_id": one.household_id,
                "resident_id": one.id,
                "holder_name": one.name,
                "purpose": Purpose.SHOPPING,
                "valid_from": now(),
                "valid_until": now().replace(year=now().year + 1),
                "expiring_from": now(),
                "serial": f"HH-{number:05d}",
            }
            for number, one in enumerate(people)
        ]
        insert_many(Pass, rows)
        db.session.commit()
        learn_sizes()
