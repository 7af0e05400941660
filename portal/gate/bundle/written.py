"""How a bundle is written: one spelling for one content, and small."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import cbor2


def pack(value: Any) -> bytes:
    """CBOR in its shortest form, the keys of maps in order (RFC 8949 §4.2)."""
    return cbor2.dumps(value, canonical=True)


def deltas(indexes: Iterable[int]) -> list[int]:
    """Status indexes in order, each as how much it is more than the one before; the first as it is."""
    found, last = [], 0
    for index in sorted(indexes):
        found.append(index - last)
        last = index
    return found


def seconds(moment: datetime) -> int:
    """Whole epoch seconds."""
    return int(moment.timestamp())
