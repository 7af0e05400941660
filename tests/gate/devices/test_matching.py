"""Passes left at home, PINs, and what a phone may look up."""

from datetime import timedelta

import pytest

from portal.access.scope import everywhere
from portal.clock import now
from portal.database import db
from portal.gate.devices import pins
from portal.gate.devices.models import GatePin
from portal.gate.models import FoundBy, GateEvent
from portal.passes.kinds import PassState
from tests.factories import household
from tests.gate.devices.phone import Phone, appointment_of, ms
from tests.gate.world import change, issued, records, told, trips
from tests.people import gu, qian, sun, wang

pytestmark = pytest.mark.any_database
MINUTE = timedelta(minutes=1)


@pytest.fixture
def phone(desk):
    return Phone(desk).paired()


def home(room="302", grid="豫苑社区三组二格"):
    return household(grid, compound="豫苑小区", building="6号楼", stairwell="2", room=room)


def test_the_one_pass_of_a_room_is_taken(phone):
    pass_, at = issued(home=home()), now() - 30 * MINUTE
    phone.send(
        phone.event("forgotten", at, room="6-2-302", why="shopping"),
        phone.event("forgotten", at + 20 * MINUTE, room="6-2-302", direction="entry"),
    )
    (trip,) = trips(pass_)
    assert (ms(trip.out_at), ms(trip.in_at)) == (ms(at), ms(at + 20 * MINUTE))
    record = records(GateEvent.EXIT)[0]
    assert (record.found_by, record.note) == (FoundBy.ADDRESS, "Pass forgotten, Food and medicine")


def test_what_fits_several_waits_for_the_commander(phone, visit):
    where, at = home(), now() - 30 * MINUTE
    first, second = issued(home=where), issued(home=where, holder="演示·李四")
    phone.send(phone.event("forgotten", at, room="6-2-302"))
    assert trips() == []
    assert visit("today.index", as_=wang).has("Forgotten passes: say whose they were")
    index = visit("gates.index", as_=wang)
    assert index.has("To match")
    (link,) = [link for link in index.links() if "/forgotten/" in link]
    page = visit(link, as_=wang)
    assert page.has("演示·李*")
    assert not page.has("李四")
    page.send("Go on", chosen=str(second.id))
    assert ms(trips(second)[0].out_at) == ms(at)
    assert trips(first) == []
    assert told("gate.match")[0].details["serial"] == second.serial
    assert not visit("gates.index", as_=wang).has("To match")
    visit(link, as_=wang, status=404)


def test_another_address_finds_other_passes_and_none_of_these_ends_it(phone, visit):
    issued(home=home("303"))
    phone.send(phone.event("forgotten", room="3楼东户"))
    (link,) = [link for link in visit("gates.index", as_=wang).links() if "/forgotten/" in link]
    page = visit(link, as_=wang)
    assert not page.has("演示·张*")
    page = page.send("Go on", address="6-2-303", status=200)
    assert page.has("演示·张*")
    page.send("Go on", chosen="0")
    assert trips() == []
    assert records(GateEvent.FORGOTTEN)[0].done_at
    assert not visit("gates.index", as_=wang).has("To match")


def test_only_the_gates_own_command_matches(phone, desk, visit):
    far = issued("建设路社区一组一格", home=home(grid="建设路社区一组一格"))
    phone.send(phone.event("forgotten", room="6-2-302"))
    (link,) = [link for link in visit("gates.index", as_=wang).links() if "/forgotten/" in link]
    visit(link, as_=sun, status=404)
    visit(link, as_=qian, status=403)
    desk.post(link, as_=wang, data={"address": "6-2-302", "chosen": str(far.id)}, status=200)
    assert trips() == []


def test_a_matched_pass_is_judged_like_any_other(phone, visit):
    pass_ = issued(home=home())
    change(pass_, valid_until=now() - 40 * MINUTE)
    phone.send(phone.event("forgotten", now() - 30 * MINUTE, room="6-2-302"))
    assert records(GateEvent.LET_THROUGH)[0].pass_id == pass_.id


# ── PINs ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_pin_is_chosen_at_the_desk_and_kept_as_a_verifier(visit):
    page = visit("gate.index", as_=gu)
    assert "/gate/pin" in page.links()
    visit("gate.pin", as_=gu).send("Keep the PIN", pin="135790", again="135790")
    with everywhere(because="the test looks"):
        kept = db.session.query(GatePin).one()
        assert (kept.appointment_id, kept.iterations, len(kept.salt)) == (appointment_of(gu), 100_000, 16)
        assert kept.verifier == pins.verifier("135790", kept.salt)
        first = kept.salt
    visit("gate.pin", as_=gu).send("Keep the PIN", pin="246801", again="246801")
    with everywhere(because="the test looks"):
        assert db.session.query(GatePin).one().salt != first
    assert len(told("gate.set_pin")) == 2
    assert "135790" not in str([entry.details for entry in told("gate.set_pin")])


@pytest.mark.parametrize(
    ("pin", "again", "sentence"),
    [
        ("13579", "13579", "Enter six figures"),
        ("13579x", "13579x", "Enter six figures"),
        ("１３５７９０", "１３５７９０", "Enter six figures"),
        ("135790", "135791", "not the same"),
        ("123456", "123456", "in a row"),
        ("111111", "111111", "all the same"),
        ("850214", "850214", "a birthday"),
        ("", "", "Enter six figures"),
    ],
)
def test_weak_pins_are_refused(visit, pin, again, sentence):
    page = visit("gate.pin", as_=gu).send("Keep the PIN", pin=pin, again=again, status=422)
    assert page.has(sentence)
    assert set(page.tree.xpath("//input[@type='password']/@value")) <= {""}, "never shown again"


def test_a_forgotten_pin_is_set_aside(visit, phone):
    visit("gate.pin", as_=gu).send("Keep the PIN", pin="135790", again="135790")
    page = visit("gate_devices.index", as_=wang, checkpoint_id=phone.gate)
    assert page.has("PIN chosen")
    page = page.send("PIN forgotten")
    assert page.has("no PIN yet")
    assert told("gate.drop_pin")


def test_a_strangers_pin_stays(visit, desk):
    visit("gate.pin", as_=gu).send("Keep the PIN", pin="135790", again="135790")
    desk.post("gate_devices.drop_pin", as_=sun, appointment_id=appointment_of(gu), status=404)


# ── looking up ───────────────────────────────────────────────────────────────────────────────────────────────────


def look(phone, **asked):
    answer = phone.post("look", asked)
    assert answer.status_code == 200, answer.text
    return answer.json["found"]


def test_a_short_code_leads_to_what_the_paper_says(phone):
    pass_ = issued("建设路社区一组一格", checkpoint_ids=[1])
    for text in (pass_.short_code, pass_.short_code.lower(), pass_.serial, pass_.code):
        (found,) = look(phone, text=text, staff=appointment_of(gu))
        claims = found["claims"]
        assert (claims["serial"], claims["holder"]) == (pass_.serial, "演示·张学敏")
        assert (claims["status_index"], claims["order"]) == (pass_.status_index, pass_.order_id)
        assert claims["valid_until"] == int(pass_.valid_until.timestamp())
        assert claims["gates"] == [1]
    assert look(phone, text="2345ABCD") == []
    assert len(told("gate.look_up")) == 5
    assert told("gate.look_up")[0].details["staff"] == appointment_of(gu)


def test_a_room_leads_to_masked_passes_of_the_own_community(phone):
    pass_ = issued(home=home())
    issued("建设路社区一组一格", home=home(grid="建设路社区一组一格"), holder="演示·外人")
    (found,) = look(phone, room="6-2-302")
    assert (found["claims"]["holder"], found["claims"]["document_tail"]) == ("演示·张*", "")
    assert "学敏" not in str(found)
    assert found["claims"]["status_index"] == pass_.status_index
    change(pass_, state=PassState.REVOKED)
    assert look(phone, room="6-2-302") == []


@pytest.mark.parametrize("asked", [None, [], {}, {"text": 5}, {"text": "a", "room": "b"}, {"room": "x" * 61}])
def test_what_asks_nothing_is_refused(phone, asked):
    assert phone.post("look", asked).status_code == 400


def test_an_application_without_paper_is_not_found(phone):
    pass_ = issued(state=PassState.APPLIED)
    assert look(phone, text=pass_.serial) == []
