"""The modules of a code to scan, a dozen times faster than a general library: one mode, one level, one mask.

Alphanumeric, level Q, mask 0, versions 1 to 13, as ISO/IEC 18004:2015 has them. What is the same in all codes of a
version is taken from ``segno``; a test compares whole codes with it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, reduce
from itertools import accumulate, chain
from operator import itemgetter
from typing import Any

import segno

MASK = 0
LEVEL = "q"
ALPHABET = {
    character: value for value, character in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")
}
MOST_VERSION = 13  # with more, cheap cameras fail on worn paper
ALPHANUMERIC = 0b0010
PADDING = (0b11101100, 0b00010001)
BLOCKS = {  # table 9: codewords of correction in each block, then how many blocks with how many codewords of data
    1: (13, ((1, 13),)),
    2: (22, ((1, 22),)),
    3: (18, ((2, 17),)),
    4: (26, ((2, 24),)),
    5: (18, ((2, 15), (2, 16))),
    6: (24, ((4, 19),)),
    7: (18, ((2, 14), (4, 15))),
    8: (22, ((4, 18), (2, 19))),
    9: (20, ((4, 16), (4, 17))),
    10: (24, ((6, 19), (2, 20))),
    11: (28, ((4, 22), (4, 23))),
    12: (26, ((4, 20), (6, 21))),
    13: (24, ((8, 20), (4, 21))),
}
LIGHT, DARK = b"\0", b"\1"
FIELD_POLYNOMIAL = 0x11D


@dataclass(frozen=True)
class Version:
    """What all codes of a version share. ``placed`` takes data bits, then a light and a dark one, to the modules."""

    size: int
    correction: int
    blocks: tuple[int, ...]  # codewords of data in each
    interleaved: Callable[[bytes], Any]  # the blocks' first codewords of data, then their second ones …
    placed: Callable[[bytes], Any]
    mask: int  # over all modules, a byte each

    @property
    def capacity(self) -> int:
        """In codewords of data."""
        return sum(self.blocks)


def modules(text: str) -> tuple[bytes, int]:
    """The modules row by row, 1 for a dark one, and how many a row has.

    ValueError for characters outside the alphanumeric mode and for more than version 13 holds.
    """
    number = _version_for(text)
    version = _version(number)
    stream = _interleaved(_codewords(text, number, version.capacity), version)
    bits = bin(int.from_bytes(b"\1" + stream, "big"))[3:].translate({48: 0, 49: 1}).encode("latin-1")
    placed = bytes(version.placed(bits + bytes(7) + LIGHT + DARK))
    masked = int.from_bytes(placed, "big") ^ version.mask
    return masked.to_bytes(len(placed), "big"), version.size


def _version_for(text: str) -> int:
    for number, (_correction, groups) in BLOCKS.items():
        data = sum(count * size for count, size in groups)
        if 4 + _length_bits(number) + _text_bits(text) <= 8 * data:
            return number
    raise ValueError(f"{len(text)} characters do not fit version {MOST_VERSION}")


def _length_bits(version: int) -> int:
    return 9 if version < 10 else 11


def _text_bits(text: str) -> int:
    return 11 * (len(text) // 2) + 6 * (len(text) % 2)


def _codewords(text: str, version: int, capacity: int) -> bytes:
    """Mode, length, pairs of characters, end, padding."""
    try:
        values = [ALPHABET[character] for character in text]
    except KeyError as problem:
        raise ValueError("the code has a character outside the alphanumeric mode") from problem
    bits = [f"{ALPHANUMERIC:04b}{len(text):0{_length_bits(version)}b}"]
    bits += [f"{45 * one + other:011b}" for one, other in zip(values[::2], values[1::2], strict=False)]
    bits += [f"{values[-1]:06b}"] if len(values) % 2 else []
    written = "".join(bits)
    written += "0" * min(4, 8 * capacity - len(written))
    written += "0" * (-len(written) % 8)
    codewords = int(written, 2).to_bytes(len(written) // 8, "big")
    missing = capacity - len(codewords)
    return codewords + (bytes(PADDING) * missing)[:missing]


def _interleaved(codewords: bytes, version: Version) -> bytes:
    """The blocks' first codewords, then their second ones …, then those of correction in the same way (7.6)."""
    ends = accumulate(version.blocks)
    corrections = [
        _correction(codewords[end - size : end], version.correction)
        for size, end in zip(version.blocks, ends, strict=True)
    ]
    return bytes(version.interleaved(codewords)) + bytes(chain.from_iterable(zip(*corrections, strict=True)))


def _correction(block: bytes, count: int) -> bytes:
    """The remainder of a division in GF(256), a whole row of the generator at a time."""
    rows, top = _generator_rows(count), 8 * (count - 1)
    cut = (1 << 8 * count) - 1
    rest = 0
    for byte in block:
        rest = (rest << 8 & cut) ^ rows[rest >> top ^ byte]
    return rest.to_bytes(count, "big")


@cache
def _generator_rows(count: int) -> tuple[int, ...]:
    """The generator polynomial of so many codewords, without its first term, times each value of a byte."""
    generator = [1]
    for power in range(count):
        root = _power(power)
        generator = [
            one ^ _times(other, root) for one, other in zip([*generator, 0], [0, *generator], strict=True)
        ]
    return tuple(
        int.from_bytes(bytes(_times(term, value) for term in generator[1:]), "big") for value in range(256)
    )


def _power(exponent: int) -> int:
    return reduce(lambda value, _step: _times(value, 2), range(exponent), 1)


def _times(one: int, other: int) -> int:
    product = 0
    while other:
        product ^= one if other & 1 else 0
        one = one << 1 ^ (FIELD_POLYNOMIAL if one & 0x80 else 0)
        other >>= 1
    return product


@cache
def _version(number: int) -> Version:
    correction, groups = BLOCKS[number]
    code = segno.make(
        "A", version=number, error=LEVEL, boost_error=False, mode="alphanumeric", mask=MASK, micro=False
    )
    size = len(code.matrix)
    fixed = _fixed(number, size)
    free = [[(x, y) not in fixed for x in range(size)] for y in range(size)]
    order = _order(free)
    codewords = sum(count * (data + correction) for count, data in groups)
    places = {place: index for index, place in enumerate(order)}
    light = 8 * codewords + 7
    blocks = tuple(data for count, data in groups for _block in range(count))
    return Version(
        size,
        correction,
        blocks,
        itemgetter(*_in_turns(blocks)),
        itemgetter(
            *(
                places[x, y] if free[y][x] else light + code.matrix[y][x]
                for y in range(size)
                for x in range(size)
            )
        ),
        int.from_bytes(
            bytes(free[y][x] and (x + y) % 2 == 0 for y in range(size) for x in range(size)), "big"
        ),
    )


def _in_turns(blocks: tuple[int, ...]) -> list[int]:
    """Where the blocks' first codewords are, then their second ones …"""
    places = [range(end - size, end) for size, end in zip(blocks, accumulate(blocks), strict=True)]
    return [block[turn] for turn in range(max(blocks)) for block in places if turn < len(block)]


def _fixed(version: int, size: int) -> set[tuple[int, int]]:
    """The modules that carry no data: corners with what they say of the format, timing, alignment, version (6.3)."""
    near, far = range(9), range(size - 8, size)
    fixed = {(x, y) for x in near for y in (*near, *far)} | {(x, y) for x in far for y in near}
    fixed |= {place for n in range(size) for place in ((6, n), (n, 6))}
    middles = {6, size - 7} | ({(size - 1) // 2} if version >= 7 else set())
    for x, y in ((x, y) for x in middles for y in middles) if version >= 2 else ():
        if (x in near or x in far) and (y in near or y in far) and (x, y) != (size - 7, size - 7):
            continue  # a corner is there already
        fixed |= {(x + dx, y + dy) for dx in range(-2, 3) for dy in range(-2, 3)}
    if version >= 7:
        fixed |= {place for a in range(6) for b in range(size - 11, size - 8) for place in ((a, b), (b, a))}
    return fixed


def _order(free: list[list[bool]]) -> list[tuple[int, int]]:
    """Where the bits go: two columns at a time from the right, up and down in turns, around what is fixed (7.7.3)."""
    size, order = len(free), []
    rights = [*range(size - 1, 6, -2), 5, 3, 1]
    for turn, right in enumerate(rights):
        for y in range(size) if turn % 2 else range(size - 1, -1, -1):
            order += [(x, y) for x in (right, right - 1) if free[y][x]]
    return order
