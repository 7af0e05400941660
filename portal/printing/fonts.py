"""The fonts of printed documents, by the roles that official paper gives them, and which characters they lack.

A style sheet names a role as two families, the office's own licensed font and ours, and only fonts that it names are
loaded: ``font-family:"Office Kaiti","Paper Kaiti",Paper``. ``Paper`` is the widest and belongs at the end of each list.
"""

import io
import logging
import struct
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

OURS = Path(__file__).resolve().parents[2] / "static" / "print" / "fonts"
FONT = OURS / "NotoSansSC-Paper.ttf"
ROLES = {  # 仿宋, 楷体, 小标宋, 宋体 of page numbers, 黑体 (which is Paper where the office has none of its own)
    "Fangsong": "fangsong.ttf",
    "Kaiti": "kaiti.ttf",
    "Biaosong": "xiaobiaosong.ttf",
    "Songti": "songti.ttf",
    "Heiti": "heiti.ttf",
}
BROKEN = (OSError, ValueError, LookupError, AttributeError, AssertionError, struct.error)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Face:
    """A font file under the name by which style sheets call it."""

    family: str
    file: Path
    changed: int = 0  # when the file was; a font put in anew is another face

    @property
    def url(self) -> str:
        return f"paper:{self.family.replace(' ', '-')}.ttf"

    @property
    def rule(self) -> str:
        return f'@font-face{{font-family:"{self.family}";src:url({self.url})}}'

    def content(self) -> bytes:
        """The font as documents are set with it."""
        return self.file.read_bytes() if self.file.parent == OURS else _of_common_height(self.file)


WIDE = Face("Paper", FONT)


def faces(style: str, licensed: Path | None) -> tuple[Face, ...]:
    """The fonts that a style sheet names, the widest first; ``licensed`` is the folder of the office's own.

    A file that is missing or cannot be used is left out and logged, so that the next family serves.
    """
    named = [WIDE]
    for role, file_name in ROLES.items():
        office, ours = f"Office {role}", f"Paper {role}"
        if f'"{office}"' in style and licensed is not None and (licensed / file_name).exists():
            named.append(Face(office, licensed / file_name))
        if f'"{ours}"' in style:
            named.append(Face(ours, OURS / f"{role}-Paper.ttf"))
    return tuple(face for face in map(_as_it_is, named) if face is not None)


def missing_characters(text: str, fonts: Sequence[Face] = (WIDE,)) -> str:
    """The characters of ``text`` that would not show on paper, each once, in the order they come.

    A character needs ink in one of the fonts: some map characters to an empty outline, which would print as a gap
    even where another font has ink for it.
    """
    shown = [shown_by(face.file, face.changed) for face in fonts]
    empty = [_mapped_to_nothing(face.file, face.changed) for face in fonts]

    def shows(character: str) -> bool:
        code = ord(character)
        return any(code in some for some in shown) and not any(code in some for some in empty)

    return "".join(c for c in dict.fromkeys(text) if not (c.isspace() or shows(c)))


@cache
def shown_by(file: Path, changed: int = 0) -> frozenset[int]:
    """The code points for which a TrueType font has ink."""
    with _opened(file) as font:
        starts = font["loca"]
        glyphs = {code: font.getGlyphID(name) for code, name in font.getBestCmap().items()}
        return frozenset(code for code, glyph in glyphs.items() if starts[glyph] < starts[glyph + 1])


@cache
def _mapped_to_nothing(file: Path, changed: int = 0) -> frozenset[int]:
    with _opened(file) as font:
        return frozenset(font.getBestCmap()) - shown_by(file, changed)


@contextmanager
def _opened(file: Path) -> Iterator[Any]:
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

    with file.open("rb") as source, TTFont(source, lazy=True) as font:
        yield font


def _as_it_is(face: Face) -> Face | None:
    """The face with the time of its file, or None where it is of no use."""
    try:
        found = Face(face.family, face.file, face.file.stat().st_mtime_ns)
    except OSError as error:
        log.warning(
            "The font %s is not there (%s): the next one serves", face.file.name, type(error).__name__
        )
        return None
    return found if _is_of_use(found) else None


@cache
def _is_of_use(face: Face) -> bool:
    from fontTools.ttLib import TTLibError

    try:
        problem = _problem(face)
    except (*BROKEN, TTLibError) as error:
        problem = f"it is broken, {type(error).__name__}: {error}"
    if problem:
        log.warning("The font %s cannot be used (%s): the next one serves", face.file.name, problem)
    return not problem


def _problem(face: Face) -> str:
    """Why a font is refused. Every table is read and every outline split from the next, so nothing is cut off."""
    with _opened(face.file) as font:
        if "glyf" not in font:
            return "it has no TrueType outlines"
        size = face.file.stat().st_size
        if any(entry.offset + entry.length > size for entry in font.reader.tables.values()):
            return "it is cut short"
        for table in ("head", "hhea", "hmtx", "maxp", "OS/2", "name", "loca"):
            font[table]
    if not shown_by(face.file, face.changed):
        return "it shows no character"
    face.content()
    return ""


def _of_common_height(file: Path) -> bytes:
    """A font with the height of ours, so that a character of another font does not push the lines apart."""
    with _opened(FONT) as ours, _opened(file) as font:
        scale = font["head"].unitsPerEm / ours["head"].unitsPerEm
        ascent, descent = (round(value * scale) for value in (ours["hhea"].ascent, ours["hhea"].descent))
        lines, metrics = font["hhea"], font["OS/2"]
        lines.ascent, lines.descent, lines.lineGap = ascent, descent, 0
        metrics.sTypoAscender, metrics.sTypoDescender, metrics.sTypoLineGap = ascent, descent, 0
        metrics.usWinAscent, metrics.usWinDescent = ascent, -descent
        made = io.BytesIO()
        font.save(made)
    return made.getvalue()
