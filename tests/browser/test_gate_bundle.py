"""A gate without network decides as the portal does: every pass of a town, at several moments, both ways."""

import zlib
from base64 import b64decode, b64encode, urlsafe_b64encode
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from io import BytesIO
from random import Random
from typing import Any

import cbor2
import pytest
import zxingcpp
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from flask import Flask
from PIL import Image
from playwright.sync_api import Browser, Error, Page, expect
from sqlalchemy import select

from portal.access.scope import everywhere
from portal.clock import now
from portal.database import db
from portal.gate.bundle.frames import frames_of
from portal.gate.bundle.service import changed
from portal.gate.bundle.signing import digest_of, manifest, public_key
from portal.gate.bundle.written import pack
from portal.gate.checking import find, look
from portal.gate.models import GateRecord
from portal.passes.kinds import Kind
from portal.passes.models import Pass, Trip
from portal.passes.verdicts import Direction
from portal.units.models import Checkpoint
from tests.browser.workbench import workbench
from tests.gate.bundle.test_carrying import put_together
from tests.gate.bundle.town import DAY, ELSEWHERE, HOUR, RULES, north_gate, order, out, town
from tests.gate.world import issued
from tests.vectors.plain import decision_to_json

pytestmark = pytest.mark.browser

# What the gate says of each code: the phone's own modules, from the answer of the portal on.
DECIDE = """async ([urls, answer, key, gate, asked]) => {
  const { accept, decode, factsOf } = await import(urls.bundle);
  const { read } = await import(urls.code);
  const { decide } = await import(urls.rules);
  const bytes = Uint8Array.from(atob(answer), (character) => character.charCodeAt(0));
  const bundle = decode((await accept(bytes, key, gate, null)).segments);
  const said = [];
  for (const one of asked) {
    const claims = await read(one.code, bundle.keys, one.now);
    const facts = factsOf(claims, bundle, one.events || [], one.at, one.direction, one.temperature, gate);
    const { trips_unknown, order_unknown } = facts.held;
    said.push({ decision: decide(facts), trips_unknown, order_unknown });
  }
  return said;
}"""
MOMENTS = (timedelta(0), HOUR / 3, 2 * HOUR, 5 * HOUR, DAY, DAY + 3 * HOUR, 2 * DAY, 4 * DAY)
# What is past is known to the minute; of what ended before the month, not when.
TO_THE_MINUTE = {"revoked", "replaced", "surrendered", "quota_used", "trip_cancelled"}


@pytest.fixture(scope="module")
def phone(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """A page with the modules of the gate; ``phone.urls`` are their addresses."""
    with workbench(tmp_path_factory.mktemp("bundle")) as (address, url):
        page = browser.new_page()
        page.goto(address)
        names = ("bundle", "code", "rules", "frames", "inflate")
        page.urls = {name: url(f"js/gate/{name}.js") for name in names}  # type: ignore[attr-defined]
        yield page
        page.close()


def fetched(gate: Checkpoint, have: dict[str, str] | None = None) -> bytes:
    """What a phone of the gate gets."""
    with everywhere(because="the test fetches"):
        answer = changed(gate, have or {})
        db.session.commit()
    return answer


def by_portal(gate: Checkpoint, asked: dict[str, Any]) -> dict[str, Any]:
    """The portal's own decision."""
    with everywhere(because="the test asks the portal"):
        found = find(asked["code"])
        assert found.pass_ is not None
        check = GateRecord(checkpoint_id=gate.id, pass_id=found.pass_.id, temperature=asked["temperature"])
        check.direction = Direction(asked["direction"]) if asked["direction"] else None
        said = decision_to_json(look(check, datetime.fromtimestamp(asked["at"]).astimezone()).decision)
        db.session.rollback()
    return said


def by_phone(phone: Page, gate: Checkpoint, answer: bytes, asked: list[dict[str, Any]]) -> Any:
    """What the phone says, one a question."""
    given = [phone.urls, b64encode(answer).decode(), public_key(), gate.id, asked]  # type: ignore[attr-defined]
    return phone.evaluate(DECIDE, given)


def question(pass_: Pass, at: datetime, **values: Any) -> dict[str, Any]:
    """A code at the gate."""
    told = {"code": pass_.code, "at": int(at.timestamp()), "now": int(now().timestamp())}
    return told | {"direction": None, "temperature": None} | values


def comparable(decision: dict[str, Any], *, since: bool) -> dict[str, Any]:
    """What both must say: all, but of what is past the minute only."""
    if decision["reason"] not in TO_THE_MINUTE:
        return decision
    return decision | {"since": decision["since"] // 60 if since and decision["since"] else None}


def test_the_phone_decides_as_the_portal(app: Flask, phone: Page) -> None:
    gate, ten = north_gate(), now().replace(microsecond=0)
    passes = town(ten)
    answer = fetched(gate)
    asked = [
        (name, question(pass_, ten + later, direction=direction))
        for name, pass_ in passes.items()
        for later in MOMENTS
        for direction in (None, "exit", "entry")
    ]
    asked += [(name, question(pass_, ten, temperature=380)) for name, pass_ in passes.items()]
    said = by_phone(phone, gate, answer, [one for _name, one in asked])
    reasons, other = set(), {}
    for (name, one), told in zip(asked, said, strict=True):
        mine = by_portal(gate, one)
        reasons.add(mine["reason"])
        known = told["decision"]["since"] is not None
        if comparable(mine, since=known) != comparable(told["decision"], since=known):
            other.setdefault(name, (one["at"], one["direction"], mine, told["decision"]))
        assert told["trips_unknown"] is ("elsewhere" in name), name
        assert told["order_unknown"] is False, name
    assert not other, "\n".join(f"{name}: {told}" for name, told in other.items())
    assert len(reasons) > 20, reasons


def test_what_this_phone_recorded_counts_like_what_the_portal_knows(app: Flask, phone: Page) -> None:
    """The phone knows of the trips by its own events only; the portal is told of them afterwards."""
    gate, ten = north_gate(), now().replace(microsecond=0)
    passes = town(ten)
    answer = fetched(gate)
    recorded = [
        ("new household", [("exit", 0), ("entry", 40)]),
        ("new vehicle", [("exit", 0), ("entry", 300)]),
        ("new visitor", [("entry", 0), ("exit", 30), ("entry", 60)]),
        ("household out", [("entry", 20)]),
        ("first plate", [("exit", 0)]),
        ("back the day before", [("exit", 5)]),
        ("old", [("exit", 0), ("entry", 200)]),
        ("late two days ago", []),
    ]
    events = [
        {"index": passes[name].status_index, "kind": kind, "at": _ms(ten, minutes) - 90_000, "offset": 90_000}
        for name, happened in recorded
        for kind, minutes in happened
    ]
    asking = [*(name for name, _happened in recorded), "second plate"]
    asked = [
        question(passes[name], ten + timedelta(minutes=minutes), direction=direction)
        for name in asking
        for minutes in (310, 24 * 60, 50 * 60)
        for direction in (None, "exit", "entry")
    ]
    said = by_phone(phone, gate, answer, [one | {"events": events[::-1]} for one in asked])
    for name, happened in recorded:
        _write(passes[name], ten, happened)
    for one, told in zip(asked, said, strict=True):
        mine = by_portal(gate, one)
        assert comparable(told["decision"], since=True) == comparable(mine, since=True), one
    news = by_phone(phone, gate, fetched(gate), [one | {"events": events} for one in asked])
    assert [told["decision"] for told in news] == [told["decision"] for told in said]


def _ms(ten: datetime, minutes: int) -> int:
    return int((ten + timedelta(minutes=minutes)).timestamp() * 1000)


def _write(pass_: Pass, ten: datetime, happened: list[tuple[str, int]]) -> None:
    """As trips: what begins one, and what ends it or the one that was open."""
    begins = "entry" if pass_.kind == "visitor" else "exit"
    with everywhere(because="the test writes trips"):
        for kind, minutes in happened:
            at = ten + timedelta(minutes=minutes)
            if kind == begins:
                out(pass_, at)
                continue
            with everywhere(because="the test ends a trip"):
                lasts = select(Trip).where(Trip.pass_id == pass_.id, Trip.in_at.is_(None))
                db.session.scalars(lasts.order_by(Trip.out_at.desc())).first().in_at = at
                db.session.commit()


def test_a_pass_issued_after_the_bundle_is_in_order(app: Flask, phone: Page) -> None:
    gate, ten = north_gate(), now().replace(microsecond=0)
    basis = order()
    issued(order_id=basis.id, rule=RULES[Kind.HOUSEHOLD])
    answer = fetched(gate)
    later = {"order_id": basis.id, "rule": RULES[Kind.HOUSEHOLD]}
    ours, unknown = issued(**later), issued(rule=RULES[Kind.HOUSEHOLD])
    theirs = issued(grid=ELSEWHERE, **later)
    said = by_phone(phone, gate, answer, [question(one, ten) for one in (ours, theirs, unknown)])
    assert [one["decision"]["reason"] for one in said] == ["may_go"] * 3
    assert [one["trips_unknown"] for one in said] == [False, True, False]
    assert [one["order_unknown"] for one in said] == [False, False, True]


# ── whole, newer, and of this gate, or not at all ────────────────────────────────────────────────────────────────

ACCEPT = """async ([urls, key, gate, answers]) => {
  const { accept, age } = await import(urls.bundle);
  const said = [];
  let kept = null;
  for (const answer of answers) {
    const bytes = Uint8Array.from(atob(answer), (character) => character.charCodeAt(0));
    await accept(bytes, key, gate, kept).then(
      (taken) => { kept = taken; said.push(null); }, (error) => said.push(error.fault || String(error))
    );
  }
  const ages = [0, 86399, 86400, 259199, 259200].map((older) => age(kept, kept.issued_at + older));
  return { said, seq: kept.seq, have: kept.digests, ages, nothing: age(null, 0) };
}"""


def test_only_a_whole_newer_bundle_of_this_gate_is_taken_over(app: Flask, phone: Page) -> None:
    gate, ten = north_gate(), int(now().timestamp())
    segment, other = b"\x80", b"\x81\x01"

    def answer(seq: int, segments: dict[str, bytes], **values: Any) -> bytes:
        told = {"gate_id": gate.id, "issued_at": ten, "digests": segments} | values
        digests = {name: digest_of(one) for name, one in told["digests"].items()}
        return pack(
            [manifest(told["gate_id"], seq, told["issued_at"], digests), values.get("news", segments)]
        )

    whole, [head, news] = answer(5, {"ours": segment}), cbor2.loads(answer(9, {"ours": segment}))
    signed = cbor2.loads(head)
    cases = [
        (whole, None),
        (answer(4, {"ours": segment}), "rolled_back"),
        (answer(5, {"ours": other}), "rolled_back"),
        (answer(5, {"ours": segment, "open": segment}), "rolled_back"),
        (answer(6, {"ours": segment}, issued_at=ten - 86_401), "rolled_back"),
        (answer(6, {"ours": segment}, gate_id=gate.id + 1), "another_gate"),
        (answer(6, {"ours": segment, "open": other}, news={}), "incomplete"),
        (answer(6, {"ours": other}, news={"ours": segment}), "incomplete"),
        (answer(6, {"ours": other}, news={}), "incomplete"),
        (pack([pack([signed[0], {}, signed[2], bytes(64)]), news]), "forged"),
        (pack([pack([pack({1: -257, 4: b"1234"}), *signed[1:]]), news]), "damaged"),
        (pack([pack([signed[0], {}, signed[2] + b"0", signed[3]]), news]), "forged"),
        (whole[:-1], "damaged"),
        (whole + b"0", "damaged"),
        (b"", "damaged"),
        (pack([head, [1]]), "damaged"),
        (pack({1: 2}), "damaged"),
        (answer(5, {"ours": segment}, issued_at=ten - 86_400, news={}), None),
        (answer(6, {"ours": segment}, issued_at=ten - 3600, news={}), None),
        (answer(7, {"ours": segment, "open": other}, news={"open": other}), None),
    ]
    answers = [b64encode(sent).decode() for sent, _fault in cases]
    told = phone.evaluate(ACCEPT, [phone.urls, public_key(), gate.id, answers])  # type: ignore[attr-defined]
    assert told["said"] == [fault for _sent, fault in cases]
    assert told["seq"] == 7
    assert told["have"] == {"ours": digest_of(segment).hex(), "open": digest_of(other).hex()}
    assert told["ages"] == ["fresh", "fresh", "amber", "amber", "red"]
    assert told["nothing"] == "red"


def test_the_key_of_another_installation_vouches_for_nothing(app: Flask, phone: Page) -> None:
    gate = north_gate()
    stranger = generate_private_key(SECP256R1()).public_key().public_numbers()
    names = {name: getattr(stranger, name).to_bytes(32) for name in "xy"}
    key = {name: urlsafe_b64encode(one).rstrip(b"=").decode() for name, one in names.items()}
    answers = [b64encode(fetched(gate)).decode()]
    with pytest.raises(Error, match="null"):  # nothing is kept
        phone.evaluate(ACCEPT, [phone.urls, key, gate.id, answers])  # type: ignore[attr-defined]


# ── off a screen ─────────────────────────────────────────────────────────────────────────────────────────────────

COLLECT = """async ([urls, texts]) => {
  const { Frames } = await import(urls.frames);
  const frames = new Frames(), taken = [], missing = [frames.missing.length];
  for (const text of texts) {
    taken.push(frames.add(text));
    missing.push(frames.missing.length);
  }
  const bytes = await frames.bytes().catch((error) => error.message);
  const text = (packed) => btoa(Array.from(packed, (one) => String.fromCharCode(one)).join(""));
  return { taken, missing, complete: frames.isComplete, bytes: typeof bytes === "string" ? bytes : text(bytes) };
}"""


def collected(phone: Page, texts: list[str]) -> Any:
    """What the phone makes of the codes that it reads."""
    return phone.evaluate(COLLECT, [phone.urls, texts])  # type: ignore[attr-defined]


def test_frames_in_any_order_make_the_bundle_again(app: Flask, phone: Page) -> None:
    town(now().replace(microsecond=0))
    bundle = fetched(north_gate())
    frames = frames_of(bundle)
    assert len(frames) > 2
    mixed = [*frames[::-1], frames[0]]
    mixed[1:1] = ["GG1:ABC", "GGB:1/2:0000000", frames[-1].replace("GGB:", "GGB:9"), "https://example.cn"]
    told = collected(phone, mixed)
    assert b64decode(told["bytes"]) == bundle
    assert told["taken"] == [True, False, False, False, False, *[True] * len(frames)]
    assert told["missing"][:2] == [0, len(frames) - 1]
    assert told["missing"][-2:] == [0, 0]


def test_frames_that_are_missing_spoilt_or_of_another_series_make_nothing(phone: Page) -> None:
    frames, others = frames_of(bytes(range(256)) * 9), frames_of(bytes(range(255)) * 9)
    assert len(frames) == len(others) == 1
    spoilt = frames[0][:-4] + ("0000" if frames[0][-4:] != "0000" else "1111")
    assert collected(phone, [])["bytes"] == "frames are missing"
    assert collected(phone, [spoilt])["bytes"] == "not what was shown"
    assert b64decode(collected(phone, [frames[0], others[0]])["bytes"]) == bytes(range(255)) * 9


@pytest.mark.parametrize("level", [0, 1, 9])
def test_whatever_was_packed_is_unpacked(phone: Page, level: int) -> None:
    """Stored, with the fixed and with made codes; short, long, random and repeated."""
    chance = Random(level)
    texts = [
        b"",
        b"a",
        b"ab" * 9,
        chance.randbytes(70_000),
        bytes(300_000),
        bytes(chance.choices(range(9), k=50_000)),
    ]
    for text in texts:
        packer = zlib.compressobj(level, zlib.DEFLATED, -15, strategy=chance.choice([0, zlib.Z_FIXED]))
        packed = packer.compress(text) + packer.flush()
        given = [phone.urls, b64encode(packed).decode()]  # type: ignore[attr-defined]
        assert b64decode(phone.evaluate(INFLATE, given)) == text


INFLATE = """async ([urls, packed]) => {
  const { inflate } = await import(urls.inflate);
  const found = inflate(Uint8Array.from(atob(packed), (character) => character.charCodeAt(0)));
  return btoa(Array.from(found, (one) => String.fromCharCode(one)).join(""));
}"""


def test_the_codes_are_read_off_the_screen(sit_down: Callable[..., Page]) -> None:
    """Without a script they stand below each other; with one, one at a time."""
    for scripts in (False, True):
        page = sit_down("wang", scripts=scripts)
        page.goto("/gates/devices/1/bundle")
        page.click("main form:has([name=day]) button")
        figures = page.locator("main [data-code]")
        if scripts:
            expect(page.locator("main [data-code]:visible")).to_have_count(1)
            assert figures.count() > 1
            continue
        expect(figures.nth(1)).to_be_visible()
        pictures = [figures.nth(number).locator("svg").screenshot() for number in range(figures.count())]
        texts = [zxingcpp.read_barcode(Image.open(BytesIO(picture))).text for picture in pictures]
        told, segments = cbor2.loads(put_together(texts))
        assert segments.keys() <= cbor2.loads(cbor2.loads(told)[2])[4].keys()
