"""What everybody may read without signing in: what is in force, and nothing of anybody."""

import gzip
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import event, inspect

from portal.access.scope import everywhere
from portal.database import Base, db
from portal.notices.kinds import NoticeKind, NoticeState
from portal.notices.models import Letterhead, Notice, NoticeVersion
from portal.notices.public_parts import PART, parts
from portal.notices.text import parse
from tests.conftest import A_MORNING
from tests.factories import household, resident
from tests.people import qian, unit
from tests.postings.world import notice, written

pytestmark = pytest.mark.any_database

INDEX, PLACE, ONE = "notices.public_index", "notices.public_place", "notices.public_notice"
ON_THE_WIRE = 10_000
BODY = """一、管控措施
居民非必要不外出。
（一）出入
1.凭通行证出入。
- 身份证
- 通行证
二、时间安排。自即日起执行。
时间 | 地点
08:00 | 三号院
"""


def titles(page):
    return page.tree.xpath("//main//b[@lang='zh-Hans']/text()")


def at(name):
    return {"unit_id": unit(name).id}


def over(held, state, ended=A_MORNING, **values):
    with everywhere(because="the test ends a notice"):
        row = db.session.get_one(Notice, held.id)
        row.state, row.ended_at = state, ended
        for name, value in values.items():
            setattr(row, name, value)
        db.session.commit()


# ── what is where ────────────────────────────────────────────────────────────────────────────────────────────────


def test_nothing_yet(desk):
    assert desk.visit(INDEX).has("No notice is in force at present.")


def test_one_street_is_shown_at_once_and_several_to_choose_from(desk):
    notice(title="重阳的温馨提示")
    page = desk.visit(INDEX)
    assert titles(page) == ["重阳的温馨提示"]
    from portal.access.acting import Level
    from portal.units.models import Unit

    written(
        Unit(
            name="蔡都街道",
            full_name="蔡都街道",
            level=Level.STREET,
            code="411722001",
            parent_id=unit("上蔡县").id,
        )
    )
    assert titles(desk.visit(INDEX)) == ["重阳的温馨提示"], "nothing is in force in the other one"
    notice("上蔡县", title="全县的温馨提示")
    notice("豫苑社区", title="社区的温馨提示")
    page = desk.visit(INDEX)
    assert page.has("重阳街道 3 notices")
    assert page.has("蔡都街道 1 notice")


def test_a_street_lists_its_own_and_the_countys_and_leads_to_its_communities(desk):
    notice("上蔡县", title="县", published_at=A_MORNING - timedelta(days=2))
    notice("上蔡县", title="县给别处", audience=())
    notice(title="街", published_at=A_MORNING - timedelta(days=1))
    notice(title="街给一个社区", audience=("豫苑社区",))
    notice("豫苑社区", title="社区自己的")
    page = desk.visit(PLACE, **at("重阳街道"))
    assert titles(page) == ["街给一个社区", "县给别处", "街", "县"]
    assert page.has("By community 豫苑社区 建设路社区")


def test_a_community_lists_what_applies_there(desk):
    notice("上蔡县", title="县")
    notice("上蔡县", title="县给豫苑", audience=("豫苑社区",))
    notice("上蔡县", title="县给建设路", audience=("建设路社区",))
    notice(title="街")
    notice(title="街给三组", audience=("豫苑社区三组",))
    notice("豫苑社区", title="自己的")
    notice("建设路社区", title="邻居的")
    assert set(titles(desk.visit(PLACE, **at("豫苑社区")))) == {"县", "县给豫苑", "街", "街给三组", "自己的"}
    assert set(titles(desk.visit(PLACE, **at("建设路社区")))) == {"县", "县给建设路", "街", "邻居的"}


def test_a_division_code_leads_there_too(desk):
    notice("豫苑社区", title="自己的")
    for code in (411722003, 411722003001):
        desk.visit(PLACE, unit_id=code)
    assert titles(desk.visit(PLACE, unit_id=411722003001)) == ["自己的"]


@pytest.mark.parametrize("name", ["上蔡县", "豫苑社区三组", "豫苑社区三组二格"])
def test_only_streets_and_communities_have_a_page(desk, name):
    desk.visit(PLACE, status=404, **at(name))


def test_there_is_none(desk):
    desk.visit(PLACE, unit_id=999, status=404)
    desk.visit(PLACE, unit_id=411722999, status=404)
    desk.visit(ONE, notice_id=999, status=404)
    desk.visit("/notices/public/at/99999999999999999999", status=404)
    desk.visit("/notices/public/99999999999999999999", status=404)


def test_more_than_a_page(desk):
    for number in range(33):
        notice(title=f"第{number}号", published_at=A_MORNING + timedelta(minutes=number))
    page = desk.visit(INDEX)
    older = page.tree.xpath("//main//p[@class='older']/a/@href")
    seen = titles(page) + titles(desk.visit(older[0]))
    assert seen == [f"第{number}号" for number in range(32, -1, -1)]


# ── one notice ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_whole_text_and_who_says_it(desk):
    written(
        Letterhead(
            unit_id=unit("重阳街道").id, head="重阳街道办事处文件", code="重街办", signature="重阳街道办事处",
            printed_by="重阳街道党政办", phone="0396-0123456",
        )
    )  # fmt: skip
    held = notice(
        kind=NoticeKind.CIRCULAR, title="关于分时出入的通知", body=BODY, addressees="各社区", code="重街办", year=2026,
        serial=3, attachments="点位表\n时间表",
    )  # fmt: skip
    page = desk.visit(ONE, notice_id=held.id)
    assert page.heading == "关于分时出入的通知"
    for words in ("重街办〔2026〕3号", "各社区：", "一、管控措施", "居民非必要不外出。", "凭通行证出入。", "三号院",
                  "附件：1. 点位表", "2. 时间表", "重阳街道办事处", "2026年11月23日"):  # fmt: skip
        assert page.has(words)
    assert page.tree.xpath("//h2/text()") == ["一、管控措施"]
    assert page.tree.xpath("//th/text()") == ["时间", "地点"]
    assert page.tree.xpath("//a[@href='tel:0396-0123456']/text()") == ["0396-0123456"]


@pytest.mark.parametrize(("language", "said"), [("en", "Questions: call"), ("zh_Hans", "")])
def test_the_frame_speaks_both_languages_and_the_text_says_that_it_is_chinese(desk, language, said):
    with everywhere(because="the test publishes a phone"):
        db.session.get_one(type(unit("重阳街道")), unit("重阳街道").id).duty_phone = "0396-0123456"
        db.session.commit()
    held = notice()
    page = desk.visit(ONE, notice_id=held.id, language=language)
    assert page.tree.xpath("//article/@lang") == ["zh-Hans"]
    assert page.has(said)
    tag = {"en": "en", "zh_Hans": "zh-Hans"}[language]
    assert page.tree.get("lang") == tag
    for other in (
        desk.visit(INDEX, language=language),
        desk.visit(PLACE, language=language, **at("豫苑社区")),
    ):
        assert other.tree.get("lang") == tag
        assert other.tree.xpath(f"//b[@lang='zh-Hans'][text()='{held.title}']")


def test_the_language_is_chosen_by_a_link_and_kept(desk):
    held = notice()
    page = desk.visit(ONE, notice_id=held.id, language="zh_Hans")
    (english,) = page.tree.xpath("//footer//a[@lang='en']/@href")
    page = desk.visit(english, language="zh_Hans")
    assert page.tree.get("lang") == "en"
    assert all(
        "language=en" in link
        for link in page.links()
        if link.startswith("/notices/public") and "zh" not in link
    )


@pytest.mark.parametrize("state", [NoticeState.DRAFT, NoticeState.SUBMITTED, NoticeState.APPROVED])
def test_what_is_not_published_is_nobodys(desk, state):
    held = notice(title="还没发布", state=state, published_at=None, dated=None)
    desk.visit(ONE, notice_id=held.id, status=404)
    assert "还没发布" not in desk.visit(INDEX).source


def test_what_is_not_for_everybody_is_nobodys(desk):
    held = notice(title="内部", is_public=False)
    desk.visit(ONE, notice_id=held.id, status=404)
    assert "内部" not in desk.visit(PLACE, **at("重阳街道")).source
    over(held, NoticeState.WITHDRAWN)
    desk.visit(ONE, notice_id=held.id, status=404)


def test_what_was_withdrawn_says_so_and_nothing_else(desk):
    held = notice(body="原来的正文")
    over(held, NoticeState.WITHDRAWN, ended_because="不宜公开的理由")
    page = desk.visit(ONE, notice_id=held.id, status=410)
    assert page.has("This notice is no longer in force since 23 Nov 2026.")
    assert "原来的正文" not in page.source
    assert "不宜公开的理由" not in page.source
    assert page.response.headers["Cache-Control"] == "no-store"
    assert held.title not in desk.visit(INDEX).source


def test_what_was_replaced_leads_to_what_holds(desk):
    old = notice(title="旧的")
    over(old, NoticeState.REPLACED)
    new = notice(title="新的", replaces_id=old.id)
    page = desk.visit(ONE, notice_id=old.id, status=410)
    (link,) = page.tree.xpath("//main//div//a/@href")
    assert desk.visit(link).heading == "新的"
    over(new, NoticeState.WITHDRAWN)
    assert not desk.visit(ONE, notice_id=old.id, status=410).tree.xpath("//main//div//a")


def test_a_draft_in_its_place_is_not_told(desk):
    old = notice(title="旧的")
    over(old, NoticeState.REPLACED)
    notice(title="拟稿中", replaces_id=old.id, state=NoticeState.DRAFT, published_at=None, dated=None)
    page = desk.visit(ONE, notice_id=old.id, status=410)
    assert "拟稿中" not in page.source
    assert not page.tree.xpath("//main//div//a")


MARKUP = "<img src=x onerror=alert(1)><script>alert(1)</script><a hx-get=/>"


def test_markup_is_text(desk):
    held = notice(
        title=MARKUP[:100], addressees=MARKUP, attachments=MARKUP, signers=MARKUP,
        body=f"{MARKUP}\n一、{MARKUP}\n- {MARKUP}\n{MARKUP} | {MARKUP}",
    )  # fmt: skip
    for page in (desk.visit(ONE, notice_id=held.id), desk.visit(INDEX), desk.visit(PLACE, **at("豫苑社区"))):
        for tag in ("<img", "<script", "<a hx-get"):
            assert tag not in page.source


NUMBERS = (
    "411722199001011234",
    "41172219900101123X",
    "13812345678",
    "138 1234 5678",
    "１３８１２３４５６７８",
)


# ── nothing personal ─────────────────────────────────────────────────────────────────────────────────────────────


def plant(held):
    """A marker in every column that is text, of the notice and of everything else, but those meant for everybody."""
    shown = {"title", "addressees", "body", "attachments", "signers", "code", "template"}
    with everywhere(because="the test plants markers"):
        row = db.session.get_one(Notice, held.id)
        for column in inspect(Notice).columns:
            if column.type.python_type is str and column.key not in shown | {"state", "kind", "sealing"}:
                setattr(row, column.key, f"标记{column.key}"[: column.type.length or 40])
        row.not_names = ["标记not_names"]
        row.created_by_id = row.changed_by_id = row.approved_by_id = 1
        about = {"title": "标记旧题", "body": "标记旧文", "by": "标记改稿人", "number": 2, "at": A_MORNING}
        db.session.add(NoticeVersion(notice_id=row.id, unit_id=row.unit_id, **about))
        db.session.commit()
    resident(household(), name="标记居民", phone="15400009999")
    from portal.accounts.models import Account

    with everywhere(because="the test plants markers"):
        for account in db.session.scalars(Base.metadata and db.select(Account)):
            account.name, account.phone = "标记工作人员", "0396-0999999"
        db.session.commit()


def test_planted_markers_are_nowhere(desk):
    held = notice()
    plant(held)
    pages = [desk.visit(INDEX), desk.visit(ONE, notice_id=held.id)]
    pages += [desk.visit(PLACE, **at(name)) for name in ("重阳街道", "豫苑社区")]
    over(held, NoticeState.WITHDRAWN)
    pages += [desk.visit(ONE, notice_id=held.id, status=410), desk.visit(INDEX)]
    for page in pages:
        for marker in ("标记", "15400009999", "0396-0999999", "演示·li"):
            assert marker not in page.source, page.url


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("column", ["body", "title", "addressees", "attachments", "signers"])
def test_the_number_of_a_person_holds_a_notice_back(desk, capfd, column, number):
    held = notice(**{column: f"请联系 {number} 办理"})
    desk.visit(ONE, notice_id=held.id, status=404)
    for page in (desk.visit(INDEX), desk.visit(PLACE, **at("豫苑社区"))):
        assert number not in page.source
    said = capfd.readouterr()
    told = said.out + said.err
    assert "public_notice_held_back" in told
    assert number not in told


def test_a_published_duty_phone_may_stand_there(desk):
    with everywhere(because="the test publishes a phone"):
        db.session.get_one(type(unit("豫苑社区")), unit("豫苑社区").id).duty_phone = "13812345678"
        db.session.commit()
    held = notice(body="豫苑社区值班电话 138-1234-5678。")
    desk.visit(ONE, notice_id=held.id, unmasked=True)


# ── the wire ─────────────────────────────────────────────────────────────────────────────────────────────────────


def first_visit(app, path):
    answer = app.test_client().get(path, headers={"Accept-Encoding": "gzip"})
    head = sum(len(name) + len(value) + 4 for name, value in answer.headers)
    assert answer.status_code == 200
    return answer, len(answer.data) + head


def common_characters(count):
    """Text that hardly repeats itself."""
    return "".join(chr(0x4E00 + (number * 7919) % 3500) for number in range(count))


@pytest.mark.parametrize("length", [200, 2000, 20_000])
def test_under_ten_kilobytes_on_the_first_visit_without_a_script(app, length):
    held = notice(body="\n".join(common_characters(length)[i : i + 190] for i in range(0, length, 190)))
    for _number in range(30):
        notice(title="关于进一步严格落实封闭管理期间人员车辆出入管控措施有关事项的温馨提示")
    paths = ("/notices/public", f"/notices/public/{held.id}", f"/notices/public/at/{unit('豫苑社区').id}")
    for path in paths:
        answer, weight = first_visit(app, path)
        assert weight < ON_THE_WIRE, f"{path}: {weight}"
        source = gzip.decompress(answer.data).decode()
        assert "<script" not in source
        assert "<style>" in source
        assert "<form" not in source


def test_a_long_notice_is_read_in_parts(desk):
    lines = [f"第{number}段" + "居民朋友们请注意" * 10 for number in range(100)]
    held, seen, part = notice(body="\n".join(lines)), [], "1"
    page = desk.visit(ONE, notice_id=held.id, limit=6_000)
    while True:
        seen += page.tree.xpath("//article/p[starts-with(text(), '第')]/text()")
        following = page.tree.xpath("//main//p[@class='older']/a/@href")
        assert page.has("2026年11月23日") is not bool(following), "signed at the end"
        if not following:
            break
        page = desk.visit(following[0], limit=6_000)
    assert seen == lines
    for part in ("0", "99", "-1", "x"):
        desk.visit(f"/notices/public/{held.id}?part={part}", limit=6_000)


def test_nothing_is_lost_between_parts():
    word, table = "字" * 9_000, "\n".join(["甲 | 乙", *(f"{number} | {'丙' * 90}" for number in range(90))])
    text = f"开头\n{word}\n一、{word}。{word}\n- {word}\n{table}\n结尾"
    divided = parts(parse(text))
    assert len(divided) > 10

    def said(blocks):
        return sum(str(blocks).count(character) for character in "字丙")

    assert sum(map(said, divided)) == said(parse(text)) == 4 * 9_000 + 90 * 90
    assert all(len("".join(filter(str.isalpha, str(part)))) < 2 * PART for part in divided)
    assert parts(()) == [()]


def returning(app):
    client = app.test_client()
    client.get("/notices/public")  # now it has the stylesheet
    return client


def test_an_unchanged_page_is_not_sent_again(app):
    held = notice()
    client = returning(app)
    for path in (
        "/notices/public",
        f"/notices/public/{held.id}",
        f"/notices/public/at/{unit('豫苑社区').id}",
    ):
        answer = client.get(path)
        assert answer.headers["Cache-Control"] == "public, max-age=60"
        assert "Cookie" in answer.headers["Vary"]
        assert not answer.headers.getlist("Set-Cookie")
        again = client.get(path, headers={"If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
        english = client.get(f"{path}?language=en", headers={"If-None-Match": answer.headers["ETag"]})
        assert english.status_code == 200
    stamps = [client.get("/notices/public").headers["ETag"]]
    notice(title="新来的")
    stamps.append(client.get("/notices/public").headers["ETag"])
    over(held, NoticeState.WITHDRAWN)
    stamps.append(client.get("/notices/public").headers["ETag"])
    assert len(set(stamps)) == 3
    gone = client.get(f"/notices/public/{held.id}", headers={"If-None-Match": answer.headers["ETag"]})
    assert gone.status_code == 410


def test_a_first_visit_is_kept_by_nobody_else(app):
    answer = app.test_client().get("/notices/public")
    assert "public" not in answer.headers["Cache-Control"]
    assert {cookie.partition("=")[0] for cookie in answer.headers.getlist("Set-Cookie")} <= {"css"}


def test_whoever_is_signed_in_reads_the_same_and_no_cache_keeps_it(desk):
    held = notice()
    page = desk.visit(ONE, notice_id=held.id, as_=qian)
    assert page.heading == held.title
    assert "public" not in page.response.headers["Cache-Control"]
    assert "演示·qian" not in page.source


def test_few_questions_whatever_there_is(app):
    for number in range(25):
        notice(title=f"第{number}号", audience=("豫苑社区", "建设路社区")[: number % 3])
    client, asked = returning(app), []
    event.listen(db.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    for path in ("/notices/public", f"/notices/public/at/{unit('豫苑社区').id}", "/notices/public/1"):
        del asked[:]
        client.get(path)
        read = [question for question in asked if question.startswith("SELECT")]
        assert len(read) <= 8, f"{path}: {read}"
        assert not [
            question for question in read if "notice.body" in question and path != "/notices/public/1"
        ]


def test_it_can_be_read_the_next_day_without_any_session(app):
    held = notice()
    with time_machine.travel(A_MORNING + timedelta(days=30)):
        assert app.test_client().get(f"/notices/public/{held.id}").status_code == 200
