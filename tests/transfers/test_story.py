"""A case goes to another place: acknowledged, refused, withdrawn, on paper; until then the giver is responsible."""

import pytest
import time_machine

from portal.access.scope import everywhere
from portal.assessments import service as assessments
from portal.assessments.kinds import AssessmentState, TransferState
from portal.assessments.models import Transfer
from portal.audit.models import AuditEntry
from portal.clock import now
from portal.database import db
from portal.screenings.kinds import KeyPersonState
from portal.web.errors import Refused
from tests.assessments import world as cases
from tests.assessments.world import acting_as, both_sides, every, hour, person_of, row
from tests.isolations.world import restrictions
from tests.people import an, li, qian, sun, wang, wu, zhou
from tests.transfers import world


def test_taken_over_in_the_portal(app, desk):
    cases.order()
    assessment_id = world.decided()
    person = person_of(assessment_id)
    page = desk.visit("transfers.new", as_=wang, assessment_id=assessment_id)
    page.send("Hand the case over", to=world.NEIGHBOUR, facts=world.FACTS)
    (giving, received) = both_sides(every(Transfer)[0].id)
    assert giving.is_giving
    assert not received.is_giving
    assert received.assessment_id is None
    assert received.household_id is None
    assert restrictions(person.household_id) == [True], "until it is acknowledged"
    with acting_as(wang), pytest.raises(Refused):
        assessments.report_back(cases.the(assessment_id), "已移交", now())
    seen = desk.visit("transfers.show", as_=sun, transfer_id=received.id)
    assert seen.has("With your acknowledgement the case is yours")
    seen.send("Acknowledge")
    assert {one.state for one in both_sides(giving.id)} == {TransferState.ACKNOWLEDGED}
    assessment = row(assessment_id)
    assert assessment.state is AssessmentState.REPORTED
    assert "演示·sun" in assessment.outcome
    desk.visit("assessments.show", as_=li, assessment_id=assessment_id).send("Close")
    assert person_of(assessment_id).state is KeyPersonState.CLOSED
    assert restrictions(person.household_id) == [False]


def test_refused_with_its_reason_and_handed_elsewhere(app, desk):
    cases.order()
    assessment_id = world.decided()
    first = world.given(assessment_id=assessment_id)
    desk.visit("transfers.refuse", as_=sun, transfer_id=world.mirror_of(first)).send(
        "Refuse", words="不在我处"
    )
    assert row(assessment_id).state is AssessmentState.DECIDED
    page = desk.visit("transfers.show", as_=wang, transfer_id=first)
    assert page.has("不在我处")
    assert page.has("you are still responsible")
    assert any("transfers" in link for link in desk.visit("today.index", as_=wang).links())
    again = world.given(world.ELSEWHERE, assessment_id)
    assert [one.is_giving for one in both_sides(again)] == [True]


def test_given_once_at_a_time_and_withdrawn(app, desk):
    cases.order()
    assessment_id = world.decided()
    first = world.given(assessment_id=assessment_id)
    desk.post(
        f"/transfers/new?assessment_id={assessment_id}",
        as_=wang,
        data={"to": world.NEIGHBOUR, "facts": world.FACTS},
        status=409,
    )
    desk.visit("assessments.supersede", as_=li, assessment_id=assessment_id).send(
        "Decide again", words="新情况", status=409
    )
    desk.visit("transfers.withdraw", as_=wang, transfer_id=first).send("Withdraw", words="误登")
    assert {one.state for one in both_sides(first)} == {TransferState.WITHDRAWN}
    world.given(assessment_id=assessment_id)


@pytest.mark.parametrize("taken", [True, False])
def test_outside_the_answer_is_written_down_from_paper(app, desk, taken):
    cases.order()
    assessment_id = world.decided()
    transfer_id = world.given(world.ELSEWHERE, assessment_id)
    name, button = (
        ("answered_on_paper", "Record the signed answer")
        if taken
        else ("refused_on_paper", "Record a refusal")
    )
    page = desk.visit(f"transfers.{name}", as_=wang, transfer_id=transfer_id)
    typed = {"by": "演示·值守员"} | ({} if taken else {"words": "查无此人"})
    assert page.send(button, status=422, **typed, time="09:00").has("before the hand-over")
    page.send(button, **typed)
    (giving,) = both_sides(transfer_id)
    assert giving.on_paper
    assert giving.answered_by == "演示·值守员"
    state = row(assessment_id).state
    assert state is (AssessmentState.REPORTED if taken else AssessmentState.DECIDED)


def test_inside_the_portal_paper_does_not_answer(app, desk):
    cases.order()
    transfer_id = world.given()
    desk.visit(f"/transfers/{transfer_id}/answered-on-paper", as_=wang, status=409)
    desk.post(f"/transfers/{transfer_id}/acknowledge", as_=wang, status=409)


def test_only_what_was_decided_is_handed_over(app, desk):
    cases.order()
    home = cases.decided()
    desk.visit(f"/transfers/new?assessment_id={home}", as_=wang, status=409)
    desk.visit(f"/transfers/new?assessment_id={home}", as_=sun, status=404)
    desk.visit(f"/transfers/new?assessment_id={home}", as_=qian, status=403)


def test_nobody_answers_what_they_gave_themselves(app, desk):
    cases.order()
    assessment_id = world.decided()
    desk.visit("transfers.new", as_=li, assessment_id=assessment_id).send(
        "Hand the case over", to=world.NEIGHBOUR
    )
    mirror = world.mirror_of(every(Transfer)[0].id)
    desk.post(f"/transfers/{mirror}/acknowledge", as_=li, status=409)
    desk.post(f"/transfers/{mirror}/acknowledge", as_=sun)


def test_to_ones_own_street_is_no_transfer(app, desk):
    cases.order()
    assessment_id = world.decided()
    page = desk.visit("transfers.new", as_=wang, assessment_id=assessment_id)
    for own in ("豫苑社区", "重阳街道"):
        page.send("Hand the case over", status=409, to=own)


def test_each_side_sees_its_own_row_masked(app, desk):
    cases.order()
    transfer_id = world.given()
    mirror = world.mirror_of(transfer_id)
    name = both_sides(transfer_id)[0].name
    for person, seen, unseen in ((wang, transfer_id, mirror), (sun, mirror, transfer_id)):
        page = desk.visit("transfers.show", as_=person, transfer_id=seen)
        assert not page.has(name)
        desk.visit("transfers.show", as_=person, transfer_id=unseen, status=404)
    for stranger in (wu, zhou):
        desk.visit("transfers.show", as_=stranger, transfer_id=mirror, status=404)
    assert desk.visit("transfers.index", as_=an).has("Given to 建设路社区")


def test_the_person_in_full_for_a_reason_only(app, desk):
    cases.order()
    mirror = world.mirror_of(world.given())
    page = desk.visit("transfers.reveal", as_=sun, transfer_id=mirror)
    page.send("Show in full", status=422)
    with everywhere(because="the test looks"):
        person = db.session.get_one(Transfer, mirror)
        phone, name = person.phone, person.name
    shown = desk.client(sun).post(
        f"/transfers/{mirror}/reveal",
        data={"csrf_token": desk.csrf_token(sun), "why": "other", "other": "核对"},
    )
    text = shown.get_data(as_text=True)
    assert phone in text
    assert name in text
    assert "no-store" in shown.headers["Cache-Control"]
    assert every(AuditEntry, AuditEntry.action == "transfer.reveal")


def test_numbers_are_sealed_and_the_same_on_both_sides(app):
    cases.order()
    rows = both_sides(world.given())
    assert len({one.phone_sealed for one in rows}) == 2, "each row seals for itself"
    assert len({one.phone for one in rows}) == len({one.document for one in rows}) == 1


@pytest.mark.parametrize(("to", "slip"), [(world.NEIGHBOUR, False), (world.ELSEWHERE, True)])
def test_the_sheet_has_two_copies_and_outside_a_slip_to_be_sent_back(app, desk, to, slip):
    cases.order()
    with time_machine.travel(hour(6)):
        transfer_id = world.given(to)
    typed = {"csrf_token": desk.csrf_token(wang), "why": "other", "other": "转送"}
    answer = desk.client(wang).post(f"/transfers/{transfer_id}/print?as=page", data=typed)
    drawn = answer.get_data(as_text=True)
    assert "转送20261123-" in drawn, "six in the morning is the day before in UTC"
    assert drawn.count("人员转送单</h2>") == 2
    assert drawn.count("<h3>回执</h3>") == int(slip)
    assert ("请于 2026年11月23日 09:00前" in drawn) is slip
