"""机关代字〔2026〕n号: no gaps, no doubles, whoever publishes at the same second."""

import secrets
import threading
from collections import Counter
from typing import Any

import pytest
from sqlalchemy import select

from portal.access.scope import everywhere
from portal.database import db
from portal.notices.kinds import NoticeKind, NoticeState
from portal.notices.models import Notice
from portal.workflow import numbers
from tests.notices.conftest import BODY, letterhead, row, written
from tests.page import Browser
from tests.people import sun, wang

AT_ONCE = 12


def publish_at_once(app: Any, notice_ids: list[int]) -> Counter[int]:
    """The answers to the posts that publish them, sent in the same moment from many browsers."""
    browsers = [Browser(app) for _ in notice_ids]
    clients = [(browser.client(wang), browser.csrf_token(wang)) for browser in browsers]
    db.session.remove()
    start, answers = threading.Barrier(len(notice_ids)), Counter[int]()

    def click(client: Any, token: str, notice_id: int) -> None:
        start.wait()
        data = {"csrf_token": token, "once": secrets.token_urlsafe(16)}
        with app.app_context():
            answers[client.post(f"/notices/{notice_id}/publish", data=data).status_code] += 1

    threads = [
        threading.Thread(target=click, args=(*who, notice_id))
        for who, notice_id in zip(clients, notice_ids, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def given() -> list[int]:
    with everywhere(because="the test counts"):
        return sorted(db.session.scalars(select(Notice.serial).where(Notice.serial.is_not(None))))


@pytest.mark.slow
def test_of_many_published_in_one_second_each_gets_the_next_number(app, make):
    notice_ids = [make("approved") for _ in range(AT_ONCE)]
    assert publish_at_once(app, notice_ids) == {303: AT_ONCE}
    assert given() == list(range(1, AT_ONCE + 1))


@pytest.mark.slow
def test_of_many_who_publish_one_notice_one_wins_and_no_number_is_lost(app, make, post):
    notice_id, next_one = make("approved"), make("approved")
    assert publish_at_once(app, [notice_id] * AT_ONCE) == {303: 1, 409: AT_ONCE - 1}
    post("notices.publish", as_=wang, notice_id=next_one)
    assert given() == [1, 2]


def test_what_fails_gives_its_number_back(app, make, visit, post):
    old_id = make()
    draft = visit("notices.show", as_=wang, notice_id=old_id).send("Replace…")
    new_id = int(draft.url.split("/")[-2])
    with everywhere(because="the test lets somebody else replace it meanwhile"):
        db.session.get_one(Notice, old_id).state = NoticeState.REPLACED
        db.session.get_one(Notice, new_id).state = NoticeState.APPROVED
        db.session.commit()
    post("notices.publish", as_=wang, notice_id=new_id, status=409)
    assert row(new_id).state is NoticeState.APPROVED
    post("notices.publish", as_=wang, notice_id=make("approved"))
    assert given() == [1, 2]


def test_only_official_documents_are_numbered(make):
    assert row(make(kind=NoticeKind.REMINDER)).number == ""
    assert (
        row(make(kind=NoticeKind.CIRCULAR, title="关于演示的通知", addressees="各居民小组")).number
        == "豫苑社〔2026〕1号"
    )


def test_numbers_given_on_paper_raise_the_counter_and_never_lower_it(app):
    with everywhere(because="the test counts"):
        numbers.raise_to("test", 7)
        assert numbers.take("test") == 8
        numbers.raise_to("test", 3)
        assert (numbers.last("test"), numbers.take("test")) == (8, 9)
        numbers.raise_to("test", 20)
        assert numbers.take("test") == 21
        assert numbers.last("nobody knows") == 0


def test_the_letterhead_is_proposed_from_the_units_name(app, visit):
    form = visit("notices.letterhead", as_=wang)
    values = {
        field: form.tree.xpath(f"string(//input[@name='{field}']/@value)") for field in ("head", "code")
    }
    assert values == {"head": "重阳街道豫苑社区居民委员会文件", "code": "豫苑社"}
    assert form.send("Save").has("Saved")
    again = visit("notices.letterhead", as_=wang).send("Save", last_on_paper="12")
    again.send("Save", last_on_paper="3")
    assert visit("notices.letterhead", as_=wang).has("Last number given out this year: 12")


@pytest.mark.parametrize("code", ["豫苑〔2026〕", "豫", "YYS", "豫苑社1", "<b>豫苑</b>"])
def test_a_mark_is_chinese_characters_alone(code, visit):
    page = visit("notices.letterhead", as_=wang).send("Save", status=422, code=code)
    assert page.has("Use 2 to 12 Chinese characters")


def test_a_mark_belongs_to_one_unit(visit):
    letterhead("建设路社区")
    page = visit("notices.letterhead", as_=wang).send("Save", status=422, code="建设社")
    assert page.has("The mark 建设社 belongs to another unit")
    assert visit("notices.letterhead", as_=sun).has("建设路社区")


def test_without_a_letterhead_nothing_is_numbered(app, visit, post):
    notice_id = written(app, body=BODY)
    assert visit("notices.submit", as_=wang, notice_id=notice_id).has(
        "Documents with a number need a letterhead"
    )
    post("notices.submit", as_=wang, notice_id=notice_id, status=409)
