"""The log on the way: several drafts at a time, kept from the first line, handed in once, corrected by another."""

import pytest
from sqlalchemy import func, select

from portal.access.scope import everywhere
from portal.audit.models import AuditEntry
from portal.database import db
from portal.patrols.findings.kinds import FindingKind
from portal.patrols.findings.models import Finding
from portal.patrols.kinds import Barrier, PatrolKind, PatrolState, Weather
from portal.patrols.models import PatrolRoute
from tests.patrols.world import POINTS, all_patrols, hour, key, order, patrol, route, row
from tests.people import an, gu, qian, sun, wang, zhao, zhou

pytestmark = pytest.mark.any_database

LONG_WORD = "长" * 2000
MARKUP = "<script>alert(1)</script><b hx-get='/x'>"


@pytest.fixture
def way(app) -> PatrolRoute:
    order()
    return route()


@pytest.fixture
def draft(way) -> int:
    """zhao is out on the nine o'clock round since 09:05."""
    return patrol(PatrolState.DRAFT, way=way, round_at=hour(9), complete=False)


def notes_in_the_trail(action: str) -> int:
    with everywhere(because="the test counts"):
        db.session.rollback()
        return db.session.scalar(select(func.count(AuditEntry.id)).where(AuditEntry.action == action))


def test_a_log_from_setting_out_to_handing_in(way, visit):
    log = visit("patrols.index", as_=zhao).send("Begin")
    kept = log.send("Keep", walked=["0", "1"], further="河堤\n\n 便  道 ", weather="rain", note="一切正常")
    assert kept.has("Kept 10:00")
    now_ = row(1)
    assert (now_.walked, now_.weather, now_.note) == (
        [*POINTS[:2], "河堤", "便 道"],
        Weather.RAIN,
        "一切正常",
    )
    unfinished = kept.send("Hand in", status=422)
    assert unfinished.has("Enter when the patrol ended")
    sent = unfinished.send("Hand in", start_time="09:02", end_time="09:58")
    assert sent.has("Handed in")
    assert sent.has("4 points passed, of 5")
    assert row(1).state is PatrolState.SENT
    assert visit("patrols.edit", as_=zhao, patrol_id=1, status=303)


def test_what_is_valid_is_kept_and_what_is_not_comes_back(draft, visit):
    log = visit("patrols.edit", as_=zhao, patrol_id=draft)
    back = log.send("Keep", status=422, note="三人聚集已劝散", end_time="08:00", members=LONG_WORD)
    assert back.has("The patrol ends before it starts")
    assert back.has("With: use 300 characters or fewer, now there are 2000")
    assert back.tree.xpath("//input[@name='end_time']/@value") == ["08:00"]
    assert back.tree.xpath("//input[@name='members']/@value") == [LONG_WORD]
    kept = row(draft)
    assert (kept.note, kept.ended_at, kept.members) == ("三人聚集已劝散", None, "")
    mended = back.send("Hand in", end_time="09:50", members="演示·甲")
    assert mended.has("Handed in")
    assert row(draft).ended_at == hour(9, 50)


def test_a_script_is_told_in_one_line(draft, visit, desk):
    visit("patrols.edit", as_=zhao, patrol_id=draft)
    data = {
        "csrf_token": desk.csrf_token(zhao),
        "once": "o" * 22,
        "leader": "演示·zhao",
        "start_time": "09:05",
    }
    data |= {"start_day": "2026-11-23"}
    for note in ("一", "二"):
        told = desk.client(zhao).post(f"/patrols/{draft}/keep", data=data | {"note": note, "end_time": "x"})
        assert told.status_code == 200
        assert len(told.data) < 200
        assert "Kept 10:0" in told.text
        assert "Enter a time like 08:10" in told.text
        assert row(draft).note == note, "the same token keeps again and again"
    sent = desk.client(zhao).post(
        f"/patrols/{draft}/edit",
        data=data | {"end_time": "09:40", "walked": "0", "do": "send", "end_day": "2026-11-23"},
    )
    assert sent.status_code == 303
    again = desk.client(zhao).post(f"/patrols/{draft}/edit", data=data | {"end_time": "09:40", "do": "send"})
    assert (again.status_code, again.location) == (303, sent.location), "sent twice, handed in once"
    assert notes_in_the_trail("patrol.send") == 1
    assert desk.client(zhao).post(f"/patrols/{draft}/keep", data=data | {"once": "p" * 22}).status_code == 409


def test_two_who_write_on_one_log_are_told_of_each_other(draft, visit, desk):
    mine, theirs = (visit("patrols.edit", as_=person, patrol_id=draft) for person in (zhao, wang))
    theirs.send("Keep", note="王书记写的")
    stale = {
        "csrf_token": desk.csrf_token(zhao),
        "once": "o" * 22,
        "note": "赵组长写的",
        "leader": "演示·zhao",
    }
    stale["seen"] = mine.tree.xpath("string(//input[@name='seen']/@value)")
    told = desk.client(zhao).post(f"/patrols/{draft}/keep", data=stale).text
    assert "Not kept" in told
    assert stale["seen"] in told
    back = mine.send("Keep", status=422, note="赵组长写的")
    assert back.has("演示·wang（豫苑社区） has written on this log meanwhile")
    assert back.tree.xpath("string(//textarea[@name='note'])").strip() == "赵组长写的"
    assert row(draft).note == "王书记写的"
    back.send("Keep")
    assert row(draft).note == "赵组长写的", "whoever presses again wants it so"


def test_ones_own_second_device_is_not_told(draft, visit):
    phone, desk_ = (visit("patrols.edit", as_=zhao, patrol_id=draft) for _ in range(2))
    phone.send("Keep", note="一")
    desk_.send("Keep", note="二")
    assert row(draft).note == "二"


def test_keeping_nothing_new_leaves_no_trace(draft, visit):
    log = visit("patrols.edit", as_=zhao, patrol_id=draft)
    log.send("Keep", note="一").send("Keep").send("Keep")
    assert notes_in_the_trail("patrol.keep") == 1


def test_several_drafts_at_a_time(way, visit):
    ids = [patrol(PatrolState.DRAFT, start=hour(h, days=-1), complete=False) for h in (14, 16)]
    ids.append(patrol(PatrolState.DRAFT, way=way, round_at=hour(9), complete=False))
    page = visit("patrols.index", as_=zhao)
    assert {f"/patrols/{one}/edit" for one in ids} <= set(page.links())
    visit("patrols.edit", as_=zhao, patrol_id=ids[0]).send(
        "Hand in", end_day="2026-11-22", end_time="15:00", note="未走完"
    )
    assert [one.state for one in all_patrols()] == [PatrolState.SENT, PatrolState.DRAFT, PatrolState.DRAFT]


def test_a_walk_past_midnight_belongs_to_the_evening(way, visit):
    form = visit("patrols.new", as_=zhao, round="")
    log = form.send("Begin the log", where="河堤", start_day="2026-11-22", start_time="22:00")
    assert log.tree.xpath("//input[@name='end_day'][@checked]/@value") == ["2026-11-23"], "proposed"
    sent = log.send("Hand in", end_time="01:30", further="河堤")
    assert sent.has("3 hours 30 minutes")
    assert visit("patrols.index", as_=zhao).has("yesterday 22:00–01:30")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"end_day": "2026-11-22", "end_time": "23:00"}, "The patrol ends before it starts"),
        ({"end_day": "2026-11-23", "end_time": "23:00"}, "The end is still to come"),
        ({"end_day": "2026-11-23", "end_time": "25:00"}, "Enter a time like 08:10"),
        ({"end_day": "yesterday", "end_time": "09:30"}, "Enter a date like 2026-11-23"),
        ({"end_time": ""}, "Enter when the patrol ended"),
        ({"end_time": "09:30", "leader": "  "}, "Enter who led the patrol"),
        ({"end_time": "09:30", "walked": None}, "Tick a point that was passed"),
        ({"end_time": "09:30", "walked": "7"}, "Choose one of those offered"),
        ({"end_time": "09:30", "further": LONG_WORD}, "Further points: use 1000 characters or fewer"),
        ({"end_time": "09:30", "further": "长" * 61}, "Use 60 characters a line or fewer"),
        ({"end_time": "09:30", "further": "\n".join(map(str, range(31)))}, "Write 30 lines or fewer"),
        ({"end_time": "09:30", "note": LONG_WORD}, "Note: use 500 characters or fewer"),
        ({"end_time": "09:30", "start_time": "11:00"}, "The start is still to come"),
        ({"end_time": "09:59", "start_time": "08:10"}, "This round begins from"),
        ({"end_time": "09:30", "weather": "hail"}, "Choose one of those offered"),
    ],
)
def test_what_cannot_be_handed_in(draft, visit, typed, sentence):
    log = visit("patrols.edit", as_=zhao, patrol_id=draft)
    page = log.send("Hand in", status=422, **({"walked": "0"} | typed))
    assert page.has(sentence)
    assert row(draft).state is PatrolState.DRAFT


def test_a_start_moved_beyond_the_end_asks_for_the_end_again(app, visit):
    order()
    made = patrol(PatrolState.DRAFT, start=hour(8), end=hour(8, 30))
    log = visit("patrols.edit", as_=zhao, patrol_id=made)
    log.send("Keep", status=422, start_time="09:00")
    assert (row(made).started_at, row(made).ended_at) == (hour(9), None)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"where": ""}, "Choose a round or a route, or write where the patrol goes"),
        ({"leader": ""}, "Enter who led the patrol"),
        ({"start_time": "10:30"}, "The start is still to come"),
        ({"start_day": "2026-11-15"}, "A log is written within seven days"),
        ({"start_day": "2026-11-19"}, "There is no order in force for “Patrols: Community”"),
        ({"kind": "aerial"}, "Choose one of those offered"),
        ({"route": "99"}, "Choose one of those offered"),
        ({"where": LONG_WORD}, "use 120 characters or fewer"),
        ({"leader": LONG_WORD}, "Led by: use 60 characters or fewer"),
    ],
)
def test_what_cannot_be_begun(way, visit, typed, sentence):
    form = visit("patrols.new", as_=zhao, round="")
    page = form.send("Begin the log", status=422, **({"where": "3号院", "start_time": "09:00"} | typed))
    assert page.has(sentence)
    assert all_patrols() == []


def test_markup_is_text_wherever_it_is_written(way, visit, post):
    form = visit("patrols.new", as_=zhao, round="")
    log = form.send("Begin the log", where=MARKUP, leader=MARKUP, members=MARKUP, start_time="09:00")
    sent = log.send("Hand in", end_time="09:30", further=MARKUP, note=MARKUP)
    voided = post("patrols.strike_out", as_=zhao, patrol_id=1, data={"words": MARKUP})
    for page in (
        log,
        sent,
        voided,
        visit("patrols.index", as_=wang),
        visit(f"{sent.url}/print?as=page", as_=wang),
    ):
        assert "<script>alert" not in page.source
        assert not page.tree.xpath("//*[@hx-get='/x']")
        assert page.has(MARKUP)


def test_a_boundary_is_reported_with_its_barrier_and_who_was_turned_back(app, visit):
    order()
    border = route(kind=PatrolKind.BOUNDARY, name="东界", neighbour="蔡都街道")
    made = patrol(PatrolState.DRAFT, way=border, round_at=hour(9), complete=False)
    log = visit("patrols.edit", as_=zhao, patrol_id=made)
    bad = log.send(
        "Keep", status=422, turned_back_people="-1", turned_back_vehicles="many", barrier="damaged"
    )
    assert bad.has("People turned back: enter a number from 0 to 9999")
    assert row(made).barrier is Barrier.DAMAGED
    sent = bad.send(
        "Hand in",
        turned_back_people="12",
        turned_back_vehicles="3",
        barrier_note="缺口已补",
        end_time="09:40",
        walked="0",
    )
    for words in ("Damaged", "缺口已补", "12 people, 3 vehicles", "蔡都街道"):
        assert sent.has(words)


def test_a_patrol_that_never_returned_is_looked_for_and_broken_off(way, visit):
    made = patrol(PatrolState.DRAFT, start=hour(2), complete=False)
    for person in (zhao, wang):
        assert visit("today.index", as_=person).has("Patrols not back")
        assert visit("patrols.index", as_=person, show="not_back").has("Not back")
    assert not visit("today.index", as_=sun).has("Patrols not back")
    form = visit("patrols.break_off", as_=wang, patrol_id=made)
    assert not form.has("The other side"), "a patrol has none"
    form.send("End without finishing", status=422).has("Choose a reason or write one")
    ended = form.send("End without finishing", common="Nobody came back to write it", words="已电话联系")
    assert ended.has("Nobody came back to write it: 已电话联系")
    assert not visit("today.index", as_=wang).has("Patrols not back")


def test_a_correction_takes_the_place_of_what_it_corrects(way, visit):
    wrong = patrol(way=way, round_at=hour(9))
    with everywhere(because="the test makes a finding"):
        found = Finding(
            unit_id=row(wrong).unit_id, patrol_id=wrong, order_id=row(wrong).order_id, kind=FindingKind.GATHERING,
            place="小广场", place_key="小广场", found_at=hour(9, 20),
        )  # fmt: skip
        db.session.add(found)
        db.session.commit()
    draft = visit("patrols.show", as_=zhao, patrol_id=wrong).send("Correct")
    right = all_patrols()[-1].id
    assert draft.url.endswith(f"/patrols/{right}/edit")
    assert visit("patrols.show", as_=zhao, patrol_id=wrong).has("A correction is being written")
    assert "Correct" not in visit("patrols.show", as_=zhao, patrol_id=wrong).buttons()
    sent = draft.send("Hand in", walked=["0", "1", "2"], note="补记两处")
    assert sent.has("Corrects the log of today 09:05")
    old, new = row(wrong), row(right)
    assert (old.state, old.round_key) == (PatrolState.CORRECTED, None)
    assert (new.state, new.round_at, new.walked) == (PatrolState.SENT, hour(9), POINTS)
    assert new.round_key
    with everywhere(because="the test looks"):
        assert db.session.scalars(select(Finding.patrol_id)).all() == [right]
    assert visit("patrols.show", as_=zhao, patrol_id=wrong).has("Corrected by another log")
    assert visit("patrols.day_plan", as_=zhao).has("1 of 5 done")


def test_two_who_correct_the_same_log_write_one_correction(way, post):
    wrong = patrol(way=way, round_at=hour(9))
    first = post("patrols.correct", as_=zhao, patrol_id=wrong)
    assert post("patrols.correct", as_=wang, patrol_id=wrong).url == first.url
    assert len(all_patrols()) == 2


def test_a_round_walked_since_leaves_the_correction_beside_the_plan(way, post, visit):
    broken = patrol(PatrolState.BROKEN_OFF, way=way, round_at=hour(9), complete=True)
    patrol(way=way, round_at=hour(9), by=wang)
    draft = post("patrols.correct", as_=zhao, patrol_id=broken)
    draft.send("Hand in", note="实际走完")
    assert all_patrols()[-1].round_at is None
    assert row(2).round_key


def test_a_leader_at_two_places_at_once_is_a_warning(way, visit):
    patrol(way=way, round_at=hour(9))
    form = visit("patrols.new", as_=zhao, round="")
    log = form.send("Begin the log", where="河堤", start_time="09:20")
    assert log.has("演示·zhao also leads another patrol at that time")
    assert log.send("Hand in", end_time="09:30", note="同时").has("also leads another patrol")


def test_who_sees_and_who_writes(draft, visit, desk):
    assert visit("patrols.show", as_=wang, patrol_id=draft).has("Go on writing")
    assert "Go on writing" not in visit("patrols.show", as_=an, patrol_id=draft).text
    for stranger in (qian, sun, zhou):
        visit("patrols.show", as_=stranger, patrol_id=draft, status=404)
        visit("patrols.edit", as_=stranger, patrol_id=draft, status=404)
        desk.post("patrols.keep", as_=stranger, patrol_id=draft, data={"note": "x"}, status=404)
    visit("patrols.index", as_=gu, status=403)
    visit("patrols.edit", as_=an, patrol_id=draft, status=403)


def test_the_list_goes_by_twenties(app, visit):
    order()
    for minute in range(23):
        patrol(
            PatrolState.DRAFT if minute < 2 else PatrolState.SENT, start=hour(8, minute), end=hour(9, minute)
        )
    page = visit("patrols.index", as_=wang)
    assert len(page.tree.xpath("//table[last()]//tbody/tr")) == 20
    assert page.has("Not handed in 2")
    older = next(link for link in page.links() if "before=" in link)
    assert len(visit(older, as_=wang).tree.xpath("//tbody/tr")) == 3
    assert len(visit("patrols.index", as_=wang, show="drafts").tree.xpath("//tbody/tr")) == 2
    assert visit("patrols.index", as_=wang, show="boundary").has("Nothing here")


PAGES = (
    ("index", {}), ("new", {}), ("new", {"round": "1-202611230900"}), ("day_plan", {}), ("routes", {}),
    ("print_plan", {}),
    ("show", {"patrol_id": 1}), ("edit", {"patrol_id": 1}), ("break_off", {"patrol_id": 1}),
    ("strike_out", {"patrol_id": 1}), ("print_log", {"patrol_id": 1}),
)  # fmt: skip


@pytest.mark.parametrize("language", ["zh_Hans", "en"])
@pytest.mark.parametrize(("endpoint", "values"), PAGES, ids=str)
def test_every_page_in_both_languages(endpoint, values, language, draft, visit):
    visit(f"patrols.{endpoint}", as_=zhao, language=language, **values)


def test_the_first_line_is_kept_without_a_script(way, visit):
    log = visit("patrols.new", as_=zhao, round=key(way, hour(9))).send("Begin the log", start_time="09:10")
    assert log.send("Keep", note="第一行").has("Kept")
    assert visit("patrols.edit", as_=zhao, patrol_id=1).has("第一行")
