"""Certificates on paper, looked at: the page is made, turned into a picture and read as a gate would read it."""

import io
import itertools
import subprocess
from dataclasses import replace
from pathlib import Path

import cbor2
import pytest
import zxingcpp
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cwt import COSE, COSEKey
from flask import Flask
from PIL import Image, ImageChops
from pypdf import PdfReader

from portal.passes import base45
from portal.passes.code import PREFIX, read
from portal.passes.keys import KeyRing
from portal.passes.printing import Certificate, Layout
from portal.passes.stamped import print_passes
from portal.printing.document import pdf
from tests.printing.paper import (
    MARKUP,
    NOW,
    Character,
    certificate,
    certificates,
    characters,
    hostile,
    longest,
    pictures,
    printing_app,
    texts,
    to_print,
)

DOTS_A_MM = 300 / 25.4
CARD_POINTS = (243.84, 153.12)


@pytest.fixture(scope="module")
def printer() -> Flask:
    return printing_app()


@pytest.fixture(scope="module")
def ring(tmp_path_factory: pytest.TempPathFactory) -> KeyRing:
    return KeyRing.open(tmp_path_factory.mktemp("keys"))


@pytest.fixture(scope="module")
def passes(ring: KeyRing) -> list[Certificate]:
    """Eleven: plain ones, and one each with everything long, markup everywhere, a rare name, a second copy."""
    rare = replace(certificate(140, ring), holder="䶮喆堃㛃𠅤𠮷")
    again = replace(certificate(141, ring), copy=2)
    return [*certificates(6, ring), longest(ring), hostile(ring), rare, again, certificate(142, ring)]


@pytest.fixture(scope="module")
def cards(printer: Flask, passes: list[Certificate]) -> bytes:
    with printer.test_request_context():
        return pdf("passes/cards.html", to_print(passes, counterfoil=True))


@pytest.fixture(scope="module")
def a5(printer: Flask, passes: list[Certificate]) -> bytes:
    with printer.test_request_context():
        return pdf("passes/a5.html", to_print([passes[0], *passes[6:9]], counterfoil=True))


@pytest.fixture(scope="module")
def card_sheet(cards: bytes) -> Image.Image:
    return pictures(cards)[0]


@pytest.fixture(scope="module")
def a5_sheets(a5: bytes) -> list[Image.Image]:
    return pictures(a5)


def test_ten_cards_then_one_then_the_counterfoil(cards: bytes) -> None:
    pages = texts(cards)
    assert [page.count("查验码") for page in pages] == [10, 1, 0]
    assert "第3页，共3页" in pages[2]


def test_a_card_is_a_bank_card_in_size(card_sheet: Image.Image) -> None:
    ink = card_sheet.point(lambda grey: 255 * (grey < 128)).getbbox()
    assert ink is not None
    assert (ink[2] - ink[0]) // 2 == pytest.approx(86 * DOTS_A_MM, abs=1.5)
    cut_lines = [y for y in range(card_sheet.height) if is_dark_row(card_sheet, y)]
    assert [below - above for above, below in itertools.pairwise(cut_lines)] == [638] * 5
    assert pytest.approx(54, abs=0.1) == 638 / DOTS_A_MM


def is_dark_row(sheet: Image.Image, y: int) -> bool:
    left, right = 240, sheet.width - 240
    return sum(sheet.crop((left, y, right, y + 1)).histogram()[:128]) > 0.98 * (right - left)


def test_nothing_lies_within_10_mm_of_the_edge(card_sheet: Image.Image, a5_sheets: list[Image.Image]) -> None:
    for sheet in (card_sheet, *a5_sheets):
        left, top, right, bottom = sheet.point(lambda grey: 255 * (grey < 200)).getbbox() or (0, 0, 0, 0)
        assert min(left, top, sheet.width - right, sheet.height - bottom) >= 10 * DOTS_A_MM - 1


def test_every_code_of_the_sheet_is_read_and_verified(
    card_sheet: Image.Image, passes: list[Certificate], ring: KeyRing
) -> None:
    scanned = {code.text for code in zxingcpp.read_barcodes(card_sheet)}
    assert scanned == {one.code for one in passes[:10]}
    for text in scanned:
        assert read(text, ring, NOW).serial in {one.serial for one in passes}
        assert cbor2.loads(verified_by_library(text, ring))[7]


def test_every_code_of_a5_is_read(a5_sheets: list[Image.Image], passes: list[Certificate]) -> None:
    fronts = a5_sheets[:8:2]
    scanned = [[code.text for code in zxingcpp.read_barcodes(front)] for front in fronts]
    assert scanned == [[passes[0].code], *([one.code] for one in passes[6:9])]


def verified_by_library(text: str, ring: KeyRing) -> bytes:
    """The payload, verified by a COSE library that knows nothing of us but the public key."""
    data = base45.decode(text.removeprefix(PREFIX))
    key_id = cbor2.loads(cbor2.loads(data)[0])[4]
    (public,) = ring.public(key_id)
    pem = public.point.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return COSE.new().decode(b"\xd2" + data, COSEKey.from_pem(pem, kid=key_id))


def test_codes_are_30_mm_or_more(card_sheet: Image.Image, a5_sheets: list[Image.Image]) -> None:
    found = [code for sheet in (card_sheet, *a5_sheets[:8:2]) for code in zxingcpp.read_barcodes(sheet)]
    assert len(found) == 14
    for code in found:
        corners = code.position
        assert (corners.top_right.x - corners.top_left.x + 1) / DOTS_A_MM >= 30
        assert (corners.bottom_left.y - corners.top_left.y + 1) / DOTS_A_MM >= 30


def test_no_module_has_a_soft_edge_and_the_quiet_zone_is_white(
    card_sheet: Image.Image, a5_sheets: list[Image.Image]
) -> None:
    for sheet in (card_sheet, *a5_sheets[:8:2]):
        for code in zxingcpp.read_barcodes(sheet):
            first, last = code.position.top_left, code.position.bottom_right
            symbol = sheet.crop((first.x, first.y, last.x + 1, last.y + 1))
            shades = symbol.histogram()
            assert sum(shades[40:216]) == 0
            around = sheet.crop((first.x - 22, first.y - 22, last.x + 23, last.y + 23))
            around.paste(255, (20, 20, around.width - 20, around.height - 20))
            assert around.getextrema() == (255, 255)


def test_the_card_says_what_it_must(cards: bytes, passes: list[Certificate]) -> None:
    page = texts(cards)[0]
    for one in passes[:6]:
        assert one.serial in page
    for said in (
        "演示·张学敏",
        "3号院2号楼1单元401",
        "2026年11月23日至29日",
        "08:00–11:00",
        "最长2小时",
        "（盖章）",
        "重阳街道豫苑社区作战指挥部",
        "查验码ABCD2345",
        "第2次",
    ):
        assert said in page
    assert page.count("演示") >= 10
    assert "411722" not in page


def test_a5_says_everything(a5: bytes) -> None:
    front, back = texts(a5)[:2]
    for said in (
        "411722********0018",
        "买菜买药",
        "北门、东门",
        "盖章",
        "重防指〔2026〕3号",
        "演示",
        "第1次",
    ):
        assert said in front
    assert "出入记录" in back
    assert "值守签字" in back


def test_the_counterfoil_lists_each_pass_to_be_signed(cards: bytes, passes: list[Certificate]) -> None:
    page = texts(cards)[2]
    assert all(one.serial in page for one in passes)
    for said in ("通行证存根", "领证人签字", "共11张", "经办人", "演示"):
        assert said in page


def test_rare_characters_show_and_missing_ones_are_marked(cards: bytes, a5: bytes) -> None:
    for page in (texts(cards)[0], texts(a5)[6]):
        assert "䶮喆堃㛃𠅤〓" in page
        assert "〓共2处，字库缺字" in page


def test_markup_stays_text(cards: bytes, a5: bytes) -> None:
    text = "".join(MARKUP.split())
    assert text in texts(cards)[0]
    assert texts(a5)[4].count(text) == 9


def test_no_character_lies_on_another(cards: bytes, a5: bytes) -> None:
    for page in range(3):
        assert overlaps(characters(cards, page)) == []
    for page in range(len(PdfReader(io.BytesIO(a5)).pages)):
        assert overlaps(characters(a5, page)) == []


def overlaps(found: list[Character]) -> list[tuple[str, str]]:
    by_height = sorted(found, key=lambda character: character.bottom)
    return [
        (one.text, other.text)
        for place, one in enumerate(by_height)
        for other in itertools.takewhile(lambda c, top=one.top: c.bottom < top, by_height[place + 1 :])
        if one.lies_on(other)
    ]


def test_the_fullest_card_keeps_to_its_place(cards: bytes) -> None:
    """The seventh card: left column, fourth row."""
    left, top = 53.52, 841.89 - 28.8 - 3 * CARD_POINTS[1]
    here = [
        c
        for c in characters(cards)
        if left < c.left < left + CARD_POINTS[0] and top - CARD_POINTS[1] < c.bottom < top
    ]
    assert len(here) > 200
    assert max(c.right for c in here) < left + CARD_POINTS[0] - 4
    assert min(c.bottom for c in here) > top - CARD_POINTS[1] + 4
    assert "".join(c.text for c in here).count("阿卜杜热合曼") == 8


def test_a_second_renderer_draws_the_same(cards: bytes, a5: bytes, tmp_path: Path) -> None:
    for made in (cards, a5):
        file = tmp_path / "made.pdf"
        file.write_bytes(made)
        poppler = subprocess.run(
            ["pdftoppm", "-r", "75", "-f", "1", "-l", "1", "-gray", file], stdout=subprocess.PIPE, check=True
        )
        theirs = Image.open(io.BytesIO(poppler.stdout))
        ours = pictures(made, dpi=75)[0].resize(theirs.size)
        coarse = [picture.resize((60, 80), Image.Resampling.BOX) for picture in (theirs, ours)]
        difference = ImageChops.difference(*coarse)
        assert max(value for value, count in enumerate(difference.histogram()) if count) < 60
        assert ink(theirs) == pytest.approx(ink(ours), rel=0.1)  # they differ in hair lines


def ink(picture: Image.Image) -> float:
    return 255 * picture.width * picture.height - sum(grey * n for grey, n in enumerate(picture.histogram()))


@pytest.mark.parametrize("layout", Layout)
def test_the_screen_shows_the_same_as_a_light_page(
    printer: Flask, passes: list[Certificate], layout: Layout
) -> None:
    with printer.test_request_context("/passes/print?as=page"):
        page = print_passes(to_print([*passes[:1], passes[7]], counterfoil=True), layout).get_data(
            as_text=True
        )
    assert page.count("<h1") == 1
    for said in ("演示·张学敏", passes[0].serial, "&lt;b&gt;", "通行证存根", "<svg"):
        assert said in page
    assert "<img" not in page
    assert " style=" not in page


def test_the_name_of_the_file_says_nothing_about_a_person(printer: Flask, passes: list[Certificate]) -> None:
    with printer.test_request_context("/passes/print"):
        answer = print_passes(to_print(passes[:1]), Layout.CARDS)
    assert answer.headers["Content-Disposition"] == 'inline; filename="passes-cards.pdf"'
