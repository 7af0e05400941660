"""What is stamped looks like what WeasyPrint prints, picture by picture; what cannot be stamped WeasyPrint prints."""

import io
import random
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
import weasyprint
import zxingcpp
from flask import Flask
from PIL import Image, ImageChops
from pypdf import PdfReader

from portal.passes import stamped
from portal.passes.keys import KeyRing
from portal.passes.kinds import Kind
from portal.passes.printing import Certificate, Certificates, Layout
from portal.passes.rule_data import EVERY_DAY, Window
from portal.passes.serials import SERIAL_LETTERS
from portal.passes.stamped import certificates_pdf
from portal.printing import stamping
from portal.printing.breaking import lines_of
from portal.printing.document import pdf
from portal.printing.fonts import FONT
from portal.printing.materials import faces_of, materials
from portal.printing.truetype import truetype
from tests.printing.paper import (
    FOOT,
    certificate,
    certificates,
    hostile,
    longest,
    pictures,
    printing_app,
    texts,
    to_print,
)

DPI = 300
MEAN_DIFFERENCE = 0.7  # of 255 shades, over the page: letters that lie a hair apart
NEAR = 128  # shades: the same stroke, softened otherwise
COUNTED = 40  # dots of a certificate that may differ by more


Both = Callable[[Layout], tuple[bytes, bytes]]


@pytest.fixture(scope="module")
def printer() -> Flask:
    return printing_app()


@pytest.fixture(autouse=True)
def request_context(printer: Flask) -> Iterator[None]:
    with printer.test_request_context():
        yield


@pytest.fixture(scope="module")
def ring(tmp_path_factory: pytest.TempPathFactory) -> KeyRing:
    return KeyRing.open(tmp_path_factory.mktemp("keys"))


@pytest.fixture(scope="module")
def varied(ring: KeyRing) -> list[Certificate]:
    """Short and long texts, every density, other kinds, a third copy, no series, no demo words in the way."""
    plain = certificates(12, ring)
    nights = (Window(EVERY_DAY, 8 * 60, 11 * 60), Window(EVERY_DAY, 15 * 60, 17 * 60 + 30))
    changes = (
        {},
        {
            "holder": "买买提·阿卜杜热合曼·买买提",
            "address": "上蔡县重阳街道豫苑小区三期东区12号院10号楼2单元1804室",
        },
        {"copy": 3, "short_code": "WWWWLLLL", "gates": ("北门", "西南角便民通道卡点", "小区正门")},
        {"kind": Kind.VEHICLE, "plate": "豫QD12345", "route": "豫苑社区—驻马店市雪松大道农产品批发市场"},
        {"reason": "运送生活物资和药品" * 6, "series": "", "windows": nights},
        {"address": "Apt. 12B (east), 3号院 Garden View, ABC-DEF long words", "serial": "003-000128-M"},
        {"issuer": "上蔡县重阳街道豫苑社区居民委员会新型冠状病毒感染防控作战指挥部"},
        {"gates": (), "windows": (), "max_minutes": None, "kind": Kind.STAFF},
        {"serial": "003-000131-J"},
        {"holder": "䶮喆堃", "address": "“建设路”（东段）　3号院，2号楼：1单元、401"},
    )
    return [replace(one, **change) for one, change in zip(plain, changes, strict=False)]


@pytest.fixture(scope="module")
def both(varied: list[Certificate]) -> Both:
    """The same passes as we stamp them and as WeasyPrint prints them, made once."""

    @cache
    def made(layout: Layout) -> tuple[bytes, bytes]:
        document = to_print(varied)
        return certificates_pdf(document, layout), pdf(f"passes/{layout}.html", document)

    return made


def dots(made: bytes, folder: Path) -> list[Image.Image]:
    """The pages as poppler draws them, at half the size: it moves single letters by a part of a dot."""
    (folder / "made.pdf").write_bytes(made)
    for old in folder.glob("page*.pgm"):
        old.unlink()
    command = ["pdftoppm", "-r", str(DPI), "-gray", folder / "made.pdf", folder / "page"]
    subprocess.run(command, check=True, capture_output=True)
    return [Image.open(path).reduce(2) for path in sorted(folder.glob("page*.pgm"))]


def codes_on(page: Image.Image) -> list[zxingcpp.Barcode]:
    return zxingcpp.read_barcodes(page, formats=zxingcpp.BarcodeFormat.QRCode)


@pytest.mark.parametrize("layout", Layout)
def test_stamped_pages_look_as_weasyprint_prints_them(
    layout: Layout, varied: list[Certificate], both: Both, tmp_path: Path
) -> None:
    assert all(stamped._filled(one, FOOT, layout) for one in varied)
    ours, theirs = (dots(made, tmp_path) for made in both(layout))
    assert len(ours) == len(theirs)
    on_a_page = len(varied) if layout is Layout.CARDS else 1
    for mine, reference in zip(ours, theirs, strict=True):
        assert mine.size == reference.size
        shades = ImageChops.difference(mine, reference).histogram()
        assert sum(shade * count for shade, count in enumerate(shades)) / sum(shades) < MEAN_DIFFERENCE
        assert sum(shades[NEAR:]) <= COUNTED * on_a_page
        scanned = [sorted(code.text for code in codes_on(page)) for page in (mine, reference)]
        assert scanned[0] == scanned[1]


def test_the_comparison_sees_a_single_wrong_figure(varied: list[Certificate], tmp_path: Path) -> None:
    wrong = replace(varied[0], document="411722********0019")
    one, other = (
        dots(certificates_pdf(to_print([held]), Layout.A5), tmp_path)[0] for held in (varied[0], wrong)
    )
    assert sum(ImageChops.difference(one, other).histogram()[NEAR:]) > COUNTED


@pytest.mark.parametrize("layout", Layout)
def test_every_code_is_read_with_hard_edges(layout: Layout, varied: list[Certificate], both: Both) -> None:
    sheets = pictures(both(layout)[0])
    codes = [(sheet, code) for sheet in sheets for code in codes_on(sheet)]
    assert {code.text for _sheet, code in codes} == {one.code for one in varied}
    for sheet, code in codes:
        first, last = code.position.top_left, code.position.bottom_right
        shades = sheet.crop((first.x, first.y, last.x + 1, last.y + 1)).histogram()
        assert sum(shades[40:216]) == 0


@pytest.mark.parametrize("layout", Layout)
def test_what_is_stamped_can_be_searched(layout: Layout, varied: list[Certificate], both: Both) -> None:
    read, reference = ("".join(texts(made)) for made in both(layout))
    assert sorted(read) == sorted(reference)
    for one in varied:
        assert one.serial in read
        assert one.holder in read


@pytest.mark.parametrize("layout", Layout)
def test_nothing_but_the_fields_differs_between_pages_of_a_shape(
    layout: Layout, varied: list[Certificate]
) -> None:
    """Else a page would say what belongs to another."""
    certificates_pdf(to_print(varied), layout)
    for shape in stamping._shapes.values():
        still = [
            [run.text for page in pages for line in page.lines for run in line.runs if not run.field]
            for pages in shape.pages.values()
        ]
        assert all(one == still[0] for one in still)
    for one in varied:
        again = replace(
            one,
            **{field: f"{getattr(one, field)}" for field in ("holder", "address")},
            reason="其他",
            rule="每户每 3 天 1 人 1 次",
        )
        page = "".join(texts(certificates_pdf(to_print([again]), layout)))
        assert "".join(again.rule.split()) in page


@pytest.mark.parametrize("layout", Layout)
def test_one_layout_serves_all_serials(layout: Layout, ring: KeyRing) -> None:
    """Laying out costs as much as stamping fifty; the letters at the end of a serial are of different widths."""
    stamping._shapes.clear()
    passes = certificates(60, ring)
    assert {one.serial[-1] for one in passes} == set(SERIAL_LETTERS)
    certificates_pdf(to_print(passes), layout)
    assert [len(shape.pages) for shape in stamping._shapes.values()] == [1]


@pytest.mark.parametrize("rare", ["𐌰", "e\u0301", "مرحبا", "क्षि", "\u200d", "👨‍👩‍👧"])
@pytest.mark.parametrize("layout", Layout)
def test_characters_that_the_font_lacks_or_shapes_are_left_to_weasyprint(
    layout: Layout, rare: str, ring: KeyRing
) -> None:
    odd = replace(certificate(7, ring), holder=f"演示·{rare}")
    assert stamped._filled(odd, FOOT, layout) is None
    made = PdfReader(io.BytesIO(certificates_pdf(to_print([odd]), layout)))
    assert made.metadata
    assert "WeasyPrint" in made.metadata["/Producer"]


def test_a_few_odd_passes_leave_the_others_stamped_and_the_order_as_it_was(ring: KeyRing) -> None:
    passes = certificates(5, ring)
    passes[2] = replace(passes[2], holder="演示·👨‍👩‍👧")
    pages = texts(certificates_pdf(to_print(passes), Layout.A5))
    assert [one.serial in page for one, page in zip(passes, pages[::2], strict=True)] == [True] * 5
    assert [f"第{number}页，共10页" in page for number, page in enumerate(pages, 1)] == [True] * 10
    assert "〓" in pages[4]
    assert not any("〓" in page for page in pages[:4] + pages[6:])


@pytest.mark.parametrize("layout", Layout)
def test_the_longest_texts_and_markup_are_printed_as_they_are(layout: Layout, ring: KeyRing) -> None:
    for extreme in (longest(ring), hostile(ring)):
        document = Certificates((extreme,), FOOT, counterfoil=True)
        read = texts(certificates_pdf(document, layout))
        reference = texts(pdf(f"passes/{layout}.html", document))
        assert ["".join(sorted(page)) for page in read] == ["".join(sorted(page)) for page in reference]


def test_lines_break_where_weasyprint_breaks_them(printer: Flask) -> None:
    chance = random.Random(7)
    parts = (
        "号院",
        "号楼",
        "单元",
        "12",
        "1804",
        "（东）",
        "、",
        "，",
        "A座",
        "Garden ",
        "·",
        "—",
        "“路”",
        "3:00–4:00",
        "豫苑",
        " ",
        "《",
        "》",
    )
    set_with = materials("passes", faces_of("passes"))
    sayings = ["".join(chance.choices(parts, k=chance.randint(3, 14))).strip() for _ in range(150)]
    sayings = [" ".join(text.split()) for text in sayings]
    html = "".join(f'<p style="width:96px;font:12px Paper;margin:0">{text}</p>' for text in sayings)
    source = weasyprint.HTML(string=f'<html lang="zh-Hans"><body>{html}', url_fetcher=set_with.fetcher)
    document = source.render(stylesheets=[set_with.style], font_config=set_with.fonts)
    paragraphs = [
        tuple("".join(text.text for text in line.children).strip(" ") for line in box.children)
        for page in document.pages
        for box in page._page_box.children[0].children[0].children
    ]
    together, at = [], 0  # a paragraph cut by the end of a page
    for text in sayings:
        lines = paragraphs[at]
        at += 1
        while "".join(lines).replace(" ", "") != text.replace(" ", ""):
            lines += paragraphs[at]
            at += 1
        together.append(lines)
    font = truetype(FONT)
    ours = [lines_of(text, font, 12.0, 0.0, 96.0) for text in sayings]
    differing = [
        (mine, theirs) for mine, theirs in zip(ours, together, strict=True) if mine not in (theirs, None)
    ]
    assert differing == []
    assert sum(mine is not None for mine in ours) > 120
