"""No personal data gets into a notice."""

import pytest

from portal.database import db
from portal.notices import service
from portal.notices.models import Notice
from portal.notices.personal import names_in, numbers_in
from portal.registry.identifiers import synthetic_id
from portal.units.models import Unit
from portal.web.errors import Refused
from tests.factories import household, resident
from tests.notices.conftest import BODY, acting_as, letterhead, row
from tests.people import li, unit, wang

pytestmark = pytest.mark.any_database

ID = synthetic_id("411722", 7)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        (f"身份证{ID}。", "an identity number"),
        ("４１１７２２１９９００３０７００１Ｘ", "an identity number"),
        ("4 1 1 7 2 2 1 9 9 0 0 3 0 7 0 0 1 8", "an identity number"),
        ("411722-19900307-001X", "an identity number"),
        ("411722 900307 001", "an identity number"),
        ("411722900307001", "an identity number"),
        ("6222020200112233445", "a card or account number"),
        ("6222 0202 0011 2233 445", "a card or account number"),
        ("电话15400001234", "somebody's mobile number"),
        ("154 0000 1234", "somebody's mobile number"),
        ("154-0000-1234", "somebody's mobile number"),
        ("１５４００００１２３４", "somebody's mobile number"),
        ("1 5 4 0 0 0 0 1 2 3 4", "somebody's mobile number"),
        ("+86 15400001234", "somebody's mobile number"),
    ],
)
def test_numbers_of_people_are_found(app, text, label):
    with app.test_request_context(headers={"Cookie": "language=en"}):
        found = numbers_in(f"请联系{text}，谢谢")
        assert label in [str(one.label) for one in found]
        assert all(len(one.ends) <= 5 for one in found), "the number itself is told to nobody"


@pytest.mark.parametrize(
    "text",
    [
        "咨询电话：0396-6921234、0396-6921235",
        "电话 0396-6921234 0396-6921235 0396-6921236",
        "自2026年11月23日8时起至2026年12月7日24时止",
        "重街办〔2026〕15号，豫疫指〔2020〕100号",
        "区划代码411722003001",
        "2026-11-23 08:00 至 2026-12-07 24:00",
        "120 | 110 | 12345 | 12320",
        "1. 13 户 2. 14 户 3. 15 户 4. 16 户",
        "体温37.3℃，消毒液500mg/L，1000户2860人",
    ],
)
def test_what_is_no_number_of_a_person_may_stand(app, text):
    with app.test_request_context():
        assert numbers_in(text) == []


def test_a_published_phone_may_stand(app):
    with app.test_request_context():
        assert numbers_in("值班电话154-0000-1234", {"15400001234"}) == []
        assert numbers_in("值班电话15400001235", {"15400001234"})


def test_names():
    names = ["演示·张小明", "演示·王 芳", "李", "阿依古丽·买买提", "和平"]
    text = "请张小明、王　芳到场。李。阿依古丽·买买提来访。\n共建和平社区，张\n小明"
    assert names_in(text, names) == ["张小明", "王芳", "阿依古丽·买买提", "和平"]
    assert names_in("张\n小明", names) == [], "a name does not run over two lines"
    assert names_in("演示·张小明", names) == ["张小明"]


@pytest.mark.parametrize("field", ["title", "body", "attachments", "addressees"])
def test_a_number_stops_the_notice_wherever_it_stands(field, make, visit, post):
    letterhead()
    notice_id = make("draft", **{field: f"关于{ID}的通告"})
    assert visit("notices.submit", as_=wang, notice_id=notice_id, unmasked=True).has(
        f"There is an identity number in it ({ID[:2]}…{ID[-2:]})"
    )
    assert post("notices.submit", as_=wang, notice_id=notice_id, status=409).has("take it out")
    assert row(notice_id).state == "draft"


def test_a_published_duty_phone_passes_and_anothers_does_not(app, make):
    notice_id = make("draft", body=f"{BODY}\n值班手机15400004321。")
    with acting_as(app, wang):
        with pytest.raises(Refused, match="15…21"):
            service.submit(db.session.get_one(Notice, notice_id))
        db.session.get_one(Unit, unit("豫苑社区三组").id).duty_phone = "154 0000 4321"
        service.submit(db.session.get_one(Notice, notice_id))
    assert row(notice_id).state == "submitted"


def test_names_of_residents_are_confirmed_by_the_sender_and_seen_by_the_approver(make, visit, post):
    home = household()
    resident(home, name="演示·和平")
    resident(home, name="演示·张小明")
    notice_id = make("draft", body=f"{BODY}\n请和平小区的住户注意。")
    form = visit("notices.submit", as_=wang, notice_id=notice_id)
    assert form.has("和平")
    assert "张小明" not in form.text
    form.send("Send for approval", status=422)
    form.send("Send for approval", not_names="和平")
    assert visit("notices.show", as_=li, notice_id=notice_id).has("says whoever sent the notice: 和平")
    post("notices.approve", as_=li, notice_id=notice_id, data={"version": 1})
    post("notices.publish", as_=wang, notice_id=notice_id)


def test_who_moved_in_meanwhile_is_asked_about_before_it_is_published(make, post):
    notice_id = make("approved", body=f"{BODY}\n请和平小区的住户注意。")
    resident(household(), name="演示·和平")
    refused = post("notices.publish", as_=wang, notice_id=notice_id, status=409)
    assert refused.has("Residents are called like this: 和平")
    assert row(notice_id).serial is None


def test_a_stranger_of_that_name_does_not_matter(make, post):
    resident(household("建设路社区一组一格"), name="演示·和平")
    notice_id = make("draft", body=f"{BODY}\n请和平小区的住户注意。")
    post("notices.submit", as_=wang, notice_id=notice_id)


def test_a_reason_that_would_be_shown_holds_no_number_either(make, post):
    notice_id = make()
    post("notices.withdraw", as_=wang, notice_id=notice_id, data={"reason": f"涉及{ID}"}, status=409)
