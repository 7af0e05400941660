"""The rounds of a day as the teams see them: due, begun with one tap, done by whom, missed."""

import pytest

from portal.access.scope import everywhere
from portal.database import db
from portal.patrols.kinds import PatrolKind, PatrolState
from portal.patrols.models import PatrolRoute
from tests.patrols.world import all_patrols, hour, key, order, patrol, route, row
from tests.people import an, li, qian, sun, wang, zhao, zhou


@pytest.fixture
def way(app) -> PatrolRoute:
    """The community's route, under an order; it is ten o'clock, the nine o'clock round may still begin."""
    order()
    return route()


def standing(page, hours: str) -> str:
    """What a page says of a round: the words of its row."""
    rows = page.tree.xpath(f"//table//tr[.//td[contains(., '{hours}')]]")
    return " ".join(rows[0].text_content().split())


def test_one_tap_begins_the_round_that_is_due(way, visit):
    page = visit("patrols.index", as_=zhao)
    assert page.buttons().count("Begin") == 1
    assert "Due now" in standing(page, "09:00")
    assert "Later" in standing(page, "12:00")
    log = page.send("Begin")
    assert log.heading == "北线"
    begun = all_patrols()[0]
    assert (begun.state, begun.round_at, begun.leader) == (PatrolState.DRAFT, hour(9), "演示·zhao")
    assert begun.points == way.points
    assert "Being walked" in standing(visit("patrols.index", as_=zhao), "09:00")


def test_a_round_that_another_team_walked_is_done_for_all_who_share_the_route(way, visit):
    patrol(way=way, round_at=hour(9), by=zhao)
    for person in (qian, wang, li, an):
        told = standing(visit("patrols.day_plan", as_=person), "09:00")
        assert "Done" in told
        assert "演示·zhao, 豫苑社区三组, 09:05" in told
    assert not visit("patrols.day_plan", as_=qian).tree.xpath("//table//a[starts-with(@href, '/patrols/1')]")
    assert visit("patrols.day_plan", as_=wang).tree.xpath("//table//a[starts-with(@href, '/patrols/1')]")


def test_a_route_belongs_to_those_on_its_line(way, visit):
    route("豫苑社区三组二格", name="二格小巷")
    assert visit("patrols.day_plan", as_=qian).has("二格小巷")
    assert visit("patrols.day_plan", as_=wang).has("二格小巷")
    for stranger in (sun, zhou):
        page = visit("patrols.day_plan", as_=stranger)
        assert not page.has("北线")
        assert not page.has("二格小巷")


def test_days_before_are_one_link_away(way, visit):
    patrol(way=way, round_at=hour(12, days=-1), by=zhao)
    page = visit("patrols.day_plan", as_=zhao)
    yesterday = next(link for link in page.links() if link.endswith("day=2026-11-22"))
    page = visit(yesterday, as_=zhao)
    assert "Done" in standing(page, "12:00")
    assert "Missed" in standing(page, "15:00")
    assert page.has("1 of 5 done")
    assert page.has("4 missed")


def test_rounds_before_the_route_and_after_its_end_are_not_planned(app, visit):
    order()
    route(name="新线", since=hour(14, days=-1))
    route(name="旧线", closed_at=hour(14, days=-1))
    yesterday = visit("patrols.day_plan", as_=zhao, day="2026-11-22")
    assert yesterday.has("of 5 done"), "three of the new one, two of the old one"
    assert not visit("patrols.day_plan", as_=zhao).has("旧线")
    assert not visit("patrols.day_plan", as_=zhao, day="2026-11-21").has("新线")


def test_rounds_end_with_the_order(app, visit):
    order(ended_at=hour(13, days=-1))
    route()
    assert visit("patrols.day_plan", as_=zhao, day="2026-11-22").has("0 of 2 done")
    assert visit("patrols.day_plan", as_=zhao).has("There is no order in force")


def test_changed_hours_leave_past_days_as_they_were(way, visit):
    form = visit("patrols.change_route", as_=wang, route_id=way.id)
    form.send("Save", hours=["540", "1200"])
    assert visit("patrols.day_plan", as_=zhao, day="2026-11-22").has("0 of 5 done")
    assert visit("patrols.day_plan", as_=zhao, day="2026-11-24").has("0 of 2 done")


def test_a_broken_off_round_is_free_again_and_says_so(way, visit):
    patrol(PatrolState.BROKEN_OFF, way=way, round_at=hour(12, days=-1))
    page = visit("patrols.day_plan", as_=zhao, day="2026-11-22")
    assert "Broken off" in standing(page, "12:00")
    patrol(way=way, round_at=hour(12, days=-1), by=wang)
    assert "Done" in standing(visit("patrols.day_plan", as_=zhao, day="2026-11-22"), "12:00")


def test_the_second_one_is_led_to_the_first(way, visit, post):
    first = patrol(PatrolState.DRAFT, way=way, round_at=hour(9), by=zhao)
    led = post("patrols.begin", as_=wang, data={"round": key(way, hour(9))})
    assert led.url.endswith(f"/patrols/{first}")
    assert led.has("演示·zhao (豫苑社区三组) has logged this round already: set out today 09:05.")
    led = post("patrols.begin", as_=qian, data={"round": key(way, hour(9))})
    assert led.has("演示·zhao (豫苑社区三组) has logged this round already")
    assert "/patrols/new" in led.url, "the log of the team above is not hers to open"
    mine = led.send("Begin the log", where="", start_time="09:20")
    assert mine.heading == "北线"
    assert row(2).round_at is None, "as not planned"


def test_a_round_that_was_taken_meanwhile_loses_nothing_that_was_typed(way, visit):
    form = visit("patrols.new", as_=wang, round=key(way, hour(9)))
    assert not form.tree.xpath("//*[@name='where']"), "what is known is not asked"
    patrol(PatrolState.DRAFT, way=way, round_at=hour(9), by=zhao)
    back = form.send("Begin the log", status=422, members="演示·甲", start_time="09:10")
    assert back.has("演示·zhao (豫苑社区三组) has logged this round already")
    assert back.tree.xpath("//input[@name='members']/@value") == ["演示·甲"]
    assert len(all_patrols()) == 1


def test_a_missed_round_can_be_logged_afterwards(way, visit):
    page = visit("patrols.day_plan", as_=zhao, day="2026-11-22")
    link = next(link for link in page.links() if "round=" in link)
    form = visit(link, as_=zhao)
    assert form.tree.xpath("//input[@name='start_time']/@value") == ["09:00"], (
        "its own hour, not the present one"
    )
    late = form.send("Begin the log", status=422, start_time="11:00")
    assert late.has("This round begins from")
    log = late.send("Begin the log", start_time="09:10")
    assert row(1).round_at == hour(9, days=-1)
    assert log.has("yesterday 09:10")


@pytest.mark.parametrize(
    "wanted", ["", "x", "1-", "1-202611230901", "99-202611230900", "1-" + "9" * 400, "９-202611230900"]
)
def test_a_round_that_there_is_not(way, visit, post, wanted):
    post("patrols.begin", as_=zhao, data={"round": wanted}, status=409)
    visit("patrols.new", as_=zhao, round=wanted)
    assert all_patrols() == []


@pytest.mark.parametrize("day", ["", "x", "2026-02-30", "9999-12-31", "0001-01-01"])
def test_a_day_that_there_is_not_is_today(way, visit, day):
    assert visit("patrols.day_plan", as_=zhao, day=day).has("Rounds of today")


def test_many_routes_stay_light(app, visit):
    order()
    for number in range(14):
        route(name=f"第{number}片区巡逻路线", kind=list(PatrolKind)[number % 2])
    visit("patrols.index", as_=li)
    first = visit("patrols.day_plan", as_=li)
    older = next(link for link in first.links() if "after=" in link)
    assert visit(older, as_=li).has("第13片区巡逻路线")


def test_today_tells_each_what_to_do(way, visit):
    for person in (zhao, qian, wang):
        page = visit("today.index", as_=person)
        assert page.has("Patrol rounds due now")
        assert page.has("09:00 北线, until 10:30")
    assert not visit("today.index", as_=li).has("Patrol rounds due now")
    patrol(PatrolState.DRAFT, way=way, round_at=hour(9), by=zhao)
    page = visit("today.index", as_=zhao)
    assert not page.has("Patrol rounds due now")
    assert page.has("Patrol logs to hand in")


def test_missed_rounds_are_urgent_for_those_who_plan(app, visit):
    measures = {("patrols", "community"): {"rounds": [420, 480], "grace_minutes": 30, "kinds": ["other"]}}
    order(measures=measures)
    route()
    for person, urgent in ((wang, "Do at once"), (li, "Do at once"), (zhao, "Do today")):
        page = visit("today.index", as_=person)
        section = page.tree.xpath(f"//h2[.='{urgent}']/following-sibling::ul[1]")[0].text_content()
        assert "Patrol rounds missed today" in section
        assert "the last one: 08:00 北线" in section


def test_what_came_before_the_order_was_never_due(app, visit):
    order(effective_from=hour(9, 30))
    route()
    assert visit("patrols.day_plan", as_=zhao).has("0 of 4 done")
    with everywhere(because="the test looks"):
        assert db.session.query(PatrolRoute).count() == 1
