"""Codes that are refused, with the fault of each."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import cbor2

from portal.passes import base45
from portal.passes.code import PREFIX, Fault, sign
from portal.passes.keys import LIFE, SigningKey
from tests.vectors.codes import (
    BARE,
    ES256,
    MINUTES,
    NEXT,
    NOW,
    OURS,
    PLAIN,
    STRANGER,
    THIEF,
    Case,
    encoded,
    joined,
    signed,
)
from tests.vectors.plain import Plain


def refused() -> Iterator[Case]:
    """All of them, fault by fault."""
    yield from not_ours()
    yield from damaged()
    yield from of_others()
    yield from outside_the_window()


def not_ours() -> Iterator[Case]:
    text = sign(PLAIN, OURS)
    for about, foreign in {
        "nothing": "",
        "a certificate of another system": "HC1:6BF",
        "an address": "https://example.org/v/1",
        "another version": text.replace("GG1:", "GG2:"),
        "something before it": "x" + text,
        "a mark of byte order before it": "\ufeff" + text,
        "601 characters": text + "0" * (601 - len(text)),
        "601 characters once they are tidied": PREFIX + "㍿" * 160,
        "an endless text": PREFIX + "0" * 5_000,
    }.items():
        yield Case(about, foreign, fault=Fault.NOT_OURS)


def damaged() -> Iterator[Case]:
    text = sign(PLAIN, OURS)
    raw = base45.decode(text.removeprefix(PREFIX))
    header, _, payload, signature = cbor2.loads(raw)
    ours = {1: ES256, 4: OURS.key_id}
    texts = {
        "only the prefix": PREFIX,
        "cut short": text[:-3],
        "a character too many": text + "0",
        "characters that no code has": PREFIX + "😀" * 400,
        "a group beyond its bytes": text[:-2] + "::",
        "bytes behind the end": encoded(raw + b"\0"),
        "a tag before it": encoded(b"\xd2" + raw),
        "a list of three": encoded(cbor2.dumps([header, {}, payload])),
        "a list of five": encoded(cbor2.dumps([header, {}, payload, signature, b""])),
        "no list": encoded(cbor2.dumps({1: 2})),
        "an unprotected header": encoded(cbor2.dumps([header, {1: ES256}, payload, signature])),
        "a signature of 63 bytes": encoded(cbor2.dumps([header, {}, payload, signature[1:]])),
        "a text for a signature": encoded(cbor2.dumps([header, {}, payload, "0" * 64])),
        "a list that is left open": encoded(b"\x9f" + raw[1:] + b"\xff"),
        "a length longer than it needs to be": encoded(b"\x98\x04" + raw[1:]),
        "a length beyond the end": encoded(b"\x84\x5b" + b"\xff" * 8),
        "a list of four thousand million": encoded(b"\x9a" + b"\xff" * 4),
        "too deep": encoded(b"\x81" * 200 + b"\x00"),
        "a half-precision number": encoded(b"\xf9\x3c\x00"),
        "broken UTF-8": encoded(b"\x62\xc3\x28"),
    }
    headers: dict[str, Any] = {
        "another algorithm": {1: -35, 4: OURS.key_id},
        "Ed25519": {1: -8, 4: OURS.key_id},
        "a keyed hash": {1: 5, 4: OURS.key_id},
        "no algorithm": {4: OURS.key_id},
        "an algorithm by its name": {1: "ES256", 4: OURS.key_id},
        "no key id": {1: ES256},
        "an empty key id": {1: ES256, 4: b""},
        "a key id of five bytes": {1: ES256, 4: b"12345"},
        "a key id of text": {1: ES256, 4: "NG"},
        "one header more": {**ours, 3: 0},
        "a header that is a list": [1, ES256],
    }
    for about, spoilt in headers.items():
        texts[about] = signed(payload, spoilt)
    texts["a header with something behind it"] = joined(cbor2.dumps(ours) + b"\0", payload)
    for about, claims in claims_of_other_versions(cbor2.loads(payload)).items():
        texts[about] = signed(cbor2.dumps(claims, canonical=True), ours)
    texts["signed, with something behind the claims"] = signed(payload + b"\0", ours)
    for about, one in texts.items():
        yield Case(about, one, fault=Fault.DAMAGED)


def claims_of_other_versions(claims: Plain) -> dict[str, Any]:
    """Signed by us, in a form that is not this one."""

    def with_own(**changes: Any) -> Plain:
        own = list(claims[-65537])
        for place, value in changes.items():
            own[int(place.lstrip("_"))] = value
        return {**claims, -65537: own}

    return {
        "signed, without the order": {**claims, -65537: claims[-65537][:-1]},
        "signed, with one claim more": {**claims, -65537: [*claims[-65537], 0]},
        "signed, of a kind that there is not": with_own(_0=7),
        "signed, of kind nought": with_own(_0=0),
        "signed, with a window of no day": with_own(_4=(480 << 11 | 660).to_bytes(4)),
        "signed, with a window that ends before it starts": with_own(
            _4=(127 << 22 | 660 << 11 | 480).to_bytes(4)
        ),
        "signed, with a window into the next day": with_own(_4=(127 << 22 | 660 << 11 | 1441).to_bytes(4)),
        "signed, with half a window": with_own(_4=b"\x1f"),
        "signed, without a serial number": {name: value for name, value in claims.items() if name != 7},
        "signed, with serial number nought": {**claims, 7: b"\0" * 5},
        "signed, with a serial number beyond all": {**claims, 7: b"\xff" * 5},
        "signed, with a moment beyond all years": {**claims, 4: 2**40},
        "signed, and no claims": [],
        "signed, with a key of text": {**claims, "x": 1},
    }


def of_others() -> Iterator[Case]:
    text = sign(PLAIN, OURS)
    header, _, payload, signature = cbor2.loads(base45.decode(text.removeprefix(PREFIX)))
    other_payload = cbor2.loads(base45.decode(sign(BARE, OURS).removeprefix(PREFIX)))[2]
    yield Case("of another installation", sign(PLAIN, STRANGER), fault=Fault.UNKNOWN_KEY)
    yield Case(
        "of a key id with a byte more", signed(payload, {1: ES256, 4: b"NG\0"}), fault=Fault.UNKNOWN_KEY
    )
    for about, parts in {
        "what one pass says under another's signature": [header, {}, other_payload, signature],
        "a bit of the text turned": [header, {}, flipped(payload), signature],
        "a bit of the signature turned": [header, {}, payload, flipped(signature)],
        "its halves changed over": [header, {}, payload, signature[32:] + signature[:32]],
        "a signature of noughts": [header, {}, payload, b"\0" * 64],
        "a signature beyond the curve": [header, {}, payload, b"\xff" * 64],
        "no claims at all": [header, {}, b"", signature],
    }.items():
        yield Case(about, encoded(cbor2.dumps(parts)), fault=Fault.FORGED)
    yield Case("of another key under our id", sign(PLAIN, THIEF), fault=Fault.FORGED)
    yield Case(
        "of our key under the next one's id", signed(payload, {1: ES256, 4: NEXT.key_id}), fault=Fault.FORGED
    )


def outside_the_window() -> Iterator[Case]:
    endless = SigningKey(
        replace(OURS.public, not_before=NOW - 9 * LIFE, not_after=NOW + 9 * LIFE), OURS.private
    )
    second = timedelta(seconds=1)
    for about, issued_at, at in (
        ("a second before its key", OURS.public.not_before - second, NOW),
        ("a second after its key", OURS.public.not_after + second, NOW + LIFE),
        ("more than ten minutes ahead of this clock", NOW + 10 * MINUTES + second, NOW),
    ):
        claims = replace(PLAIN, issued_at=issued_at)
        yield Case(about, sign(claims, endless), claims, Fault.OUTSIDE_KEY_WINDOW, at)


def flipped(data: bytes) -> bytes:
    return data[:20] + bytes([data[20] ^ 1]) + data[21:]
