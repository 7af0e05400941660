"""Reading the little of CBOR (RFC 8949) that a pass code is made of: integers, bytes, text, arrays, maps.

Stricter than a library on purpose, and the same rules as the gate's script: every value has one spelling only
(shortest length, no second entry of a key, nothing behind the end), text is UTF-8, and size and depth are bounded.
"""

from collections.abc import Callable
from typing import Any

MAX_DEPTH = 4
MAX_ENTRIES = 64
UNSIGNED, NEGATIVE, BYTES, TEXT, ARRAY, MAP = range(6)
LENGTH_BYTES = {24: 1, 25: 2, 26: 4, 27: 8}
SMALLEST = {1: 24, 2: 1 << 8, 4: 1 << 16, 8: 1 << 32}  # what needs this many bytes of length


def read(data: bytes) -> Any:
    """The one value that ``data`` holds; ValueError for anything else."""
    reader = _Reader(data)
    value = reader.value(depth=1)
    if reader.position != len(data):
        raise ValueError("something follows the value")
    return value


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.position = 0

    def value(self, depth: int) -> Any:
        if depth > MAX_DEPTH:
            raise ValueError("too deep")
        first = self.take(1)[0]
        kind, number = first >> 5, self.number(first & 0x1F)
        if kind == UNSIGNED:
            return number
        if kind == NEGATIVE:
            return -1 - number
        if kind == BYTES:
            return self.take(number)
        if kind == TEXT:
            return self.take(number).decode("utf-8")
        if number > MAX_ENTRIES:
            raise ValueError("too many entries")
        if kind == ARRAY:
            return [self.value(depth + 1) for _ in range(number)]
        if kind == MAP:
            return self.map(number, lambda: self.value(depth + 1))
        raise ValueError("a kind of value that no pass code has")

    def number(self, short: int) -> int:
        if short < 24:
            return short
        if short not in LENGTH_BYTES:
            raise ValueError("a length that is not given")
        size = LENGTH_BYTES[short]
        number = int.from_bytes(self.take(size))
        if number < SMALLEST[size]:
            raise ValueError("a number longer than it needs to be")
        return number

    def take(self, count: int) -> bytes:
        start, self.position = self.position, self.position + count
        if self.position > len(self.data):
            raise ValueError("the end is missing")
        return self.data[start : self.position]

    def map(self, count: int, value: Callable[[], Any]) -> dict[Any, Any]:
        found: dict[Any, Any] = {}
        for _ in range(count):
            key = value()
            if not isinstance(key, int) or key in found:
                raise ValueError("keys are integers, each once")
            found[key] = value()
        return found
