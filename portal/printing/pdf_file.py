"""A PDF file object by object, as ISO 32000-1 has it: enough for pages with drawings and one embedded font."""

import zlib
from collections.abc import Sequence

from portal.printing.truetype import TrueType

FONT_NAME = b"STAMPD+NotoSansSC"
MOST_IN_A_BLOCK = 100  # mappings, 9.10.3
QUICK = 1  # how hard to compress: more takes twice as long for a fiftieth less


class PdfFile:
    """Objects in the order in which they are added. Numbers can be taken before the object is there."""

    def __init__(self) -> None:
        self._parts: list[bytes] = [b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"]
        self._length = len(self._parts[0])
        self._starts: list[int] = [0]

    def number(self) -> int:
        """The number of an object that comes later."""
        self._starts.append(0)
        return len(self._starts) - 1

    def add(self, content: bytes, number: int | None = None) -> int:
        """One object; returns its number."""
        number = number or self.number()
        self._starts[number] = self._length
        part = b"%d 0 obj\n%b\nendobj\n" % (number, content)
        self._parts.append(part)
        self._length += len(part)
        return number

    def stream(self, content: bytes, more: bytes = b"") -> int:
        """One stream, compressed; ``more`` goes into its dictionary."""
        packed = zlib.compress(content, QUICK)
        return self.add(
            b"<</Length %d/Filter/FlateDecode%b>>stream\n%b\nendstream" % (len(packed), more, packed)
        )

    def font(self, font: TrueType, characters: str, number: int) -> None:
        """The font of a document, under a number taken before: character n of ``characters`` has the code n + 1."""
        scale = 1000 / font.units
        content = font.subset(characters)
        file = self.stream(content, b"/Length1 %d" % len(content))
        box = b" ".join(b"%d" % round(edge * scale) for edge in font.box)
        up, down = round(font.ascent * scale), round(font.descent * scale)
        descriptor = self.add(
            b"<</Type/FontDescriptor/FontName/%b/Flags 4/FontBBox[%b]/ItalicAngle 0/Ascent %d/Descent %d"
            b"/CapHeight 733/StemV 80/FontFile2 %d 0 R>>" % (FONT_NAME, box, up, down, file)
        )
        widths = b" ".join(b"%d" % round(font.advances[character] * scale) for character in characters)
        described = self.add(
            b"<</Type/Font/Subtype/CIDFontType2/BaseFont/%b/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)"
            b"/Supplement 0>>/FontDescriptor %d 0 R/CIDToGIDMap/Identity/W[1[%b]]>>"
            % (FONT_NAME, descriptor, widths)
        )
        meaning = self.stream(_to_unicode(characters))
        self.add(
            b"<</Type/Font/Subtype/Type0/BaseFont/%b/Encoding/Identity-H/DescendantFonts[%d 0 R]/ToUnicode %d 0 R>>"
            % (FONT_NAME, described, meaning),
            number,
        )

    def finish(self, pages: Sequence[int], tree: int, title: str) -> bytes:
        """The whole file; ``tree`` is the number that the pages name as their parent."""
        kids = b" ".join(b"%d 0 R" % page for page in pages)
        self.add(b"<</Type/Pages/Count %d/Kids[%b]>>" % (len(pages), kids), tree)
        catalog = self.add(b"<</Type/Catalog/Pages %d 0 R/Lang(zh-Hans)>>" % tree)
        about = self.add(b"<</Title<feff%b>>>" % title.encode("utf-16-be").hex().encode())
        starts = b"".join(b"%010d 00000 n \n" % start for start in self._starts[1:])
        size = len(self._starts)
        self._parts.append(
            b"xref\n0 %d\n0000000000 65535 f \n%btrailer\n<</Size %d/Root %d 0 R/Info %d 0 R>>\n"
            b"startxref\n%d\n%%%%EOF\n" % (size, starts, size, catalog, about, self._length)
        )
        return b"".join(self._parts)


def _to_unicode(characters: str) -> bytes:
    """What each code means, for searching and copying (9.10.3)."""
    lines = [
        b"<%04X><%b>" % (code, character.encode("utf-16-be").hex().encode())
        for code, character in enumerate(characters, 1)
    ]
    blocks = [lines[start : start + MOST_IN_A_BLOCK] for start in range(0, len(lines), MOST_IN_A_BLOCK)]
    mappings = b"".join(
        b"%d beginbfchar\n%b\nendbfchar\n" % (len(block), b"\n".join(block)) for block in blocks
    )
    return (
        b"/CIDInit/ProcSet findresource begin 12 dict begin begincmap/CMapName/Meaning def/CMapType 2 def\n"
        b"1 begincodespacerange<0000><FFFF>endcodespacerange\n%bendcmap end end" % mappings
    )
