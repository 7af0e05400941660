"""Fonts by role: loaded only where a style sheet names them, the office's own first, a broken one never a crash."""

import io
import logging
from pathlib import Path

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.ttLib import TTFont

from portal.printing.fonts import OURS, ROLES, WIDE, faces, missing_characters, shown_by
from portal.printing.materials import style_text
from tests.printing.notice_papers import circular, fonts_of, make
from tests.printing.paper import ROOT

NOTICES = style_text("notices")
NAMES = "喆堃昇玥珺䶮𠮷"


def licensed(folder: Path, file_name: str = "fangsong.ttf", source: str = "Kaiti-Paper.ttf") -> Path:
    """An instance folder with a font of the office: one of ours under a name of its own, with other heights."""
    (folder / "fonts").mkdir(exist_ok=True)
    with TTFont(OURS / source) as font:
        font["hhea"].ascent, font["hhea"].descent = 800, -200
        font.save(folder / "fonts" / file_name)
    return folder


def families(style: str, folder: Path | None = None) -> list[str]:
    return [face.family for face in faces(style, folder)]


def test_passes_load_one_font_and_notices_one_for_each_role() -> None:
    assert families(style_text("passes")) == ["Paper"]
    assert families(style_text("accounts")) == ["Paper"]
    assert families(NOTICES) == ["Paper", "Paper Fangsong", "Paper Kaiti", "Paper Biaosong", "Paper Songti"]


@pytest.mark.parametrize("role", ["Fangsong", "Kaiti", "Biaosong", "Songti"])
def test_our_fonts_are_small_truetype_files_of_one_height_with_their_licence(role: str) -> None:
    file = OURS / f"{role}-Paper.ttf"
    with TTFont(file) as font, TTFont(WIDE.file) as widest:
        assert "glyf" in font
        assert not {"CFF ", "fpgm", "prep", "GSUB", "GPOS"} & set(font.keys())
        assert (font["hhea"].ascent, font["hhea"].descent) == (widest["hhea"].ascent, widest["hhea"].descent)
        assert "LXGW" not in font["name"].getDebugName(1)
    assert file.stat().st_size < 6_000_000
    assert any(
        word in (OURS / _licence(role)).read_text()
        for word in ("SIL OPEN FONT LICENSE", "GENERAL PUBLIC LICENSE")
    )


def _licence(role: str) -> str:
    (found,) = OURS.glob(f"{role}-*.txt")
    return found.name


def test_the_licence_of_fangsong_lets_documents_embed_it() -> None:
    text = " ".join((OURS / "Fangsong-GPL-3-with-font-exception.txt").read_text().split())
    assert "GNU GENERAL PUBLIC LICENSE Version 3" in text
    assert (
        "embed this font or unaltered portions of this font into the document, this font does not by itself"
        in text
    )


@pytest.mark.parametrize("role", ["Fangsong", "Kaiti", "Biaosong"])
def test_a_role_has_all_of_gb2312_but_what_the_next_font_sets_better(role: str) -> None:
    rows = (bytes([first, second]) for first in range(0xB0, 0xF8) for second in range(0xA1, 0xFF))
    characters = "".join(row.decode("gb2312", errors="ignore") for row in rows)
    shown = shown_by(OURS / f"{role}-Paper.ttf")
    assert [character for character in characters if ord(character) not in shown] == []
    assert [c for c in "，。、；：？！（）《》〔〕0123456789" if ord(c) not in shown] == []


def test_rare_names_show_in_one_font_or_another() -> None:
    assert missing_characters(NAMES, faces(NOTICES, None)) == ""
    assert missing_characters(NAMES) == "𠮷"
    assert missing_characters("\U0010ffff\u200b", faces(NOTICES, None)) == "\U0010ffff\u200b"


def test_the_font_of_the_office_is_used_and_ours_for_what_it_lacks(tmp_path: Path) -> None:
    made = make(circular(), licensed(tmp_path))
    assert fonts_of(made, "各社区居民委员会") == {"Office-Fangsong"}
    assert fonts_of(made, "关于印发") == {"Paper-Biaosong-Bold"}
    assert fonts_of(made, "“", 1) == {"Paper-Fangsong"}


def test_every_role_can_be_the_office_s(tmp_path: Path) -> None:
    for file_name in ROLES.values():
        licensed(tmp_path, file_name)
    made = make(circular(), tmp_path)
    used = [
        fonts_of(made, words).pop()
        for words in ("各社区居民委员会", "（一）凭证出入", "关于印发", "—1—", "一、严格小区出入管理")
    ]
    assert used == ["Office-Fangsong", "Office-Kaiti", "Office-Biaosong", "Office-Songti", "Office-Heiti"]


def test_the_lines_do_not_move_with_the_font_of_the_office(tmp_path: Path) -> None:
    (office,) = (
        face for face in faces(NOTICES, licensed(tmp_path) / "fonts") if face.family.startswith("Office")
    )
    with TTFont(io.BytesIO(office.content())) as font, TTFont(WIDE.file) as widest:
        assert (font["hhea"].ascent, font["hhea"].descent) == (widest["hhea"].ascent, widest["hhea"].descent)


def cut_short(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:200_000])


def no_font(file: Path) -> None:
    file.write_bytes(b"MZ this is a program, not a font")


def nothing(file: Path) -> None:
    file.write_bytes(b"")


def a_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def cff_outlines(file: Path) -> None:
    builder = FontBuilder(1000, isTTF=False)
    builder.setupGlyphOrder([".notdef", "one"])
    builder.setupCharacterMap({ord("一"): "one"})
    empty = T2CharStringPen(1000, None).getCharString()
    builder.setupCFF("x", {}, {".notdef": empty, "one": empty}, {})
    builder.setupHorizontalMetrics({".notdef": (1000, 0), "one": (1000, 0)})
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupOS2()
    builder.setupPost()
    builder.save(file)


@pytest.mark.parametrize("spoil", [cut_short, no_font, nothing, a_folder, cff_outlines])
def test_with_a_broken_font_ours_is_used_and_the_log_says_so(
    spoil: object, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    spoil(licensed(tmp_path) / "fonts" / "fangsong.ttf")  # type: ignore[operator]
    with caplog.at_level(logging.WARNING):
        made = make(circular(), tmp_path)
    assert fonts_of(made, "各社区居民委员会") == {"Paper-Fangsong"}
    assert "fangsong.ttf cannot be used" in caplog.text


def test_a_font_that_the_office_has_not_put_in_is_nothing_to_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert families('p{font-family:"Office Kaiti",Paper}', tmp_path) == ["Paper"]
    assert caplog.text == ""


def test_a_missing_font_of_ours_leaves_the_next_family(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.printing.fonts.OURS", tmp_path)
    assert families(NOTICES) == ["Paper"]
    assert "Fangsong-Paper.ttf is not there" in caplog.text


def test_a_font_put_in_anew_is_another(tmp_path: Path) -> None:
    folder = licensed(tmp_path) / "fonts"
    before = faces(NOTICES, folder)
    licensed(tmp_path, source="Biaosong-Paper.ttf")
    after = faces(NOTICES, folder)
    assert before != after


def test_no_font_is_served_to_browsers() -> None:
    assert "@font-face" not in "".join(
        sheet.read_text() for sheet in (ROOT / "static" / "print").glob("*.css")
    )
