"""What people get wrong or try, and what the pages say to it."""

from datetime import timedelta

import pytest
import time_machine

from portal.clock import now, today
from portal.database import db
from portal.notices import blanks, rules
from portal.notices.kinds import NoticeKind
from portal.notices.text import numbering_problems, parse
from portal.orders.models import Order
from portal.units.models import Unit
from tests.factories import order_in_force
from tests.notices.conftest import BODY, acting_as, row, written
from tests.passes.conftest import measures
from tests.people import an, li, qian, unit, wang

pytestmark = pytest.mark.any_database

MARKUP = '<img src=x onerror=alert(1)><b hx-get="/sign-out" hx-trigger="load">'
FORM = {"kind": "announcement"}


@pytest.mark.parametrize(
    ("title", "sentence"),
    [
        ("关于封闭管理的公告", "write 通告 instead"),
        ("关于封闭管理", "The title of this kind ends in “通告”"),
        ("关于封闭管理的通知", "The title of this kind ends in “通告”"),
        ("关" * 119 + "通告", "use 120 characters or fewer"),
        ("", "Enter the title"),
    ],
)
def test_titles(title, sentence, visit):
    page = visit("notices.new", as_=wang, **FORM).send("Save the draft", status=422, title=title, body=BODY)
    assert page.has(sentence)


def test_a_title_of_four_lines(visit):
    title = "关于" + "加强居民小区和自然街巷封闭管理" * 7 + "的通告"
    saved = visit("notices.new", as_=wang, **FORM).send("Save the draft", title=title, body=BODY)
    assert saved.heading == title
    preview = visit(f"{saved.url}/preview?as=page", as_=wang, limit=8_000)
    assert len(preview.tree.xpath("//h2[contains(@class, 'title')]/br")) >= 3


def test_a_body_of_fifty_pages_and_one_word_too_many(make, visit):
    page = "\n".join(f"（{'一二三四五六七八九'[n % 9]}）{'防控' * 300}。" for n in range(95))
    assert len(page) <= rules.LONGEST_BODY
    notice_id = make("submitted", body=page)
    shown = visit("notices.show", as_=li, notice_id=notice_id)
    assert shown.has("Read the whole text")
    form = visit("notices.edit", as_=wang, notice_id=make("draft"))
    too_long = form.send("Save the draft", status=422, body="长" * (rules.LONGEST_BODY + 1))
    assert too_long.has("use 60000 characters or fewer")


def test_a_word_of_two_thousand_characters(make, visit):
    notice_id = make("draft", body="A" * 2_000)
    visit("notices.show", as_=wang, notice_id=notice_id)
    pdf = visit("notices.show", as_=wang, notice_id=notice_id).browser.client(wang)
    assert pdf.get(f"/notices/{notice_id}/preview?as=pdf").mimetype == "application/pdf"


def test_markup_in_every_field_is_text(visit):
    form = visit("notices.new", as_=wang, kind="letter")
    saved = form.send(
        "Save the draft", title=MARKUP, addressees=MARKUP, body=f"一、{MARKUP}\n- {MARKUP}\n{MARKUP} | b"
    )
    terms = visit(f"{saved.url}/arrange", as_=wang)
    terms.send("Save the draft", contact=MARKUP, signers=MARKUP)
    for page in (saved.url, f"{saved.url}/edit", f"{saved.url}/submit", f"{saved.url}/preview?as=page"):
        source = visit(page, as_=wang, limit=8_000).source
        assert "<img src=x" not in source, page
        assert "<b hx-get" not in source, page
    visit(f"{saved.url}/submit", as_=wang)


def test_what_the_portal_knows_is_filled_in_and_the_rest_is_asked_for(make, visit, post):
    notice_id = make("draft", body=f"{BODY}\n自〔请填写：解除时间〕起解除，地点〔请填写：采样点位〕。")
    assert visit("notices.submit", as_=wang, notice_id=notice_id).has(
        "Fill in first, or take out: 解除时间, 采样点位"
    )
    post("notices.submit", as_=wang, notice_id=notice_id, status=409)


def test_a_draft_without_its_parts_is_warned_about(make, visit, post):
    notice_id = make("draft", body="请大家注意。\n三、不聚集。")
    page = visit("notices.submit", as_=wang, notice_id=notice_id)
    for part in ("Legal basis", "From when", "Until when", "Telephone number"):
        assert page.has(f"This part seems to be missing: {part}"), part
    assert page.has("The headings are miscounted at “三、不聚集”") or page.has(
        "The headings are miscounted at “三、"
    )
    post("notices.submit", as_=wang, notice_id=notice_id)


def test_an_order_that_has_ended_is_no_basis(make, visit):
    order_id = order_in_force(number="豫防指〔2026〕9号", ended_at=now() + timedelta(hours=1)).id
    notice_id = make("draft", order_id=order_id)
    said = "The order that it rests on has ended: 豫防指〔2026〕9号"
    assert not visit("notices.submit", as_=wang, notice_id=notice_id).has(said)
    with time_machine.travel(now() + timedelta(hours=2)):
        assert visit("notices.submit", as_=li, notice_id=notice_id).has(said)


def test_a_circular_needs_addressees(make, visit):
    notice_id = make("draft", kind=NoticeKind.CIRCULAR, title="关于值班的通知")
    assert visit("notices.submit", as_=wang, notice_id=notice_id).has(
        "A circular says whom it is addressed to"
    )


@pytest.mark.parametrize("state", ["submitted", "approved", "published"])
def test_only_drafts_are_changed(state, make, post, visit):
    notice_id = make(state)
    for page in ("edit", "arrange"):
        visit(f"notices.{page}", as_=wang, notice_id=notice_id, status=409)
        post(f"notices.{page}", as_=wang, notice_id=notice_id, status=409, data={"title": "x", "body": "y"})
    assert row(notice_id).body == BODY


def test_whom_it_is_for_is_chosen_among_what_lies_below(make, post):
    notice_id = make("draft")
    data = {"audience": str(unit("建设路社区").id), "sealing": "own"}
    post("notices.arrange", as_=wang, notice_id=notice_id, data=data, status=422)
    assert row(notice_id).audience == []


def test_an_order_of_others_cannot_be_named(app, visit):
    elsewhere = order_in_force("建设路社区")
    form = visit("notices.new", as_=wang, **FORM)
    form.send("Save the draft", status=422, title="关于演示的通告", body=BODY, order_id=str(elsewhere.id))


def test_field_people_and_the_auditor_read_and_write_nothing(make, visit, post):
    notice_id = make()
    for person in (qian, an):
        assert visit("notices.show", as_=person, notice_id=notice_id).has("Published")
        assert "Write a notice" not in visit("notices.index", as_=person).text
        for step in ("edit", "submit", "publish", "withdraw", "replace", "approve"):
            post(f"notices.{step}", as_=person, notice_id=notice_id, status=403)
    visit("notices.print_one", as_=an, notice_id=notice_id)


def test_every_template_fills_its_blanks_and_is_a_proper_notice(app):
    order = order_in_force(title="关于实行封闭管理的通告", measures=measures())
    with acting_as(app, wang):
        here = db.session.get_one(Unit, unit("豫苑社区").id)
        known = blanks.what_is_known(here, db.session.get_one(Order, order.id), "0396-0123456", today())
        for template in blanks.TEMPLATES:
            begins = blanks.begin(template.kind, template.code, known)
            text = f"{begins.title}{begins.addressees}{begins.body}"
            assert "{" not in text, template.code
            assert not {"指令名称", "法律依据", "热线", "单位"} & set(rules.left_to_fill_in(text)), (
                template.code
            )
            assert not rules.title_problem(template.kind, begins.title), template.code
            missing = [
                str(part.label) for part in rules.parts(template.kind, begins.body, "") if not part.present
            ]
            assert not missing, f"{template.code}: {missing}"
            assert not numbering_problems(parse(begins.body)), template.code
            assert "《中华人民共和国" not in (blanks.DATA / f"{template.code}.txt").read_text(
                encoding="utf-8"
            )


def test_without_an_order_its_blanks_stay_to_be_filled_in(app, visit):
    form = visit("notices.new", as_=wang, kind="announcement", template="closure")
    assert "〔请填写：法律依据〕" in form.tree.xpath("string(//textarea[@name='body'])")


def test_a_template_of_another_kind_or_none_begins_empty(visit):
    for template in ("letter", "../models", "x"):
        form = visit("notices.new", as_=wang, kind="announcement", template=template)
        assert not form.tree.xpath("string(//textarea[@name='body'])").strip()


def test_the_list_goes_on_by_pages(app, visit):
    for number in range(23):
        written(app, title=f"关于演示第{number}件的通告")
    first = visit("notices.index", as_=wang, show="drafts")
    older = next(link for link in first.links() if "before=" in link)
    assert first.has("关于演示第22件的通告")
    assert visit(older, as_=wang).has("关于演示第0件的通告")
