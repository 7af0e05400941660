"""Home: what this person has to do now, and nothing of others."""

import pytest

from portal.passes.kinds import PassState
from tests.factories import order_in_force
from tests.page import Browser
from tests.passes.case import in_state
from tests.passes.conftest import measures
from tests.people import AT_WORK, Person, an, gu, he, li, qian, root, sun, wang, zhao

pytestmark = pytest.mark.any_database

WORKS_A_GATE = (gu, he)


@pytest.mark.parametrize("language", ["zh_Hans", "en"])
@pytest.mark.parametrize("person", [one for one in AT_WORK if one not in WORKS_A_GATE], ids=str)
def test_everybody_has_a_home_in_both_languages(desk: Browser, person: Person, language: str) -> None:
    desk.visit("today.index", as_=person, language=language)


def test_at_a_gate_home_is_the_gate(desk: Browser) -> None:
    response = desk.client(gu).get("/")
    assert (response.status_code, response.location) == (303, "/gate/desk")


def test_nothing_to_do_is_a_pleasant_state(desk: Browser) -> None:
    page = desk.visit("today.index", as_=qian)
    assert page.has("Nothing is waiting for you.")
    assert page.has("No order is in force here.")


def test_the_order_in_force_stands_beside(desk: Browser) -> None:
    order = order_in_force(measures=measures())
    assert desk.visit("today.index", as_=qian).has(order.number)


@pytest.mark.parametrize(("state", "whose"), [(PassState.APPLIED, zhao), (PassState.ENDORSED, wang)], ids=str)
def test_a_pass_waits_for_the_one_whose_turn_it_is(desk: Browser, state: PassState, whose: Person) -> None:
    in_state(state)
    waiting = f"/passes/?show={state}"
    assert waiting in desk.visit("today.index", as_=whose).links()
    for other in {zhao, wang, qian, sun} - {whose}:
        assert waiting not in desk.visit("today.index", as_=other).links()


def test_the_line_leads_to_what_has_to_be_done(desk: Browser) -> None:
    pass_id = in_state(PassState.APPLIED)
    (href,) = [link for link in desk.visit("today.index", as_=zhao).links() if link.startswith("/passes/?")]
    assert f"/passes/{pass_id}" in desk.visit(href, as_=zhao).links()


@pytest.mark.parametrize("person", [an, root], ids=str)
def test_whoever_reads_the_trail_is_led_to_todays_entries(desk: Browser, person: Person) -> None:
    in_state(PassState.APPLIED)
    page = desk.visit("today.index", as_=person)
    (href,) = [link for link in page.links() if link.startswith("/audit/?day=")]
    desk.visit(href, as_=person)
    assert not any(link.startswith("/audit") for link in desk.visit("today.index", as_=li).links())
