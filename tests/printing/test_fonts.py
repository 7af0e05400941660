"""The font of paper: every Chinese character of names that it has shows, and what does not is known."""

from pathlib import Path

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

from portal.printing.fonts import FONT, missing_characters, shown_by


def test_ordinary_and_rare_characters_show() -> None:
    assert missing_characters("张学敏 䶮喆堃㛃𠅤 ABC-123 ·—…《》〔〕〓℃●■▲○") == ""


def test_all_of_gb2312_and_the_basic_characters_show() -> None:
    rows = (bytes([first, second]) for first in range(0xA1, 0xF8) for second in range(0xA1, 0xFF))
    gb2312 = "".join(row.decode("gb2312", errors="ignore") for row in rows)
    basic = "".join(map(chr, range(0x4E00, 0x9FA6)))
    assert missing_characters(gb2312 + basic) == ""


def test_what_does_not_show_is_named_once_and_in_order() -> None:
    assert missing_characters("𠮷野家的𠮷，\U0010ffff") == "𠮷\U0010ffff"


def test_invisible_characters_do_not_pass_as_text() -> None:
    assert missing_characters("张\u200b三\u202e李\ue000") == "\u200b\u202e\ue000"


def test_white_space_needs_no_ink() -> None:
    assert missing_characters(" \u3000\u00a0\n\t") == ""


def test_a_glyph_without_an_outline_does_not_count(tmp_path: Path) -> None:
    pen = TTGlyphPen(None)
    pen.moveTo((0, 0))
    pen.lineTo((0, 500))
    pen.lineTo((500, 0))
    pen.closePath()
    triangle = pen.glyph()
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder([".notdef", "full", "empty"])
    builder.setupCharacterMap({ord("满"): "full", ord("℃"): "empty"})
    builder.setupGlyf({".notdef": triangle, "full": triangle, "empty": TTGlyphPen(None).glyph()})
    builder.setupHorizontalMetrics(dict.fromkeys([".notdef", "full", "empty"], (1000, 0)))
    file = tmp_path / "font.ttf"
    builder.save(file)
    assert shown_by(file) == {ord("满")}


def test_the_font_is_one_small_truetype_file_with_its_licence() -> None:
    with TTFont(FONT) as font:
        assert "glyf" in font
        assert not {"CFF ", "fpgm", "prep", "GSUB", "GPOS"} & set(font.keys())
    assert FONT.stat().st_size < 11_000_000
    assert "SIL OPEN FONT LICENSE" in (FONT.parent / "OFL.txt").read_text()
