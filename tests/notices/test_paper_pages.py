"""Where a notice ends: never a page with nothing but the signature or the imprint, whatever the length of the text."""

import re
from itertools import pairwise

import pytest

from portal.notices.kinds import Sealing
from portal.notices.text import parse
from tests.printing.notice_papers import SENTENCE, Line, circular, lines, make, official, plain

TEXT = re.compile(f"[{''.join(set(SENTENCE))}]{{1,28}}")
BOTTOM = 262
VARIANTS = {
    "sealed": {"contact": ""},
    "not sealed": {"contact": "", "sealing": Sealing.NONE},
    "everything": {
        "attachments": ("卡点一览表", "通行证样式"),
        "note": "此件公开发布",
        "copies_to": "县疫情防控指挥部办公室，县卫生健康委员会，县公安局，县民政局，县市场监督管理局，县融媒体中心。",
        "printed_by": "上蔡县重阳街道办事处办公室",
    },
}


def body(page: list[Line]) -> list[Line]:
    """The lines of the page that belong to the text."""
    return [line for line in page if TEXT.fullmatch(line.text) and line.left < 45]


@pytest.mark.slow
@pytest.mark.parametrize("variant", VARIANTS)
def test_the_end_has_text_with_it_whatever_the_length(variant: str) -> None:
    for count in range(61):
        pages = lines(make(official(blocks=plain(count), title="关于防控的通告", **VARIANTS[variant])))
        assert sum(len(body(page)) for page in pages) == count
        assert body(pages[-1]) or len(pages) == 1 or count == 0, count
        for page in pages:
            *content, number = page
            assert max(line.bottom for line in content) < BOTTOM + 0.5, count
            assert number.top > BOTTOM
            assert_apart(content, count)
        empty = [place for place, page in enumerate(pages[:-2]) if not 21 <= lines_of_grid(page) <= 22]
        assert empty == [], count


def lines_of_grid(page: list[Line]) -> int:
    """How many lines of the text's height the page is filled to."""
    last = max(line.bottom for line in page[:-1])
    return round((last - 37) / 10.227)


def assert_apart(content: list[Line], count: int) -> None:
    """No line lies on another."""
    for above, below in pairwise(content):
        middle = (below.top + below.bottom) / 2 - (above.top + above.bottom) / 2
        assert middle > 5, (count, above.text, below.text)


@pytest.mark.parametrize("count", [0, 7, 8, 9, 10, 11, 12, 29, 30, 31, 32, 33, 34])
def test_the_end_of_a_circular_has_text_with_it(count: int) -> None:
    pages = lines(make(circular(blocks=plain(count))))
    assert sum(len(body(page)) for page in pages) == count
    assert body(pages[-1]) or len(pages) == 1 or any("咨询电话" in line.text for line in pages[-1])


@pytest.mark.parametrize("count", range(10, 16))
def test_a_table_at_the_end_leaves_a_row_with_the_signature(count: int) -> None:
    rows = "\n".join(["时间|地点", *["8时|东门"] * count])
    pages = lines(make(official(blocks=parse(rows), contact="")))
    assert any(line.text == "8时东门" for line in pages[-1])


@pytest.mark.parametrize("count", range(6, 13))
def test_a_list_at_the_end_leaves_an_item_with_the_signature(count: int) -> None:
    pages = lines(make(official(blocks=parse("\n".join(["- 出示证件"] * count)), contact="")))
    assert any("出示证件" in line.text for line in pages[-1])


@pytest.mark.parametrize("count", range(5, 12))
def test_a_heading_does_not_stand_alone_at_the_foot_of_a_page(count: int) -> None:
    text = "\n".join(["字" * 20] * count + ["一、要求", *["字" * 40] * 8])
    pages = lines(make(official(blocks=parse(text))))
    for page in pages:
        *_, last, _number = page
        assert last.text != "一、要求"


def test_an_imprint_of_many_lines_keeps_its_room() -> None:
    copies = "，".join(f"第{number}单位" for number in range(100, 133))
    pages = lines(make(circular(copies_to=copies, blocks=plain(12))))
    at = next(place for place, line in enumerate(pages[-1]) if "抄送" in line.text)
    assert "".join(line.text for line in pages[-1][at:]).count("单位") == 33
    assert_apart(pages[-1][:-1], 12)
    assert max(line.bottom for line in pages[-1][:-1]) < BOTTOM + 0.5
