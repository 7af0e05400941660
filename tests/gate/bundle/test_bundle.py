"""What a phone of a gate fetches: signed, numbered, only what is new, the same for the same content, about nobody."""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import Any

import cbor2
import pytest
import time_machine
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from sqlalchemy import event, select

from portal.access.scope import everywhere
from portal.audit import service as audit
from portal.clock import LOCAL, now
from portal.database import db
from portal.gate.bundle.rules import bases_of
from portal.gate.bundle.service import changed, made
from portal.gate.bundle.signing import _private_key, digest_of
from portal.gate.devices.models import GateDevice
from portal.gate.devices.token import new_token
from portal.orders import service as orders
from portal.orders.models import Order, OrderState
from portal.passes.kinds import Kind, PassState
from portal.passes.models import Pass
from portal.registry.models import Household
from portal.units.models import Checkpoint
from portal.vault import blind_index
from tests.factories import household, restriction
from tests.gate.bundle.town import DAY, ELSEWHERE, HOUR, RULES, ended, north_gate, order, out, town
from tests.gate.world import issued
from tests.page import Browser

GATE, SEQ, ISSUED_AT, DIGESTS = 1, 2, 3, 4
ADDRESS = "/gate/device/bundle"


class Phone:
    """A phone of the gate that keeps what it is given, as static/js/gate/bundle.js does."""

    def __init__(self, gate: Checkpoint) -> None:
        self.gate = gate
        self.segments: dict[str, bytes] = {}
        self.digests: dict[str, str] = {}
        self.seq = self.issued_at = 0

    def fetch(self) -> dict[str, bytes]:
        """The news, after taking them over."""
        with everywhere(because="the test fetches"):
            answer = changed(self.gate, self.digests)
            db.session.commit()
        manifest, news = cbor2.loads(answer)
        told = signed(manifest)
        assert told[GATE] == self.gate.id
        self.seq, self.issued_at = told[SEQ], told[ISSUED_AT]
        self.segments = {name: news.get(name) or self.segments[name] for name in told[DIGESTS]}
        assert {name: digest_of(bytes_) for name, bytes_ in self.segments.items()} == told[DIGESTS]
        self.digests = {name: digest.hex() for name, digest in told[DIGESTS].items()}
        return dict(news)


def signed(manifest: bytes) -> dict[int, Any]:
    """What the manifest says, its signature verified."""
    protected, unprotected, payload, signature = cbor2.loads(manifest)
    assert cbor2.loads(protected)[1] == -7
    assert unprotected == {}
    told = cbor2.dumps(["Signature1", protected, b"gridgate bundle", payload])
    r, s = int.from_bytes(signature[:32]), int.from_bytes(signature[32:])
    _private_key().public_key().verify(encode_dss_signature(r, s), told, ECDSA(SHA256()))
    return dict(cbor2.loads(payload))


def something_happens() -> None:
    """Whatever is done leaves an entry in the trail."""
    with everywhere(because="the test does something"):
        audit.record("gate.exit", north_gate())
        db.session.commit()


def questions(do: Callable[[], object]) -> list[str]:
    """What is asked of the database meanwhile."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        do()
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return [one for one in asked if one.startswith("SELECT")]


# ── numbered, signed, and not made anew ──────────────────────────────────────────────────────────────────────────


def test_the_first_time_everything_then_only_what_is_new(app):
    pass_, phone = issued(), Phone(north_gate())
    assert {"gate", "keys", "rules", "ours", "staff"} <= phone.fetch().keys()
    assert phone.seq == 1
    ended(pass_, at=now())
    something_happens()
    assert [name for name in phone.fetch() if not name.startswith("together/")] == ["changes/2026-11-23"]
    assert phone.seq == 2


def test_the_number_grows_only_with_the_content_the_moment_always(app):
    issued()
    with time_machine.travel(datetime(2026, 11, 23, 10, 0, tzinfo=LOCAL)) as clock:
        phone = Phone(north_gate())
        phone.fetch()
        first = phone.issued_at
        clock.shift(HOUR * 2)
        something_happens()
        assert phone.fetch() == {}
    assert (phone.seq, phone.issued_at - first) == (1, 7200)


def test_another_phone_of_the_gate_has_the_same_number_and_another_gate_its_own(app):
    issued()
    one, other = Phone(north_gate()), Phone(north_gate())
    one.fetch()
    assert other.fetch() == one.segments
    assert other.seq == 1
    with everywhere(because="the test looks"):
        east = db.session.scalars(select(Checkpoint).where(Checkpoint.name == "东门")).one()
    away = Phone(east)
    away.fetch()
    assert away.segments["gate"] != one.segments["gate"]
    assert "changes/2026-11-23" in one.segments.keys() - away.segments.keys()


def test_what_has_not_changed_is_not_made_anew(app):
    issued()
    phone = Phone(north_gate())
    phone.fetch()
    asked = questions(phone.fetch)
    assert not [one for one in asked if "FROM pass" in one or "trip" in one]
    something_happens()
    assert [one for one in questions(phone.fetch) if "FROM pass" in one]


def test_a_manifest_that_somebody_changed_has_no_signature(app):
    phone = Phone(north_gate())
    with everywhere(because="the test fetches"):
        manifest, _news = cbor2.loads(changed(phone.gate, {}))
    assert signed(manifest)[SEQ] == 1
    protected, _empty, payload, signature = cbor2.loads(manifest)
    other = cbor2.dumps({**cbor2.loads(payload), SEQ: 2}, canonical=True)
    with pytest.raises(InvalidSignature):
        signed(cbor2.dumps([protected, {}, other, signature]))


def test_as_many_questions_for_a_town_as_for_a_household(app):
    gate, ten = north_gate(), now().replace(microsecond=0)
    order()
    issued()

    def make() -> None:
        with everywhere(because="the test counts"):
            db.session.expire_all()
            made(gate, ten)

    few = len(questions(make))
    passes = town(ten)
    assert len(passes) > 40
    assert len(questions(make)) <= few + 1  # the passes that a changeover ends are only read after one


# ── step by step ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_step_by_step_is_the_same_as_everything_at_once(app):
    """Three weeks in the life of a gate, over the end of a month; each time after some things have happened."""
    chance, gate = Random(411722), north_gate()
    with time_machine.travel(datetime(2026, 11, 20, 8, 0, tzinfo=LOCAL), tick=False) as clock:
        basis, homes = order(until=now() + 30 * DAY), [household() for _ in range(4)]
        faithful, forgetful, passes = Phone(gate), Phone(gate), []
        for _step in range(25):
            passes.append(_issue(chance, basis, homes))
            for _ in range(3):
                _live(chance, passes, homes)
            something_happens()
            clock.shift(timedelta(hours=chance.randrange(1, 40)))
            faithful.fetch()
            if chance.random() < 0.3:
                forgetful.fetch()
            fresh = Phone(gate)
            fresh.fetch()
            assert faithful.segments == fresh.segments
        forgetful.fetch()
        assert forgetful.segments == fresh.segments
        assert forgetful.seq == faithful.seq == fresh.seq > 20


def _issue(chance: Random, basis: Order, homes: list[Household]) -> Pass:
    kind = chance.choice(list(Kind))
    until = now() + chance.randrange(1, 25) * DAY
    own = {"home": chance.choice(homes)} if chance.random() < 0.8 else {"grid": ELSEWHERE}
    return issued(kind=kind, rule=RULES[kind], order_id=basis.id, valid_until=until, **own)


def _live(chance: Random, passes: list[Pass], homes: list[Household]) -> None:
    one, at = chance.choice(passes), now() - timedelta(minutes=chance.randrange(300))
    match chance.randrange(6):
        case 0:
            passes.remove(one)
            ended(one, chance.choice([PassState.REVOKED, PassState.SURRENDERED]), at=at)
            passes.append(issued())
        case 1:
            restriction(chance.choice(homes), since=at, until=at + chance.choice([HOUR, 3 * DAY]))
        case 2:
            out(one, at)
        case _:
            out(one, at, at + timedelta(minutes=chance.randrange(10, 200)))


# ── as the portal's own functions have it ────────────────────────────────────────────────────────────────────────


def test_an_order_lasts_as_long_as_the_orders_that_follow_it(app):
    at = now().replace(microsecond=0)
    first = order(until=at + DAY)
    second = order(effective_from=at + DAY, until=at + 3 * DAY, replaces_id=first.id)
    third = order(effective_from=at + 2 * DAY, until=at + 9 * DAY, replaces_id=second.id)
    order(effective_from=at + 10 * DAY, until=at + 12 * DAY, replaces_id=third.id)
    order(effective_from=at, until=at + 40 * DAY, replaces_id=first.id, state=OrderState.DRAFT)
    with everywhere(because="the test looks"):
        rows = list(
            db.session.scalars(select(Order).where(Order.state != OrderState.DRAFT).order_by(Order.id))
        )
        bases = bases_of(rows)
        for one in rows:
            assert bases[one.id, Kind.WORK].until == orders.measure_lasts_until(one, "passes", "work")
        assert bases[first.id, Kind.WORK].until == at + 9 * DAY


# ── nobody is in it ──────────────────────────────────────────────────────────────────────────────────────────────


def test_nothing_in_it_names_anybody(app):
    marks = {
        "holder_name": "演示·印记氏",
        "plate": "豫Q·印记7",
        "route": "印记路",
        "employer": "印记公司",
        "purpose_note": "印记事由",
        "holder_document": "411722189001010018",
        "holder_index": blind_index("document", "411722189001010018"),
        "ended_because": "印记原因",
    }
    home = household(compound="印记院", room="9713", address_note="印记备注")
    for kind in Kind:
        pass_ = issued(kind=kind, rule=RULES[kind], home=home, holder="演示·印记氏", **marks)
        out(pass_, now() - HOUR)
    ended(pass_, at=now())
    restriction(home, source="印记来源", lifted_because="印记")
    out(issued(home=home), now() - HOUR, pass_id=None)
    order(title="印记标题", number="印记号")
    phone = Phone(north_gate())
    phone.fetch()
    whole = b"".join(phone.segments.values())
    planted = [*(value for name, value in marks.items() if name != "holder_index"), "印记", "9713", "890101"]
    planted += [marks["holder_index"], str(pass_.short_code), str(pass_.serial), pass_.seal_id]
    assert [mark for mark in planted if mark.encode() in whole] == []
    assert "北门".encode() in whole  # what is looked for as bytes would be found


# ── by the phone's own token ─────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def headers(app) -> dict[str, str]:
    """Those of a phone of the north gate."""
    token, digest = new_token()
    gate = north_gate()
    with everywhere(because="the test pairs a phone"):
        told = {"uid": "a" * 8, "name": "1号机", "token_digest": digest, "paired_by_id": 1}
        db.session.add(GateDevice(checkpoint_id=gate.id, unit_id=gate.unit_id, **told))
        db.session.commit()
    return {"Authorization": f"Bearer {token}", "Accept-Encoding": "identity"}


def test_a_paired_phone_gets_it_with_its_token_alone(app, headers):
    issued()
    client = app.test_client()
    assert client.post(ADDRESS, json={"have": {}}).status_code == 401
    answer = client.post(ADDRESS, json={"have": {}}, headers=headers)
    assert (answer.status_code, answer.mimetype) == (200, "application/cbor")
    manifest, news = cbor2.loads(answer.data)
    have = {name: digest.hex() for name, digest in signed(manifest)[DIGESTS].items()}
    assert news.keys() == have.keys()
    assert cbor2.loads(client.post(ADDRESS, json={"have": have}, headers=headers).data)[1] == {}
    have["rules"] = "00"
    assert cbor2.loads(client.post(ADDRESS, json={"have": have}, headers=headers).data)[1].keys() == {"rules"}


@pytest.mark.parametrize("sent", [None, [], {"have": 7}, {"have": {"gate": 7}}, {"have": ["gate"]}])
def test_whatever_else_it_sends_it_gets_everything(app, headers, sent):
    answer = app.test_client().post(ADDRESS, json=sent, headers=headers)
    manifest, news = cbor2.loads(answer.data)
    assert news.keys() == signed(manifest)[DIGESTS].keys()


def test_it_comes_compressed(app, headers, desk: Browser):
    answer = app.test_client().post(ADDRESS, json={}, headers=headers | {"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
