"""The key that vouches for bundles, and the manifest that it signs: COSE_Sign1 (RFC 9052) with ES256."""

import base64
import hashlib

from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    derive_private_key,
)
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from portal.gate.bundle.written import pack
from portal.passes.code import ALG, ES256, KEY_ID
from portal.passes.keys import COORDINATE_BYTES
from portal.vault import vault

PURPOSE = "gate bundle"
EXTERNAL = b"gridgate bundle"
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256, FIPS 186-4 D.1.2.3
KEY_ID_BYTES = 4
DIGEST_BYTES = 16
GATE, SEQ, ISSUED_AT, DIGESTS = 1, 2, 3, 4


def public_key() -> dict[str, str]:
    """The public half, {x, y} in base64url: what a phone is given when it is paired."""
    return {name: _text(coordinate) for name, coordinate in zip("xy", _point(), strict=True)}


def digest_of(segment: bytes) -> bytes:
    """What the manifest says of a segment."""
    return hashlib.sha256(segment).digest()[:DIGEST_BYTES]


def manifest(gate_id: int, seq: int, issued_at: int, digests: dict[str, bytes]) -> bytes:
    """The signed list of segments. ``issued_at`` in epoch seconds."""
    payload = pack({GATE: gate_id, SEQ: seq, ISSUED_AT: issued_at, DIGESTS: digests})
    protected = pack({ALG: ES256, KEY_ID: hashlib.sha256(b"".join(_point())).digest()[:KEY_ID_BYTES]})
    signed = pack(["Signature1", protected, EXTERNAL, payload])
    r, s = decode_dss_signature(_private_key().sign(signed, ECDSA(SHA256())))
    signature = r.to_bytes(COORDINATE_BYTES) + s.to_bytes(COORDINATE_BYTES)
    return pack([protected, {}, payload, signature])


def _private_key() -> EllipticCurvePrivateKey:
    """Derived, so that it is the same as long as the installation's secret is, and no file has to be kept."""
    return derive_private_key(int.from_bytes(vault().derive(PURPOSE)) % (ORDER - 1) + 1, SECP256R1())


def _point() -> tuple[bytes, bytes]:
    numbers = _private_key().public_key().public_numbers()
    return numbers.x.to_bytes(COORDINATE_BYTES), numbers.y.to_bytes(COORDINATE_BYTES)


def _text(coordinate: bytes) -> str:
    return base64.urlsafe_b64encode(coordinate).rstrip(b"=").decode()
