"""One pass at the gates: let out, refused a second time, let in, late, revoked, and at another community's gate."""

from datetime import timedelta

import pytest

from portal.access.scope import everywhere
from portal.clock import local, now
from portal.database import db
from portal.gate.models import FoundBy, GateEvent, GateRecord
from portal.passes.kinds import Kind, PassState
from portal.registry.models import Household
from tests.factories import restriction
from tests.gate.world import RULE, change, issued, records, scan, told, trips, verdict, went_out
from tests.people import an, gu, he, li, qian, sun, wang


def test_out_and_back(desk):
    pass_ = issued()
    page = scan(desk, gu, pass_.code)
    assert verdict(page) == "ok"
    assert page.heading == "Go"
    assert page.has("演示·张学敏")
    assert page.has("3号院")
    assert page.has("To be back by today")

    index = page.send("exit", temperature="36.5")
    assert index.has("Exit recorded")
    trip = trips(pass_)[0]
    assert trip.in_at is None
    assert trip.back_by == trip.out_at + timedelta(minutes=120)
    assert records(GateEvent.EXIT)[0].temperature == 365

    page = scan(desk, gu, pass_.short_code)
    assert verdict(page) == "ok"
    assert page.send("entry", temperature="").has("Entry recorded")
    assert trips(pass_)[0].in_at is not None
    assert [entry.action for entry in told("gate.exit") + told("gate.entry")] == ["gate.exit", "gate.entry"]


def test_the_trail_tells_nothing_personal(desk):
    pass_ = issued()
    scan(desk, gu, pass_.code).send("exit", temperature="36.5")
    entry = told("gate.exit")[0]
    written = f"{entry.details} {entry.reason}"
    assert "张" not in written
    assert "36.5" not in written
    assert pass_.short_code not in written


def test_a_second_exit_is_refused_and_flagged_for_the_commander(desk, visit):
    pass_ = issued()
    scan(desk, gu, pass_.code).send("exit")
    page = scan(desk, he, pass_.code).send("exit")
    assert verdict(page) == "no"
    assert page.has("Already out")
    assert len(trips(pass_)) == 1

    overview = visit("gates.index", as_=wang)
    assert overview.has("Left twice")
    assert overview.has("建设路社区 东门")
    assert not visit("gates.index", as_=sun).has("Left twice"), "it is the affair of the pass's community"
    assert visit("today.index", as_=wang).has("Doubtful passes")
    assert not visit("gates.index", as_=an).buttons().count("Looked into"), "an auditor changes nothing"

    settled = overview.send("Looked into")
    assert not settled.has("Left twice")
    assert len(told("gate.settle_copy")) == 1


def test_the_entry_that_a_gate_missed_is_recorded_with_the_time_told(desk):
    pass_ = issued(valid_from=now() - timedelta(days=2), valid_until=now() + timedelta(days=1))
    left = now() - timedelta(minutes=100)
    went_out(pass_, left, left + timedelta(minutes=120))
    page = scan(desk, gu, pass_.code).send("exit")
    assert verdict(page) == "no"
    form = desk.visit(page.tree.xpath("string(//a[contains(@href, 'missed')]/@href)"), as_=gu)
    told_at = local(now() - timedelta(minutes=40))
    page = form.send("Record", day=told_at.date().isoformat(), time=f"{told_at:%H:%M}")
    assert verdict(page) == "ok", "checked again, the second trip of the day"
    assert trips(pass_)[0].in_at == told_at.replace(second=0, microsecond=0)
    assert records(GateEvent.COPY)[0].done_at is not None, "it was no copy"


def test_a_time_before_the_exit_is_not_taken(desk):
    pass_ = issued()
    went_out(pass_, now() - timedelta(minutes=5), now() + timedelta(hours=1))
    page = scan(desk, gu, pass_.code).send("exit")
    form = desk.visit(page.tree.xpath("string(//a[contains(@href, 'missed')]/@href)"), as_=gu)
    early = local(now() - timedelta(minutes=50))
    assert form.send("Record", day=early.date().isoformat(), time=f"{early:%H:%M}", status=409).has(
        "Ask again"
    )
    assert trips(pass_)[0].in_at is None


def test_an_entry_without_an_exit_is_let_in_after_a_look(desk):
    pass_ = issued()
    page = scan(desk, gu, pass_.code).send("entry")
    assert verdict(page) == "look"
    assert page.has("No exit recorded")
    assert not records(GateEvent.ENTRY), "the guard sees the reason first"
    assert page.send("entry").has("Entry recorded")
    assert trips(pass_) == []


def test_coming_back_late_says_what_it_costs(desk):
    pass_ = issued(valid_from=now() - timedelta(days=1), rule=RULE)
    went_out(pass_, now() - timedelta(minutes=160), now() - timedelta(minutes=40))
    page = scan(desk, gu, pass_.code)
    assert verdict(page) == "look"
    assert page.has("Back late")
    assert page.has("40 minutes late")
    assert page.has("the next trip is cancelled")
    page.send("entry")
    assert told("gate.entry")[0].details["minutes_late"] == 40


def test_a_revoked_pass_goes_nowhere(desk):
    pass_ = issued()
    change(pass_, state=PassState.REVOKED, ended_at=now())
    page = scan(desk, gu, pass_.code)
    assert verdict(page) == "no"
    assert page.has("Revoked")
    assert "Exit" not in page.buttons()
    assert page.send("Turn back").has("Turned back")
    assert records(GateEvent.TURNED_BACK)[0].pass_id == pass_.id
    assert told("gate.check_refused")[0].details["because"] == "revoked"


def test_whoever_is_out_when_the_pass_is_revoked_is_let_in(desk):
    pass_ = issued()
    scan(desk, gu, pass_.code).send("exit")
    change(pass_, state=PassState.REVOKED, ended_at=now())
    page = scan(desk, gu, pass_.code)
    assert verdict(page) == "look"
    page.send("entry")
    assert trips(pass_)[0].in_at is not None


def test_revoked_between_check_and_record(desk):
    pass_ = issued()
    page = scan(desk, gu, pass_.code)
    change(pass_, state=PassState.REVOKED, ended_at=now())
    assert verdict(page.send("exit")) == "no"
    assert trips(pass_) == []


def test_a_pass_of_another_community_is_checked_and_its_trip_belongs_to_its_own(desk, visit):
    pass_ = issued()
    page = scan(desk, he, pass_.code)
    assert verdict(page) == "ok"
    assert page.has("演示·张学敏")
    page.send("exit")
    assert trips(pass_)[0].unit_id == pass_.unit_id
    assert visit("gates.index", as_=wang).has("outside 1")
    assert visit("gates.index", as_=sun).has("outside 0")
    assert scan(desk, gu, pass_.code).send("entry").has("Entry recorded")


def test_a_household_under_restriction_stays_and_is_not_let_out_specially(desk):
    pass_ = issued()
    with everywhere(because="the test looks"):
        home = db.session.get_one(Household, pass_.household_id)
    restriction(home)
    page = scan(desk, gu, pass_.code)
    assert verdict(page) == "no"
    assert page.has("Suspended")
    assert not page.tree.xpath("//a[contains(@href, 'special-exit')]")
    uid = page.url.rpartition("/")[2]
    desk.post("gate.special_exit", as_=gu, uid=uid, data={"why": "illness"}, status=409)


def test_a_special_exit_with_a_refused_pass_counts_for_nothing(desk):
    pass_ = issued(valid_from=now() - timedelta(days=3), valid_until=now() - timedelta(days=1))
    page = scan(desk, gu, pass_.code)
    assert page.has("Expired")
    form = desk.visit(page.tree.xpath("string(//a[contains(@href, 'special-exit')]/@href)"), as_=gu)
    assert form.send("Record the exit", status=422).has("Choose a reason")
    form.send("Record the exit", why="illness", note="送医")
    trip = trips()[0]
    assert (trip.pass_id, trip.household_id) == (None, pass_.household_id)
    assert records(GateEvent.SPECIAL_EXIT)[0].note == "Illness, 送医"

    page = scan(desk, gu, pass_.code)
    assert page.send("entry", status=303)
    assert trips()[0].in_at is not None


@pytest.mark.parametrize("typed", ["37.3", "３７．３", "37,3", "37。3", "38"])
def test_fever_stops_everybody(desk, typed):
    pass_ = issued()
    page = scan(desk, gu, pass_.code).send("exit", temperature=typed)
    assert verdict(page) == "no"
    assert page.has("Fever")
    assert page.buttons() == []
    assert trips(pass_) == []


@pytest.mark.parametrize("typed", ["3.65", "3650", "warm", "NaN", "44"])
def test_a_temperature_that_cannot_be_is_asked_for_again(desk, typed):
    pass_ = issued()
    page = scan(desk, gu, pass_.code).send("exit", temperature=typed, status=422)
    assert page.tree.xpath("string(//input[@name='temperature']/@value)") == typed
    assert page.tree.xpath("//input[@name='temperature']/@aria-invalid")
    assert trips(pass_) == []


def test_those_who_are_late_stand_first_and_are_let_in_from_the_list(desk, visit):
    slow, early = issued(holder="演示·王五"), issued(holder="演示·赵六")
    went_out(early, now() - timedelta(minutes=10), now() + timedelta(minutes=110))
    went_out(slow, now() - timedelta(minutes=200), now() - timedelta(minutes=80))
    assert visit("gate.index", as_=gu).has("2 outside now")
    page = visit("gate.who_is_outside", as_=gu)
    assert page.text.index("演示·王*") < page.text.index("演示·赵*")
    assert page.has("80 minutes late")
    assert visit("today.index", as_=wang).has("Overdue outside")

    page = page.send("Record the entry…")
    assert verdict(page) == "look"
    assert page.has("演示·王*")
    assert not page.has("王五"), "there is no paper to compare"
    page.send("entry")
    assert trips(slow)[0].in_at is not None
    assert records(GateEvent.ENTRY)[0].found_by == FoundBy.LIST


def test_a_visitor_comes_in_first_and_leaves_afterwards(desk, visit):
    pass_ = issued(kind=Kind.VISITOR)
    page = scan(desk, gu, pass_.code)
    assert page.has("To leave by")
    page.send("entry")
    assert visit("gate.index", as_=gu).has("0 outside now")
    assert visit("gate.who_is_outside", as_=gu).has("inside since")
    scan(desk, gu, pass_.code).send("exit")
    assert trips(pass_)[0].in_at is not None


def test_a_gate_sees_the_outside_of_its_own_community_only(desk, visit):
    pass_ = issued()
    went_out(pass_, now(), now() + timedelta(hours=2))
    assert visit("gate.index", as_=he).has("0 outside now")
    assert not visit("gate.who_is_outside", as_=he).has("张*")
    desk.post("gate.come_back", as_=he, trip_id=trips(pass_)[0].id, status=404)


def test_a_check_belongs_to_its_gate(desk, visit):
    page = scan(desk, gu, issued().code)
    uid = page.url.rpartition("/")[2]
    visit("gate.show", as_=he, uid=uid, status=404)
    for endpoint in ("gate.record", "gate.turn_back", "gate.special_exit", "gate.missed"):
        desk.post(endpoint, as_=he, uid=uid, data={"direction": "exit"}, status=404)
    assert trips() == []


def test_the_gatekeeper_sees_nothing_but_the_gate(visit):
    page = visit("gate.index", as_=gu)
    assert page.tree.xpath("//nav//a/@href") == ["/", "/gate/desk"], "home leads to the gate"
    for person in (wang, li, qian):
        assert "/gate/desk" not in visit("today.index", as_=person).links()
    assert "/gates/" in visit("today.index", as_=wang).links()


def test_a_check_is_used_once(desk):
    page = scan(desk, gu, issued().code)
    page.send("exit")
    uid = page.url.rpartition("/")[2]
    assert desk.post("gate.record", as_=gu, uid=uid, data={"direction": "entry"}, status=409).has(
        "used already"
    )
    assert desk.post("gate.turn_back", as_=gu, uid=uid, status=409).has("used already")


def test_a_double_click_records_once(desk):
    pass_ = issued()
    page = scan(desk, gu, pass_.code)
    page.send("exit")
    page.send("exit")
    assert len(trips(pass_)) == 1
    assert len(records(GateEvent.EXIT)) == 1


def test_an_old_check_must_be_made_again(desk, visit):
    page = scan(desk, gu, issued().code)
    uid = page.url.rpartition("/")[2]
    with everywhere(because="the test lets time pass"):
        record = db.session.get_one(GateRecord, records(GateEvent.CHECK)[0].id)
        record.at = now() - timedelta(minutes=11)
        db.session.commit()
    assert desk.post("gate.record", as_=gu, uid=uid, data={"direction": "exit"}, status=409).has(
        "ten minutes"
    )
    assert trips() == []
    assert visit("gate.index", as_=gu).heading == "北门"


def test_the_code_stands_in_no_address_and_in_no_page(desk):
    pass_ = issued()
    page = scan(desk, gu, pass_.code)
    for text in (pass_.code, pass_.short_code):
        assert text not in page.url
        assert text not in page.source
    assert page.response.headers["Cache-Control"] == "no-store"


def test_a_vehicle_that_is_turned_back_counts_as_one(desk):
    pass_ = issued(kind=Kind.VEHICLE, plate="豫Q00000", state=PassState.REVOKED, ended_at=now())
    index = scan(desk, gu, pass_.code).send("Turn back")
    assert index.has("vehicles 1")


@pytest.mark.parametrize("language", ["zh_Hans", "en"])
def test_every_page_of_the_gate_comes_in_both_languages(desk, visit, language):
    issued()
    for endpoint in (
        "index",
        "who_is_outside",
        "forgotten",
        "special_without_pass",
        "visitor",
        "public_check",
    ):
        visit(f"gate.{endpoint}", as_=gu, language=language)
    page = scan(desk, gu, issued().code)
    uid = page.url.rpartition("/")[2]
    for endpoint in ("show", "special_exit", "missed"):
        shown = visit(f"gate.{endpoint}", as_=gu, uid=uid, language=language)
        assert shown.tree.get("lang") == language.replace("_", "-")
    visit("gates.index", as_=wang, language=language)
