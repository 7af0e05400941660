"""One notice from its template to the wall and down again, as people see it."""

import pytest
from sqlalchemy import select

from portal.access.acting import Level
from portal.access.scope import everywhere
from portal.audit.models import AuditEntry
from portal.database import db
from portal.notices.kinds import NoticeKind, NoticeState
from portal.notices.models import Notice
from portal.notices.service import Terms, publish
from portal.units.models import Unit
from tests.factories import order_in_force
from tests.notices.conftest import BODY, acting_as, letterhead, row, written
from tests.passes.conftest import measures
from tests.people import an, li, qian, sun, unit, wang, wu, zhao


def test_a_notice_from_the_template_to_its_end(app, visit):
    order_in_force(title="关于实行封闭管理的通告", measures=measures())
    saved = visit("notices.letterhead", as_=wang).send(
        "Save", code="豫苑社", phone="0396-0123456", last_on_paper="6"
    )
    assert saved.has("Last number given out this year: 6")

    choosing = visit("notices.new", as_=wang)
    assert choosing.has("Closed management begins")
    form = visit("notices.new", as_=wang, kind="announcement", template="closure")
    body = form.tree.xpath("string(//textarea[@name='body'])")
    assert "《中华人民共和国传染病防治法》" in body, "the legal basis comes from the order"
    assert "每户每2天1人1次" in body, "and so does the rule of passes"
    assert "重阳街道豫苑社区" in body
    assert "0396-0123456" in body
    draft = form.send("Save the draft")
    assert draft.has("Draft")
    assert draft.has("For whom豫苑社区")

    sent = visit(f"{draft.url}/submit", as_=wang).send("Send for approval")
    assert sent.has("Waits for approval")
    assert "Approve" not in sent.buttons()
    assert sent.has("somebody else has to approve it")
    assert visit("today.index", as_=li).has("Notices to approve")
    assert not visit("today.index", as_=wang).has("Notices to approve")

    assert visit(draft.url, as_=li).send("Approve").has("Approved")
    assert visit("today.index", as_=wang).has("Notices to publish")
    published = visit(draft.url, as_=wang).send("Publish")
    assert published.has("Published 豫苑社〔2026〕7号")
    assert "/notices/public/1" in published.links()

    listed = visit("notices.index", as_=qian)
    assert listed.has("豫苑社〔2026〕7号")
    assert "/notices/public" in listed.links()
    paper = visit(f"{draft.url}/print", as_=qian)
    response = paper.send("Make the PDF", status=200)
    assert response.mimetype == "application/pdf"
    assert visit(f"{draft.url}/print?as=page", as_=qian, limit=8_000).has("豫苑社〔2026〕7号")

    reason = visit(f"{draft.url}/withdraw", as_=wang)
    reason.send("Withdraw", status=422)
    assert reason.send("Withdraw", reason="疫情形势变化").has("疫情形势变化")
    assert visit(f"{draft.url}/print?as=page", as_=qian, limit=8_000).has("2026年11月23日已撤回")
    assert trail() == ["letterhead", "draft", "submit", "approve", "publish", "number", "print", "withdraw"]


def test_returned_with_a_reason_changed_and_sent_again(make, visit):
    notice_id = make("approved")
    visit("notices.return_", as_=li, notice_id=notice_id).send("Return", reason="请写明解除条件")
    assert visit("today.index", as_=wang).has("Notices returned to you")
    assert visit("notices.index", as_=wang, show="returned").has("Returned")
    mending = visit("notices.edit", as_=wang, notice_id=notice_id)
    assert mending.has("请写明解除条件")
    mending.send("Save the draft", body=BODY + "\n解除条件另行通告。")
    notice = row(notice_id)
    assert (notice.state, notice.version, notice.approved_by_id) == (NoticeState.DRAFT, 2, None)
    sent = visit("notices.submit", as_=wang, notice_id=notice_id).send("Send for approval")
    assert "Publish" not in sent.buttons(), "what was changed is approved anew"
    assert row(notice_id).returned_because == ""


def test_replaced_by_another_one(make, visit, post):
    old_id = make()
    draft = visit("notices.show", as_=wang, notice_id=old_id).send("Replace…")
    assert draft.tree.xpath("string(//textarea[@name='body'])").strip() == BODY.strip(), (
        "it begins with the old text"
    )
    kept = draft.send("Save the draft", body=BODY.replace("12月7日", "12月14日"))
    assert post("notices.replace", as_=wang, notice_id=old_id).url == f"{kept.url}/edit", (
        "there is one already"
    )

    compared = visit(f"{kept.url}/versions?replaced=1", as_=wang)
    assert [one.text_content() for one in compared.tree.xpath("//del")] == ["[deleted: 7]"]
    assert [one.text_content() for one in compared.tree.xpath("//ins")] == ["[inserted: 14]"]
    assert compared.has("Changed paragraph")

    visit(f"{kept.url}/submit", as_=wang).send("Send for approval")
    visit(kept.url, as_=li).send("Approve")
    assert row(old_id).state is NoticeState.PUBLISHED, "the old one is in force until the new one is"
    visit(kept.url, as_=wang).send("Publish")
    old = row(old_id)
    assert (old.state, old.ended_at is not None) == (NoticeState.REPLACED, True)
    assert visit("notices.show", as_=qian, notice_id=old_id).has("Replaced by: 豫苑社〔2026〕2号")
    assert visit("notices.index", as_=qian, show="ended").has("豫苑社〔2026〕1号")


def test_a_withdrawn_notice_is_not_revived_by_its_replacement(make, visit, post):
    old_id = make()
    draft = visit("notices.show", as_=wang, notice_id=old_id).send("Replace…").send("Save the draft")
    post("notices.withdraw", as_=wang, notice_id=old_id, data={"reason": "另有规定"})
    visit(f"{draft.url}/submit", as_=wang).send("Send for approval")
    visit(draft.url, as_=li).send("Approve")
    visit(draft.url, as_=wang).send("Publish")
    assert row(old_id).state is NoticeState.WITHDRAWN
    post("notices.replace", as_=wang, notice_id=old_id, status=409)


def test_audience_and_paper(make, visit):
    notice_id = make("draft")
    form = visit("notices.arrange", as_=wang, notice_id=notice_id)
    group = form.tree.xpath("string(//input[@name='audience']/@value)")
    values = {
        "audience": group,
        "signers": "豫苑社区居委会\n\n豫苑社区党支部 ",
        "sealing": "borrowed",
        "is_public": None,
    }
    page = form.send("Save the draft", note="此件张贴", copies_to="重阳街道办事处", **values)
    assert page.has("For whom豫苑社区三组")
    assert page.has("Public pageno")
    assert page.has("Borrowed seal")
    notice = row(notice_id)
    assert notice.signers == "豫苑社区居委会\n豫苑社区党支部"
    assert notice.version == 1, "the text is as it was"
    paper = visit(f"/notices/{notice_id}/preview?as=page", as_=wang, limit=8_000)
    for words in ("草稿", "豫苑社区党支部（借章）", "抄送：重阳街道办事处", "（此件张贴）"):
        assert paper.has(words), words


@pytest.mark.parametrize("language", ["zh_Hans", "en"])
@pytest.mark.parametrize("kind", list(NoticeKind))
def test_every_kind_can_be_written_and_previewed(kind, language, app, visit):
    order_in_force(measures=measures())
    notice_id = written(
        app, kind=kind, title=f"关于演示的{'通知' if kind is NoticeKind.CIRCULAR else '通告'}"
    )
    visit("notices.new", as_=wang, kind=kind.value, language=language)
    for page in ("show", "edit", "arrange", "submit", "versions"):
        visit(f"notices.{page}", as_=wang, notice_id=notice_id, language=language)
    visit(f"/notices/{notice_id}/preview?as=page", as_=wang, language=language, limit=8_000)


@pytest.mark.parametrize(("kind", "is_public"), [("letter", "yes"), ("information", "no")])
def test_what_is_meant_for_single_persons_is_not_public_by_itself(kind, is_public, app, visit):
    order_in_force(measures=measures())
    form = visit(
        "notices.new", as_=wang, kind=kind, template="letter" if kind == "letter" else "home_isolation"
    )
    assert form.send("Save the draft").has(f"Public page{is_public}")


def test_a_draft_is_seen_by_those_who_write_there_and_nobody_else(app, make, visit):
    mine, of_the_street = make("approved"), written(app, li)
    for person in (wang, li):
        assert visit("notices.show", as_=person, notice_id=mine).has("Approved")
    for person in (zhao, qian, an, sun, wu):
        visit("notices.show", as_=person, notice_id=mine, status=404)
        assert not visit("notices.index", as_=person).has("关于实行封闭管理")
    visit("notices.show", as_=wang, notice_id=of_the_street, status=404)
    visit("notices.edit", as_=wang, notice_id=of_the_street, status=404)
    assert not visit("notices.index", as_=wang, show="drafts").has("重阳街道")


def test_what_the_street_publishes_is_read_below_and_changed_by_nobody_there(app, visit, post):
    letterhead("重阳街道")
    notice_id = written(app, li, kind=NoticeKind.REMINDER)
    post("notices.submit", as_=li, notice_id=notice_id)
    with everywhere(because="the test has no second person in the street's office"):
        db.session.get_one(Notice, notice_id).state = NoticeState.APPROVED
        db.session.commit()
    with acting_as(app, li):
        publish(db.session.get_one(Notice, notice_id))
    for person in (wang, qian, wu):
        page = visit("notices.show", as_=person, notice_id=notice_id)
        assert page.has("Published")
        assert not page.has("Steps so far")
    post("notices.withdraw", as_=wang, notice_id=notice_id, data={"reason": "x"}, status=403)
    visit("notices.versions", as_=wang, notice_id=notice_id, status=403)


def test_what_is_for_some_is_listed_for_them(make, visit):
    make(title="关于三组值班的通告", terms=Terms(audience=(unit("豫苑社区三组").id,)))
    assert visit("notices.index", as_=qian).has("关于三组值班的通告")
    with everywhere(because="the test adds a group"):
        other = Unit(name="五组", full_name="豫苑社区五组", level=Level.GROUP, parent_id=unit("豫苑社区").id)
        db.session.add(other)
        db.session.commit()
        other_id = other.id
    elsewhere = make(title="关于五组值班的通告", terms=Terms(audience=(other_id,)))
    for person in (wang, li):
        assert visit("notices.index", as_=person, show="published").has("关于五组值班的通告")
    assert not visit("notices.index", as_=qian).has("关于五组值班的通告")
    assert visit("notices.show", as_=qian, notice_id=elsewhere).has("For whomother units")


def test_two_who_change_one_draft(make, visit):
    notice_id = make("draft")
    first, second = (visit("notices.edit", as_=person, notice_id=notice_id) for person in (wang, li))
    first.send("Save the draft", body=f"{BODY}\n甲")
    told = second.send("Save the draft", status=422, body=f"{BODY}\n乙")
    assert told.has("Somebody changed this text meanwhile")
    assert "乙" in told.tree.xpath("string(//textarea[@name='body'])")
    told.send("Save the draft")
    assert row(notice_id).body.endswith("乙")
    assert visit("notices.versions", as_=wang, notice_id=notice_id).has("[inserted: 乙]")


def test_the_one_who_changed_it_last_does_not_approve(make, visit, post):
    notice_id = make("draft")
    visit("notices.edit", as_=li, notice_id=notice_id).send("Save the draft", body=f"{BODY}\n附则。")
    post("notices.submit", as_=wang, notice_id=notice_id)
    assert post("notices.approve", as_=li, notice_id=notice_id, status=409).has(
        "somebody else has to approve it"
    )
    assert post("notices.approve", as_=wang, notice_id=notice_id, status=409).has(
        "somebody else has to approve it"
    )


def test_what_was_changed_after_it_was_read_is_not_approved(make, visit):
    notice_id = make("submitted")
    read = visit("notices.show", as_=li, notice_id=notice_id)
    visit("notices.return_", as_=wang, notice_id=notice_id).send("Return", reason="补充内容")
    visit("notices.edit", as_=wang, notice_id=notice_id).send("Save the draft", body=f"{BODY}\n附则。")
    visit("notices.submit", as_=wang, notice_id=notice_id).send("Send for approval")
    assert read.send("Approve", status=409).has("The text was changed meanwhile")
    assert row(notice_id).state is NoticeState.SUBMITTED


def trail() -> list[str]:
    with everywhere(because="the test looks"):
        actions = db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    return [action.removeprefix("notice.") for action in actions if action.startswith("notice.")]
