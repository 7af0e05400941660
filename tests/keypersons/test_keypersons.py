"""Key persons: noted with what is least, completed over rounds, sent to the office by themselves, never overwritten."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from portal.access.scope import everywhere
from portal.clock import local, now
from portal.database import db
from portal.passes import standing
from portal.passes.kinds import Kind, PassState, Shown
from portal.passes.models import Pass
from portal.registry import moving
from portal.registry.models import Household, HouseholdRestriction, Resident
from portal.screenings.keypersons import service
from portal.screenings.keypersons.service import Noted
from portal.screenings.kinds import Category, Contact, KeyPersonState, Transport
from portal.screenings.models import KeyPerson, KeyPersonNote
from portal.web.errors import Refused
from tests.passes.conftest import RULES
from tests.people import an, li, qian, wang, wu
from tests.screenings.world import (
    PARAMETERS,
    acting_as,
    area,
    every,
    family,
    hour,
    key_person,
    knock,
    living,
    marked,
    only,
    order,
    screening,
)

Visit = Callable[..., Any]
ARRIVED = {"arrived_day": "2026-11-22", "arrived_time": "20:15"}


def complete(visit: Visit, person_id: int, status: int = 303, **typed: Any) -> Any:
    page = visit("keypersons.complete", as_=qian, key_person_id=person_id)
    return page.send("Keep", status=status, **typed)


def test_a_name_and_a_category_are_enough(visit: Visit) -> None:
    order()
    home = family(2)
    page = visit("keypersons.new", as_=qian, household_id=home.id)
    shown = page.send("Note this person", name="演示·来客", mark="creturned")
    person = only(KeyPerson)
    assert only(Resident, Resident.id == person.resident_id).name == "演示·来客"
    assert person.state is KeyPersonState.NOTED
    assert shown.has("Not known yet: ")
    assert shown.tree.xpath("count(//main//dl[@class='facts'])") >= 1
    assert len([one for one in shown.tree.xpath("//main//dt") if one.text_content()[:1].isdigit()]) == 10


def test_the_ten_are_completed_over_rounds_and_every_change_is_kept(visit: Visit) -> None:
    order()
    person_id = key_person()
    complete(visit, person_id, origin="郑州市", transport="train", transport_number="G1234", **ARRIVED)
    complete(
        visit,
        person_id,
        origin="河南省郑州市金水区",
        contact="none",
        itinerary="郑州东站—驻马店西站",
        temperature="36,6",
        companions="无",
    )
    person = only(KeyPerson)
    assert (person.transport, person.contact, person.temperature) == (Transport.TRAIN, Contact.NONE, 366)
    assert local(person.arrived_at) == hour(20, 15, days=-1)
    notes = every(KeyPersonNote)
    assert notes[0].changes["category"][1] == "returned"
    assert notes[1].changes["origin"] == ["", "郑州市"]
    assert notes[2].changes["origin"] == ["郑州市", "河南省郑州市金水区"]
    assert "arrived_at" not in notes[2].changes, "what was not changed is not noted"
    page = visit("keypersons.show", as_=li, key_person_id=person_id)
    assert page.has("3 entries")
    assert page.has("G1234")


def test_nothing_changed_writes_nothing(visit: Visit) -> None:
    order()
    person_id = key_person()
    complete(visit, person_id)
    assert len(every(KeyPersonNote)) == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"arrived_day": "2026-11-23", "arrived_time": "10:30"}, "Enter a time up to now"),
        ({"arrived_day": "2026-11-24"}, "2026"),
        ({"arrived_time": "10:30"}, "Choose the day of arrival"),
        ({"left_on": "2026-11-23", **ARRIVED}, "This is after the arrival"),
        ({"temperature": "3.73"}, "Enter a temperature from 34.0 to 43.0"),
        ({"category": "from_abroad"}, "Noted for"),
        ({"symptoms": ["sneezing"]}, "Symptoms"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(visit: Visit, typed: dict[str, Any], said: str) -> None:
    order()
    person_id = key_person()
    assert complete(visit, person_id, 422, **typed).tree.xpath("//*[@role='alert']//a")
    assert len(every(KeyPersonNote)) == 1


def test_who_arrived_just_after_midnight_arrived_today(app: Flask, visit: Visit) -> None:
    order()
    person_id = key_person()
    with time_machine.travel(hour(0, 20, days=1)), acting_as(qian):
        service.complete(db.session.get_one(KeyPerson, person_id), arrived_at=hour(0, 10, days=1))
    assert local(only(KeyPerson).arrived_at).date() == hour(0, days=1).date()


def test_a_graver_category_sends_the_person_to_the_office(visit: Visit) -> None:
    order()
    person_id = key_person()
    page = complete(visit, person_id, category="from_neighbour")
    assert only(KeyPerson).state is KeyPersonState.TO_ASSESS
    assert page.has("Sent for a decision")
    assert visit("today.index", as_=li).has("Decide on key persons")


def test_one_person_is_one_record_with_the_graver_category(app: Flask) -> None:
    order()
    home = family(1)
    for category in (Category.FEVER, Category.RETURNED):
        with acting_as(qian):
            service.note(db.session.get_one(Resident, living(home)[0].id), Noted(category))
    assert only(KeyPerson).category is Category.FEVER
    assert len(every(HouseholdRestriction)) == 1


def test_who_comes_back_after_a_record_was_closed_gets_a_new_one_that_knows_the_old(visit: Visit) -> None:
    order()
    home = family(1)
    key_person(KeyPersonState.CLOSED, home=home)
    second = key_person(home=home)
    assert len(every(KeyPerson)) == 2
    assert visit("keypersons.show", as_=qian, key_person_id=second).has("Earlier record")


def test_the_household_waits_until_somebody_has_decided(app: Flask, visit: Visit) -> None:
    order()
    person_id = key_person(KeyPersonState.TO_ASSESS)
    restriction = only(HouseholdRestriction)
    assert restriction.lifted_at is None
    assert restriction.id == only(KeyPerson).restriction_id
    with acting_as(li):
        service.close(db.session.get_one(KeyPerson, person_id), "无异常")
    assert only(HouseholdRestriction).lifted_at is not None
    visit("keypersons.reopen", as_=qian, key_person_id=person_id).send("Decide again", words="又有发热")
    assert [one.lifted_at is None for one in every(HouseholdRestriction)] == [False, True]
    with acting_as(li):
        service.manage(db.session.get_one(KeyPerson, person_id))
    assert all(one.lifted_at for one in every(HouseholdRestriction))


def test_passes_of_the_household_are_suspended_at_once(app: Flask, visit: Visit) -> None:
    made = order()
    home = family(1)
    with everywhere(because="the test makes a pass"):
        rule = RULES[Kind.HOUSEHOLD]
        held = Pass(
            unit_id=home.unit_id,
            household_id=home.id,
            order_id=made.id,
            kind=Kind.HOUSEHOLD,
            state=PassState.ISSUED,
            holder_name="演示·张",
            purpose="shopping",
            rule=rule.to_json(),
            suspended_by=" ".join(rule.suspended_by),
            valid_from=now() - timedelta(hours=1),
            valid_until=now() + timedelta(days=3),
            expiring_from=now() + timedelta(days=2),
            issued_at=now(),
        )
        db.session.add(held)
        db.session.commit()
        pass_id = held.id

    def shown() -> Shown:
        with everywhere(because="the test looks"):
            return standing.shown_states([db.session.get_one(Pass, pass_id)], now())[0]

    assert shown() is Shown.VALID
    knock(screening(), home, marked=marked(home, category=Category.FROM_NEIGHBOUR))
    assert shown() is Shown.SUSPENDED


def test_an_order_that_does_not_restrict_restricts_nobody(app: Flask) -> None:
    order(measures={("screenings", "rounds"): PARAMETERS | {"restricts": False}})
    key_person(KeyPersonState.TO_ASSESS)
    assert every(HouseholdRestriction) == []


def test_without_an_order_nobody_is_noted(visit: Visit, post: Visit) -> None:
    home = family(1)
    visit("keypersons.new", as_=qian, household_id=home.id, status=409)
    with acting_as(qian), pytest.raises(Refused):
        service.note(db.session.get_one(Resident, living(home)[0].id), Noted(Category.FEVER))
    assert every(KeyPerson) == []


def test_a_closed_record_is_not_completed(app: Flask, visit: Visit) -> None:
    order()
    person_id = key_person(KeyPersonState.CLOSED)
    page = visit("keypersons.show", as_=qian, key_person_id=person_id)
    assert not [one for one in page.links() if one.endswith("/complete")]
    with acting_as(qian), pytest.raises(Refused):
        service.complete(db.session.get_one(KeyPerson, person_id), origin="x")


def test_an_area_makes_its_category_and_names_the_origin(visit: Visit) -> None:
    order()
    listed, home = area(), family(1)
    page = visit("keypersons.new", as_=qian, household_id=home.id)
    page.send("Note this person", resident=str(living(home)[0].id), mark=f"a{listed.id}")
    person = only(KeyPerson)
    assert (person.category, person.origin, person.area_id) == (Category.FROM_NEIGHBOUR, "邵店镇", listed.id)


def test_the_lists_filter_and_mask(visit: Visit) -> None:
    order()
    for state in KeyPersonState:
        key_person(state)
    page = visit("keypersons.index", as_=wang)
    assert len(page.tree.xpath("//main//tbody/tr")) == len(KeyPersonState)
    assert page.has("张*")
    for show, rows in {"waiting": 1, "noted": 1, "managed": 1, "closed": 1, "incomplete": 2}.items():
        found = visit("keypersons.index", as_=wang, show=show)
        assert len(found.tree.xpath("//main//tbody/tr")) == rows, show
    assert len(visit("keypersons.index", as_=wang, category="returned").tree.xpath("//main//tbody/tr")) == 1
    assert not visit("keypersons.index", as_=wu).tree.xpath("//main//tbody/tr")


def test_pages_of_twenty_go_on(visit: Visit) -> None:
    order()
    for _number in range(22):
        key_person(home=family(1))
    page = visit("keypersons.index", as_=qian)
    older = next(link for link in page.links() if "before=" in link)
    assert len(visit(older, as_=qian).tree.xpath("//main//tbody/tr")) == 2


def test_the_household_shows_what_screening_knows_of_it(visit: Visit) -> None:
    order()
    home = family(2)
    page = visit("registry.show", as_=qian, household_id=home.id)
    assert page.has("Not screened yet")
    assert f"/key-persons/new/{home.id}" in page.links()
    knock(screening(), home, marked=marked(home, category=Category.FROM_NEIGHBOUR))
    page = visit("registry.show", as_=qian, household_id=home.id)
    assert page.has("Last visit")
    assert page.has("From a neighbouring township")
    assert page.has("Restricted")
    assert visit("registry.show", as_=an, household_id=home.id).has("Waits for a decision")


@pytest.mark.parametrize("language", ["zh_Hans", "en"])
def test_every_page_opens_in_both_languages(visit: Visit, language: str) -> None:
    order()
    home = family(3)
    person_id = key_person(KeyPersonState.TO_ASSESS, home=home)
    for path in (f"/key-persons/{person_id}/complete", f"/key-persons/new/{home.id}", "/key-persons/print"):
        visit(path, as_=qian, language=language)
    visit("today.index", as_=li, language=language)


def test_a_key_person_moves_when_the_record_is_closed(app: Flask) -> None:
    order()
    person_id, other = key_person(KeyPersonState.TO_ASSESS), family(2).id
    with acting_as(li):
        person, home = db.session.get_one(KeyPerson, person_id), db.session.get_one(Household, other)
        with pytest.raises(Refused, match="This person is a key person"):
            moving.move(person.resident, home, "")
        service.close(person, "核查完毕")
        moving.move(person.resident, home, "")
        assert person.resident.household_id == other
        assert person.household_id != other, "what happened stays where it happened"
