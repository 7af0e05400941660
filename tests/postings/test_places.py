"""Posting places: added, renamed, closed; and notices brought to places that are new."""

import pytest

from portal.notices.postings.kinds import PostingState
from tests.people import li, qian, unit, wang, wu
from tests.postings.world import notice, over, place, posting, postings, publish, state_of, steps, trail

pytestmark = pytest.mark.any_database

MARKUP = "<b onclick=alert(1)>门口</b>"


def add(desk, person, grid="豫苑社区三组二格", **typed):
    blank = desk.visit("postings.new_place", as_=person)
    return blank.send("Add", unit=str(unit(grid).id), **typed)


def test_a_usual_name_or_one_of_its_own(desk):
    add(desk, qian, usual="公告栏")
    page = add(desk, qian, name="3号院北门")
    assert page.has("公告栏")
    assert page.has("3号院北门")
    assert [entry["name"] for entry in trail("posting_place.create")] == ["公告栏", "3号院北门"]


def test_no_name_or_one_that_is_taken(desk):
    place("豫苑社区三组二格", "公告栏")
    blank = desk.visit("postings.new_place", as_=qian)
    assert blank.send("Add", status=422).has("Choose a usual place or write a name")
    assert blank.send("Add", usual="公告栏", status=422).has(
        "There is a posting place called 公告栏 here already."
    )


def test_the_units_offered_are_ones_own(desk):
    def offered(person):
        return desk.visit("postings.new_place", as_=person).tree.xpath(
            "//select[@name='unit']/option[@value!='']/text()"
        )

    assert offered(qian) == ["豫苑社区三组二格"]
    assert set(offered(wang)) == {"豫苑社区", "豫苑社区三组", "豫苑社区三组一格", "豫苑社区三组二格"}
    assert "重阳街道" not in offered(li)
    stranger = {"unit": unit("豫苑社区三组二格").id, "name": "门口"}
    desk.post("postings.new_place", as_=wu, data=stranger, status=422)
    desk.visit("postings.new_place", as_=wu, under=unit("豫苑社区三组二格").id, status=404)


def test_nobody_else_changes_or_closes_it(desk):
    one = place("豫苑社区三组二格")
    for endpoint in ("postings.place", "postings.close_place"):
        desk.visit(endpoint, as_=wu, posting_place_id=one.id, status=404)
        desk.post(endpoint, as_=wu, posting_place_id=one.id, data={"name": "x", "reason": "x"}, status=404)
    assert not desk.visit("postings.places", as_=wu).has("公告栏")


def test_another_name_leaves_what_was_planned(desk):
    one = place("豫苑社区三组二格", "公告栏")
    publish(notice("豫苑社区"), wang)
    desk.visit("postings.place", as_=qian, posting_place_id=one.id).send("Save", name="一号楼公告栏")
    assert [held.place for held in postings(place_id=one.id)] == ["公告栏"]
    assert desk.visit("postings.places", as_=qian).has("一号楼公告栏")


def test_closing_calls_back_what_hangs_there(desk):
    one = place("豫苑社区三组二格", "公告栏")
    hangs = posting(PostingState.HANGING, place_id=one.id)
    waits = posting(PostingState.TO_HANG, place_id=one.id)
    blank = desk.visit("postings.close_place", as_=qian, posting_place_id=one.id)
    blank.send("Close the posting place", status=422)
    blank.send("Close the posting place", reason="公告栏已拆除")
    assert (state_of(hangs.id), state_of(waits.id)) == (PostingState.TO_TAKE_DOWN, PostingState.DROPPED)
    assert steps(hangs.id) == ["recall"]
    assert not desk.visit("postings.places", as_=qian).has("公告栏 ")
    desk.visit("postings.place", as_=qian, posting_place_id=one.id, status=404)
    assert trail("posting_place.close") == [{"recall": 1, "drop": 1}]


def test_current_notices_are_brought_to_a_new_place_in_one_tap(desk):
    held = notice()
    publish(held)
    publish(notice(audience=("建设路社区",)))
    page = add(desk, qian, usual="公告栏")
    assert page.has("1 current notice has not been planned")
    page.send("Add them")
    there = postings(unit_id=unit("豫苑社区三组二格").id)
    assert [(one.place, one.state) for one in there] == [
        ("网格内醒目处", PostingState.DROPPED),
        ("公告栏", PostingState.TO_HANG),
    ]
    assert not desk.visit("postings.places", as_=qian).has("Add them")
    desk.post("postings.catch_up", as_=qian)
    assert len(postings(unit_id=unit("豫苑社区三组二格").id)) == 2, "once is enough"


def test_what_hangs_at_a_conspicuous_place_stays(desk):
    publish(notice())
    (one,) = postings(unit_id=unit("豫苑社区三组二格").id)
    desk.post(f"/postings/{one.id}/hang", as_=qian)
    add(desk, qian, usual="公告栏").send("Add them")
    assert state_of(one.id) is PostingState.HANGING


def test_what_has_to_come_down_says_why(desk):
    one, other = place("豫苑社区三组二格", "公告栏"), place("豫苑社区三组二格", "大门口")
    held = notice()
    publish(held)
    for hanging in postings(unit_id=one.unit_id):
        desk.post(f"/postings/{hanging.id}/hang", as_=qian)
    desk.post("postings.close_place", as_=qian, posting_place_id=one.id, data={"reason": "拆除"})
    (there,) = postings(place_id=one.id)
    assert desk.visit("postings.show", as_=qian, posting_id=there.id).has("This posting place is closed.")
    over(held)
    (there,) = postings(place_id=other.id)
    assert desk.visit("postings.show", as_=qian, posting_id=there.id).has("This notice is over.")


def test_a_grid_whose_last_place_closed_gets_a_conspicuous_one(desk):
    one = place("豫苑社区三组二格", "公告栏")
    publish(notice())
    desk.post("postings.close_place", as_=qian, posting_place_id=one.id, data={"reason": "拆除"})
    desk.visit("postings.places", as_=qian).send("Add them")
    assert [held.place for held in postings(state=PostingState.TO_HANG, unit_id=one.unit_id)] == [
        "网格内醒目处"
    ]


@pytest.mark.parametrize("endpoint", ["postings.places", "postings.index", "postings.coverage"])
def test_markup_in_a_name_is_text(desk, endpoint):
    place("豫苑社区三组二格", MARKUP)
    publish(notice(title="关于<script>alert(1)</script>的温馨提示"))
    for person in (qian, wang):
        page = desk.visit(endpoint, as_=person, show="all")
        assert "<b onclick" not in page.source
        assert "<script>alert" not in page.source
    (one,) = [held for held in postings() if held.place == MARKUP]
    assert desk.visit("postings.show", as_=qian, posting_id=one.id).has(MARKUP)
