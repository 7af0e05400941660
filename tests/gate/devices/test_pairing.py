"""A phone becomes a gate's by a code of eight figures, and its token opens that gate and nothing else."""

import uuid
from datetime import timedelta

import pytest
import time_machine

from portal.access.scope import everywhere
from portal.clock import now
from portal.database import db
from portal.gate.devices.models import PairingCode
from portal.units.models import Checkpoint
from tests.conftest import A_MORNING
from tests.gate.devices.phone import Phone, arrivals, code_on, gate_named
from tests.gate.world import issued, told, trips
from tests.people import an, gu, he, li, sun, wang


def shown(desk, gate="北门", as_=wang):
    return desk.visit("gate_devices.pair", as_=as_, checkpoint_id=gate_named(gate)).send(
        "Show the code", status=200
    )


def test_a_code_pairs_one_phone_with_one_gate(desk):
    page = shown(desk)
    code = code_on(page)
    assert len(code.replace(" ", "")) == 8
    phone = Phone(desk)
    answer = phone.pair(code)
    assert answer.status_code == 200
    assert answer.json["gate"] == {"id": phone.gate, "name": "北门"}
    assert set(answer.json["key"]) == {"x", "y"}
    assert abs(answer.json["now"] - A_MORNING.timestamp() * 1000) < 600_000
    assert told("gate.pair_phone")[0].account_id == told("gate.pairing_code")[0].account_id
    with everywhere(because="the test looks"):
        kept = db.session.query(PairingCode).one()
        assert code.replace(" ", "") not in str(vars(kept))


@pytest.mark.any_database
def test_wrong_used_and_late_codes_get_the_same_answer(desk):
    code = code_on(shown(desk))
    assert Phone(desk).pair(code).status_code == 200
    used = Phone(desk).pair(code)
    wrong = Phone(desk).pair("00000000")
    late = code_on(shown(desk))
    with time_machine.travel(A_MORNING + timedelta(minutes=11)):
        too_late = Phone(desk).pair(late)
    assert used.status_code == too_late.status_code == wrong.status_code == 403
    assert used.json == too_late.json == wrong.json


@pytest.mark.any_database
def test_a_new_code_ends_the_one_before(desk):
    first, second = code_on(shown(desk)), code_on(shown(desk))
    assert Phone(desk).pair(first).status_code == 403
    assert Phone(desk).pair(second).status_code == 200


@pytest.mark.any_database
def test_guesses_are_answered_later_and_later(desk):
    phone = Phone(desk)
    answers = [phone.pair(f"{number:08}").status_code for number in range(8)]
    assert answers[:4] == [403] * 4
    assert answers[-1] == 429
    code = code_on(shown(desk))
    refused = phone.pair(code)
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    with time_machine.travel(A_MORNING + timedelta(minutes=6)):
        assert phone.pair(code).status_code == 200


@pytest.mark.any_database
@pytest.mark.parametrize(
    "body", [None, [], {"code": "1"}, {"code": 12345678, "device": "x"}, {"code": "1" * 900}]
)
def test_what_is_no_asking_is_refused(desk, body):
    phone = Phone(desk)
    assert phone.client.post("/gate/device/pair", json=body).status_code == 403
    assert phone.client.post("/gate/device/pair", data=b"[" * 100_000).status_code == 403


def test_paired_again_the_phone_goes_on_in_its_row(desk, visit):
    phone = Phone(desk).paired()
    before, old = phone.row.id, phone.token
    held_back = phone.event("turned_back", count=2)
    page = visit("gate_devices.index", as_=wang, checkpoint_id=phone.gate)
    page = desk.visit(page.tree.xpath("string(//a[contains(@href, '/end')]/@href)"), as_=wang)
    assert page.send("End this phone", status=422).has("Choose a reason")
    assert page.send("End this phone", common="Lost").has("ended")
    assert phone.post("events", phone.batch(held_back)).status_code == 401
    assert phone.paired().row.id == before
    assert phone.token != old
    assert phone.send(held_back) == ["stored"]
    assert arrivals()[0].record_id
    phone.token = old
    assert phone.post("events", phone.batch()).status_code == 401
    assert told("gate.end_phone")[0].reason == "Lost"


@pytest.mark.any_database
def test_a_token_opens_its_own_gate_and_nothing_else(desk):
    mine, other = Phone(desk).paired(), Phone(desk, "东门", sun).paired()
    pass_ = issued()
    strange = mine.passes("exit", pass_) | {"gate": other.gate}
    assert mine.send(strange) == ["refused"]
    assert trips() == []
    bearer = {"Authorization": f"Bearer {mine.token}"}
    for path in ("/gate/desk", "/gates/", f"/gates/devices/{mine.gate}", "/passes/", "/"):
        assert mine.client.get(path, headers=bearer).status_code in (302, 303, 401, 403)
    signed_in = desk.client(gu).post("/gate/device/events", json=mine.batch())
    assert signed_in.status_code == 401, "a cookie speaks for no phone"


@pytest.mark.any_database
def test_a_closed_gate_has_no_phones(desk):
    phone = Phone(desk).paired()
    with everywhere(because="the test closes a gate"):
        db.session.get_one(Checkpoint, phone.gate).closed = True
        db.session.commit()
    assert phone.post("events", phone.batch()).status_code == 401
    assert desk.post("gate_devices.pair", as_=wang, checkpoint_id=phone.gate, status=409).has("closed")


@pytest.mark.any_database
def test_only_the_gates_own_command_pairs(desk, visit):
    gate = gate_named("北门")
    for who, status in ((wang, 200), (li, 200), (sun, 404), (an, 403), (gu, 403), (he, 403)):
        visit("gate_devices.index", as_=who, checkpoint_id=gate, status=status)
        visit("gate_devices.pair", as_=who, checkpoint_id=gate, status=status)
    assert f"/gates/devices/{gate}" in visit("gates.index", as_=wang).links()
    assert f"/gates/devices/{gate}" not in visit("gates.index", as_=an).links()


@pytest.mark.any_database
def test_two_phones_type_the_same_code_and_one_is_paired(desk):
    code = code_on(shown(desk))
    assert [Phone(desk).pair(code).status_code for _ in range(2)] == [200, 403]


@pytest.mark.any_database
def test_the_page_tells_how_a_phone_is(desk, visit):
    phone = Phone(desk).paired()
    page = visit("gate_devices.index", as_=wang, checkpoint_id=phone.gate)
    assert page.has("never heard of")
    phone.clock = 3 * 3_600_000
    first, _lost, third = (phone.event("turned_back") for _ in range(3))
    phone.send(first, third, waiting=9)
    page = visit("gate_devices.index", as_=wang, checkpoint_id=phone.gate)
    for sentence in ("7 events wait", "1 event is missing", "3 hours fast", "version 1.0", "北门 1 号机"):
        assert page.has(sentence), sentence
    assert visit("today.index", as_=wang).has("Phones of gates: ask after them")
    assert visit("gates.index", as_=wang).has("Ask after these phones")
    assert not visit("today.index", as_=sun).has("Phones of gates")


@pytest.mark.any_database
def test_a_phone_that_was_at_another_gate_meanwhile_misses_nothing(desk, visit):
    phone, elsewhere = Phone(desk).paired(), Phone(desk, "东门", sun)
    phone.send(phone.event("turned_back"))
    elsewhere.uid, elsewhere.n = phone.uid, phone.n
    elsewhere.paired().send(elsewhere.event("turned_back"))
    phone.n = elsewhere.n
    phone.paired().send(phone.event("turned_back"))
    page = visit("gate_devices.index", as_=wang, checkpoint_id=phone.gate)
    assert not page.has("missing")


@pytest.mark.any_database
def test_silence_is_a_worry_while_somebody_is_on_duty(desk, visit):
    phone = Phone(desk).paired()
    phone.send(phone.event("on_duty"))
    assert not visit("today.index", as_=wang).has("Phones of gates")
    with time_machine.travel(A_MORNING + timedelta(hours=7)):
        phone.desk.clients.clear()
        assert visit("today.index", as_=wang).has("Phones of gates")
        phone.send(phone.event("handed_over", now()))
    with time_machine.travel(A_MORNING + timedelta(hours=14)):
        phone.desk.clients.clear()
        assert not visit("today.index", as_=wang).has("Phones of gates")


@pytest.mark.any_database
@pytest.mark.parametrize("language", ["zh_Hans", "en"])
def test_the_pages_come_in_both_languages(desk, visit, language):
    phone = Phone(desk).paired()
    phone.send({"id": str(uuid.uuid4()), "n": 1, "kind": "exit"}, phone.event("forgotten", room="9-9-909"))
    for endpoint in ("index", "pair"):
        visit(f"gate_devices.{endpoint}", as_=wang, checkpoint_id=phone.gate, language=language)
    visit("gate_devices.end", as_=wang, device_id=phone.row.id, language=language)
    visit("gate.pin", as_=gu, language=language)
    links = visit("gates.index", as_=wang, language=language).links()
    links += visit("gate_devices.index", as_=wang, checkpoint_id=phone.gate, language=language).links()
    for link in links:
        if "/forgotten/" in link or "/refused/" in link:
            visit(link, as_=wang, language=language)
    assert sum("/forgotten/" in link or "/refused/" in link for link in links) == 2
