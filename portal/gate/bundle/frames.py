"""A bundle as a series of codes to be scanned from a screen, for a gate that never has a signal.

``GGB:3/17:1A2B3C4D:…`` is the third of seventeen of the series whose packed bytes have a digest that begins so; then
its part of them in base45. ``static/js/gate/frames.js`` collects them in any order.
"""

import hashlib
import zlib
from datetime import date
from math import ceil

import cbor2

from portal.gate.bundle.written import pack
from portal.passes import base45

PREFIX = "GGB"
PART_BYTES = 540  # 810 characters, with the head a code of version 19, which a phone reads from a screen
DIGEST_DIGITS = 8
PLAIN_DEFLATE = -15
STANDS_STILL = ("ours", "status/")  # from the beginning of a month on
CHANGES = "changes/"


def frames_of(bundle: bytes) -> list[str]:
    """The texts of the codes."""
    packer = zlib.compressobj(level=9, wbits=PLAIN_DEFLATE)
    packed = packer.compress(bundle) + packer.flush()
    digest = hashlib.sha256(packed).hexdigest()[:DIGEST_DIGITS].upper()
    total = ceil(len(packed) / PART_BYTES)
    parts = (packed[number * PART_BYTES :][:PART_BYTES] for number in range(total))
    return [
        f"{PREFIX}:{number}/{total}:{digest}:{base45.encode(part)}" for number, part in enumerate(parts, 1)
    ]


def since(bundle: bytes, day: date, today: date) -> bytes:
    """The same for a phone that had everything on ``day``: if that is of this month, without what stands still since
    it began, and without the changes of the days before."""
    if (day.year, day.month) != (today.year, today.month):
        return bundle
    manifest, segments = cbor2.loads(bundle)
    return pack([manifest, {name: told for name, told in segments.items() if not _is_known(name, day)}])


def _is_known(name: str, day: date) -> bool:
    if name.startswith(CHANGES):
        return name.removeprefix(CHANGES) < day.isoformat()
    return name.startswith(STANDS_STILL)
