"""A forgotten pass, a special exit, a visitor: recorded with a reason, found by an address and a masked name."""

import pytest

from portal.gate.models import FoundBy, GateEvent
from portal.passes.kinds import PassState
from portal.passes.verdicts import Direction
from tests.factories import household, resident
from tests.gate.world import change, issued, records, told, trips, verdict
from tests.people import gu, he, wang

pytestmark = pytest.mark.any_database


def home(**values):
    return household(compound="豫苑小区", building="6号楼", stairwell="2", room="302", **values)


def test_a_forgotten_pass_is_found_by_the_address_and_then_checked(desk, visit):
    pass_ = issued(home=home())
    page = visit("gate.forgotten", as_=gu).send("Go on", address="6-2-302", status=200)
    assert page.has("豫苑小区6号楼2单元302 演示·张* Household")
    assert not page.has("学敏")
    page = page.send("Go on", chosen=str(pass_.id))
    assert verdict(page) == "ok"
    assert page.has("演示·张*")
    page.send("exit")
    assert len(trips(pass_)) == 1
    assert records(GateEvent.EXIT)[0].found_by == FoundBy.ADDRESS
    assert len(told("gate.look_up")) == 2, "each look is noted"


def test_a_forgotten_pass_that_was_revoked_does_not_let_out(desk, visit):
    pass_ = issued(home=home())
    page = visit("gate.forgotten", as_=gu).send("Go on", address="6-2-302", status=200)
    change(pass_, state=PassState.REVOKED)
    page = page.send("Go on", chosen=str(pass_.id), status=422)
    assert page.has("No pass was issued at this address")


def test_another_community_is_not_looked_into(desk, visit):
    pass_ = issued(home=home())
    assert (
        visit("gate.forgotten", as_=he).send("Go on", address="6-2-302", status=422).has("No pass was issued")
    )
    data = {"address": "6-2-302", "chosen": str(pass_.id)}
    assert desk.post("gate.forgotten", as_=he, data=data, status=422).heading == "Pass forgotten"


def test_an_address_that_fits_too_many_is_asked_for_again(desk, visit):
    for room in range(101, 109):
        issued(home=household(compound="豫苑小区", building="6号楼", stairwell="2", room=str(room)))
    page = visit("gate.forgotten", as_=gu).send("Go on", address="6号楼", status=422)
    assert page.has("This fits too many")


def test_a_special_exit_of_a_household(desk, visit):
    where = home()
    resident(where, name="演示·赵六", is_head=True)
    page = visit("gate.special_without_pass", as_=gu)
    given = {"name": "演示·赵小妹", "why": "illness", "address": "6-2-302", "temperature": "36.2"}
    page = page.send("Go on", **given, status=200)
    assert page.has("演示·赵*")
    page.send("Go on", chosen=str(where.id))
    trip = trips()[0]
    assert (trip.household_id, trip.unit_id, trip.pass_id) == (where.id, where.unit_id, None)
    assert records(GateEvent.SPECIAL_EXIT)[0].note == "Illness"
    assert visit("gates.index", as_=wang).has("outside 1")

    page = visit("gate.who_is_outside", as_=gu)
    assert page.has("演示·赵* 豫苑小区6号楼2单元302")
    page = page.send("Record the entry…")
    assert verdict(page) == "ok"
    page.send("entry", temperature="37.5")
    assert trips()[0].in_at is None, "with fever nobody is let in"
    visit("gate.who_is_outside", as_=gu).send("Record the entry…").send("entry", temperature="36.9")
    assert trips()[0].in_at is not None


def test_a_special_exit_from_an_address_that_is_not_registered(desk, visit):
    given = {"name": "演示·无名", "why": "other", "note": "取药", "address": "河边板房"}
    assert visit("gate.special_without_pass", as_=gu).send("Go on", **given).has("Recorded")
    assert visit("gate.who_is_outside", as_=gu).has("河边板房")
    assert records(GateEvent.SPECIAL_EXIT)[0].note == "Something else, 取药"


def test_a_visitor_without_a_pass(desk, visit):
    given = {"name": "演示·钱七", "why": "repair", "address": "河边板房", "direction": "entry"}
    visit("gate.visitor", as_=gu).send("Go on", **given)
    record = records(GateEvent.VISITOR)[0]
    assert (record.direction, record.name) == (Direction.ENTRY, "演示·钱七")
    assert trips() == [], "a visitor without a pass is outside of nothing"


def test_a_visitor_with_fever_is_stopped(desk, visit):
    given = {"name": "演示·钱七", "why": "repair", "address": "河边板房", "temperature": "37.8"}
    page = visit("gate.visitor", as_=gu).send("Go on", **given)
    assert verdict(page) == "no"
    assert page.has("Fever")
    assert records(GateEvent.VISITOR) == []


def test_what_is_missing_is_asked_for(desk, visit):
    page = visit("gate.special_without_pass", as_=gu).send("Go on", status=422)
    for sentence in ("Enter the name", "Enter the address", "Choose a reason"):
        assert page.has(sentence)


def test_those_turned_back_are_counted_with_one_tap(desk, visit):
    visit("gate.index", as_=gu).send("Turn back a person")
    visit("gate.index", as_=gu).send("Turn back a vehicle").send("Turn back a vehicle")
    assert visit("gate.index", as_=gu).has("People 1, vehicles 2")
    row = visit("gates.index", as_=wang).tree.xpath("//tr[td]")[0]
    assert [cell.text_content() for cell in row.xpath("td")][-2:] == ["1", "2"]


def test_names_with_rare_characters_and_markup_are_kept_as_they_are(desk, visit):
    given = {"name": "演示·<b>𠅤</b>", "why": "illness", "address": "<script>alert(1)</script>"}
    visit("gate.special_without_pass", as_=gu).send("Go on", **given)
    assert records(GateEvent.SPECIAL_EXIT)[0].name == "演示·<b>𠅤</b>"
    assert "<script>alert" not in visit("gate.who_is_outside", as_=gu).source
