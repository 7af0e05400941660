"""Which rows below the headings are the list, and which only speak about it: hints, numbers of columns, totals."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from portal.spreadsheets.reading import Cell, Row

HINT = re.compile(
    r"\s*[(\[【〔]?\s*(例如?\s*[:,]|例$|如\s*[:]|示例|样例|范例|填写|填表说明|说明\s*[:]|请\s*(填|选|按|输入)|必填|选填"
    r"|格式\s*[:]|下拉|可不填|可空|自动生成|\d+位|文本格式|数字$|文本$|日期$|y{2,4}[-/.年]m)",
    re.IGNORECASE,
)
EXAMPLE = re.compile(
    r"\s*[(\[【〔]?\s*(例|示例|样例|范例|填写说明|填表说明|填写要求|说明)\s*\d*\s*([)\]】〕:].*)?$", re.DOTALL
)
EXAMPLE_WITHIN = re.compile(r"\s*例如?\s*[:,]|.*\((示例|样例|例)\)\s*$", re.DOTALL)
TOTAL = re.compile(r"\s*(合\s*计|总\s*计|小\s*计|共\s*计)")
FOOT = re.compile(
    r"\s*[(【]?\s*(注\d*\s*[:.、]|备\s*注\s*[:]|说\s*明\s*[:]|填\s*表(人|说明|单位|时间|日期)|制\s*表|审\s*核\s*(人)?\s*[:]"
    r"|负\s*责\s*人\s*[:]|联\s*系\s*人\s*[:]|日\s*期\s*[:]|第\s*\d+\s*页)"
)
LONG_NUMBER = re.compile(r"\d{6,}|\d{4}[-/.年]\d{1,2}")
LINE_TO_FILL_IN = re.compile(r"[:]\s*\S")  # 填表单位：豫苑社区
LONGEST_HEADING = 60
FEWEST_NUMBERED = 3


class PassedOver(StrEnum):
    """What a row is that isn't one of the list."""

    HINT = "hint"
    HEADING = "heading"
    TOTAL = "total"
    FOOT = "foot"
    BLANK = "blank"


@dataclass(frozen=True, slots=True)
class Kept:
    """A row below the headings; ``passed_over`` is None for those of the list."""

    row: Row
    passed_over: PassedOver | None = None


def shown(cell: Cell) -> str:
    """What stands in a heading, as text."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell)


def is_heading_like(row: Row) -> bool:
    """Whether the row may name columns: words, and no numbers, dates or lines that are filled in."""
    cells = [cell for cell in row.cells if cell is not None]
    texts = [cell for cell in cells if isinstance(cell, str)]
    if len(texts) < len(cells) or not texts:
        return False
    flat = [_flat(text) for text in texts]
    odd = sum(
        bool(LONG_NUMBER.search(text) or LINE_TO_FILL_IN.search(_outside_brackets(text))) for text in flat
    )
    return odd * 3 <= len(flat) and max(map(len, flat)) <= LONGEST_HEADING


def rows_of_the_list(
    rows: Sequence[Row], headings: Sequence[Sequence[str]], ordinals: frozenset[int]
) -> Iterator[Kept]:
    """Every row with what it is. ``headings`` are the rows of headings, which printed lists repeat.

    ``ordinals`` are the columns that only count: a row with nothing else was prepared and not filled in.
    """
    has_begun = False
    for row in rows:
        kind = _kind(row, headings, ordinals, has_begun=has_begun)
        has_begun = has_begun or kind is None
        yield Kept(row, kind)


def _kind(
    row: Row, headings: Sequence[Sequence[str]], ordinals: frozenset[int], *, has_begun: bool
) -> PassedOver | None:
    texts = [shown(cell) for cell in row.cells]
    filled = [index for index, text in enumerate(texts) if text]
    if tuple(texts) in headings:
        return PassedOver.HEADING
    if not has_begun and _is_hint(row, texts, filled):
        return PassedOver.HINT
    if set(filled) <= ordinals:
        return PassedOver.BLANK
    flat = _flat(texts[filled[0]])
    if TOTAL.match(flat) and _is_total(row, filled):
        return PassedOver.TOTAL
    if FOOT.match(flat) and len(filled) * 3 <= max(len(headings[0]), 3) * 2:
        return PassedOver.FOOT
    return None


def _is_hint(row: Row, texts: Sequence[str], filled: Sequence[int]) -> bool:
    flat = [_flat(texts[index]) for index in filled]
    if EXAMPLE.match(flat[0]) or any(map(EXAMPLE_WITHIN.match, flat)):
        return True
    if len(filled) >= FEWEST_NUMBERED and _is_numbered(row, filled):
        return True
    return 2 * sum(bool(HINT.match(text)) for text in flat) >= len(flat)


def _is_numbered(row: Row, filled: Sequence[int]) -> bool:
    """Forms of statistics number their columns: 甲 乙 1 2 3, or (1) (2) (3)."""
    labels = [re.sub(r"[()\s]", "", _flat(shown(row.cells[index]))) for index in filled]
    numbers = [label for label in labels if label not in ("甲", "乙", "丙", "丁")]
    return numbers == [str(place + 1) for place in range(len(numbers))]


def _is_total(row: Row, filled: Sequence[int]) -> bool:
    """合计 with figures beside it, not somebody of that name with an address."""
    return all(isinstance(row.cells[index], int | float) for index in filled[1:]) or len(filled) <= 2


def _outside_brackets(text: str) -> str:
    return re.sub(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】", "", text)


def _flat(text: str) -> str:
    return unicodedata.normalize("NFKC", text)
