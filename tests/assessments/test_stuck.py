"""Nobody is forgotten: executors leave, orders end, nobody serves there, the other side never answers or is closed."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import select, update

from portal.access.acting import Level
from portal.access.policy import Role
from portal.access.scope import everywhere
from portal.accounts.models import Account, Appointment
from portal.assessments import executors, service
from portal.assessments.conclusions import DECIDING
from portal.assessments.kinds import AssessmentState, Decision, TransferState
from portal.assessments.models import Assessment, Transfer
from portal.clock import now, today
from portal.database import db
from portal.isolations import service as isolations
from portal.isolations.models import Isolation
from portal.screenings.keypersons import service as keypersons
from portal.screenings.kinds import KeyPersonState
from portal.screenings.models import KeyPerson
from portal.units.models import Unit
from portal.web.errors import Refused
from tests.assessments import world
from tests.assessments.world import HOME, acting_as, both_sides, every, hour, person_of, row
from tests.page import Browser
from tests.people import Person, li, qian, sun, unit, wang, zhao, zhou
from tests.transfers import world as transfers

LEFT = "Decisions whose executor has left: give them to somebody else"
LATE = "Cases that the other side has not answered in time"


def leaves(*people: Person, last_day: date | None = None) -> None:
    """Their appointments end; ``last_day`` None: yesterday."""
    with everywhere(because="the test lets somebody leave"):
        theirs = select(Account.id).where(Account.sign_in_name.in_([one.sign_in_name for one in people]))
        ending = update(Appointment).where(Appointment.account_id.in_(theirs))
        last = last_day or today() - timedelta(days=1)
        db.session.execute(ending.values(until=last).execution_options(synchronize_session=False))
        db.session.commit()


def today_of(app, person: Person) -> str:
    return Browser(app).visit("today.index", as_=person).text


# ── who carries it out ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("last_day", [None, date(2026, 11, 23)])
def test_where_the_executor_leaves_those_above_are_told_and_somebody_else_gets_it(app, desk, last_day):
    world.order()
    assessment_id = world.decided()
    due = row(assessment_id).due_at
    assert LEFT not in today_of(app, wang)
    leaves(qian, last_day=last_day)
    for person in (li, wang):
        assert LEFT in today_of(app, person)
        assert (
            f"/assessments/{assessment_id}"
            in desk.visit("assessments.index", as_=person, show="left").links()
        )
    assert LEFT not in today_of(app, zhao)
    page = desk.visit("assessments.show", as_=wang, assessment_id=assessment_id)
    assert page.has("no longer serves here")
    form = desk.visit("assessments.reassign", as_=wang, assessment_id=assessment_id)
    assert form.has("演示·zhao")
    form.send("Give to somebody else", words=" ", common=None, status=422)
    form.send("Give to somebody else", words="网格员已离任")
    given = row(assessment_id)
    assert (given.executor_name, given.state) == ("演示·zhao", AssessmentState.DECIDED)
    assert given.due_at == due, "the deadline stays"
    assert LEFT not in today_of(app, wang)
    assert "Decisions for you to carry out" in today_of(app, zhao)


def test_it_is_given_to_somebody_else_who_serves_there(app, desk):
    world.order()
    assessment_id = world.decided()
    for who in (qian, sun):
        with acting_as(wang), pytest.raises(Refused):
            service.reassign(world.the(assessment_id), world.acting(who).account_id, "换人")
    desk.post(f"/assessments/{assessment_id}/reassign", as_=qian, status=403)
    desk.post(f"/assessments/{world.reported()}/reassign", as_=wang, status=409)


def test_where_nobody_serves_the_office_carries_it_out_itself(app, desk):
    world.order()
    assessment_id = world.asked()
    leaves(qian, zhao, wang)
    page = desk.visit("assessments.show", as_=li, assessment_id=assessment_id)
    page.send("Decide", **HOME)
    assert row(assessment_id).executor_name == "演示·li"
    with acting_as(li):
        assert not executors.executor_left(world.the(assessment_id))
    assert "Decisions for you to carry out" in today_of(app, li)


def test_what_the_office_carries_out_itself_seems_to_nobody_below_to_have_been_left(app):
    world.order()
    assessment_id = world.asked()
    leaves(qian, zhao, wang)
    world.decided(assessment_id=assessment_id, executor_id=world.acting(li).account_id)
    leaves(qian, zhao, wang, last_day=date(2027, 1, 1))
    for person in (wang, li):
        with acting_as(person):
            assert not executors.executor_left(world.the(assessment_id))


def test_who_is_to_hand_a_case_over_is_somebody_who_can(app, desk):
    world.order()
    assessment_id = world.asked()
    typed = HOME | {"decision": "transfer", "place": "邵店镇"}
    page = desk.visit("assessments.show", as_=li, assessment_id=assessment_id)
    refused = page.send("Decide", status=422, **typed, executor=str(world.acting(qian).account_id))
    assert refused.has("handed over by the community's command post")
    page.send("Decide", **typed, executor=str(world.acting(wang).account_id))
    assert row(assessment_id).decision is Decision.TRANSFER


# ── orders and records that end ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("decision", [Decision.HOME, Decision.HOSPITAL, Decision.ASK_MORE])
def test_what_was_decided_is_finished_although_its_order_has_ended(app, decision):
    order = world.order()
    assessment_id = world.decided(decision)
    world.end(order)
    with acting_as(qian):
        service.report_back(world.the(assessment_id), "已落实", now())
        db.session.commit()
    if decision is Decision.ASK_MORE:
        assessment_id = world.latest(person_of(assessment_id).id)
        world.decided(Decision.NOTHING, assessment_id)
    else:
        with acting_as(li):
            service.close(world.the(assessment_id))
            db.session.commit()
    assert row(assessment_id).state is AssessmentState.CLOSED


def test_a_case_can_be_taken_over_although_the_givers_record_has_ended(app):
    world.order()
    transfer_id = transfers.given()
    person_id = person_of(both_sides(transfer_id)[0].assessment_id).id
    with acting_as(li):
        keypersons.close(db.session.get_one(KeyPerson, person_id), "人已离开")
        db.session.commit()
    with acting_as(sun):
        transfers.service.acknowledge(transfers.the(transfers.mirror_of(transfer_id)))
        db.session.commit()
    assert {one.state for one in both_sides(transfer_id)} == {TransferState.ACKNOWLEDGED}
    assert every(Assessment)[0].state is AssessmentState.CLOSED


def test_the_ledger_is_told_what_was_decided_and_when_it_is_over(app):
    world.order()
    assessment_id = world.decided()
    person_id = person_of(assessment_id).id
    with acting_as(li):
        told = DECIDING.told([person_id])[person_id]
        assert (told.conclusion, told.reason, told.measure) == (
            "Home isolation",
            world.REASON,
            "Home isolation",
        )
        assert told.since is not None
        assert told.until is not None
        assert (told.until - told.since).days >= 14
        assert not told.is_over
        assert over() == []
    (isolation,) = every(Isolation)
    with acting_as(wang):
        isolations.strike_out(db.session.get_one(Isolation, isolation.id), "登记错误")
        db.session.commit()
    with acting_as(li):
        assert DECIDING.told([person_id])[person_id].is_over
        assert over() == [person_id]
        service.supersede(world.the(assessment_id), "出现发热")
        db.session.commit()
    world.decided(Decision.HOSPITAL, world.latest(person_id))
    with acting_as(li):
        assert DECIDING.told([person_id])[person_id].conclusion == "To hospital"
        assert over() == [], "something else was decided since"


def over() -> list[int]:
    """Whose measure has ended."""
    managed = KeyPerson.state == KeyPersonState.MANAGED
    return list(db.session.scalars(select(KeyPerson.id).where(managed, DECIDING.is_over())))


# ── the other side ───────────────────────────────────────────────────────────────────────────────────────────────


def test_what_is_not_answered_in_time_is_told_on_both_sides_and_above(app, desk):
    world.order()
    transfer_id = transfers.given()
    assert LATE not in today_of(app, wang)
    with time_machine.travel(hour(13, 1)):
        for person in (wang, li):
            assert LATE in today_of(app, person)
        assert "the first was due today 13:00" in today_of(app, sun)
        assert "Cases handed over, to acknowledge" not in today_of(app, li), "one matter, one line"
        late = Browser(app).visit("transfers.index", as_=wang, show="late")
        assert f"/transfers/{transfer_id}" in late.links()


@pytest.mark.parametrize("why", ["closed", "left"])
def test_where_nobody_is_there_any_more_it_is_withdrawn_and_goes_on_paper(app, desk, why):
    world.order()
    assessment_id = transfers.decided()
    transfer_id = transfers.given(assessment_id=assessment_id)
    words = "Nobody there can answer in the portal any more"
    assert not desk.visit("transfers.show", as_=wang, transfer_id=transfer_id).has(words)
    if why == "left":
        leaves(sun)
    else:
        with everywhere(because="the test closes a unit"):
            db.session.get_one(Unit, unit(transfers.NEIGHBOUR).id).closed_at = now()
            db.session.commit()
    page = desk.visit("transfers.show", as_=wang, transfer_id=transfer_id)
    assert page.has(words)
    desk.visit("transfers.withdraw", as_=wang, transfer_id=transfer_id).send("Withdraw", words="对方已撤并")
    again = transfers.given(assessment_id=assessment_id)
    assert [one.is_giving for one in both_sides(again)] == [True], "on paper this time"


def test_a_refused_case_is_nobodys_alarm_once_it_was_handed_elsewhere(app):
    world.order()
    assessment_id = transfers.decided()
    first = transfers.given(assessment_id=assessment_id)
    with acting_as(sun):
        transfers.service.refuse(transfers.the(transfers.mirror_of(first)), "不在我处")
        db.session.commit()
    words = "Cases that the other side refused"
    assert words in today_of(app, wang)
    transfers.given(transfers.ELSEWHERE, assessment_id)
    assert words not in today_of(app, wang)


def test_to_another_street_of_the_county(app, desk):
    world.order()
    with everywhere(because="the test needs another street"):
        county_id = unit("上蔡县").id
        other = Unit(
            full_name="蔡都街道", name="蔡都街道", level=Level.STREET, code="411722001", parent_id=county_id
        )
        db.session.add(other)
        db.session.flush()
        away = db.session.scalars(select(Account).where(Account.sign_in_name == "zhou")).one()
        for appointment in away.appointments:
            appointment.unit_id, appointment.role = other.id, Role.OFFICE
        other_id = other.id
        db.session.commit()
    assessment_id = transfers.decided()
    page = desk.visit("transfers.new", as_=wang, assessment_id=assessment_id)
    assert "蔡都街道" in page.tree.xpath("//datalist/option/@value")
    page.send("Hand the case over", to="蔡都街道", facts=transfers.FACTS)
    (giving, received) = both_sides(every(Transfer)[0].id)
    assert received.unit_id == other_id
    assert "Cases handed over, to acknowledge" in today_of(app, replace(zhou, role=Role.OFFICE))
    assert giving.state is TransferState.GIVEN
