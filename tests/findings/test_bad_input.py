"""What people type by mistake, what they must not do, and what attackers would type."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.access.scope import everywhere
from portal.clock import now
from portal.database import db
from portal.patrols.findings import persons as findings_persons
from portal.patrols.findings import service as findings_service
from portal.patrols.findings.kinds import FindingKind, FindingState
from portal.patrols.findings.models import Finding, FindingPerson
from portal.patrols.findings.persons import Named
from portal.patrols.findings.places import place_key
from portal.patrols.findings.texts import names_by_number
from portal.patrols.kinds import PatrolState
from portal.patrols.models import Patrol
from portal.registry.identifiers import synthetic_id
from portal.web.errors import Refused
from tests.factories import household, resident
from tests.findings.world import NOTICE, a_finding, a_patrol, acting_as, found, named, the
from tests.people import li, qian, wang, wu, zhao

pytestmark = pytest.mark.any_database  # forms and rules, whatever keeps the rows

TYPED = {"kind": "gathering", "place": "棋牌室"}
ATTACKS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' hx-get='/logout' hx-trigger='load",
    '<div hx-post="/orders/1/end" hx-trigger="load"></div>',
    "{{ 7*7 }}",
)


def written() -> int:
    with everywhere(because="the test counts"):
        return db.session.scalar(select(func.count(Finding.id))) or 0


def blank(visit, patrol_id=None):
    return visit("findings.new", as_=qian, patrol_id=patrol_id or a_patrol())


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"place": ""}, "Enter the place"),
        ({"place": "   "}, "Enter the place"),
        ({"kind": None}, "Choose what was found"),
        ({"kind": "dancing"}, "Choose one of those offered"),
        ({"kind": "other"}, "Enter what was found"),
        ({"people": "-1"}, "from 0 to 100000"),
        ({"people": "100001"}, "from 0 to 100000"),
        ({"people": "many"}, "whole number"),
        ({"at": "07:59"}, "Enter a time from 23 Nov 2026 08:00 to 23 Nov 2026 10:00"),
        ({"at": "10:01"}, "Enter a time from"),
        ({"at": "25:00"}, "Enter a time like 08:10"),
        ({"facts": "字" * 1001}, "use 1000 characters or fewer"),
        ({"facts": "x" * 2000}, "use 1000 characters or fewer"),
        ({"facts": f"他的身份证是{synthetic_id('411722', 5)}"}, "leave identity and phone numbers out"),
        ({"facts": "电话 154 0000 0001"}, "leave identity and phone numbers out"),
        ({"place": "１５４００００００１１家"}, "leave identity and phone numbers out"),
        ({"place": "东\u202e门"}, "hidden characters"),
    ],
    ids=str,
)
def test_what_is_wrong_is_said_and_nothing_is_written(typed, says, visit):
    page = blank(visit).send("Save", status=422, **(TYPED | typed))
    assert says in page.text
    assert written() == 0


def test_three_hundred_people_are_one_number(visit):
    patrol = blank(visit).send("Save", **TYPED, people="３００")
    assert patrol.has("300 people")


def test_nobody_left_there_is_a_finding_too(visit):
    assert blank(visit).send("Save", **TYPED, people="0").has("0 people")


def test_a_night_patrol_asks_for_the_day(visit):
    start = now().replace(hour=15, minute=0) - timedelta(days=1)  # 23:00 of yesterday
    patrol_id = a_patrol(state=PatrolState.SENT, started_at=start, ended_at=start + timedelta(hours=2))
    form = blank(visit, patrol_id)
    form.send("Save", status=422, **TYPED, day="2026-11-23", at="23:30")
    form.send("Save", **TYPED, day="2026-11-22", at="23:30")
    form = blank(visit, patrol_id)
    form.send("Save", **TYPED, day="2026-11-23", at="00:30")


def test_only_what_the_order_names(visit):
    form = blank(visit, a_patrol(kinds=["no_mask"]))
    assert form.tree.xpath("//input[@name='kind']/@value") == ["no_mask", "other"]
    form.send("Save", status=422, kind="gathering", place="棋牌室")


def test_without_an_order_nothing_is_recorded(visit):
    patrol_id = a_patrol()
    with everywhere(because="the test lets the patrol begin before the order"):
        patrol = db.session.get_one(Patrol, patrol_id)
        patrol.started_at = now() - timedelta(days=30)
        db.session.commit()
    page = visit("findings.new", as_=qian, patrol_id=patrol_id, status=409)
    assert page.has("There is no order in force")


@pytest.mark.parametrize("attack", ATTACKS)
def test_markup_stays_text_everywhere(attack, desk, visit):
    patrol_id = a_patrol()
    blank(visit, patrol_id).send("Save", kind="other", kind_note=attack, place=attack, facts=attack)
    visit("findings.record_again", as_=qian, finding_id=1).send("Record", words=attack)
    visit("findings.name_person", as_=qian, finding_id=1).send(
        "Name a person", name=attack, note=attack, address=attack
    )
    visit("findings.give_notice", as_=zhao, finding_id=1).send(
        "Give written notice", facts=attack, basis=attack, asks=attack
    )
    visit("findings.refer", as_=wang, finding_id=1).send(
        "Refer to the police", station=attack, facts=attack, basis=attack, evidence=attack
    )
    pages = [
        visit("findings.show", as_=wang, finding_id=1),
        visit("findings.index", as_=wang, show="all"),
        visit("patrols.show", as_=wang, patrol_id=patrol_id),
        visit("findings.receive", as_=wang, finding_id=1),
    ]
    screen = "/findings/1/referral?as=page"
    pages.append(desk.post(screen, as_=wang, data={"words": "核对"}, status=200))
    pages.append(desk.post("/findings/1/notice?as=page", as_=zhao, status=200))
    for page in pages:
        assert not page.tree.xpath("//main//script|//main//img|//*[@onerror]|//main//*[@hx-post]")
        assert not page.tree.xpath("//*[@hx-trigger]")


def test_one_word_of_a_thousand_characters_prints(desk, visit):
    blank(visit).send("Save", **TYPED, facts="X" * 1000)
    visit("findings.record_again", as_=qian, finding_id=1).send("Record")
    visit("findings.give_notice", as_=zhao, finding_id=1).send("Give written notice", basis="Y" * 2000)
    made = visit("findings.print_notice", as_=zhao, finding_id=1).send("Make the PDF", status=200)
    assert made.mimetype == "application/pdf"


def test_nobody_is_named_at_the_first_step(app, visit, post):
    finding_id = a_finding()
    visit("findings.name_person", as_=qian, finding_id=finding_id, status=409)
    page = post(f"/findings/{finding_id}/persons/new", as_=qian, data={"name": "演示·某"}, status=409)
    assert page.has("Nobody is named at the first step")
    with acting_as(qian), pytest.raises(Refused):
        findings_persons.name_person(the(finding_id), Named(name="演示·某"))


@pytest.mark.parametrize("state", [FindingState.RECEIVED, FindingState.SETTLED])
def test_nobody_is_named_after_the_signature(state, visit):
    visit("findings.name_person", as_=qian, finding_id=a_finding(state), status=409)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({}, "Enter the name, or tick that it was refused"),
        ({"refused": "y"}, "Describe the person"),
        ({"refused": "y", "note": "红上衣", "name": "演示·某"}, "Leave the name empty"),
        ({"name": "演示·某", "document": "411722185802010011"}, "A digit is wrong"),
        ({"name": "演示·某", "phone": "12345"}, "Enter a mobile number"),
        ({"name": "演示·某", "note": "电话15400000001"}, "leave identity and phone numbers out"),
    ],
    ids=str,
)
def test_a_person_who_cannot_be_written_down_so(typed, says, visit):
    form = visit("findings.name_person", as_=qian, finding_id=a_finding(FindingState.RECORDED))
    assert form.send("Name a person", status=422, **typed).has(says)


def test_a_neighbour_elsewhere_is_a_stranger_to_the_registry(app):
    document = synthetic_id("411722", 91)
    resident(household("建设路社区一组一格"), name="演示·远邻", document=document)
    person_id = named(a_finding(FindingState.RECORDED), name="演示·来客", document=document)
    with everywhere(because="the test looks"):
        person = db.session.get_one(FindingPerson, person_id)
        assert person.resident_id is None
        assert person.name == "演示·来客"


def test_a_phone_in_the_family_names_nobody_but_its_owner(app):
    home = household()
    wife = resident(home, name="演示·李四", phone="15400000042")
    resident(home, name="演示·张三", phone="15400000042")
    finding_id = a_finding(FindingState.RECORDED)
    known = named(finding_id, name="演示·李四", phone="15400000042")
    unknown = named(finding_id, note="红上衣", phone="15400000042")
    with everywhere(because="the test looks"):
        assert db.session.get_one(FindingPerson, known).resident_id == wife.id
        assert db.session.get_one(FindingPerson, unknown).resident_id is None


def test_who_gets_a_sheet_first(app, visit):
    """Two give notice at once: one number, and the second is told who was first."""
    finding_id = a_finding(FindingState.RECORDED)
    form = visit("findings.give_notice", as_=zhao, finding_id=finding_id)
    with acting_as(wang):
        findings_service.give_notice(the(finding_id), NOTICE)
    late = form.send("Give written notice", status=409)
    assert late.has("the state is now")
    another = a_finding(FindingState.NOTICED)
    with everywhere(because="the test looks"):
        assert the(another).notice_number == "豫苑巡告〔2026〕2号"


def test_the_order_of_kinds_is_checked_by_the_service(app):
    patrol_id = a_patrol()
    with acting_as(qian):
        findings_service.find(
            db.session.get_one(Patrol, patrol_id), found(kind=FindingKind.OTHER, kind_note="堆物")
        )
    with everywhere(because="the test looks"):
        assert the(1).kind_note == "堆物"


def test_patrols_of_others_take_no_findings(visit):
    patrol_id = a_patrol()
    visit("findings.new", as_=wu, patrol_id=patrol_id, status=404)
    visit("findings.new", as_=wang, patrol_id=patrol_id)
    visit("findings.new", as_=li, patrol_id=patrol_id)
    visit("/findings/new", as_=qian, status=404)
    visit("/findings/new?patrol_id=x", as_=qian, status=404)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("3号院2号楼东门", "3 号院，2栋 东门"),
        ("3号院", "３号大院"),
        ("3号院02号楼", "3号院2幢"),
        ("a座门口", "A座门口"),
        ("棋牌室（东门）", "棋牌室 东门"),
    ],
)
def test_one_place_written_in_two_ways(one, other):
    assert place_key(one) == place_key(other)


@pytest.mark.parametrize(
    ("one", "other"), [("3号院2号楼", "3号院12号楼"), ("东门", "西门"), ("13号院", "3号院")]
)
def test_two_places(one, other):
    assert place_key(one) != place_key(other)


def test_a_place_of_marks_alone_keeps_them():
    assert place_key("——") == "——"


@pytest.mark.parametrize(
    "text", ["154-0000-0001", "１５４００００００１１", "41172218580201001x", "411722580201001"]
)
def test_numbers_of_people(text):
    assert names_by_number(f"有人{text}在此")


@pytest.mark.parametrize(
    "text", ["300人，2026年11月23日09时10分", "豫苑巡告〔2026〕1号", "110、120", "0396-6921234"]
)
def test_other_numbers(text):
    assert not names_by_number(text)
