"""Official paper measured with a ruler: GB/T 9704-2012 within a millimetre, read and drawn by two programs."""

import io
from collections import Counter
from dataclasses import replace
from itertools import pairwise

import pytest
from PIL import Image, ImageChops
from pypdf import PdfReader

from portal.notices.kinds import NoticeKind, Sealing
from portal.notices.text import parse
from tests.printing.notice_papers import (
    Line,
    circular,
    fonts_of,
    ink_of,
    lines,
    make,
    official,
    plain,
    poppler_pictures,
    poppler_text,
    rules,
)
from tests.printing.paper import characters, pictures

EM = 15.75 * 25.4 / 72  # 3号, in millimetres
LINE = 10.227
LEFT, TOP, RIGHT, BOTTOM = (
    28.0,
    37.0,
    184.0,
    262.0,
)  # the text of an odd page; an even one lies 2 mm to the left
BLANK_LINES = 2 * LINE
RARE = "喆堃昇玥珺䶮𠮷"
MARKS = "为做好疫情防控工作，切实保障人民群众生命安全；现将“有关事项”通告如下：一是《条例》（试行）、办法。二是落实！"


def mm(value: float) -> object:
    return pytest.approx(value, abs=1.0)


@pytest.fixture(scope="module")
def document() -> bytes:
    return make(circular())


@pytest.fixture(scope="module")
def long() -> bytes:
    return make(official(blocks=plain(60)))


@pytest.fixture(scope="module")
def letter() -> bytes:
    return make(circular(letter_format=True, head="上蔡县重阳街道办事处"))


def test_the_paper_is_a4(document: bytes) -> None:
    for page in PdfReader(io.BytesIO(document)).pages:
        assert [float(side) * 25.4 / 72 for side in page.mediabox[2:]] == [
            pytest.approx(210),
            pytest.approx(297),
        ]


def test_a_full_page_has_22_lines_of_28_characters(long: bytes) -> None:
    for page in lines(long)[1:3]:
        *text, number = page
        assert len(text) == 22
        assert {len(line.text) for line in text} <= {26, 28}  # the first of a paragraph is indented by two
        assert sum(len(line.text) == 28 for line in text) >= 14
        assert number.text in ("—2—", "—3—")
        for above, below in pairwise(text):
            assert below.top - above.top == pytest.approx(LINE, abs=0.02)
    for number, offset in ((1, -2.0), (2, 0.0)):
        found = [c for c in characters(long, number) if 37 < 297 - c.top * 25.4 / 72 < BOTTOM]
        assert min(c.left for c in found) * 25.4 / 72 == mm(LEFT + offset)
        assert max(c.right for c in found) * 25.4 / 72 == mm(RIGHT + offset)
        assert 297 - max(c.top for c in found) * 25.4 / 72 == pytest.approx(TOP + (LINE - EM) / 2, abs=1)
        assert 297 - min(c.bottom for c in found) * 25.4 / 72 == pytest.approx(
            BOTTOM - (LINE - EM) / 2, abs=1
        )


def test_marks_neither_begin_nor_wrongly_end_a_line() -> None:
    text = "\n".join(MARKS * count for count in range(3, 13))
    pages = lines(make(official(blocks=parse(text))))
    body = [line.text for page in pages for line in page if line.left < 50 and len(line.text) > 20]
    assert len(body) > 60
    assert not [line for line in body if line[0] in "，。；：！？、）》”"]
    assert not [line for line in body if line[-1] in "（《“"]
    assert Counter(map(len, body)).most_common(1)[0][0] == 28
    assert min(len(line) for line in body if len(line) > 24) >= 26
    assert {len(page) - 1 for page in pages[1:-2]} == {22}


def test_a_rare_character_does_not_push_the_lines_apart() -> None:
    made = make(official(blocks=parse("\n".join([f"（一）{RARE}出入{RARE}。{RARE}登记{RARE}"] * 50))))
    assert [len(page) - 1 for page in lines(made)[1:-2]] == [22] * 3


def test_the_red_head(document: bytes) -> None:
    head, number = ink_of(document, "上蔡县重阳街道办事处文件"), ink_of(document, "重街办〔2026〕3号")
    (rule,) = rules(document)
    title = ink_of(document, "关于印发")
    assert head.top == mm(TOP + 35)
    assert head.middle == mm((LEFT + RIGHT) / 2)
    assert head.right - head.left > 150
    assert number.top - head.bottom == mm(BLANK_LINES + (LINE - EM) / 2)
    assert number.middle == mm((LEFT + RIGHT) / 2)
    assert rule.top - number.bottom == mm(4)
    assert (rule.left, rule.right) == (mm(LEFT), mm(RIGHT))
    assert rule.right - rule.left == mm(156)
    assert title.top - rule.bottom == mm(BLANK_LINES + (LINE - 22 * 25.4 / 72) / 2)


def test_only_head_and_rule_are_red(document: bytes) -> None:
    import pypdfium2

    page = pypdfium2.PdfDocument(document)[0].render(scale=2).to_pil().convert("RGB")
    red = page.point(lambda value: value)  # a copy
    height = red.height / 297
    bands = {
        int(y / height)
        for y in range(red.height)
        for x in range(0, red.width, 3)
        if _is_red(red.getpixel((x, y)))
    }
    assert bands <= {*range(70, 90), *range(115, 120)}
    assert bands >= {76, 80}
    assert not any(_is_red(colour) for colour in _colours(document, 1))


def _is_red(colour: object) -> bool:
    red, green, blue = colour  # type: ignore[misc]
    return bool(red > 150 and green < 90 and blue < 90)


def _colours(made: bytes, number: int) -> list[object]:
    import pypdfium2

    page = pypdfium2.PdfDocument(made)[number].render(scale=1).to_pil().convert("RGB")
    return [colour for _, colour in page.getcolors(maxcolors=1 << 24)]


def test_those_addressed_stand_flush_left_a_line_below_the_title(document: bytes) -> None:
    title, to = ink_of(document, "防控工作方案"), ink_of(document, "各社区居民")
    assert to.left == mm(LEFT)
    assert to.top - title.bottom == mm(2 * LINE - EM / 2 - 22 * 25.4 / 72 / 2)
    assert ink_of(document, "为切实做好").left == mm(LEFT + 2 * EM)


def test_title_lines_are_centred_and_balanced() -> None:
    title = (
        "中共上蔡县重阳街道工作委员会上蔡县重阳街道办事处关于切实做好2026年元旦春节期间"
        "新型冠状病毒感染疫情防控和居民生活物资供应保障服务工作的紧急通知"
    )
    paper = official(title=title)
    page = [line for line in lines(make(paper))[0] if line.text in paper.title_lines]
    assert len(page) == 4
    assert "".join(line.text for line in page) == title
    for line in page:
        assert (line.left + line.right) / 2 == mm((LEFT + RIGHT) / 2)
        assert line.right - line.left > 0.75 * max(other.right - other.left for other in page)
    for above, below in pairwise(page):
        assert below.top - above.top == pytest.approx(LINE, abs=0.05)


def last_lines(made: bytes) -> tuple[list[Line], int]:
    """The lines of the last page without its number, and how many pages there are."""
    pages = lines(made)
    return [line for line in pages[-1] if not line.text.startswith("—")], len(pages)


def edges(made: bytes) -> tuple[float, float]:
    return (LEFT, RIGHT) if len(lines(made)) % 2 else (LEFT - 2, RIGHT - 2)


@pytest.mark.parametrize("sealing", [Sealing.OWN, Sealing.ON_BEHALF, Sealing.BORROWED])
@pytest.mark.parametrize("body", [5, 20])
def test_a_sealed_signature(sealing: Sealing, body: int) -> None:
    made = make(official(sealing=sealing, blocks=plain(body)))
    found, _ = last_lines(made)
    text, signature, dated = found[-3:]
    assert dated.text == "2026年11月23日"
    assert dated.right == mm(edges(made)[1] - 4 * EM)
    assert (signature.left + signature.right) / 2 == mm((dated.left + dated.right) / 2)
    assert dated.top - signature.top == mm(LINE)
    middle_of_seal = (signature.top + dated.bottom) / 2
    end_of_text = (text.top + text.bottom + LINE) / 2
    assert 0 < middle_of_seal - 21 - end_of_text < LINE  # 42 mm across: its top within a line of the text


@pytest.mark.parametrize(("signer", "longer"), [("上蔡县重阳街道办事处", True), ("豫苑社区", False)])
def test_an_unsealed_signature(signer: str, longer: bool) -> None:
    made = make(official(sealing=Sealing.NONE, signers=(signer,)))
    found, _ = last_lines(made)
    signature, dated = found[-2:]
    assert dated.left - signature.left == mm(2 * EM)
    assert (signature if longer else dated).right == mm(edges(made)[1] - 2 * EM)


def test_several_that_seal_have_room_for_their_seals() -> None:
    names = ("重阳街道办事处", "重阳派出所", "重阳卫生院", "重阳司法所")
    made = make(official(signers=names, blocks=plain(3)))
    page = len(lines(made)) - 1
    places = [ink_of(made, name, page) for name in names]
    dated = last_lines(made)[0][-1]
    assert dated.right == mm(edges(made)[1] - 4 * EM)
    assert places[3].middle == mm((dated.left + dated.right) / 2)
    for one, other in pairwise(places[:3]):
        assert other.middle - one.middle >= 42
        assert other.top == mm(one.top)
    assert places[3].top - places[0].top >= 42


def test_page_numbers_lie_outside_below_the_text(long: bytes) -> None:
    for number in range(4):
        found = ink_of(long, f"—{number + 1}—", number)
        dash = [c for c in characters(long, number) if c.text == "—"][-1]
        assert 297 - (dash.top + dash.bottom) / 2 * 25.4 / 72 == mm(BOTTOM + 7)
        if number % 2:
            assert found.left == mm(LEFT - 2 + 14 * 25.4 / 72)
        else:
            assert found.right == mm(RIGHT - 14 * 25.4 / 72)


def test_the_imprint_stands_on_the_bottom_of_the_text(document: bytes) -> None:
    first, middle, last = rules(document, 1)
    for rule in (first, middle, last):
        assert rule.right - rule.left == mm(156)
    thickness = [rule.bottom - rule.top for rule in (first, middle, last)]
    assert thickness == [
        pytest.approx(0.35, abs=0.07),
        pytest.approx(0.25, abs=0.07),
        pytest.approx(0.35, abs=0.07),
    ]
    assert last.bottom == mm(BOTTOM)
    copies, printer = ink_of(document, "抄送", 1), ink_of(document, "上蔡县重阳街道办事处办公室", 1)
    printed = ink_of(document, "2026年11月23日印发", 1)
    assert first.bottom < copies.top < copies.bottom < middle.top < printer.top < printer.bottom < last.top
    em = 14 * 25.4 / 72
    assert (copies.left, printer.left) == (mm(LEFT - 2 + em), mm(LEFT - 2 + em))
    assert printed.right == mm(RIGHT - 2 - em)


def test_the_letter_format(letter: bytes) -> None:
    head, number = ink_of(letter, "上蔡县重阳街道办事处"), ink_of(letter, "重街办〔2026〕3号")
    thick, thin, foot_thin, foot_thick = rules(letter)
    assert head.top == mm(30)
    assert thick.top - head.bottom == mm(4)
    for rule in (thick, thin, foot_thin, foot_thick):
        assert (rule.left, rule.right) == (mm(20), mm(190))
    assert thick.bottom - thick.top > thin.bottom - thin.top
    assert foot_thick.bottom - foot_thick.top > foot_thin.bottom - foot_thin.top
    assert 297 - foot_thick.bottom == mm(20)
    assert number.right == mm(RIGHT)
    assert number.top - thin.bottom == mm(EM * 7 / 8)
    assert ink_of(letter, "关于印发").top - number.bottom == mm(BLANK_LINES + (LINE - 22 * 25.4 / 72) / 2)
    first, second = lines(letter)
    assert not any("—1—" in line.text for line in first)
    assert any("—2—" in line.text for line in second)
    assert not any("印发" in line.text for line in second)
    assert any("抄送" in line.text for line in second)


@pytest.mark.parametrize(
    ("words", "font"),
    [
        ("一、严格小区出入管理", "Paper"),
        ("（一）凭证出入。", "Paper-Kaiti"),
        ("每户每2天", "Paper-Fangsong"),
        ("各社区居民委员会", "Paper-Fangsong"),
        ("关于印发", "Paper-Biaosong-Bold"),
        ("—1—", "Paper-Songti"),
    ],
)
def test_each_part_has_its_face(document: bytes, words: str, font: str) -> None:
    assert fonts_of(document, words) == {font}


SHEETS = {
    "official": circular(),
    "letter": circular(letter_format=True),
    "rare": official(
        title=f"关于{RARE}的通告", blocks=parse(f"一、{RARE}\n（一）{RARE}。{RARE}"), signers=(RARE,)
    ),
    "table": official(blocks=parse("时间|地点\n" + "8时|东门\n" * 40)),
    **{
        kind.value: official(kind=kind, head="", addressees="居民朋友们", blocks=parse(MARKS))
        for kind in NoticeKind
        if not kind.is_official
    },
}


@pytest.mark.parametrize("name", SHEETS)
def test_two_programs_read_and_draw_the_same(name: str) -> None:
    made = make(SHEETS[name])
    theirs = Counter(c for c in poppler_text(made) if not c.isspace())
    ours = Counter(c.text for number in range(len(lines(made))) for c in characters(made, number))
    assert theirs == ours
    for poppler, drawn in zip(poppler_pictures(made), pictures(made, 100), strict=True):
        pdfium = drawn.resize(poppler.size)
        assert dark(poppler) == pytest.approx(dark(pdfium), rel=0.1)
        coarse = [picture.resize((42, 60), Image.Resampling.BOX) for picture in (poppler, pdfium)]
        assert ImageChops.difference(*coarse).getextrema()[1] < 60


def dark(picture: Image.Image) -> float:
    return 255 * picture.width * picture.height - sum(grey * n for grey, n in enumerate(picture.histogram()))


def test_rare_names_are_drawn_in_every_face() -> None:
    made = make(SHEETS["rare"])
    scale = 300 / 72
    found = 0
    for number, page in enumerate(pictures(made)):
        for c in characters(made, number):
            if c.text in RARE:
                box = (
                    c.left * scale,
                    page.height - c.top * scale,
                    c.right * scale,
                    page.height - c.bottom * scale,
                )
                drawn = page.crop(tuple(map(round, box)))
                share = sum(drawn.histogram()[:128]) / (drawn.width * drawn.height)
                assert 0.08 < share < 0.85, c.text
                found += 1
    assert found == len(RARE) * 5


def test_the_head_of_a_table_repeats() -> None:
    pages = lines(make(SHEETS["table"]))
    assert len(pages) >= 3
    with_rows = [page for page in pages if any("东门" in line.text for line in page)]
    assert all(any(line.text == "时间地点" for line in page) for page in with_rows)


def test_one_word_of_2000_characters_is_broken_and_none_is_lost() -> None:
    made = make(official(blocks=parse("w" * 2000)))
    found = [c for page in range(len(lines(made))) for c in characters(made, page) if c.text == "w"]
    assert len(found) == 2000
    assert max(c.right for c in found) * 25.4 / 72 < RIGHT + 0.5


def test_fifty_pages() -> None:
    pages = lines(make(official(blocks=plain(50 * 22))))
    assert 50 <= len(pages) <= 52
    assert {len(page) - 1 for page in pages[1:-2]} == {22}


def test_hardly_anything_printable_is_nearer_than_10_mm_to_the_edge() -> None:
    for paper in SHEETS.values():
        for page in pictures(make(replace(paper, draft=True, is_demo=True)), 100):
            left, top, right, bottom = page.point(lambda grey: 255 * (grey < 200)).getbbox() or (0, 0, 0, 0)
            assert min(left, top, page.width - right, page.height - bottom) >= 10 * 100 / 25.4 - 1
