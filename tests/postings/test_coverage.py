"""Coverage against a count by hand; thousands of places in seconds; the list on paper."""

import random
import re
from collections import Counter

import pytest
from sqlalchemy import event

from portal.access.acting import Level
from portal.access.scope import everywhere
from portal.database import db
from portal.notices.kinds import NoticeState
from portal.notices.models import Notice
from portal.notices.postings import plan, printing
from portal.notices.postings.coverage import COUNTED, coverage, notice_panel
from portal.notices.postings.kinds import PostingState
from portal.notices.postings.listing import Narrowed
from portal.notices.postings.models import PostingPlace
from portal.units.models import Unit
from tests.people import li, qian, unit, wang
from tests.postings.world import acts, notice, over, place, posting, postings, publish, trail
from tests.printing.paper import texts

UNITS = ("豫苑社区", "豫苑社区三组", "豫苑社区三组一格", "豫苑社区三组二格", "建设路社区一组一格")


@pytest.fixture
def drawn(app):
    """Two notices at random places in random states."""
    chance = random.Random(3)
    held = [notice(title=f"关于第{number}件事的温馨提示") for number in range(2)]
    for number in range(60):
        state = chance.choice(list(PostingState))
        posting(state, chance.choice(UNITS), notice_id=chance.choice(held).id, place=f"第{number}处")
    return held


def by_hand(column, **wanted):
    """{(unit id, state): places}"""
    return Counter((getattr(one, column), one.state) for one in postings(**wanted) if one.state in COUNTED)


def figures(lines):
    return Counter(
        {(line.unit_id, state): count for line in lines for state, count in line.numbers.items() if count}
    )


def test_figures_are_those_of_a_count_by_hand(drawn):
    with acts(li):
        found = coverage(Narrowed())
    assert figures(found) == by_hand("community_id")
    assert [line.missing for line in found] == sorted((line.missing for line in found), reverse=True)
    with acts(wang):
        found = coverage(Narrowed(notice=db.session.get_one(Notice, drawn[0].id)))
    assert figures(found) == by_hand("unit_id", notice_id=drawn[0].id, community_id=unit("豫苑社区").id)


def test_every_figure_leads_to_its_places(drawn, desk):
    pages = [
        desk.visit("postings.coverage", as_=li),
        desk.visit("postings.coverage", as_=li, notice=drawn[0].id),
        desk.visit("postings.coverage", as_=wang),
        desk.visit("postings.coverage", as_=li, unit=unit("豫苑社区").id, notice=drawn[1].id),
    ]
    for page in pages:
        links = page.tree.xpath("//td[@data-l]/a")
        assert links
        for link in links:
            shown, following = 0, [link.get("href")]
            while following:
                records = desk.visit(following[0], as_=page.person)
                shown += len(records.tree.xpath("//td[@class='w']"))
                following = records.tree.xpath("//p[@class='older']/a/@href")
            assert shown == int(link.text), link.get("href")


def test_the_panel_of_a_notice(drawn):
    with acts(li):
        shown = notice_panel(db.session.get_one(Notice, drawn[0].id))
    numbers = Counter(one.state for one in postings(notice_id=drawn[0].id))
    for state in COUNTED:
        assert re.search(rf"<b>{numbers[state]}</b> <small>{state.label}</small>", shown or "")
    draft = notice(state=NoticeState.DRAFT, published_at=None, dated=None)
    with acts(li):
        assert notice_panel(db.session.get_one(Notice, draft.id)) is None


def test_coverage_asks_twice_however_many_there_are(drawn):
    asked = []
    with acts(li):
        narrow = Narrowed()
        event.listen(db.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
        coverage(narrow)
    assert len([question for question in asked if question.startswith("SELECT")]) == 2


def test_a_county_of_a_thousand_grids(app):
    county(1000)
    held = notice("上蔡县")
    before = len(trail("posting.plan"))
    questions = []
    event.listen(db.engine, "before_cursor_execute", lambda *given: questions.append(given[2]))
    assert publish_everywhere(held) == 1003
    assert len(questions) < 2 * 1003 + 50, "its place and itself: nothing else is asked for each posting"
    assert len(trail("posting.plan")) == before + 1
    over_everywhere(held)
    assert {one.state for one in postings(notice_id=held.id)} == {PostingState.DROPPED}


def county(grids):
    """So many grids in one group, half of them with a place of their own."""
    with everywhere(because="the test lays out a county"):
        above = unit("建设路社区一组").id
        made = [
            Unit(name=f"{n}格", full_name=f"建设路社区一组{n}格", level=Level.GRID, parent_id=above)
            for n in range(grids)
        ]
        db.session.add_all(made)
        db.session.flush()
        db.session.add_all(PostingPlace(unit_id=one.id, name="公告栏") for one in made[::2])
        db.session.commit()


def publish_everywhere(held):
    from tests.passes.conftest import acting

    return _as_the_county(held, lambda plan, found: plan.hang_everywhere(found), acting)


def over_everywhere(held):
    from tests.passes.conftest import acting

    return _as_the_county(held, lambda plan, found: plan.call_back(found), acting)


def _as_the_county(held, do, acting):
    """Somebody at county level: nobody of the tests' people is."""
    from flask import current_app, g

    from portal.access.scope import look_through

    with current_app.test_request_context():
        g.acting = acting(li)
        look_through(unit("上蔡县").place)
        done = do(plan, db.session.get_one(Notice, held.id))
        db.session.commit()
    return done


# ── paper ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_list_is_sorted_as_people_walk(app):
    for grid in UNITS[::-1]:
        place(grid, "乙处")
        place(grid, "甲处")
    held = notice(title="关于封控管理的温馨提示")
    publish(held)
    with acts(li):
        sheet = printing.round_of(Narrowed())
    walked = [(unit(stop.where).place.line, stop.place) for stop in sheet.stops]
    assert walked == sorted(walked)
    assert sheet.tasks == len(postings()) == 10


def test_the_printed_list_tells_what_to_do(desk):
    place("豫苑社区三组二格", "三号院公告栏")
    old, new = (
        notice(title="关于旧办法的温馨提示"),
        notice(title="关于新办法的通告", code="重街办", year=2026, serial=3),
    )
    publish(old)
    desk.post(
        "postings.hang_several",
        as_=qian,
        data={"posting_id": [one.id for one in postings(place="三号院公告栏")]},
    )
    over(old)
    publish(new)
    answer = desk.client(qian).post("/postings/print", data={"csrf_token": desk.csrf_token(qian)})
    assert answer.mimetype == "application/pdf"
    said = "".join(texts(answer.data)).replace(" ", "").replace("\n", "")
    for words in (
        "通告张贴清单",
        "三号院公告栏",
        "关于旧办法的温馨提示",
        "重街办〔2026〕3号",
        "撤下1",
        "张贴2",
        "张贴人",
        "核对人",
    ):
        assert words in said
    assert trail("posting.print") == [{"places": 1, "tasks": 2}]
    assert answer.headers["Cache-Control"] == "no-store"


def test_nothing_to_do_is_said_instead_of_printed(desk):
    page = desk.visit("postings.index", as_=qian).send("Print the posting list", status=409)
    assert page.has("There is nothing to hang or to take down here.")
    assert trail("posting.print") == []
