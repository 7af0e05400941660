"""The lines on Today, the filters of the list, and the panel of a household."""

import pytest
import time_machine

from portal import clock
from portal.access.acting import own_place
from portal.assessments.kinds import Decision
from portal.workflow import figures
from tests.assessments import world
from tests.assessments.world import acting_as, hour, person_of
from tests.page import Browser
from tests.people import li, qian, sun, wang, zhao
from tests.transfers import world as transfers

pytestmark = pytest.mark.any_database


def today(desk, person) -> str:
    return desk.visit("today.index", as_=person).text


def test_the_office_sees_what_waits_and_since_when_it_is_late(app, desk):
    world.order()
    assert "Decide on key persons" not in today(desk, li)
    world.asked()
    assert "Decide on key persons" in today(desk, li)
    assert "the first by today 12:00" in today(desk, li)
    assert "Decide on key persons" not in today(desk, wang)
    with time_machine.travel(hour(13)):
        assert "the first was due today 12:00" in today(Browser(app), li)


def test_the_executor_sees_what_to_carry_out_and_until_when(app, desk):
    world.order()
    world.decided()
    assert "Decisions for you to carry out" in today(desk, qian)
    for other in (li, wang, zhao, sun):
        assert "Decisions for you to carry out" not in today(desk, other)


def test_what_is_overdue_asks_for_help_above(app, desk):
    world.order()
    world.decided()
    words = "Decisions not carried out in time: who needs help?"
    assert words not in today(desk, wang)
    with time_machine.travel(hour(12, 1)):
        for person, told in ((li, True), (wang, True), (qian, False), (sun, False)):
            assert (words in today(Browser(app), person)) is told


def test_what_was_reported_back_waits_to_be_closed(app, desk):
    world.order()
    world.reported()
    assert "Decisions reported back, to be closed" in today(desk, li)


def test_transfers_to_acknowledge(app, desk):
    world.order()
    transfers.given()
    words = "Cases handed over, to acknowledge"
    assert words in today(desk, sun)
    assert words not in today(desk, wang)
    assert words not in today(desk, li), "it waits for the community, not for the street"


def test_the_nearest_deadline_comes_first_and_filters_hold_what_they_say(app, desk):
    world.order()
    late, soon = world.decided(), world.decided(Decision.ASK_MORE, due_at=hour(11))
    waiting = world.asked()
    shown = desk.visit("assessments.index", as_=li, show="decided").links()
    rows = [link for link in shown if link in (f"/assessments/{late}", f"/assessments/{soon}")]
    assert rows == [f"/assessments/{soon}", f"/assessments/{late}"]
    assert f"/assessments/{waiting}" in desk.visit("assessments.index", as_=li).links()
    mine = desk.visit("assessments.index", as_=qian, show="mine").links()
    assert f"/assessments/{late}" in mine
    with time_machine.travel(hour(11, 30)):
        overdue = Browser(app).visit("assessments.index", as_=li, show="overdue").links()
    assert f"/assessments/{soon}" in overdue
    assert f"/assessments/{late}" not in overdue


def test_pages_of_twenty_follow_one_another_without_a_gap(app, desk):
    world.order()
    ids = {world.asked() for _ in range(21)}
    first = desk.visit("assessments.index", as_=li)
    seen = {link for link in first.links() if link.removeprefix("/assessments/").isdigit()}
    assert len(seen) == 20
    (more,) = [link for link in first.links() if "after=" in link]
    second = {
        link for link in desk.visit(more, as_=li).links() if link.removeprefix("/assessments/").isdigit()
    }
    assert {int(link.removeprefix("/assessments/")) for link in seen | second} == ids


def test_the_household_shows_what_was_decided(app, desk):
    world.order()
    assessment_id = world.decided()
    page = desk.visit("registry.show", as_=qian, household_id=person_of(assessment_id).household_id)
    assert f"/assessments/{assessment_id}" in page.links()


def test_figures_count_what_was_asked_decided_and_carried_out(app):
    world.order()
    world.asked()
    world.decided()
    world.reported()
    transfers.given()
    with acting_as(li):
        told = figures.sums(own_place(), clock.today())
    assert told["assessments.waiting"] == 1
    assert told["assessments.decided"] == 3
    assert told["assessments.to_carry_out"] == 2
    assert told["assessments.carried_out"] == 1
    assert (told["transfers.given"], told["transfers.received"]) == (1, 1)
