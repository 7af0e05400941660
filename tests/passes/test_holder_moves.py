"""The holder of a pass moves to another household: no paper that still counts gives the old address."""

from types import SimpleNamespace
from typing import Any

import pytest

from portal.access.scope import everywhere
from portal.database import db
from portal.passes.kinds import Kind
from portal.passes.models import Pass
from portal.registry.models import Resident
from tests.factories import household
from tests.passes.conftest import row
from tests.people import qian, wang

pytestmark = pytest.mark.any_database


@pytest.fixture
def move(street: SimpleNamespace, post: Any) -> Any:
    new = household("豫苑社区三组一格")

    def moved(status: int) -> Any:
        data = {"where": new.room, "to": str(new.id), "move": "yes"}
        page = post("registry.move_person", as_=wang, resident_id=street.zhang.id, data=data, status=status)
        with everywhere(because="the test looks"):
            there = db.session.get_one(Resident, street.zhang.id).household_id == new.id
        assert there is (status == 303)
        return page

    return moved


def test_a_pass_in_the_persons_own_name_is_handed_back_first(make: Any, move: Any, visit: Any) -> None:
    pass_id = make("issued", kind=Kind.WORK)
    page = move(409)
    assert page.has(f"Pass {row(pass_id).serial} of this person gives the old address.")
    visit("passes.take_back", as_=qian, pass_id=pass_id).send("Record as handed back")
    move(303)


@pytest.mark.parametrize("state", ["draft", "applied", "endorsed"])
def test_so_is_one_on_its_way(make: Any, move: Any, state: str) -> None:
    make(state, kind=Kind.WORK)
    assert move(409).has("A pass for this person at the old address is on its way.")


def test_one_whose_days_are_over_is_in_nobodys_way(make: Any, move: Any) -> None:
    pass_id = make("issued", kind=Kind.WORK)
    with everywhere(because="the test lets time pass"):
        old = db.session.get_one(Pass, pass_id)
        old.valid_until, old.valid_from = old.valid_from, old.valid_from.replace(year=2025)
        db.session.commit()
    move(303)


def test_the_households_own_pass_stays_with_it(make: Any, move: Any, visit: Any, street: Any) -> None:
    pass_id = make("issued", kind=Kind.HOUSEHOLD)
    move(303)
    assert row(pass_id).household_id == street.home.id
    page = visit("passes.show", as_=qian, pass_id=pass_id)
    assert page.has(street.home.address)
    visit("passes.take_back", as_=qian, pass_id=pass_id).send("Record as handed back")
