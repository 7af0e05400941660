"""Titles in lines: even, whole words where they are known, and never a character lost."""

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from portal.printing.title_lines import MOST_SHAPED, NOT_FIRST, NOT_LAST, title_lines, width

WIDEST = 19
TITLES = (
    "上蔡县重阳街道办事处关于进一步加强新型冠状病毒感染疫情防控期间居民小区出入管理工作的通告",
    "关于印发《重阳街道2026年冬春季新型冠状病毒感染疫情防控工作方案》的通知",
    (
        "中共上蔡县重阳街道工作委员会上蔡县重阳街道办事处关于切实做好2026年元旦春节期间"
        "新型冠状病毒感染疫情防控和居民生活物资供应保障服务工作的紧急通知"
    ),
    "关于解除豫苑社区3号院封闭管理措施的通告",
    "关于做好2026年11月23日核酸检测工作的通知",
    "关于转发《河南省人民代表大会常务委员会关于依法全力做好当前疫情防控工作的决定》的通知",
)


def test_a_short_title_stays_whole() -> None:
    assert title_lines("关于严格管控人员出入社区小区的通告", WIDEST) == (
        "关于严格管控人员出入社区小区的通告",
    )
    assert title_lines("  \n ", WIDEST) == ()


@pytest.mark.parametrize("title", TITLES)
def test_long_titles_are_even_and_break_where_one_may(title: str) -> None:
    lines = title_lines(title, WIDEST)
    assert "".join(lines) == title
    assert 2 <= len(lines) <= MOST_SHAPED
    widths = [width(line) for line in lines]
    assert min(widths) > 0.6 * max(widths)
    assert all(
        widths[place] >= min(widths[0], widths[-1]) - 1 for place in range(1, len(widths) - 1)
    )  # no hourglass
    for above, below in pairwise(lines):
        assert below[0] not in NOT_FIRST | set("的和与")
        assert above[-1] not in NOT_LAST
        assert not (above[-1].isdigit() and below[0].isdigit())
        assert above[-2:] not in ("疫情", "冠状") or not below.startswith(("病毒",))


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("关于解除豫苑社区3号院封闭管理措施的通告", ("关于解除豫苑社区3号院", "封闭管理措施的通告")),
        ("关于做好2026年11月23日核酸检测工作的通知", ("关于做好2026年11月23日", "核酸检测工作的通知")),
    ],
)
def test_a_number_stays_with_what_it_counts(title: str, lines: tuple[str, ...]) -> None:
    assert title_lines(title, 16) == lines


@given(st.text(max_size=200), st.integers(2, 30))
@example("字" * 2000, 19)
@example("x" * 300, 19)
@example("《" * 60, 5)
@example("的" * 41, 19)
@example("1" * 100, 19)
def test_any_title_keeps_its_characters_and_fits(title: str, widest: int) -> None:
    lines = title_lines(title, widest)
    assert "".join("".join(lines).split()) == "".join(title.split())
    assert all(width(line) <= widest for line in lines)
    assert all(lines)


@given(st.text(alphabet="字词句", min_size=20, max_size=120))
def test_no_line_has_a_single_character(title: str) -> None:
    assert min(map(len, title_lines(title, WIDEST))) > 1
