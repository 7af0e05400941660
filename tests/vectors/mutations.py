"""Good codes spoilt in every way that we could think of. None of them says what anybody signed."""

from collections.abc import Callable, Iterator, Sequence

import cbor2

from portal.passes import base45
from portal.passes.base45 import ALPHABET
from portal.passes.code import PREFIX
from tests.vectors.drawn import Draw

Raw = Callable[[Draw, bytes], bytes]
MORE_THAN_THERE_IS = (
    b"\x5b" + b"\xff" * 8,
    b"\x5a\x7f\xff\xff\xff",
    b"\x9a\xff\xff\xff\xff",
    b"\xbb" + b"\xff" * 8,
)


def mutations(texts: Sequence[str], count: int, seed: int = 1) -> Iterator[str]:
    """So many texts, each unlike all of ``texts``; the same for the same seed."""
    draw, good = Draw(seed), set(texts)
    while count:
        mutated = draw.one_of(WAYS)(draw, draw.one_of(texts))
        if mutated.strip() not in good:
            count -= 1
            yield mutated


def one_character(draw: Draw, text: str) -> str:
    place = draw.between(0, len(text) - 1)
    return text[:place] + draw.one_of(ALPHABET) + text[place + 1 :]


def two_characters(draw: Draw, text: str) -> str:
    return one_character(draw, one_character(draw, text))


def neighbours_swapped(draw: Draw, text: str) -> str:
    place = draw.between(0, len(text) - 2)
    return text[:place] + text[place + 1] + text[place] + text[place + 2 :]


def any_two_swapped(draw: Draw, text: str) -> str:
    first, last = sorted((draw.between(0, len(text) - 1), draw.between(0, len(text) - 1)))
    both = text[last] + text[first + 1 : last] + text[first] if first < last else text[first]
    return text[:first] + both + text[last + 1 :]


def cut_short(draw: Draw, text: str) -> str:
    return text[: draw.between(0, len(text) - 1)]


def one_missing(draw: Draw, text: str) -> str:
    place = draw.between(0, len(text) - 1)
    return text[:place] + text[place + 1 :]


def one_more(draw: Draw, text: str) -> str:
    place = draw.between(0, len(text))
    return text[:place] + draw.one_of(ALPHABET) + text[place:]


def of_bytes(spoil: Raw) -> Callable[[Draw, str], str]:
    """What spoils the bytes behind the text."""
    return lambda draw, text: PREFIX + base45.encode(spoil(draw, base45.decode(text.removeprefix(PREFIX))))


def of_parts(place: int, spoil: Raw) -> Callable[[Draw, str], str]:
    """What spoils one of the four parts, which stay well-formed around it."""

    def spoilt(draw: Draw, raw: bytes) -> bytes:
        parts = cbor2.loads(raw)
        parts[place] = spoil(draw, parts[place])
        return bytes(cbor2.dumps(parts))

    return of_bytes(spoilt)


def one_bit(draw: Draw, data: bytes) -> bytes:
    place = draw.between(0, len(data) - 1)
    return data[:place] + bytes([data[place] ^ 1 << draw.between(0, 7)]) + data[place + 1 :]


def one_byte(draw: Draw, data: bytes) -> bytes:
    place = draw.between(0, len(data) - 1)
    return data[:place] + bytes([draw.between(0, 255)]) + data[place + 1 :]


def some_behind(draw: Draw, data: bytes) -> bytes:
    return data + bytes(draw.between(0, 255) for _ in range(draw.between(1, 8)))


def halves_swapped(_draw: Draw, data: bytes) -> bytes:
    return data[32:] + data[:32]


def half_replaced(draw: Draw, data: bytes) -> bytes:
    half = bytes([draw.one_of((0, 1, 255))]) * 32
    return half + data[32:] if draw.happens(50) else data[:32] + half


def another_algorithm(draw: Draw, data: bytes) -> bytes:
    header = cbor2.loads(data)
    return bytes(cbor2.dumps(header | {1: draw.one_of((-8, -35, -36, -37, -257, 0, 5, 7, -6))}))


def another_key(draw: Draw, data: bytes) -> bytes:
    some = bytes(draw.between(0, 255) for _ in range(draw.between(0, 5)))
    return bytes(cbor2.dumps(cbor2.loads(data) | {4: draw.one_of((b"\x01", some))}))


def huge_length(draw: Draw, data: bytes) -> bytes:
    place = draw.between(0, len(data) - 1)
    return data[:place] + draw.one_of(MORE_THAN_THERE_IS) + data[place + 1 :]


def deep_nesting(draw: Draw, data: bytes) -> bytes:
    place = draw.between(0, len(data) - 1)
    return data[:place] + draw.one_of((b"\x81", b"\xa1\x00")) * draw.between(4, 90) + data[place:]


WAYS: tuple[Callable[[Draw, str], str], ...] = (
    one_character,
    two_characters,
    neighbours_swapped,
    any_two_swapped,
    cut_short,
    one_missing,
    one_more,
    of_bytes(one_bit),
    of_bytes(one_byte),
    of_bytes(some_behind),
    of_bytes(huge_length),
    of_bytes(deep_nesting),
    of_parts(0, another_algorithm),
    of_parts(0, another_key),
    of_parts(0, one_bit),
    of_parts(0, some_behind),
    of_parts(2, one_bit),
    of_parts(2, one_byte),
    of_parts(2, some_behind),
    of_parts(3, one_bit),
    of_parts(3, one_byte),
    of_parts(3, halves_swapped),
    of_parts(3, half_replaced),
)
