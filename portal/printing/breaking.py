"""Texts in lines as WeasyPrint sets them: as much as fits, broken where Pango would."""

import math
import re
import unicodedata
from functools import cache, lru_cache
from pathlib import Path

from portal.printing.fonts import shown_by
from portal.printing.truetype import TrueType, truetype

SPACES = re.compile(r"[ \t\n\r\f]+")
HAIR = 0.01  # pixels
PANGO_UNITS = 1024  # in a pixel
SHAPED = {"Mn", "Mc", "Me", "Cc", "Cf", "Zl", "Zp"}
FROM_RIGHT = {"R", "AL", "AN"}


def plain(text: str) -> str:
    """The text as HTML has it, one space between words."""
    return SPACES.sub(" ", text).strip(" ")


@cache
def simple_characters(file: Path) -> frozenset[str]:
    """The characters that are one glyph each, set from left to right, whatever stands beside them."""
    shown = map(chr, shown_by(file))
    simple = (
        character
        for character in shown
        if unicodedata.category(character) not in SHAPED
        and unicodedata.bidirectional(character) not in FROM_RIGHT
    )
    return frozenset(simple) | {" "} | ({"\u3000"} if "\u3000" in truetype(file).glyphs else set())


class _Advances(dict[str, float]):
    """How far each character goes in a size, in the thousand and twenty-fourths of a pixel that Pango knows."""

    def __init__(self, font: TrueType, size: float) -> None:
        self._font, self._step = font, math.floor(size * PANGO_UNITS) / font.units

    def __missing__(self, character: str) -> float:
        advance: float
        advance = self[character] = math.floor(self._font.advances[character] * self._step) / PANGO_UNITS
        return advance


@lru_cache(maxsize=64)
def _advances(font: TrueType, size: float) -> _Advances:
    return _Advances(font, size)


def width_of(text: str, font: TrueType, size: float, spacing: float) -> float:
    """In the unit of ``size``, a CSS pixel."""
    return sum(map(_advances(font, size).__getitem__, text)) + spacing * len(text)


def lines_of(text: str, font: TrueType, size: float, spacing: float, room: float) -> tuple[str, ...] | None:
    """The lines of a plain text; None where a part that must not be broken is wider than a line."""
    if width_of(text, font, size, spacing) <= room + HAIR:
        return (text,)
    lines, start, breaks = [], 0, [*_breaks(text), len(text)]
    while start < len(text):
        fitting = 0
        for place in breaks:
            if place <= start:
                continue
            if width_of(text[start:place].rstrip(" "), font, size, spacing) > room + HAIR:
                break
            fitting = place
        if not fitting:
            return None
        lines.append(text[start:fitting].rstrip(" "))
        start = fitting
    return tuple(lines)


def _breaks(text: str) -> list[int]:
    """Where a line may end."""
    from weasyprint.text.line_break import get_log_attrs

    attributes = get_log_attrs(text, "zh-hans")
    return [place for place in range(1, len(text)) if attributes[place].is_line_break]
