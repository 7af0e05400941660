"""From an order to a release, as the people at work live through it."""

import pytest

from portal.clock import now
from portal.isolations.kinds import IsolationKind, IsolationState
from portal.web.errors import Refused
from tests.isolations import world
from tests.isolations.world import NAME
from tests.people import an, gu, li, qian, sun, wang, wu, zhao


@pytest.fixture
def street(app):
    return world.order()


def ordered(visit, person, **typed):
    page = visit("isolations.new", as_=wang, household_id=person.household_id)
    return page.send(
        "Order isolation", **({"kind": "home", "start_time": "09:30", "reason": "外地返回"} | typed)
    )


def test_from_the_order_to_the_certificate(street, visit, post, desk) -> None:
    person = world.somebody()
    page = ordered(visit, person)
    assert page.has("To be told")
    assert page.has("day 0 of 14")
    isolation_id = int(page.url.rsplit("/", 1)[1])
    page = visit("isolations.tell", as_=qian, isolation_id=isolation_id).send(
        "Told and signed for", signed="person"
    )
    assert page.has("Under way")
    entered = visit("isolations.check", as_=qian, household_id=person.household_id)
    page = entered.send("Enter", **{f"t{isolation_id}": "36.5", "slot": "evening"})
    assert page.has("1 check entered")
    page = visit("isolations.release", as_=wang, isolation_id=isolation_id)
    assert page.has("The days are complete")
    assert "Release" not in page.buttons()


def test_who_was_told_by_telephone_signs_later_and_until_then_it_is_asked_for(street, visit) -> None:
    isolation_id = world.isolated(told=False)
    told = "Notices to be signed for"
    page = visit("isolations.tell", as_=qian, isolation_id=isolation_id)
    page = page.send("Told and signed for", signed="telephone")
    assert page.has("Told by telephone, to be signed at the door")
    for concerned in (qian, zhao, wang):
        assert visit("today.index", as_=concerned).has(told)
    assert visit("isolations.index", as_=qian, show="to_sign").has("演示·孟*")
    page = visit("isolations.sign", as_=qian, isolation_id=isolation_id)
    page.send("Record the signature", status=422, signed="telephone")
    page = page.send("Record the signature", signed="refused")
    assert page.has("Refused; a witness has signed")
    assert not visit("today.index", as_=qian).has(told)
    visit("isolations.sign", as_=qian, isolation_id=isolation_id).send(
        "Record the signature", status=409, signed="person"
    )


def test_released_with_everything_there(street, visit, desk) -> None:
    isolation_id = world.ready(world.somebody())
    page = visit("isolations.release", as_=wang, isolation_id=isolation_id).send("Release", **world.MEDIC)
    assert page.has("Released")
    row = world.row(isolation_id)
    assert (row.state, row.open_resident_id, row.next_cut_off) == (IsolationState.RELEASED, None, None)
    assert (row.medic, row.medic_unit) == (world.MEDIC["medic"], world.MEDIC["medic_unit"])
    assert world.restrictions(row.household_id) == [False]
    paper = desk.client(wang).get(f"/isolations/{isolation_id}/print-release?as=page").get_data(as_text=True)
    assert "解除居家隔离医学观察告知书" in paper
    assert world.MEDIC["medic_unit"] in paper
    assert NAME in paper


def test_the_wrong_name_releases_nobody(street, visit) -> None:
    isolation_id = world.ready(world.somebody())
    page = visit("isolations.release", as_=wang, isolation_id=isolation_id)
    page = page.send("Release", status=422, **(world.MEDIC | {"name": "孟晓"}))
    assert page.has("another name")
    assert world.row(isolation_id).state is IsolationState.RUNNING


def test_release_needs_the_medical_side_and_the_tests_where_the_order_says_so(app, visit) -> None:
    world.order(parameters={"needs_tests": True})
    isolation_id = world.ready(world.somebody())
    page = visit("isolations.release", as_=wang, isolation_id=isolation_id)
    page = page.send("Release", status=422, name=NAME, medic="", medic_unit="", tests="")
    for said in ("Enter the name of the medical side", "Enter the results of the tests"):
        assert page.has(said)
    visit("isolations.release", as_=wang, isolation_id=isolation_id).send(
        "Release", **world.MEDIC, tests="两次核酸阴性"
    )
    assert world.row(isolation_id).tests == "两次核酸阴性"


def test_sent_twice_releases_once(street, visit) -> None:
    isolation_id = world.ready(world.somebody())
    page = visit("isolations.release", as_=wang, isolation_id=isolation_id)
    first, second = (page.send("Release", **world.MEDIC) for _ in range(2))
    assert first.url == second.url
    visit("isolations.release", as_=wang, isolation_id=isolation_id, status=409)


def test_a_grid_member_releases_nobody_and_strangers_see_nothing(street, visit, post) -> None:
    isolation_id = world.ready(world.somebody())
    visit("isolations.release", as_=qian, isolation_id=isolation_id, status=403)
    post(f"/isolations/{isolation_id}/release", as_=qian, data=world.MEDIC, status=403)
    visit("isolations.show", as_=gu, isolation_id=isolation_id, status=403)
    for stranger in (sun, wu):
        visit("isolations.show", as_=stranger, isolation_id=isolation_id, status=404)
    post(f"/isolations/{isolation_id}/release", as_=sun, data=world.MEDIC, status=404)
    for sees in (li, wang, zhao, qian, an):
        page = visit("isolations.show", as_=sees, isolation_id=isolation_id)
        assert not page.has(NAME)


def test_nothing_is_ordered_that_no_order_switches_on(app, visit) -> None:
    world.order(kinds=[IsolationKind.MONITORING])
    person = world.somebody()
    page = visit("isolations.new", as_=wang, household_id=person.household_id)
    page.send("Order isolation", status=422, kind="home", reason="外地返回")
    with pytest.raises(Refused, match="There is no order in force"):
        world.isolated(person, kind=IsolationKind.COLLECTIVE, starts=now())


def test_without_any_order_the_page_says_so(app, visit) -> None:
    person = world.somebody()
    page = visit("isolations.new", as_=wang, household_id=person.household_id)
    assert page.has("There is no order in force")
    assert "Order isolation" not in page.buttons()


def test_nobody_is_isolated_twice(street, visit, post) -> None:
    person = world.somebody()
    world.isolated(person)
    page = visit("isolations.new", as_=wang, household_id=person.household_id)
    assert page.has("Everybody who lives here is isolated already")
    url = f"/isolations/new?household_id={person.household_id}"
    data = {"who": person.id, "kind": "home", "start_day": "2026-11-23", "start_time": "09:00", "reason": "x"}
    post(url, as_=wang, data=data, status=422)


IMPOSSIBLE: tuple[tuple[dict[str, str], str], ...] = (
    ({"start_day": "2026-11-24"}, "future"),
    ({"start_day": "2026-11-01"}, "over already"),
    ({"start_day": "tomorrow"}, "date"),
    ({"kind": "collective"}, "where the person is isolated"),
    ({"reason": ""}, "reason"),
    ({"kind": "prison"}, "kind of isolation"),
)


@pytest.mark.any_database
def test_orders_that_cannot_be(street, visit) -> None:
    page = visit("isolations.new", as_=wang, household_id=world.somebody().household_id)
    for typed, said in IMPOSSIBLE:
        given = {"kind": "home", "start_time": "09:30", "reason": "外地返回"} | typed
        assert said in page.send("Order isolation", status=422, **given).text.lower(), typed
