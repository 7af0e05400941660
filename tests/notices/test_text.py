"""The safe text format: the levels of official documents, lists, tables, and nothing lost whatever is typed."""

import sys
from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from portal.notices.text import (
    LONGEST_HEADING,
    MOST_COLUMNS,
    Block,
    Heading,
    Items,
    NumberingProblem,
    Paragraph,
    Table,
    numbering_problems,
    parse,
)

DROPPED = "|｜-－—•:：、 "  # marks of lists and tables, and the comma that some people put after a bracket
SAME = str.maketrans("()", "（）")


def words(blocks: tuple[Block, ...]) -> str:
    """All that a text shows."""
    shown: list[str] = []
    for block in blocks:
        match block:
            case Heading(_, lead, rest, _):
                shown += [lead, rest]
            case Paragraph(text):
                shown.append(text)
            case Items(items):
                shown += items
            case Table(head, rows):
                shown += [cell for row in (head, *rows) for cell in row]
    return "\n".join(shown)


def visible(text: str) -> Counter[str]:
    return Counter(c for c in text.translate(SAME) if not c.isspace() and c not in DROPPED)


@pytest.mark.parametrize(
    ("line", "level", "lead"),
    [
        ("一、工作要求", 1, "一、工作要求"),
        ("十二、附则", 1, "十二、附则"),
        ("（一）小区出入", 2, "（一）小区出入"),
        ("(一)小区出入", 2, "（一）小区出入"),
        ("(一）小区出入", 2, "（一）小区出入"),
        ("（一）、小区出入", 2, "（一）小区出入"),
        ("1.凭证出入", 3, "1.凭证出入"),
        ("1．凭证出入", 3, "1．凭证出入"),
        ("12. 凭证出入", 3, "12.凭证出入"),
        ("（1）测温", 4, "（1）测温"),
        ("(1)测温", 4, "（1）测温"),
        ("　　一、工作要求", 1, "一、工作要求"),
    ],
)
def test_a_heading_of_its_own(line: str, level: int, lead: str) -> None:
    (heading,) = parse(line)
    assert isinstance(heading, Heading)
    assert (heading.level, heading.lead, heading.rest) == (level, lead, "")


def test_a_heading_sentence_is_set_apart_from_the_text_after_it() -> None:
    (heading,) = parse("（一）从严管理。每户每 2 天可有 1 人外出。返回时测温。")
    assert heading == Heading(2, "（一）从严管理。", "每户每 2 天可有 1 人外出。返回时测温。", 1)


@pytest.mark.parametrize(
    "clause",
    [
        "一、本通告自2026年11月23日8时起执行，解除时间另行通告。",
        "一、凡有下列情形之一的：",
        f"一、{'全' * (LONGEST_HEADING + 1)}。违者依法处理。",
    ],
)
def test_of_a_numbered_clause_only_the_number_is_a_lead(clause: str) -> None:
    assert parse(clause) == (Heading(1, "一、", clause[2:], 1),)


@pytest.mark.parametrize(
    "line",
    [
        "2026.11.23起执行",
        "3.5米以外等候",
        "一二三四五",
        "二〇二六年",
        "（见附件）",
        "1234.电话",
        "-5℃",
        "一 、x",
    ],
)
def test_what_only_looks_like_a_heading_or_a_list(line: str) -> None:
    assert parse(line) == (Paragraph(line),)


def test_a_line_is_a_paragraph_and_blank_lines_are_nothing() -> None:
    assert parse("\n　　各社区：\r\n\n \t\n全体居民：  \n") == (
        Paragraph("各社区："),
        Paragraph("全体居民："),
    )


def test_lines_with_a_dash_are_one_list() -> None:
    assert parse("携带：\n- 身份证\n-  通行证\n回家") == (
        Paragraph("携带："),
        Items(("身份证", "通行证")),
        Paragraph("回家"),
    )


def test_a_table_has_its_first_line_as_head_and_even_rows() -> None:
    text = "| 时间 | 地点 |\n|---|:--|\n8时|东门|注意\n｜9时｜\n||"
    assert parse(text) == (Table(("时间", "地点", ""), (("8时", "东门", "注意"), ("9时", "", ""))),)


def test_more_columns_than_a_page_can_show_go_into_the_last() -> None:
    (table,) = parse("|".join("abcdefghij"))
    assert isinstance(table, Table)
    assert table.head == ("a", "b", "c", "d", "e", "f", "g", "h i j")
    assert len(table.head) == MOST_COLUMNS


def test_markup_is_text() -> None:
    text = '<img src="http://x/y.png" onerror=alert(1)> {{ 7*7 }} <b hx-get="/x">粗</b> ![图](http://x/y.png)'
    assert parse(text) == (Paragraph(text),)


@pytest.mark.parametrize("bars", ["|", "|||", "|---|", "｜", "| | |\n|-|"])
def test_a_table_of_nothing_is_nothing(bars: str) -> None:
    assert parse(bars) == ()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("一、甲\n二、乙\n三、丙", []),
        ("一、甲\n三、丙", [NumberingProblem(1, "三、丙", 2, 3)]),
        ("一、甲\n一、乙", [NumberingProblem(1, "一、乙", 2, 1)]),
        ("二、甲", [NumberingProblem(1, "二、甲", 1, 2)]),
        ("一、甲\n（一）乙\n二、丙\n（一）丁", []),
        ("一、甲\n（一）乙\n二、丙\n（二）丁", [NumberingProblem(2, "（二）丁", 1, 2)]),
        ("1.甲\n2．乙\n(1)丙\n(2)丁\n３．戊\n(1)己", []),
        ("一、甲\n正文\n- 条\n二、乙\n四、丙\n五、丁", [NumberingProblem(1, "四、丙", 3, 4)]),
    ],
)
def test_skipped_and_doubled_numbers(text: str, found: list[NumberingProblem]) -> None:
    assert numbering_problems(parse(text)) == found


def test_a_problem_says_whether_a_number_is_there_twice() -> None:
    skipped, doubled = numbering_problems(parse("一、甲\n三、丙\n三、丁"))
    assert not skipped.is_double
    assert doubled.is_double


@pytest.mark.parametrize(
    ("number", "value"),
    [
        ("一", 1),
        ("九", 9),
        ("十", 10),
        ("十一", 11),
        ("二十", 20),
        ("九十九", 99),
        ("一百", 100),
        ("一百零一", 101),
        ("二百一十三", 213),
    ],
)
def test_chinese_numbers(number: str, value: int) -> None:
    (heading,) = parse(number + "、要求")
    assert isinstance(heading, Heading)
    assert heading.number == value


LINES = st.text(
    alphabet=st.sampled_from("一二十百零〇、（）()1９.．。 \n\r\t　|｜-－•：；<>&{}甲乙𠮷\x00\u2028\u200b"),
    max_size=80,
)


@given(st.one_of(st.text(), LINES))
@example("|" * 10_000)
@example("百、十、零、")
def test_any_text_is_read_and_loses_no_visible_character(text: str) -> None:
    blocks = parse(text)
    numbering_problems(blocks)
    assert visible(words(blocks)) == visible(text)


@given(LINES)
def test_what_is_read_again_stays_as_it_is(text: str) -> None:
    once = [block.text for block in parse(text) if isinstance(block, Paragraph)]
    assert [parse(paragraph) for paragraph in once] == [(Paragraph(paragraph),) for paragraph in once]


def work(text: str) -> int:
    """How many lines of our code run, which unlike a time is the same on every machine."""
    steps = 0

    def count(frame: object, event: str, argument: object) -> Callable[..., object]:
        nonlocal steps
        steps += event == "line"
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        numbering_problems(parse(text))
    finally:
        sys.settrace(before)
    return steps


@pytest.mark.parametrize(
    "unit",
    [
        "为做好疫情防控工作，切实保障人民群众生命安全和身体健康，现将有关事项通知如下。\n一、要求\n",
        "|\n",
        "|",
        "a|b\nc|\n" + "x|" * 20 + "\n",
        "字" * 200,
        "- 条\n",
        "（一",
        "一" * 50 + "\n",
    ],
)
def test_twice_the_text_is_twice_the_work(unit: str) -> None:
    once, twice = work(unit * 500), work(unit * 1000)
    assert twice < 2.2 * once + 100


def test_fifty_pages_and_one_endless_word() -> None:
    page = "\n".join(["一、要求", "字" * 28 * 20, "a | b"])
    assert len(parse("\n".join([page] * 50))) == 150
    assert parse("w" * 2000) == (Paragraph("w" * 2000),)
    assert parse("|\n" * 10_000) == ()
