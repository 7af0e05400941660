"""One notice from its publication to the last paper taken down, across the roles; and what each of them is told."""

from datetime import timedelta

import pytest
import time_machine

from portal.access.acting import Level
from portal.access.guard import contributed
from portal.notices.kinds import NoticeState
from portal.notices.postings import coverage, plan
from portal.notices.postings.kinds import PostingState
from portal.units.models import Unit
from tests.conftest import A_MORNING
from tests.people import an, li, qian, sun, unit, wang, wu, zhao
from tests.postings.world import (
    notice,
    over,
    place,
    posting,
    postings,
    publish,
    state_of,
    steps,
    trail,
    written,
)

TODAY = "today.index"


def test_from_publication_to_the_last_paper(desk):
    place("豫苑社区三组二格", "公告栏")
    place("豫苑社区三组二格", "大门口")
    held = notice(title="关于封控管理的温馨提示")
    assert publish(held) == 4  # two places, and a conspicuous one in each of the two other grids
    assert desk.visit(TODAY, as_=qian).has("Notices to hang 2")

    page = desk.visit("postings.index", as_=qian)
    assert [line.text_content() for line in page.tree.xpath("//td[@class='w']")] == [
        "豫苑社区三组二格 公告栏",
        "豫苑社区三组二格 大门口",
    ]
    board, gate = (one.id for one in postings(unit_id=unit("豫苑社区三组二格").id))
    button = page.tree.xpath("//td[@class='st']/button")[0]
    after = desk.post(button.get("formaction"), as_=qian)  # one tap
    assert state_of(board) is PostingState.HANGING
    assert not after.has("公告栏"), "what is left to hang is shown next"

    page = after.send("Those ticked hang", posting_id=[str(gate)])  # ticked
    assert state_of(gate) is PostingState.HANGING
    assert page.has("1 place noted")

    page = desk.visit("postings.show", as_=zhao, posting_id=board).send("Torn down")
    assert state_of(board) is PostingState.TORN
    assert desk.visit(TODAY, as_=qian).has("Notices torn down, to hang again 1")
    desk.visit("postings.show", as_=qian, posting_id=board).send("It hangs")
    assert steps(board) == ["hang", "report_torn", "hang"]

    over(held)
    assert (state_of(board), state_of(gate)) == (PostingState.TO_TAKE_DOWN,) * 2
    elsewhere = [one.state for one in postings(place_id=None)]
    assert elsewhere == [PostingState.DROPPED] * 2
    today = desk.visit(TODAY, as_=qian)
    assert today.has("Do at once")
    assert today.has("Notices to take down 2")
    page = desk.visit("postings.index", as_=qian)
    assert page.has("Withdrawn")
    page.send("Those ticked are taken down", posting_id=[str(board), str(gate)])
    assert (state_of(board), state_of(gate)) == (PostingState.TAKEN_DOWN,) * 2
    assert steps(board) == ["hang", "report_torn", "hang", "recall", "take_down"]
    last = desk.visit("postings.show", as_=qian, posting_id=board)
    assert last.has("Recalled")
    assert "Torn down" not in last.buttons()


def test_each_plan_and_each_end_is_one_entry(app):
    held = notice()
    publish(held)
    over(held)
    assert [entry["places"] for entry in trail("posting.plan")] == [3]
    assert trail("posting.recall") == [{"recall": 0, "drop": 3}]


@pytest.mark.parametrize(
    ("audience", "count"),
    [((), 3), (("豫苑社区",), 2), (("豫苑社区三组一格",), 1), (("建设路社区一组", "豫苑社区三组二格"), 2)],
)
def test_only_within_the_audience(app, audience, count):
    assert publish(notice(audience=audience)) == count


def test_places_of_groups_and_communities_too_and_closed_ones_never(app):
    place("豫苑社区", "社区大门口")
    place("豫苑社区三组", "小卖部门口")
    place("豫苑社区三组二格", "公告栏", closed=True)
    publish(notice("豫苑社区"), wang)
    assert {one.place for one in postings()} == {"社区大门口", "小卖部门口", "网格内醒目处"}
    assert len(postings()) == 4


def test_a_village_without_grids_is_not_forgotten(app):
    village = Unit(name="新庄村", full_name="新庄村", level=Level.COMMUNITY, parent_id=unit("重阳街道").id)
    written(village)
    publish(notice())
    assert [one.place for one in postings(unit_id=unit("新庄村").id)] == ["社区内醒目处"]


def test_the_seams_are_offered(app):
    for what, fn in (
        ("on_notice_published", plan.hang_everywhere),
        ("on_notice_ended", plan.call_back),
        ("notice_panel", coverage.notice_panel),
    ):
        assert ("postings", fn) in contributed(what)


def test_who_works_through_a_filter_stays_there_until_it_is_worked_off(desk):
    for name in ("公告栏", "大门口"):
        place("豫苑社区三组二格", name)
    over_now, held = notice(), notice()
    publish(over_now)
    desk.post(f"/postings/{postings(notice_id=over_now.id)[0].id}/hang", as_=qian)
    over(over_now)
    publish(held)
    page = desk.visit("postings.index", as_=qian, show="to_hang")

    def hang_the_first(page):
        button = page.tree.xpath("//td[@class='st']/button")[0]
        return desk.post(button.get("formaction"), as_=qian)

    after = hang_the_first(page)
    assert after.has("Those ticked hang"), "there is something to take down, but this comes first"
    assert hang_the_first(after).has("Those ticked are taken down")


def test_sent_twice_is_noted_once(desk):
    one = posting()
    page = desk.visit("postings.index", as_=qian)
    once = page.tree.xpath("//td[@class='st']/button/@value")[0]
    for _tap in range(2):
        desk.post(f"/postings/{one.id}/hang", as_=qian, data={"once": once})
    assert steps(one.id) == ["hang"]


def test_several_at_once_where_somebody_was_faster(desk):
    held = notice()
    first, second = posting(notice_id=held.id), posting(notice_id=held.id, place="大门口")
    page = desk.visit("postings.index", as_=qian)
    desk.post(f"/postings/{first.id}/hang", as_=zhao)
    page = page.send("Those ticked hang", posting_id=[str(first.id), str(second.id)])
    assert page.has("1 place noted")
    assert page.has("1 had been noted already")
    assert len(steps(first.id)) == len(steps(second.id)) == 1


def test_none_ticked_is_explained(desk):
    posting()
    desk.visit("postings.index", as_=qian).send("Those ticked hang", status=409)


def test_strangers_see_and_do_nothing(desk):
    one = posting()
    assert not desk.visit("postings.index", as_=wu, show="all").has("公告栏")
    desk.visit("postings.show", as_=wu, posting_id=one.id, status=404)
    desk.post("postings.hang_several", as_=wu, data={"posting_id": [one.id]}, status=404)
    desk.visit("postings.index", as_=wu, notice=10_000, status=404)
    desk.visit("postings.index", as_=wu, unit=unit("豫苑社区").id, status=404)
    desk.visit("postings.coverage", as_=sun, unit=unit("豫苑社区").id, status=404)


def test_a_draft_is_not_told_by_its_number(desk):
    draft = notice(state=NoticeState.DRAFT, published_at=None, dated=None)
    desk.visit("postings.index", as_=qian, notice=draft.id, status=404)


def test_an_auditor_only_looks(desk):
    one = posting()
    page = desk.visit("postings.index", as_=an)
    assert page.has("公告栏")
    assert "It hangs" not in page.buttons()
    desk.post(f"/postings/{one.id}/hang", as_=an, status=403)


def test_who_commands_is_told_what_does_not_hang_after_a_day(desk):
    publish(notice())
    assert not desk.visit(TODAY, as_=wang).has("does not hang after a day")
    desk.clients.clear()
    with time_machine.travel(A_MORNING + timedelta(hours=25)):
        assert desk.visit(TODAY, as_=wang).has("Places where a notice does not hang after a day 2")
        assert desk.visit(TODAY, as_=li).has("Places where a notice does not hang after a day 3")
        page = desk.visit("postings.index", as_=wang)
        assert page.has("To hang for over a day 2")
        desk.post(
            "postings.hang_several",
            as_=wang,
            data={"posting_id": [one.id for one in postings()[:1]]},
            status=303,
        )
        assert desk.visit(TODAY, as_=wang).has("Places where a notice does not hang after a day 1")


@pytest.mark.parametrize("language", ["en", "zh_Hans"])
def test_all_pages_in_both_languages(desk, language):
    held, one = notice(), place("豫苑社区三组二格")
    publish(held)
    for state in PostingState:
        posting(state, notice_id=held.id)
    for show in ("to_hang", "hanging", "torn", "to_take_down", "all", "late"):
        desk.visit("postings.index", as_=wang, language=language, show=show)
    for endpoint in ("postings.coverage", "postings.places", "postings.new_place"):
        desk.visit(endpoint, as_=wang, language=language)
    desk.visit("postings.place", as_=wang, language=language, posting_place_id=one.id)
    desk.visit("postings.close_place", as_=wang, language=language, posting_place_id=one.id)
    desk.visit("units.show", as_=wang, language=language, unit_id=unit("豫苑社区三组二格").id)


def test_a_long_list_is_read_page_by_page(desk):
    held, newer = notice(), notice(title="关于物资供应的温馨提示")
    for number in range(15):
        posting(notice_id=held.id, place=f"甲{number}")
        posting(notice_id=newer.id, place=f"乙{number}")
    seen, page = [], desk.visit("postings.index", as_=qian)
    while True:
        seen += [line.text_content().split()[-1] for line in page.tree.xpath("//td[@class='w']")]
        following = page.tree.xpath("//p[@class='older']/a/@href")
        if not following:
            break
        page = desk.visit(following[0], as_=qian)
    assert seen == [f"乙{number}" for number in range(15)] + [f"甲{number}" for number in range(15)]
