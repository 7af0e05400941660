"""A TrueType font, cut down to the few characters of a document in a millisecond: its outlines are copied as they are.

The font has no table that joins, moves or replaces characters (a test sees to it), so each character is one glyph and
a line is as wide as its glyphs together. Tables as in the OpenType specification, version 1.9.
"""

import struct
from functools import cache
from pathlib import Path

COMPOSITE_HEADER = 10  # bytes before the parts of an outline that is put together from others
ARGUMENTS_ARE_WORDS, HAS_SCALE, MORE_PARTS, HAS_TWO_SCALES, HAS_MATRIX = 0x1, 0x8, 0x20, 0x40, 0x80
SHAPING = ("GSUB", "GPOS", "kern", "morx")


class TrueType:
    """One font file. Lengths in the font's own units, of which ``units`` make the size of the type."""

    def __init__(self, file: Path) -> None:
        from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

        with TTFont(file, lazy=True) as font:
            if any(table in font for table in SHAPING):
                raise ValueError(f"{file.name} shapes its characters")
            self.units: int = font["head"].unitsPerEm
            self.ascent, self.descent = font["hhea"].ascent, font["hhea"].descent
            self.glyphs: dict[str, int] = {
                chr(code): font.getGlyphID(name) for code, name in font.getBestCmap().items()
            }
            self._starts = list(font["loca"])
            self._metrics = [font["hmtx"][name] for name in font.getGlyphOrder()]
            tables = font.reader
            self._outlines: bytes = tables["glyf"]
            self._head, self._hhea, self._maxp = (
                bytearray(tables[name]) for name in ("head", "hhea", "maxp")
            )
        self.advances = {character: self._metrics[glyph][0] for character, glyph in self.glyphs.items()}
        self.box: tuple[int, ...] = struct.unpack(">4h", self._head[36:44])

    def subset(self, characters: str) -> bytes:
        """A font whose glyphs 1, 2, … are those of ``characters``, in this order; glyph 0 is the font's own."""
        order = [0, *(self.glyphs[character] for character in characters)]
        outlines, starts = bytearray(), [0]
        place = dict(zip(reversed(order), range(len(order) - 1, -1, -1), strict=True))
        for glyph in order:  # grows while parts of composites are found
            outlines += self._outline(glyph, order, place)
            outlines += bytes(-len(outlines) % 4)
            starts.append(len(outlines))
        return _font(
            {
                b"glyf": bytes(outlines),
                b"head": _with(self._head, 50, 1),
                b"hhea": _with(self._hhea, 34, len(order)),
                b"hmtx": b"".join(struct.pack(">Hh", *self._metrics[glyph]) for glyph in order),
                b"loca": struct.pack(f">{len(starts)}I", *starts),
                b"maxp": _with(self._maxp, 4, len(order)),
            }
        )

    def _outline(self, glyph: int, order: list[int], place: dict[int, int]) -> bytes:
        """One outline; the parts of a composite are added to the order under their new numbers."""
        outline = bytearray(self._outlines[self._starts[glyph] : self._starts[glyph + 1]])
        if len(outline) < COMPOSITE_HEADER or outline[0] < 0x80:  # a number of contours below zero: composite
            return bytes(outline)
        at, more = COMPOSITE_HEADER, True
        while more:
            flags, part = struct.unpack_from(">HH", outline, at)
            if part not in place:
                place[part] = len(order)
                order.append(part)
            struct.pack_into(">H", outline, at + 2, place[part])
            at += 4 + (4 if flags & ARGUMENTS_ARE_WORDS else 2)
            at += 2 if flags & HAS_SCALE else 4 if flags & HAS_TWO_SCALES else 8 if flags & HAS_MATRIX else 0
            more = bool(flags & MORE_PARTS)
        return bytes(outline)


@cache
def truetype(file: Path) -> TrueType:
    """Read once in each process."""
    return TrueType(file)


def _with(table: bytearray, at: int, value: int) -> bytes:
    """A table with one of its 16-bit numbers changed."""
    changed = bytearray(table)
    struct.pack_into(">H", changed, at, value)
    return bytes(changed)


def _font(tables: dict[bytes, bytes]) -> bytes:
    """The tables behind their directory."""
    power = len(tables).bit_length() - 1
    header = struct.pack(
        ">IHHHH", 0x00010000, len(tables), 16 << power, power, 16 * (len(tables) - (1 << power))
    )
    at, directory, body = len(header) + 16 * len(tables), [], []
    for name, content in tables.items():
        padded = content + bytes(-len(content) % 4)
        checksum = sum(struct.unpack(f">{len(padded) // 4}I", padded)) & 0xFFFFFFFF
        directory.append(struct.pack(">4sIII", name, checksum, at, len(content)))
        body.append(padded)
        at += len(padded)
    return b"".join((header, *directory, *body))
