"""Key persons who move, leave, die or turn out to be somebody else: nothing stays stuck, nothing is lost."""

from collections.abc import Callable
from typing import Any

from flask import Flask

from portal.access.scope import everywhere
from portal.database import db
from portal.registry import moving
from portal.registry import service as registry
from portal.registry.duplicates import service as duplicates
from portal.registry.duplicates.models import Merging
from portal.registry.models import Household, HouseholdRestriction, Resident
from portal.screenings.keypersons import service
from portal.screenings.kinds import KeyPersonState
from portal.screenings.models import KeyPerson, KeyPersonNote
from portal.workflow import figures
from portal.workflow.models import StepTaken
from tests.assessments import world
from tests.people import li, qian, wang
from tests.screenings.world import BESIDE, acting_as, every, family, key_person, living, order

Visit = Callable[..., Any]


def on_list(visit: Visit, show: str, by: Any) -> set[int]:
    links = visit("keypersons.index", as_=by, show=show).tree.xpath("//main//tbody/tr//a/@href")
    return {int(link.rsplit("/", 1)[1]) for link in links}


def state_of(person_id: int) -> KeyPersonState:
    with everywhere(because="the test looks"):
        db.session.rollback()
        return db.session.get_one(KeyPerson, person_id, populate_existing=True).state


def test_who_was_only_noted_and_has_left_waits_to_be_closed(app: Flask, visit: Visit) -> None:
    order()
    left, stays = key_person(home=family(1)), key_person(home=family(1))
    assert on_list(visit, "incomplete", qian) == {left, stays}
    with acting_as(qian):
        registry.record_as_left(db.session.get_one(KeyPerson, left).resident, "搬走")
    assert on_list(visit, "to_close", li) == {left}
    assert on_list(visit, "incomplete", qian) == {stays}
    with acting_as(qian):
        registry.record_as_back(db.session.get_one(KeyPerson, left).resident)
    assert on_list(visit, "to_close", li) == set()


def test_of_two_who_close_the_same_the_second_finds_it_done(app: Flask, visit: Visit, post: Visit) -> None:
    order()
    persons = [key_person(home=family(1)) for _number in range(2)]
    with acting_as(li):
        service.close(db.session.get_one(KeyPerson, persons[0]), "无异常")
    told = {"key_person_id": [str(id_) for id_ in persons], "words": "无异常", "common": ""}
    assert post("keypersons.close_several", as_=li, data=told, status=303)
    assert {state_of(id_) for id_ in persons} == {KeyPersonState.CLOSED}
    post("keypersons.close_several", as_=li, data={}, status=409)
    post("keypersons.close_several", as_=wang, data=told, status=403)


def test_who_is_only_noted_takes_the_record_along(app: Flask, visit: Visit) -> None:
    order()
    person_id, there = key_person(), family(1, BESIDE)
    with acting_as(wang):
        person = db.session.get_one(KeyPerson, person_id)
        moving.move(person.resident, db.session.get_one(Household, there.id), "结婚")
    with everywhere(because="the test looks"):
        db.session.rollback()
        person = db.session.get_one(KeyPerson, person_id)
        assert (person.household_id, person.unit_id) == (there.id, there.unit_id)
        assert {one.unit_id for one in every(KeyPersonNote)} == {there.unit_id}
        theirs = every(StepTaken, StepTaken.record == "key_person")
        assert {one.unit_id for one in theirs} == {there.unit_id}
        assert figures.settle() == 0
    assert visit("keypersons.show", as_=wang, key_person_id=person_id).has("Noted")
    visit("keypersons.show", as_=qian, key_person_id=person_id, status=404)


def test_the_restriction_follows_who_turns_out_to_be_somebody_else(app: Flask, visit: Visit) -> None:
    """Two records of one person in two households: one is kept, both key persons and restrictions are at its home."""
    order()
    homes = [family(1, BESIDE), family(1)]
    persons = [key_person(KeyPersonState.TO_ASSESS, wang, home) for home in homes]
    kept, other = living(homes[1])[0].id, living(homes[0])[0].id

    def restricted() -> set[int]:
        with everywhere(because="the test looks"):
            db.session.rollback()
            still = every(HouseholdRestriction, HouseholdRestriction.lifted_at.is_(None))
            assert all(
                one.unit_id == db.session.get_one(Household, one.household_id).unit_id for one in still
            )
            return {one.household_id for one in still}

    assert restricted() == {home.id for home in homes}
    world.merge_people(kept, other)
    assert restricted() == {homes[1].id}
    assert visit("keypersons.show", as_=qian, key_person_id=persons[0]).has("has another open record")
    with acting_as(wang):
        merging = db.session.get_one(Merging, every(Merging)[0].id)
        duplicates.undo(merging)
    assert restricted() == {home.id for home in homes}
    world.merge_people(kept, other)
    with acting_as(wang):
        service.strike_out(db.session.get_one(KeyPerson, persons[0]), "重复登记")
    assert restricted() == {homes[1].id}
    with acting_as(li):
        service.close(db.session.get_one(KeyPerson, persons[1]), "无异常")
    assert restricted() == set()
    with everywhere(because="the test recounts"):
        assert figures.settle() == 0


def test_who_dies_while_the_office_decides_keeps_nobody_in(app: Flask, visit: Visit) -> None:
    world.order()
    assessment_id = world.asked(family(2))
    person = world.person_of(assessment_id)
    with acting_as(qian):
        registry.record_as_left(db.session.get_one(Resident, person.resident_id), "病故")
    shown = visit("keypersons.show", as_=qian, key_person_id=person.id)
    assert shown.has("no longer lives here")
    visit("assessments.show", as_=li, assessment_id=assessment_id).send(
        "Decide", decision="nothing", words="病故"
    )
    assert state_of(person.id) is KeyPersonState.CLOSED
    assert all(one.lifted_at for one in every(HouseholdRestriction))
