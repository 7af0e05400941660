"""The signed code on a pass, which a gate verifies without any network.

A code is a CBOR Web Token (RFC 8392) in an untagged COSE_Sign1 (RFC 9052) with ES256, as base45 (RFC 9285) behind
a prefix of our own: any COSE library can verify it. It fits a QR code of version 13 at level Q whatever the pass
says. Standard claims: exp 4, nbf 5, iat 6, cti 7 (the serial number); one claim of the private range holds the rest.
"""

import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

import cbor2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from portal.passes import base45, cbor
from portal.passes.keys import KeyRing, PublicKey, SigningKey
from portal.passes.kinds import Kind
from portal.passes.rule_data import Window
from portal.passes.serials import SERIAL_NUMBERS, serial, serial_ok

PREFIX = "GG1:"
MAX_CHARACTERS = 600
MAX_HOLDER_BYTES = 36  # what is longer is cut with …
MAX_PLACE_BYTES = 31
MAX_WINDOWS = 7
PLAIN_WINDOWS = 3  # each one more takes BYTES_A_WINDOW from the place
BYTES_A_WINDOW = 5
MAX_GATES = 8
MAX_GATE_NUMBER = 0xFFFF
MAX_SERIES = 3
MAX_STATUS_INDEX = 0xFFFFFFFF
MAX_MINUTES = 0xFFFF
MAX_ORDER_ID = 0xFFFF
CLOCKS_DIFFER = timedelta(minutes=10)

ALG, KEY_ID, ES256 = 1, 4, -7
KEY_ID_LENGTHS = range(1, 5)
EXP, NBF, IAT, CTI, PASS = 4, 5, 6, 7, -65537
COORDINATE_BYTES = 32

# Printed codes and gates know these numbers: they never change.
KIND_NUMBERS = {
    Kind.HOUSEHOLD: 1,
    Kind.WORK: 2,
    Kind.STAFF: 3,
    Kind.VEHICLE: 4,
    Kind.SPECIAL: 5,
    Kind.VISITOR: 6,
}
KINDS = {number: kind for kind, number in KIND_NUMBERS.items()}


class Fault(StrEnum):
    """Why a text is not accepted as a pass code."""

    NOT_OURS = "not_ours"
    DAMAGED = "damaged"
    UNKNOWN_KEY = "unknown_key"
    OUTSIDE_KEY_WINDOW = "outside_key_window"
    FORGED = "forged"


class CodeRefused(Exception):
    """The text is not a code that we signed; ``reason`` says why."""

    def __init__(self, reason: Fault) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True)
class PassClaims:
    """What a code says. Moments are aware and in whole seconds; no windows, gates or ``max_minutes`` mean any.

    The order together with the kind names the rule under which the pass was issued.
    """

    serial: str
    kind: Kind
    holder: str
    document_tail: str  # the last four of the identity document, for the guard to compare
    place: str  # the household's short address; of a vehicle pass the plate and its route
    issued_at: datetime
    valid_from: datetime
    valid_until: datetime
    status_index: int
    order_id: int
    windows: tuple[Window, ...] = ()
    gates: tuple[int, ...] = ()
    max_minutes: int | None = None
    series: str = ""


def sign(claims: PassClaims, key: SigningKey) -> str:
    """The text of the code. ValueError where the claims exceed what fits or the key may not issue at that time."""
    _require(key.public.may_issue(claims.issued_at), "the key may not issue at this time")
    protected = cbor2.dumps({ALG: ES256, KEY_ID: key.key_id}, canonical=True)
    payload = cbor2.dumps(_claims_to_cbor(claims), canonical=True)
    r, s = decode_dss_signature(key.private.sign(_to_be_signed(protected, payload), ECDSA(SHA256())))
    signature = r.to_bytes(COORDINATE_BYTES) + s.to_bytes(COORDINATE_BYTES)
    return PREFIX + base45.encode(cbor2.dumps([protected, {}, payload, signature], canonical=True))


def read(text: str, ring: KeyRing, at: datetime) -> PassClaims:
    """What the code says, once its signature and its key's issue window are verified; else ``CodeRefused``.

    ``at`` (aware) is now: nothing can have been issued after it. Whether the pass is valid is another question.
    """
    protected, payload, signature = _parts(tidy(text))
    keys = ring.public(_key_id(protected))
    if not keys:
        raise CodeRefused(Fault.UNKNOWN_KEY)
    signer = next((key for key in keys if _has_signed(key, protected, payload, signature)), None)
    if signer is None:
        raise CodeRefused(Fault.FORGED)
    claims = _claims_from_cbor(payload)
    if not signer.may_issue(claims.issued_at) or claims.issued_at > at + CLOCKS_DIFFER:
        raise CodeRefused(Fault.OUTSIDE_KEY_WINDOW)
    return claims


def tidy(text: str) -> str:
    """The code as it was printed: input methods widen characters, scanners add line ends or lower the case."""
    if len(text) > MAX_CHARACTERS:
        raise CodeRefused(Fault.NOT_OURS)
    return unicodedata.normalize("NFKC", text).strip().upper()


def _parts(text: str) -> tuple[bytes, bytes, bytes]:
    if not text.startswith(PREFIX) or len(text) > MAX_CHARACTERS:
        raise CodeRefused(Fault.NOT_OURS)
    try:
        protected, unprotected, payload, signature = cbor.read(base45.decode(text.removeprefix(PREFIX)))
        _require(all(isinstance(part, bytes) for part in (protected, payload, signature)), "not COSE_Sign1")
        _require(unprotected == {} and len(signature) == 2 * COORDINATE_BYTES, "not COSE_Sign1")
    except (ValueError, TypeError):
        raise CodeRefused(Fault.DAMAGED) from None
    return protected, payload, signature


def _key_id(protected: bytes) -> bytes:
    """The key id of a header that says ES256 and nothing else: the algorithm is ours, never the message's."""
    try:
        header = cbor.read(protected)
        _require(
            isinstance(header, dict) and header.keys() == {ALG, KEY_ID} and header[ALG] == ES256, "not ES256"
        )
        key_id = header[KEY_ID]
        _require(isinstance(key_id, bytes) and len(key_id) in KEY_ID_LENGTHS, "not a key id")
    except ValueError:
        raise CodeRefused(Fault.DAMAGED) from None
    return bytes(key_id)


def _has_signed(key: PublicKey, protected: bytes, payload: bytes, signature: bytes) -> bool:
    r, s = signature[:COORDINATE_BYTES], signature[COORDINATE_BYTES:]
    der = encode_dss_signature(int.from_bytes(r), int.from_bytes(s))
    try:
        key.point.verify(der, _to_be_signed(protected, payload), ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True


def _to_be_signed(protected: bytes, payload: bytes) -> bytes:
    return bytes(cbor2.dumps(["Signature1", protected, b"", payload], canonical=True))


def _claims_to_cbor(claims: PassClaims) -> dict[int, Any]:
    _require(0 <= claims.status_index <= MAX_STATUS_INDEX, "the status index is out of range")
    _require(0 < claims.order_id <= MAX_ORDER_ID, "the order's id is out of range")
    _require(0 <= (claims.max_minutes or 0) <= MAX_MINUTES, "the longest time out is out of range")
    _require(len(claims.windows) <= MAX_WINDOWS, f"a code holds {MAX_WINDOWS} windows at most")
    _require(len(claims.gates) <= MAX_GATES, f"a code holds {MAX_GATES} gates at most")
    _require(all(0 < gate <= MAX_GATE_NUMBER for gate in claims.gates), "a gate's number is out of range")
    _require(
        len(claims.document_tail) <= 4 and claims.document_tail.isascii(), "the document's last four only"
    )
    _require(
        len(claims.series) <= MAX_SERIES and claims.series.isascii(), f"a series has {MAX_SERIES} letters"
    )
    return {
        EXP: _seconds(claims.valid_until),
        NBF: _seconds(claims.valid_from),
        IAT: _seconds(claims.issued_at),
        CTI: _serial_to_bytes(claims.serial),
        PASS: [
            KIND_NUMBERS[claims.kind],
            cut(claims.holder, MAX_HOLDER_BYTES),
            claims.document_tail,
            cut(claims.place, MAX_PLACE_BYTES - BYTES_A_WINDOW * max(0, len(claims.windows) - PLAIN_WINDOWS)),
            b"".join(_window_to_bytes(window) for window in claims.windows),
            b"".join(gate.to_bytes(2) for gate in claims.gates),
            claims.max_minutes or 0,
            claims.status_index,
            claims.series,
            claims.order_id,
        ],
    }


def _claims_from_cbor(payload: bytes) -> PassClaims:
    try:
        told = cbor.read(payload)
        kind, holder, document_tail, place, *rest = told[PASS]
        windows, gates, max_minutes, status_index, series, order_id = rest
        return PassClaims(
            serial=_serial_from_bytes(told[CTI]),
            kind=KINDS[kind],
            holder=holder,
            document_tail=document_tail,
            place=place,
            issued_at=datetime.fromtimestamp(told[IAT], UTC),
            valid_from=datetime.fromtimestamp(told[NBF], UTC),
            valid_until=datetime.fromtimestamp(told[EXP], UTC),
            status_index=status_index,
            order_id=order_id,
            windows=tuple(_window_from_bytes(windows[i : i + 4]) for i in range(0, len(windows), 4)),
            gates=tuple(int.from_bytes(gates[i : i + 2]) for i in range(0, len(gates), 2)),
            max_minutes=max_minutes or None,
            series=series,
        )
    except (ValueError, TypeError, LookupError, OverflowError):  # signed by us, in a form of another version
        raise CodeRefused(Fault.DAMAGED) from None


def cut(text: str, limit: int) -> str:
    """``text`` in at most ``limit`` bytes of UTF-8, with … where something had to go."""
    whole = text.encode()
    if len(whole) <= limit:
        return text
    return whole[: limit - len("…".encode())].decode(errors="ignore") + "…"


def _window_to_bytes(window: Window) -> bytes:
    return (window.weekdays << 22 | window.start << 11 | window.end).to_bytes(4)


def _window_from_bytes(packed: bytes) -> Window:
    number = int.from_bytes(packed)
    return Window(weekdays=number >> 22, start=number >> 11 & 0x7FF, end=number & 0x7FF)


def _seconds(moment: datetime) -> int:
    _require(moment.tzinfo is not None, "a moment needs its time zone")
    return int(moment.timestamp())


def _serial_to_bytes(text: str) -> bytes:
    _require(serial_ok(text), f"{text!r} is no serial number")
    community, number, _ = text.split("-")
    return (int(community) * SERIAL_NUMBERS + int(number)).to_bytes(5)


def _serial_from_bytes(packed: bytes) -> str:
    return serial(*divmod(int.from_bytes(packed), SERIAL_NUMBERS))


def _require(holds: bool, otherwise: str) -> None:
    if not holds:
        raise ValueError(otherwise)
