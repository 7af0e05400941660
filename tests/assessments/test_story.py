"""From a key person to a closed assessment: asked by itself, decided, carried out, and what follows for passes."""

from portal.access.scope import everywhere
from portal.assessments import service
from portal.assessments.kinds import AssessmentState, Decision
from portal.assessments.models import Assessment
from portal.audit.models import AuditEntry
from portal.clock import now
from portal.database import db
from portal.isolations import service as isolations
from portal.isolations.kinds import IsolationState
from portal.isolations.models import Isolation
from portal.registry.models import Household, Resident
from portal.screenings.keypersons import service as keypersons
from portal.screenings.kinds import KeyPersonState
from portal.screenings.models import KeyPerson
from tests.assessments import world
from tests.assessments.world import HOME, acting_as, every, hour, person_of, row
from tests.isolations.world import restrictions
from tests.people import an, li, qian, sun, wang, wu, zhao
from tests.screenings import world as screenings


def test_who_is_above_the_threshold_is_asked_about_by_itself_and_once(app):
    world.order()
    assessment_id = world.asked()
    (assessment,) = every(Assessment)
    assert (assessment.id, assessment.state) == (assessment_id, AssessmentState.WAITING)
    assert assessment.due_at == hour(12)
    with acting_as(qian):
        keypersons.complete(db.session.get_one(KeyPerson, assessment.key_person_id), origin="邵店镇")
        db.session.commit()
    assert len(every(Assessment)) == 1


def test_who_is_below_the_threshold_is_not(app):
    world.order()
    screenings.key_person(KeyPersonState.NOTED)
    assert every(Assessment) == []


def test_from_the_list_to_home_isolation(app, desk):
    world.order()
    assessment_id = world.asked()
    person = person_of(assessment_id)
    assert restrictions(person.household_id) == [True]
    listed = desk.visit("assessments.index", as_=li)
    assert f"/assessments/{assessment_id}" in listed.links()
    page = desk.visit("assessments.show", as_=li, assessment_id=assessment_id)
    done = page.send("Decide", **HOME)
    assert done.has("To be carried out")
    assert done.has("Home isolation")
    decided = row(assessment_id)
    assert decided.reason == "外地返回"
    assert decided.decided_by == "演示·li, 重阳街道"
    assert decided.executor_name
    assert decided.due_at == hour(12)
    (isolation,) = every(Isolation)
    assert (isolation.id, isolation.state) == (decided.isolation_id, IsolationState.ORDERED)
    assert isolation.order_id == decided.order_id
    assert person_of(assessment_id).state is KeyPersonState.MANAGED
    assert restrictions(person.household_id) == [False, True], "the question ends, the isolation restricts"


def test_carried_out_reported_back_sent_back_and_closed(app, desk):
    world.order()
    assessment_id = world.decided()
    desk.visit("assessments.report_back", as_=qian, assessment_id=assessment_id).send(
        "Report back", done="已告知并签收"
    )
    assert row(assessment_id).state is AssessmentState.REPORTED
    desk.visit("assessments.send_back", as_=li, assessment_id=assessment_id).send(
        "Not done yet", words="未见护理组"
    )
    assert row(assessment_id).due_at == hour(12)
    desk.visit("assessments.report_back", as_=zhao, assessment_id=assessment_id).send(
        "Report back", done="护理组已到位"
    )
    desk.visit("assessments.show", as_=li, assessment_id=assessment_id).send("Close")
    closed = row(assessment_id)
    assert (closed.state, closed.outcome) == (AssessmentState.CLOSED, "护理组已到位")
    assert person_of(assessment_id).state is KeyPersonState.MANAGED


def test_no_measure_needs_a_reason_only_and_frees_the_household(app, desk):
    order = world.order()
    assessment_id = world.asked()
    world.end(order)
    page = desk.visit("assessments.show", as_=li, assessment_id=assessment_id)
    offered = page.tree.xpath("//input[@name='decision']/@value")
    assert offered == ["nothing"], "no measure without an order, but nobody is held without one either"
    page.send("Decide", decision="nothing", words="核实为本地居民，无外出", executor=None, by=None)
    assert row(assessment_id).state is AssessmentState.CLOSED
    person = person_of(assessment_id)
    assert person.state is KeyPersonState.CLOSED
    assert restrictions(person.household_id) == [False]


def test_asking_for_more_comes_back_as_the_next_question(app, desk):
    world.order()
    first = world.decided(Decision.ASK_MORE)
    person = person_of(first)
    assert person.state is KeyPersonState.TO_ASSESS
    assert restrictions(person.household_id) == [True]
    desk.visit("assessments.report_back", as_=qian, assessment_id=first).send(
        "Report back", done="乘K1234次返回"
    )
    second = world.latest(person.id)
    assert row(first).state is AssessmentState.CLOSED
    assert (row(second).follows_id, row(second).state) == (first, AssessmentState.WAITING)
    page = desk.visit("assessments.show", as_=li, assessment_id=second)
    assert f"/assessments/{first}" in page.links(), "what was asked and answered is one tap away"


def test_to_hospital_ends_the_isolation_at_home_and_prints_a_referral(app, desk):
    world.order()
    first = world.decided()
    with acting_as(li):
        service.supersede(world.the(first), "出现发热")
        db.session.commit()
    person = person_of(first)
    second = world.decided(Decision.HOSPITAL, world.latest(person.id))
    (isolation,) = every(Isolation)
    assert isolation.state is IsolationState.MOVED
    assert person_of(second).state is KeyPersonState.MANAGED
    sheet = desk.client(qian).get(f"/assessments/{second}/print-referral?as=page").get_data(as_text=True)
    assert "转诊单" in sheet
    assert "转20261123-" in sheet
    assert "管控中" not in sheet, "what was decided is no fact for the doctor"
    assert world.REASON in sheet
    desk.visit(f"/assessments/{first}/print-referral", as_=qian, status=409)


def test_new_facts_ask_again_and_the_isolation_goes_on(app):
    world.order()
    first = world.reported()
    person = person_of(first)
    with acting_as(qian):
        keypersons.reopen(db.session.get_one(KeyPerson, person.id), "出现症状")
        db.session.commit()
    second = world.latest(person.id)
    assert row(first).state is AssessmentState.CLOSED
    assert row(second).follows_id == first
    assert world.decided(assessment_id=second)
    assert row(second).isolation_id == row(first).isolation_id, "who is at home already is not ordered twice"


def test_nobody_isolated_gets_no_measure(app, desk):
    world.order()
    first = world.decided()
    with acting_as(li):
        service.supersede(world.the(first), "核实有误")
        db.session.commit()
    second = world.latest(person_of(first).id)
    form = {"decision": "nothing", "words": "核实有误"}
    page = desk.post(f"/assessments/{second}/decide", as_=li, data=form, status=409)
    assert page.has("release the person or strike the isolation out first")
    (isolation,) = every(Isolation)
    with acting_as(wang):
        isolations.strike_out(db.session.get_one(Isolation, isolation.id), "登记错误")
        db.session.commit()
    desk.post(f"/assessments/{second}/decide", as_=li, data=form)


def test_a_record_that_is_closed_or_struck_out_takes_its_question_along(app):
    world.order()
    waiting, managed = world.asked(), world.decided()
    first, second = person_of(waiting).id, person_of(managed).id
    with acting_as(li):
        keypersons.strike_out(db.session.get_one(KeyPerson, first), "登记错误")
        keypersons.close(db.session.get_one(KeyPerson, second), "期满")
        db.session.commit()
    assert row(waiting).state is AssessmentState.VOID
    assert row(managed).state is AssessmentState.CLOSED


def test_everybody_on_the_line_sees_it_masked_and_nobody_beside(app, desk):
    world.order()
    assessment_id = world.decided()
    with everywhere(because="the test looks"):
        name = db.session.get_one(Resident, person_of(assessment_id).resident_id).name
    for person in (li, wang, zhao, qian, an):
        page = desk.visit("assessments.show", as_=person, assessment_id=assessment_id)
        assert not page.has(name)
        assert page.has(world.REASON)
        assert page.has("演示·li")
    for stranger in (sun, wu):
        desk.visit("assessments.show", as_=stranger, assessment_id=assessment_id, status=404)
        assert not [
            link
            for link in desk.visit("assessments.index", as_=stranger).links()
            if str(assessment_id) in link
        ]


def test_only_the_office_decides(app, desk):
    world.order()
    assessment_id = world.asked()
    for person in (wang, zhao, qian):
        page = desk.visit("assessments.show", as_=person, assessment_id=assessment_id)
        assert "Decide" not in page.buttons()
        desk.post(f"/assessments/{assessment_id}/decide", as_=person, data=HOME, status=403)


def test_every_step_is_in_the_trail_without_names(app):
    world.order()
    assessment_id = world.reported()
    with everywhere(because="the test looks at the trail"):
        name = db.session.get_one(Resident, person_of(assessment_id).resident_id).name
        trail = every(AuditEntry, AuditEntry.subject == "assessment", AuditEntry.subject_id == assessment_id)
    assert [entry.action for entry in trail] == [
        "assessment.ask",
        "assessment.decide",
        "assessment.report_back",
    ]
    assert all(name not in str(entry.details) for entry in trail)


def test_the_household_moves_to_another_grid_with_its_assessments(app):
    world.order()
    assessment_id = world.decided()
    world.move_household(person_of(assessment_id).household_id, "豫苑社区三组一格")
    with everywhere(because="the test looks"):
        moved = row(assessment_id)
        home = db.session.get_one(Household, moved.household_id)
        assert (moved.unit_id, moved.grid_id) == (home.unit_id, home.unit_id)
    with acting_as(zhao):
        service.report_back(world.the(assessment_id), "已落实", now())
        db.session.commit()
    assert row(assessment_id).state is AssessmentState.REPORTED


def test_two_records_of_one_person_become_one_and_both_questions_stay(app):
    world.order()
    one, other = world.asked(), world.asked()
    world.merge_people(person_of(one).resident_id, person_of(other).resident_id)
    assert person_of(one).resident_id == person_of(other).resident_id
    first = world.decided(assessment_id=one)
    second = world.decided(assessment_id=other)
    assert row(first).isolation_id == row(second).isolation_id, "one person is isolated once"
    assert row(first).household_id == row(second).household_id
