"""Every code that can be held out to a guard, or typed at the public check, gets a plain sentence."""

from datetime import timedelta

import pytest

from portal.access.scope import everywhere
from portal.clock import now
from portal.database import db
from portal.gate.models import GateEvent
from portal.orders.models import Order
from portal.passes import base45
from portal.passes.code import PassClaims, sign
from portal.passes.keys import KeyRing
from portal.passes.kinds import PassState
from portal.passes.serials import new_short_code, serial
from tests.conftest import A_MORNING
from tests.gate.world import change, issued, records, scan, verdict
from tests.people import gu

pytestmark = pytest.mark.any_database


def from_elsewhere(folder, pass_):
    """The same pass, signed by another installation."""
    ring = KeyRing.open(folder)
    claims = PassClaims(
        serial=pass_.serial,
        kind=pass_.kind,
        holder=pass_.holder_name,
        document_tail="0018",
        place="别处",
        issued_at=now(),
        valid_from=pass_.valid_from,
        valid_until=pass_.valid_until,
        status_index=7,
        order_id=pass_.order_id,
    )
    return sign(claims, ring.signing_key(now()))


def altered(text):
    """One bit of what the pass says turned over."""
    raw = bytearray(base45.decode(text.removeprefix("GG1:")))
    raw[40] ^= 1
    return "GG1:" + base45.encode(bytes(raw))


CODES = {
    "unknown": lambda pass_, folder: new_short_code(),
    "mistyped": lambda pass_, folder: pass_.short_code[:-1] + ("3" if pass_.short_code[-1] != "3" else "4"),
    "altered": lambda pass_, folder: altered(pass_.code),
    "truncated": lambda pass_, folder: pass_.code[:120],
    "foreign": lambda pass_, folder: from_elsewhere(folder, pass_),
    "something else": lambda pass_, folder: "https://example.com/a-health-code-of-somewhere-else",
    "binary": lambda pass_, folder: "GG1:" + "%" * 400,
}
AT_THE_GATE = {
    "unknown": "No such pass",
    "mistyped": "No such pass",
    "altered": "Code altered",
    "truncated": "Code incomplete",
    "foreign": "Not our code",
    "something else": "Not our code",
    "binary": "Code incomplete",
}
IN_PUBLIC = {
    "unknown": "There is no pass with this code",
    "mistyped": "There is no pass with this code",
    "altered": "changed or forged",
    "truncated": "not complete",
    "foreign": "not the code of a pass of this portal",
    "something else": "not the code of a pass of this portal",
    "binary": "not complete",
}


@pytest.mark.parametrize("kind", CODES)
def test_at_the_gate(desk, tmp_path, kind):
    page = scan(desk, gu, CODES[kind](issued(), tmp_path))
    assert verdict(page) == "no"
    assert page.has(AT_THE_GATE[kind])
    assert "Exit" not in page.buttons()
    assert not page.tree.xpath("//*[contains(@class, 'sheet')]"), "there is no paper to compare with"
    page.send("Turn back")
    record = records(GateEvent.TURNED_BACK)[0]
    assert record.pass_id is None
    assert len(record.code_index) == 32


@pytest.mark.parametrize("kind", CODES)
def test_in_public(visit, tmp_path, kind):
    page = visit("gate.public_check").send("Check", code=CODES[kind](issued(), tmp_path), status=200)
    assert page.has(IN_PUBLIC[kind])


def test_of_an_unknown_code_only_a_keyed_hash_is_kept(desk):
    typed = new_short_code()
    first, again = scan(desk, gu, typed), scan(desk, gu, typed.lower())
    assert first.url != again.url
    kept = records(GateEvent.CHECK)
    assert kept[0].code_index == kept[1].code_index
    assert typed not in str([vars(record) for record in kept])


@pytest.mark.parametrize(
    ("what", "headline"),
    [
        (
            {"valid_from": A_MORNING - timedelta(days=3), "valid_until": A_MORNING - timedelta(hours=1)},
            "Expired",
        ),
        ({"valid_from": A_MORNING + timedelta(hours=3)}, "Not yet valid"),
        ({"state": PassState.REVOKED, "ended_at": A_MORNING}, "Revoked"),
        ({"state": PassState.REVOKED, "ended_at": A_MORNING, "replaced": True}, "Replaced"),
        ({"state": PassState.SURRENDERED, "ended_at": A_MORNING}, "Handed back"),
        ({"series_ends_at": A_MORNING - timedelta(hours=1)}, "Old series"),
        ({"checkpoint_ids": [9999]}, "Another gate"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_passes_that_do_not_let_out(desk, what, headline):
    pass_ = issued()
    change(pass_, **what)
    page = scan(desk, gu, pass_.code)
    assert verdict(page) == "no"
    assert page.has(headline)
    assert page.has("演示·张学敏"), "the paper is compared all the same"


def test_a_replaced_pass_names_the_new_one(desk):
    old, new = issued(), issued()
    change(old, state=PassState.REVOKED, replaced=True, ended_at=now())
    change(new, replaces_id=old.id)
    assert scan(desk, gu, old.code).has(new.serial.partition("-")[2])


def test_with_the_order_ended_nobody_is_let_out_by_it(desk):
    pass_ = issued()
    with everywhere(because="the test ends the order"):
        db.session.get_one(Order, pass_.order_id).ended_at = now() - timedelta(minutes=1)
        db.session.commit()
    assert scan(desk, gu, pass_.code).has("Order not in force")


def test_whatever_scanners_and_input_methods_make_of_it(desk):
    pass_ = issued()
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in pass_.short_code)
    spaced = f" {pass_.short_code[:4].lower()} {pass_.short_code[4:].lower()} "
    for text in (pass_.code.lower(), pass_.code + "\r\n", wide, spaced, pass_.serial):
        assert verdict(scan(desk, gu, text)) == "ok", text


def test_a_serial_number_is_refused_in_public(visit, app):
    pass_ = issued()
    for text in (pass_.serial, serial(1, 7)):
        page = visit("gate.public_check").send("Check", code=text, status=200)
        assert page.has("A serial number is not enough here")
        assert not page.has("张")


def test_an_empty_scan_asks_for_the_code(desk, visit):
    page = visit("gate.index", as_=gu).send("Check", code="  ", status=422)
    assert page.has("Enter the code")
