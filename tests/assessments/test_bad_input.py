"""What cannot be decided or reported: deadlines that have passed, strangers, no reason, no order, who has gone."""

from datetime import timedelta

import pytest
import time_machine

from portal.access.scope import everywhere
from portal.assessments import rules, service
from portal.assessments.kinds import AssessmentState, By, Decision
from portal.assessments.service import Decided
from portal.clock import now
from portal.database import db
from portal.registry import service as registry
from portal.registry.models import Resident
from portal.web.errors import Refused
from tests.assessments import world
from tests.assessments.world import HOME, acting_as, hour, person_of, row
from tests.people import li, qian, wang, wu

pytestmark = pytest.mark.any_database


def refused(page, sentence: str) -> None:
    assert page.tree.xpath("//*[@role='alert']"), page.text
    assert page.has(sentence), page.text


WRONG = [
    ({"words": "  "}, "Enter the reason"),
    ({"decision": None}, "Choose the decision"),
    ({"other_day": "2026-11-22", "other_time": "08:00"}, "This deadline has passed"),
    ({"other_day": "2026-11-23", "other_time": "10:00"}, "This deadline has passed"),
    ({"other_day": "2026-11-24"}, "Enter day and time"),
    ({"by": None}, "Enter day and time"),
    ({"other_day": "2027-11-24", "other_time": "08:00"}, "within two weeks"),
    ({"decision": "collective"}, "Enter where the person is isolated"),
    ({"decision": "hospital"}, "Enter the hospital"),
    ({"decision": "transfer"}, "Enter where to"),
    ({"executor": "999999"}, "choose"),
]


def test_the_form_says_what_to_do(app, desk):
    world.order()
    assessment_id = world.asked()
    page = desk.visit("assessments.show", as_=li, assessment_id=assessment_id)
    for typed, sentence in WRONG:
        came_back = page.send("Decide", status=422, **(HOME | typed))
        assert sentence.casefold() in came_back.text.casefold(), (typed, came_back.text)
    assert row(assessment_id).state is AssessmentState.WAITING


def test_nobody_outside_the_persons_units_carries_it_out(app, desk):
    world.order()
    assessment_id = world.asked()
    stranger = world.acting(wu).account_id
    typed = HOME | {"executor": str(stranger)}
    desk.post(f"/assessments/{assessment_id}/decide", as_=li, data=typed, status=422)
    given = Decided(Decision.HOME, "外地返回", now() + timedelta(hours=2), stranger)
    with acting_as(li), pytest.raises(Refused):
        service.decide(world.the(assessment_id), given)
    assert row(assessment_id).state is AssessmentState.WAITING


def test_an_order_that_ended_meanwhile(app, desk):
    order = world.order()
    assessment_id = world.asked()
    page = desk.visit("assessments.show", as_=li, assessment_id=assessment_id)
    world.end(order)
    page.send("Decide", status=422, **HOME)
    due, executor = now() + timedelta(hours=2), world.acting(qian).account_id
    given = Decided(Decision.HOSPITAL, "发热", due, executor, place="人民医院")
    with acting_as(li), pytest.raises(Refused):
        service.decide(world.the(assessment_id), given)
    assert row(assessment_id).state is AssessmentState.WAITING


def test_a_person_who_has_left_is_not_isolated_here(app, desk):
    world.order()
    assessment_id = world.asked()
    resident_id = person_of(assessment_id).resident_id
    with acting_as(qian):
        registry.record_as_left(db.session.get_one(Resident, resident_id), "已离开")
        db.session.commit()
    page = desk.visit("assessments.show", as_=li, assessment_id=assessment_id)
    assert page.has("no longer lives here")
    page.send("Decide", status=409, **HOME)
    assert row(assessment_id).state is AssessmentState.WAITING
    page.send("Decide", decision="nothing", words="已离开")


def test_reported_before_it_was_decided_or_tomorrow(app, desk):
    world.order()
    assessment_id = world.decided()
    page = desk.visit("assessments.report_back", as_=qian, assessment_id=assessment_id)
    refused(page.send("Report back", status=422, done="已落实", time="09:00"), "before the decision")
    refused(page.send("Report back", status=422, done="已落实", time="23:00"), "Enter a time up to now")
    refused(page.send("Report back", status=422, done=" "), "what was done")
    assert row(assessment_id).state is AssessmentState.DECIDED


def test_who_left_their_post_is_named_and_somebody_else_reports(app, desk):
    world.order()
    assessment_id = world.decided()
    world.move_household(person_of(assessment_id).household_id, "豫苑社区三组一格")
    page = desk.visit("assessments.show", as_=wang, assessment_id=assessment_id)
    assert page.has("no longer serves here")
    desk.visit("assessments.report_back", as_=wang, assessment_id=assessment_id).send(
        "Report back", done="已落实"
    )


@pytest.mark.parametrize(
    ("by", "at", "due"),
    [
        (By.TWO_HOURS, hour(22, 30), hour(0, 30, days=1)),
        (By.TODAY, hour(10), hour(18)),
        (By.TODAY, hour(17), hour(18)),
        (By.TODAY, hour(17, 1), hour(0, days=1)),
        (By.TODAY, hour(23, 59), hour(0, days=1)),
        (By.TOMORROW, hour(0), hour(8, days=1)),
        (By.TOMORROW, hour(23, 59), hour(8, days=1)),
    ],
)
def test_what_an_offered_deadline_means(by, at, due):
    assert rules.deadline(by, at) == due


def test_nothing_is_late_in_the_minute_of_its_deadline(app, desk):
    world.order()
    assessment_id = world.asked()
    with everywhere(because="the test looks"):
        due = row(assessment_id).due_at
    for at, is_late in ((due, False), (due + timedelta(seconds=1), True)):
        with time_machine.travel(at, tick=False):
            assert (
                desk.visit("assessments.show", as_=li, assessment_id=assessment_id).has("was due") is is_late
            )
