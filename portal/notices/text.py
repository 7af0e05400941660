"""The safe text format of notices: plain lines in, headings, paragraphs, lists and tables out. Nothing is ever HTML.

    一、工作要求                          a heading; （一） 1. （1） are the levels below, in any kind of brackets
    二、时间安排。自即日起执行。           a heading sentence, and text after it on the same line
    - 身份证                              a line of a list
    时间 | 地点                           a line of a table; the first is its head, a line of |---| is left out
    Anything else is a paragraph: it ends with its line.

The levels are those of GB/T 9704-2012, 7.3.3. Spaces that begin a line are dropped, since the layout indents.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import TypeAlias

LONGEST_HEADING = 30  # characters; a longer sentence is a clause that happens to be numbered
MOST_COLUMNS = 8  # what goes beyond stays in the last one: more cannot be read on A4
LEVELS = (
    re.compile(r"()([一二三四五六七八九十百零〇]{1,7})(、)"),
    re.compile(r"([（(])([一二三四五六七八九十百零〇]{1,7})([）)])、?"),
    re.compile(r"()([0-9０-９]{1,3})([.．、])(?![0-9０-９])"),
    re.compile(r"([（(])([0-9０-９]{1,3})([）)])、?"),
)
ITEM = re.compile(r"[-－•]\s+(?=\S)")
RULE = re.compile(r"[\s|｜:：—－-]*")
FIGURES = "零一二三四五六七八九"


@dataclass(frozen=True)
class Heading:
    """``lead`` is set in the face of its level (1 to 4), ``rest`` follows in that of the text, and may be empty.

    Of a numbered clause, which is no heading, only the number is the lead.
    """

    level: int
    lead: str
    rest: str
    number: int


@dataclass(frozen=True)
class Paragraph:
    text: str


@dataclass(frozen=True)
class Items:
    """A list without numbers."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """All rows have as many cells as the head; ``rows`` may be empty."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Block: TypeAlias = Heading | Paragraph | Items | Table


@dataclass(frozen=True)
class NumberingProblem:
    """A heading whose number does not follow the one before it at its level, such as 三、 after 一、."""

    level: int
    lead: str
    expected: int
    found: int

    @property
    def is_double(self) -> bool:
        """The number was there already; otherwise one is left out."""
        return self.found < self.expected


def parse(text: str) -> tuple[Block, ...]:
    """The blocks of a text, for any text whatever. Takes time in proportion to its length."""
    lines = ((_kind(line), line) for raw in text.splitlines() if (line := raw.strip()))
    return tuple(_blocks(lines))


def numbering_problems(blocks: tuple[Block, ...]) -> list[NumberingProblem]:
    """Numbers that are skipped or doubled. A level begins at 1 again under each heading above it."""
    problems, counted = [], [0, 0, 0, 0]
    for block in blocks:
        if not isinstance(block, Heading):
            continue
        place = block.level - 1
        expected = counted[place] + 1
        if block.number != expected:
            problems.append(NumberingProblem(block.level, block.lead, expected, block.number))
        counted[place:] = [block.number] + [0] * (3 - place)
    return problems


def _kind(line: str) -> str:
    if "|" in line or "｜" in line:
        return "table"
    return "items" if ITEM.match(line) else "line"


def _blocks(lines: Iterator[tuple[str, str]]) -> Iterator[Block]:
    for kind, run in groupby(lines, key=lambda pair: pair[0]):
        found = [line for _, line in run]
        if kind == "table":
            yield from _tables(found)
        elif kind == "items":
            yield Items(tuple(ITEM.sub("", line, count=1) for line in found))
        else:
            yield from map(_line, found)


def _line(line: str) -> Heading | Paragraph:
    for level, pattern in enumerate(LEVELS, start=1):
        if found := pattern.match(line):
            return _heading(level, found, line[found.end() :].strip())
    return Paragraph(line)


def _heading(level: int, found: re.Match[str], text: str) -> Heading:
    opened, number, closed = found.groups()
    mark = f"（{number}）" if opened else number + closed
    sentence, stop, rest = text.partition("。")
    if stop and rest and len(sentence) <= LONGEST_HEADING:
        return Heading(level, mark + sentence + stop, rest.strip(), _value(number))
    if stop or text.endswith(("；", "，", "：", ";", ",", ":")):
        return Heading(level, mark, text, _value(number))
    return Heading(level, mark + text, "", _value(number))


def _value(number: str) -> int:
    """12 for 12 or 十二; what is not a proper number counts as the figures it has."""
    if number[0] not in FIGURES + "十百〇":
        return int(number)
    hundreds, _, rest = number.replace("〇", "零").rpartition("百")
    tens, ten, ones = rest.rpartition("十")
    return 100 * _digit(hundreds) + 10 * (_digit(tens) or bool(ten)) + _digit(ones)


def _digit(figures: str) -> int:
    return FIGURES.index(figures[-1]) if figures and figures[-1] in FIGURES else 0


def _tables(lines: list[str]) -> Iterator[Table]:
    rows = [cells for line in lines if not RULE.fullmatch(line) and any(cells := _cells(line))]
    if not rows:
        return
    width = max(map(len, rows))
    head, *others = [(*cells, *[""] * (width - len(cells))) for cells in rows]
    yield Table(head, tuple(others))


def _cells(line: str) -> tuple[str, ...]:
    cells = [cell.strip() for cell in line.replace("｜", "|").strip("|").split("|")]
    kept, beyond = cells[: MOST_COLUMNS - 1], cells[MOST_COLUMNS - 1 :]
    return (*kept, " ".join(filter(None, beyond))) if beyond else tuple(kept)
