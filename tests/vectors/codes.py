"""Codes signed with keys that are only for tests, and what each says."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    derive_private_key,
)
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from portal.passes import base45
from portal.passes.code import PREFIX, Fault, PassClaims, cut, sign
from portal.passes.keys import LIFE, PublicKey, SigningKey
from portal.passes.kinds import Kind
from portal.passes.rule_data import EVERY_DAY, Window
from portal.passes.serials import serial
from tests.vectors.plain import Plain, claims_to_json, key_to_json

NOW = datetime(2026, 11, 23, 0, 31, tzinfo=UTC)
ES256 = -7
MINUTES = timedelta(minutes=1)


class Repeatable:
    """A private key whose signatures depend on nothing but what is signed (RFC 6979), so that the file stays."""

    def __init__(self, secret: int) -> None:
        self.key: EllipticCurvePrivateKey = derive_private_key(secret, SECP256R1())

    def sign(self, data: bytes, _algorithm: ECDSA) -> bytes:
        return self.key.sign(data, ECDSA(SHA256(), deterministic_signing=True))


def key_of(secret: int, key_id: bytes, begins: datetime = NOW - timedelta(days=10)) -> SigningKey:
    private = Repeatable(secret)
    public = PublicKey(f"test-{secret}", key_id, private.key.public_key(), begins, begins + LIFE)
    return SigningKey(public, private)  # type: ignore[arg-type]


OURS = key_of(20261123, b"\x4e\x47")
TWIN = key_of(20261124, b"\x4e\x47")  # another key that happens to have the same id
NEXT = key_of(20261125, b"\x01", begins=NOW + timedelta(days=21))
STRANGER = key_of(20261126, b"\xff\xff")  # of another installation
THIEF = SigningKey(replace(STRANGER.public, key_id=OURS.key_id), STRANGER.private)
KEYS = (TWIN, OURS, NEXT)

PLAIN = PassClaims(
    serial=serial(3, 123),
    kind=Kind.HOUSEHOLD,
    holder="演示·张学敏",
    document_tail="001X",
    place="3号院2号楼1单元401",
    issued_at=NOW,
    valid_from=NOW,
    valid_until=NOW + timedelta(days=6),
    status_index=123,
    order_id=7,
    windows=(Window(EVERY_DAY, 8 * 60, 11 * 60),),
    gates=(1, 2),
    max_minutes=120,
    series="A",
)
BARE = replace(
    PLAIN, holder="", document_tail="", place="", windows=(), gates=(), max_minutes=None, series=""
)
LONGEST = replace(
    PLAIN,
    serial=serial(999_999, 999_999),
    holder="阿卜杜热合曼·买买提买买提",
    place="张" * 60,
    valid_until=NOW + timedelta(days=365),
    status_index=2**32 - 1,
    order_id=65535,
    windows=tuple(Window(1 << day, 60 * day, 1440) for day in range(7)),
    gates=(65535,) * 8,
    max_minutes=65535,
    series="ABC",
)


@dataclass(frozen=True)
class Case:
    """A text read at a moment: what it says, or why it is refused."""

    about: str
    text: str
    claims: PassClaims | None = None
    fault: Fault | None = None
    at: datetime = NOW

    def to_json(self) -> Plain:
        told = claims_to_json(self.claims) if self.claims else None
        at = int(self.at.timestamp())
        return {"about": self.about, "at": at, "text": self.text, "claims": told, "fault": self.fault}


def keys_to_json() -> list[Plain]:
    """The public halves that a gate knows."""
    return [key_to_json(key.public) for key in KEYS]


def good() -> Iterator[Case]:
    """Codes that are read, with what they say."""
    for kind in Kind:
        yield accepted(f"a {kind} pass", replace(PLAIN, kind=kind))
    yield accepted("as little as can be", BARE)
    yield accepted("as much as can be", LONGEST)
    yield accepted("characters outside the basic plane", replace(PLAIN, holder="演示·𠮷𠅤"))
    yield accepted("a mark of byte order in a name stays", replace(PLAIN, holder="\ufeff演示"))
    yield accepted("of the key with the same id", PLAIN, key=TWIN)
    for about, moment, key in (
        ("the first second of the key", OURS.public.not_before, OURS),
        ("the last second of the key", OURS.public.not_after, OURS),
        ("the next key", NEXT.public.not_before, NEXT),
        ("ten minutes ahead of this clock", NOW + 10 * MINUTES, OURS),
    ):
        at = NOW if "ahead" in about else moment
        yield replace(accepted(about, replace(PLAIN, issued_at=moment), key=key), at=at)
    text = sign(PLAIN, OURS)
    wide = "".join(chr(ord(one) + 0xFEE0) if "!" <= one <= "~" else "\u3000" for one in text)
    for about, typed in {
        "in small letters": text.lower(),
        "between spaces and line ends": f" \t{text}\r\n",
        "with the separators of a scanner": f"\x1d{text}\x1e\x85\u2028",
        "in wide characters": wide,
        "in wide small letters and spaces": f"\u3000{wide.lower()}\xa0",
    }.items():
        yield Case(about, typed, PLAIN)


def accepted(about: str, claims: PassClaims, key: SigningKey = OURS) -> Case:
    short = replace(claims, holder=cut(claims.holder, 36), place=cut(claims.place, place_room(claims)))
    return Case(about, sign(claims, key), short)


def place_room(claims: PassClaims) -> int:
    """Each window beyond three takes five bytes from the place."""
    return 31 - 5 * max(0, len(claims.windows) - 3)


def signed(payload: bytes, header: Any, key: SigningKey = OURS) -> str:
    """Any payload under any header, with a signature that is right."""
    return joined(cbor2.dumps(header, canonical=True), payload, key)


def joined(header: bytes, payload: bytes, key: SigningKey = OURS) -> str:
    signature = raw_signature(key, cbor2.dumps(["Signature1", header, b"", payload]))
    return encoded(cbor2.dumps([header, {}, payload, signature]))


def raw_signature(key: SigningKey, to_be_signed: bytes) -> bytes:
    """As COSE and browsers write it: both numbers, 32 bytes each."""
    r, s = decode_dss_signature(key.private.sign(to_be_signed, ECDSA(SHA256())))
    return r.to_bytes(32) + s.to_bytes(32)


def encoded(raw: bytes) -> str:
    return PREFIX + base45.encode(raw)
