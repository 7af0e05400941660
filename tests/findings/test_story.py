"""A finding from the street to the police station, as people see it."""

import pytest
from sqlalchemy import select

from portal.access.scope import everywhere
from portal.audit.models import AuditEntry
from portal.clock import now
from portal.database import db
from portal.patrols.findings.kinds import FindingState
from portal.patrols.kinds import PatrolState
from portal.patrols.models import Patrol
from portal.registry.identifiers import synthetic_id
from tests.factories import household, resident
from tests.findings.world import a_finding, a_patrol, named
from tests.people import an, li, qian, sun, wang, wu, zhao
from tests.printing.paper import texts

DOCUMENT = synthetic_id("411722", 77)
STRANGER = synthetic_id("411722", 78)
PHONE = "15400009999"


def trail(action: str) -> list[AuditEntry]:
    with everywhere(because="the test looks"):
        return list(db.session.scalars(select(AuditEntry).where(AuditEntry.action == action)))


def paper(desk, person, url, **typed):
    """The PDF that the button makes: the text of each page."""
    form = desk.visit(url, as_=person, language="zh_Hans")
    made = form.send("生成 PDF" if "生成 PDF" in form.buttons() else "Make the PDF", status=200, **typed)
    assert made.mimetype == "application/pdf"
    assert made.headers["Cache-Control"] == "no-store"
    return texts(made.data)


def test_from_the_street_to_the_police_station(desk, visit):
    home = household()
    zhang = resident(home, name="演示·张三", document=DOCUMENT)
    patrol_id = a_patrol()

    blank = visit("findings.new", as_=qian, patrol_id=patrol_id)
    assert blank.has("nobody is named yet")
    assert blank.tree.xpath("//datalist/option[@value='棋牌室']")
    patrol = blank.send("Save", kind="gathering", place="棋牌室", at="09:10", people="4", facts="打牌。")
    assert patrol.has("Gathering (cards, meals, dancing, chatting)")
    assert patrol.has("Another finding")
    finding = visit("findings.show", as_=qian, finding_id=1)
    assert finding.has("Persuaded")
    assert not finding.has("Name a person")
    assert {"/findings/", f"/patrols/{patrol_id}"} <= set(finding.links())

    asked = visit("findings.record_again", as_=qian, finding_id=1)
    person = asked.send("Record and name a person…", words="又聚集。")
    shown = person.send("Name a person", document=DOCUMENT)
    assert shown.has("演示·张*")
    assert shown.has("in the registry")
    assert "张三" not in shown.source
    visit("findings.name_person", as_=qian, finding_id=1).send(
        "Name a person", name="演示·李过客", document=STRANGER, phone=PHONE, address="蔡沟乡"
    )
    refused = visit("findings.name_person", as_=qian, finding_id=1).send(
        "Name a person", refused="y", note="红上衣，五十岁上下"
    )
    assert refused.has("Refused to give a name")

    notice = visit("findings.give_notice", as_=zhao, finding_id=1)
    assert notice.has("2026年11月23日09时10分，巡逻人员在棋牌室发现聚集，4人。打牌。巡逻人员当场劝导。")
    assert notice.has("又聚集。")
    assert notice.has("《中华人民共和国传染病防治法》")
    given = notice.send("Give written notice", basis="《中华人民共和国传染病防治法》第十二条")
    assert given.has("豫苑巡告〔2026〕1号")
    sheets = paper(desk, zhao, "/findings/1/notice")
    assert len(sheets) == 3
    assert "演示·张三：" in sheets[0]
    assert "未提供姓名（红上衣，五十岁上下）" in sheets[2]
    assert all("第十二条" in sheet and "签收人" in sheet and "见证人" in sheet for sheet in sheets)
    assert all(DOCUMENT not in sheet and STRANGER not in sheet for sheet in sheets)

    referral = visit("findings.refer", as_=wang, finding_id=1)
    referred = referral.send("Refer to the police", station="重阳派出所", evidence="现场照片两张\n笔录一份")
    assert referred.has("豫苑巡移〔2026〕1号")
    assert referred.has("Waits for the police station's signature")
    visit("findings.print_referral_sheet", as_=wang, finding_id=1).send("Make the PDF", status=422)
    (sheet,) = paper(desk, wang, "/findings/1/referral", words="送派出所")
    for text in (DOCUMENT, STRANGER, PHONE, "演示·张三", "演示·李过客", "重阳派出所", "豫苑巡移〔2026〕1号"):
        assert text in sheet
    for text in ("再次劝导并登记", "豫苑巡告〔2026〕1号", "现场照片两张", "接收民警", "警号", "依法处理"):
        assert text in sheet
    assert trail("finding.print_referral")[-1].reason == "送派出所"
    with everywhere(because="the test looks"):
        seen = {entry.subject_id for entry in trail("registry.reveal")}
    assert seen == {zhang.id}

    receipt = visit("findings.receive", as_=wang, finding_id=1)
    received = receipt.send(
        "Record the receipt", receiver="演示·周警官", at="10:00", station_number="重派〔2026〕8号"
    )
    assert received.has("Received by the police")
    assert received.has("重派〔2026〕8号")
    settled = visit("findings.settle", as_=qian, finding_id=1).send(
        "Settle", common="Dealt with by the police"
    )
    assert settled.has("Dealt with by the police")
    assert [entry.action for entry in trail_of_finding()] == [
        "finding.find",
        "finding.record_again",
        *["finding.name_person"] * 3,
        "finding.give_notice",
        "finding.print_notice",
        "finding.refer",
        "finding.print_referral",
        "finding.receive",
        "finding.settle",
    ]


def trail_of_finding():
    with everywhere(because="the test looks"):
        of_findings = select(AuditEntry).where(AuditEntry.subject == "finding").order_by(AuditEntry.id)
        return list(db.session.scalars(of_findings))


def test_no_paper_threatens(desk):
    finding_id = a_finding(FindingState.REFERRED)
    pages = paper(desk, wang, f"/findings/{finding_id}/notice")
    pages += paper(desk, wang, f"/findings/{finding_id}/referral", words="存档")
    for word in ("处罚", "罚款", "拘留", "扣分", "积分"):
        assert all(word not in page for page in pages)
    assert "现场未登记姓名" in pages[-1]


def test_another_one_of_the_same_patrol(visit):
    patrol_id = a_patrol()
    first = visit("findings.new", as_=qian, patrol_id=patrol_id)
    again = first.send("Save and write another", kind="no_mask", place="棋牌室")
    assert again.heading == "New finding"
    assert again.has("The finding is saved.")
    patrol = again.send("Save", kind="other", kind_note="占道堆物", place="3号院东门")
    assert patrol.has("占道堆物")
    assert patrol.has("No mask")


def test_findings_are_added_to_a_patrol_handed_in_but_to_none_that_ended(visit):
    handed_in = a_patrol(state=PatrolState.SENT, ended_at=now())
    visit("findings.new", as_=qian, patrol_id=handed_in).send("Save", kind="no_mask", place="棋牌室")
    for state in (PatrolState.VOID, PatrolState.BROKEN_OFF, PatrolState.CORRECTED):
        visit("findings.new", as_=qian, patrol_id=a_patrol(state=state, ended_at=now()), status=409)


def test_what_happens_again_at_a_place_is_said(visit):
    patrol_id = a_patrol()
    first = a_finding(patrol_id=patrol_id, place="3号院2栋 东门")
    other = a_finding(patrol_id=patrol_id, place="4号院")
    second = a_finding(patrol_id=patrol_id, place="3 号院，2号楼东门")
    page = visit("findings.show", as_=wang, finding_id=second)
    assert page.has("Again at the same place")
    assert f"/findings/{first}" in page.links()
    assert f"/findings/{other}" not in page.links()
    assert visit("patrols.show", as_=wang, patrol_id=patrol_id).has("2 times in 14 days")
    listed = visit("findings.index", as_=wang, show="again")
    assert {f"/findings/{first}", f"/findings/{second}"} <= set(listed.links())
    assert f"/findings/{other}" not in listed.links()


def test_the_same_place_elsewhere_is_another_place(visit):
    a_finding(place="3号院")
    here = visit("findings.index", as_=li, show="again")
    assert here.has("Nothing here")


def test_today_says_what_must_be_done(desk, visit, time_passes):
    waits = a_finding(FindingState.REFERRED)
    noticed = a_finding(FindingState.NOTICED, place="4号院")
    assert not visit("today.index", as_=wang).has("Referral sheets without receipt")
    time_passes(hours=25)
    desk.clients.clear()  # the sign-ins of yesterday have lapsed
    a_finding(place="4 号院")
    today = visit("today.index", as_=wang)
    assert today.has("Referral sheets without receipt")
    assert today.has("Found again after a written notice")
    assert not visit("today.index", as_=qian).has("Referral sheets")
    listed = visit("findings.index", as_=wang)
    assert f"/findings/{waits}" in listed.links()
    assert f"/findings/{noticed}" in visit("findings.index", as_=wang, show="noticed").links()


def test_somebody_in_full_for_a_reason(visit):
    finding_id = a_finding(FindingState.RECORDED)
    person_id = named(finding_id, name="演示·李过客", document=STRANGER, phone=PHONE)
    asked = visit("findings.reveal", as_=qian, person_id=person_id)
    asked.send("Show in full", status=422)
    shown = asked.send("Show in full", status=200, why="other", other="核对")
    assert STRANGER in shown.text
    assert "no-store" in shown.response.headers["Cache-Control"]
    assert [entry.reason for entry in trail("finding.reveal")] == ["核对"]
    masked = visit("findings.show", as_=an, finding_id=finding_id)
    assert "李过客" not in masked.source
    assert not masked.has("Show in full")


def test_named_by_mistake(desk, visit):
    finding_id = a_finding(FindingState.NOTICED)
    person_id = named(finding_id, name="演示·李过客")
    named(finding_id, name="演示·王路人")
    page = visit("findings.strike_person", as_=zhao, person_id=person_id).send(
        "Strike the person out", common="Was not there"
    )
    assert page.has("Person struck out: Was not there")
    (sheet,) = paper(desk, zhao, f"/findings/{finding_id}/notice")
    assert "演示·王路人" in sheet
    assert "李过客" not in sheet


PAGES = (
    ("show", wang, FindingState.REFERRED),
    ("record_again", qian, FindingState.PERSUADED),
    ("name_person", qian, FindingState.RECORDED),
    ("give_notice", zhao, FindingState.RECORDED),
    ("refer", wang, FindingState.NOTICED),
    ("refer_at_once", wang, FindingState.PERSUADED),
    ("receive", wang, FindingState.REFERRED),
    ("settle", qian, FindingState.RECORDED),
    ("print_notice", zhao, FindingState.NOTICED),
    ("print_referral_sheet", wang, FindingState.REFERRED),
)


@pytest.mark.parametrize("language", ["zh_Hans", "en"])
@pytest.mark.parametrize(("endpoint", "person", "state"), PAGES, ids=str)
def test_every_page_in_both_languages_and_for_no_stranger(endpoint, person, state, language, visit):
    finding_id = a_finding(state)
    visit(f"findings.{endpoint}", as_=person, language=language, finding_id=finding_id)
    visit(f"findings.{endpoint}", as_=sun, finding_id=finding_id, status=404)


def test_who_told_nothing_is_not_offered_in_full(visit):
    finding_id = a_finding(FindingState.RECORDED)
    named(finding_id, name="", note="灰上衣")
    assert not visit("findings.show", as_=qian, finding_id=finding_id).has("Show in full")


@pytest.mark.parametrize("endpoint", ["reveal", "strike_person"])
def test_persons_in_both_languages_and_for_no_stranger(endpoint, visit):
    person_id = named(a_finding(FindingState.RECORDED), name="演示·李过客")
    for language in ("zh_Hans", "en"):
        visit(f"findings.{endpoint}", as_=qian, language=language, person_id=person_id)
    visit(f"findings.{endpoint}", as_=wu, person_id=person_id, status=404)


def test_every_filter_in_both_languages(visit):
    for state in FindingState:
        a_finding(state)
    for show in ("referred", "noticed", "recorded", "received", "persuaded", "again", "settled", "all"):
        for language in ("zh_Hans", "en"):
            assert visit("findings.index", as_=an, language=language, show=show).tree.xpath("//tbody/tr")


def test_twenty_a_page(visit):
    patrol_id = a_patrol()
    for number in range(23):
        a_finding(patrol_id=patrol_id, place=f"{number}号院")
    first = visit("findings.index", as_=wang, show="all")
    assert len(first.tree.xpath("//tbody/tr")) == 20
    older = visit(first.tree.xpath("string(//p[@class='older']/a/@href)"), as_=wang)
    assert len(older.tree.xpath("//tbody/tr")) == 3


def test_the_auditor_changes_nothing(visit, post):
    finding_id = a_finding()
    visit("findings.show", as_=an, finding_id=finding_id)
    post(f"/findings/{finding_id}/record-again", as_=an, status=403)
    visit("findings.new", as_=an, patrol_id=1, status=403)


def test_a_finding_of_a_patrol_that_was_struck_out_says_so(visit):
    patrol_id = a_patrol()
    finding_id = a_finding(patrol_id=patrol_id)
    with everywhere(because="the test strikes a patrol out"):
        db.session.get_one(Patrol, patrol_id).state = PatrolState.VOID
        db.session.commit()
    page = visit("findings.show", as_=qian, finding_id=finding_id)
    assert page.has("Patrol log: Struck out")
