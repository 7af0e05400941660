"""Deadlines of the office are a measure of the order: presets, the form, and what is copied onto a question."""

from datetime import timedelta
from typing import Any

import pytest
from flask_babel import force_locale

from portal.assessments import service
from portal.assessments.deadlines import HOURS, UNLESS_ORDERED, Deadlines
from portal.assessments.measure import describe
from portal.assessments.presets import PRESETS
from portal.clock import now
from portal.database import db
from portal.orders.models import Measure, OrderState
from portal.screenings.keypersons import service as keypersons
from portal.screenings.kinds import Category
from portal.screenings.models import KeyPerson
from tests.assessments import world
from tests.assessments.world import acting_as, every, hour, person_of, row
from tests.factories import order_in_force
from tests.people import li, qian, sun
from tests.transfers import world as transfers

pytestmark = pytest.mark.any_database


@pytest.mark.parametrize(
    ("category", "hours"),
    [(Category.CONFIRMED, 1), (Category.CONTACT, 1), (Category.SECOND_CONTACT, 4), (Category.OTHER, 4)],
)
def test_the_gravest_are_decided_about_first(category, hours):
    assert UNLESS_ORDERED.to_decide(category) == timedelta(hours=hours)


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.code)
def test_a_preset_is_kept_as_it_was_written(preset):
    deadlines = Deadlines.of(preset.parameters)
    assert deadlines.to_json() == preset.parameters
    assert deadlines.urgent <= deadlines.others
    assert all(getattr(deadlines, name) >= 1 for name in HOURS)


def test_the_form_takes_presets_and_refuses_what_cannot_be(app, desk):
    draft = order_in_force(state=OrderState.DRAFT)
    where: dict[str, Any] = {"order_id": draft.id, "area_name": "assessments", "item": "deadlines"}
    blank = desk.visit("orders.measure", as_=li, preset="six_hours", **where)
    refused = blank.send("Add the measure", status=422, urgent="7")
    assert refused.has("What is urgent is decided no later than the rest")
    for typed in ("0", "169", "bald", ""):
        blank.send("Add the measure", status=422, close=typed)
    blank.send("Add the measure", urgent="6")
    (kept,) = every(Measure)
    assert kept.parameters == PRESETS[1].parameters | {"urgent": 6}
    with app.test_request_context(), force_locale("en"):
        assert "within 6 hours, about everybody else within 6 hours" in describe(kept.parameters)[0]
    world.order()
    world.asked()
    assert desk.visit("orders.put_in_force", as_=li, order_id=draft.id).has("1 question to the office keeps")


def test_a_later_order_changes_nothing_under_way(app):
    world.order()
    first = world.asked()
    slower = {("assessments", "deadlines"): PRESETS[2].parameters}
    world.order(measures=world.MEASURES | slower, effective_from=now() - timedelta(minutes=1))
    assert row(first).due_at == hour(12)
    world.decided(assessment_id=first)
    with acting_as(qian):
        service.report_back(world.the(first), "已落实", now())
        db.session.commit()
    assert row(first).due_at == hour(10, days=1), "24 hours, as the first order said"
    with acting_as(li):
        service.send_back(world.the(first), "未见护理组")
        db.session.commit()
    assert row(first).due_at == hour(12)
    assert row(world.asked()).due_at == hour(10, days=1), "24 hours, as the second order says"


def test_where_no_order_names_deadlines_a_question_has_one_all_the_same(app):
    world.order(measures={key: value for key, value in world.MEASURES.items() if key[0] != "assessments"})
    asked = row(world.asked())
    assert asked.due_at == hour(14)
    assert asked.parameters == UNLESS_ORDERED.to_json()


def test_who_turns_out_to_be_graver_is_decided_about_sooner(app):
    world.order()
    assessment_id = world.asked()
    with acting_as(qian):
        person = db.session.get_one(KeyPerson, person_of(assessment_id).id)
        keypersons.complete(person, category=Category.CONTACT)
        service.follow(person)
        service.follow(person)
        db.session.commit()
    assert row(assessment_id).due_at == hour(11)


def test_the_other_side_has_its_own_deadline_on_both_sides(app, desk):
    world.order()
    transfer_id = transfers.given()
    assert {one.due_at for one in world.both_sides(transfer_id)} == {hour(13)}
    page = desk.visit("transfers.show", as_=sun, transfer_id=transfers.mirror_of(transfer_id))
    assert page.has("by today 13:00")
