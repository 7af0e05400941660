"""What has changed between two texts, in bounded work."""

import random
from itertools import pairwise

import pytest

from portal.notices.rules import LONGEST_BODY
from portal.notices.versions import GONE, NEW, SAME, Changed, Difference, Unchanged, compare


def shown(found: list[Difference]) -> list[str]:
    marks = {SAME: "{}", GONE: "-{}-", NEW: "+{}+"}
    return [
        f"={one.count}"
        if isinstance(one, Unchanged)
        else "".join(marks[p.how].format(p.text) for p in one.pieces)
        for one in found
    ]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("一\n二", "一\n二", ["=2"]),
        ("", "", []),
        ("", "新的", ["+新的+"]),
        ("旧的", "", ["-旧的-"]),
        ("一、甲\n三、丙", "一、甲\n二、乙\n三、丙", ["=1", "+二、乙+", "=1"]),
        ("至11月30日止", "至12月7日止", ["至-11-+12+月-30-+7+日止"]),
        ("凭通行证出入", "凭证出入", ["凭-通行-证出入"]),
        ("甲乙丙丁", "戊己庚辛", ["-甲乙丙丁-", "+戊己庚辛+"]),
    ],
)
def test_paragraphs_and_words(before, after, expected):
    assert shown(compare(before, after)) == expected


def test_nothing_is_lost_whatever_the_texts_are():
    chance = random.Random(9)
    texts = [
        "\n".join("".join(chance.choices("甲乙丙a1", k=12)) for _ in range(chance.randrange(12)))
        for _ in range(40)
    ]
    for before, after in pairwise(texts):
        found = compare(before, after)
        was = [line for line in before.splitlines() if line]
        assert _side(found, GONE, was) == was
        assert _side(found, NEW, [line for line in after.splitlines() if line]) == after.splitlines()


def _side(found: list[Difference], how: str, lines: list[str]) -> list[str]:
    """The text of one side, put together again from what was found."""
    side: list[str] = []
    for one in found:
        if isinstance(one, Unchanged):
            side += lines[len(side) : len(side) + one.count]
        elif isinstance(one, Changed) and (
            own := "".join(p.text for p in one.pieces if p.how in (SAME, how))
        ):
            side.append(own)
    return side


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("啊\n" * (LONGEST_BODY // 2), "呀\n啊\n" * (LONGEST_BODY // 4)),
        ("啊" * LONGEST_BODY, "呀" * LONGEST_BODY),
        ("啊 " * (LONGEST_BODY // 2), " 啊" * (LONGEST_BODY // 2)),
        ("\n".join("一二三四五" * 80 for _ in range(150)), "\n".join("五四三二一" * 80 for _ in range(150))),
    ],
    ids=["many lines", "one word", "spaces", "fifty pages"],
)
def test_the_longest_texts_are_compared_too(before, after):
    assert compare(before, after)
