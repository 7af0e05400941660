"""The font of all printed documents, and which characters it cannot show."""

from functools import cache
from pathlib import Path

FONT = Path(__file__).resolve().parents[2] / "static" / "print" / "fonts" / "NotoSansSC-Paper.ttf"


def missing_characters(text: str) -> str:
    """The characters of ``text`` that would not show on paper, each once, in the order they come.

    A character needs ink: fonts map some characters to an empty outline, which would print as a gap.
    """
    visible = shown_by(FONT)
    return "".join(c for c in dict.fromkeys(text) if not (c.isspace() or ord(c) in visible))


@cache
def shown_by(file: Path) -> frozenset[int]:
    """The code points for which a TrueType font has ink."""
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

    with TTFont(file, lazy=True) as font:
        starts = font["loca"]
        glyphs = {code: font.getGlyphID(name) for code, name in font.getBestCmap().items()}
    return frozenset(code for code, glyph in glyphs.items() if starts[glyph] < starts[glyph + 1])
