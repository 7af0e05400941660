"""Where a list begins, and which of its columns means what: titles above, hints below, headings in two rows."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from flask_babel import lazy_gettext as _l

from portal.spreadsheets.reading import Cell, Merged, Row, Sheet
from portal.spreadsheets.refusal import Refusal
from portal.spreadsheets.rows import Kept, is_heading_like, rows_of_the_list, shown
from portal.spreadsheets.wording import Dictionary, Match, best, normal

LOOKED_AT = 30
# The column that `writing.with_problems` adds; a sheet that is uploaded again has it, and it is passed over.
PROBLEMS = "请这样改"
ORDINALS = frozenset(map(normal, ("序号", "序", "编号", "行号", "No", "№", "#", "顺序号")))
FEWEST_KNOWN = 2
NOT_FOUND = _l(
    "No row of headings was found. Write the names of the columns, like 姓名 and 联系电话, into one row above the"
    " list and upload it again."
)


@dataclass(frozen=True)
class Column:
    """One column: ``field`` is None where it isn't known or a person must choose among ``could_be``.

    ``is_sure``: the wording is exactly one the dictionary knows, or a person chose it. ``is_ignored``: it counts
    the rows, or says what was wrong the last time.
    """

    index: int
    label: str
    field: str | None = None
    could_be: tuple[str, ...] = ()
    is_sure: bool = False
    is_ignored: bool = False

    @property
    def letter(self) -> str:
        """As Excel names it: 0 → A, 27 → AB."""
        letters, left = "", self.index + 1
        while left:
            left, place = divmod(left - 1, 26)
            letters = chr(65 + place) + letters
        return letters


@dataclass(frozen=True)
class Heading:
    """``numbers`` of the one or two rows of headings; ``start``: where in ``Sheet.rows`` the list begins."""

    numbers: tuple[int, ...]
    start: int
    columns: tuple[Column, ...]
    texts: tuple[tuple[str, ...], ...]

    @property
    def unknown(self) -> tuple[Column, ...]:
        """The columns that a person may want to give a meaning, the undecided ones among them."""
        return tuple(column for column in self.columns if column.field is None and not column.is_ignored)

    @property
    def score(self) -> float:
        """How much the dictionary knows of it; 0 where that may be chance. Two rows say a little more than one."""
        known = [column for column in self.columns if column.field or column.could_be]
        if len(known) < min(FEWEST_KNOWN, len(self.columns)):
            return 0.0
        return sum(1.0 + column.is_sure for column in known) + 0.5 * (len(self.numbers) - 1)

    @property
    def digest(self) -> str:
        """The same for sheets with the same headings in the same order, to remember what was decided."""
        words = "\n".join(normal(column.label) for column in self.columns if not column.is_ignored)
        return hashlib.sha256(words.encode()).hexdigest()

    def assign(self, fields: Mapping[int, str | None]) -> "Heading":
        """What a person has decided: column's index → field, or None for “not needed”."""
        columns = tuple(
            replace(column, field=fields[column.index], could_be=(), is_sure=True)
            if column.index in fields
            else column
            for column in self.columns
        )
        return replace(self, columns=columns)

    def pick(self, row: Row) -> dict[str, Cell]:
        """Field → cell, for every field that has a column."""
        return {
            column.field: row.cells[column.index] if column.index < len(row.cells) else None
            for column in self.columns
            if column.field is not None
        }

    def listed(self, sheet: Sheet) -> Iterator[Kept]:
        """The rows of the list, and those that are passed over with what they are."""
        ordinals = frozenset(column.index for column in self.columns if column.is_ignored)
        return rows_of_the_list(sheet.rows[self.start :], self.texts, ordinals)

    def data(self, sheet: Sheet) -> Iterator[Row]:
        """The rows of the list alone."""
        return (kept.row for kept in self.listed(sheet) if kept.passed_over is None)


def find(sheet: Sheet, dictionary: Dictionary) -> Heading:
    """The row or two rows that name the columns. ``Refusal`` where nothing looks like it.

    Of the first rows the one whose words the dictionary knows best; where it knows none, the first that names
    several columns and has no data in it.
    """
    first = sheet.rows[:LOOKED_AT]
    found: tuple[float, Heading] | None = None
    for place in range(len(first)):
        for heading in _possible(first, place, sheet.merged, dictionary):
            known = heading.score
            if known and (found is None or known > found[0]):
                found = known, heading
    if found is not None:
        return found[1]
    for place, row in enumerate(first):
        if len(_texts(row)) > 1 and is_heading_like(row) and len(set(row.cells) - {None}) > 1:
            return _heading(first, place, 1, [shown(cell) for cell in row.cells], dictionary)
    raise Refusal(NOT_FOUND)


def _possible(
    first: Sequence[Row], place: int, merged: Sequence[Merged], dictionary: Dictionary
) -> Iterator[Heading]:
    """The headings that this row may be, alone and together with the next one."""
    row = first[place]
    if not is_heading_like(row):
        return
    labels = [shown(cell) for cell in row.cells]
    yield _heading(first, place, 1, labels, dictionary)
    if place + 1 < len(first) and len(_texts(row)) > 1:
        below = first[place + 1]
        spans = _spans(row, below, merged)
        if spans and below.number == row.number + 1 and is_heading_like(below):
            yield _heading(first, place, 2, _joined(row, below, spans, dictionary), dictionary)


def _texts(row: Row) -> list[Cell]:
    return [cell for cell in row.cells if cell is not None]


def _spans(row: Row, below: Row, merged: Sequence[Merged]) -> dict[int, str]:
    """Column → the heading above it that names several columns at once. Empty where this is no row of parents."""
    across = [area for area in merged if area.top == area.bottom == row.number and area.right > area.left]
    spans = {
        column: shown(row.cells[area.left])
        for area in across
        if area.left < len(row.cells)
        for column in range(area.left, area.right + 1)
    }
    if not spans:
        spans = _spans_by_gaps(row, below)
    alone = [
        column for column in range(len(row.cells)) if column not in spans and row.cells[column] is not None
    ]
    same = [c for c in alone if c >= len(below.cells) or below.cells[c] in (None, row.cells[c])]
    return spans if len(same) == len(alone) else {}


def _spans_by_gaps(row: Row, below: Row) -> dict[int, str]:
    """The same where nothing is merged, as in a text: a parent goes on over the empty cells beside it."""
    spans: dict[int, str] = {}
    parent, has_gap = "", False
    for column, cell in enumerate(below.cells):
        above = shown(row.cells[column]) if column < len(row.cells) else ""
        if above:
            parent = above if cell is not None else ""
        if parent and cell is not None:
            spans[column] = parent
            has_gap = has_gap or not above
    return spans if has_gap else {}


def _joined(row: Row, below: Row, spans: Mapping[int, str], dictionary: Dictionary) -> list[str]:
    labels, whole = [], []
    for column in range(max(len(row.cells), len(below.cells))):
        own = shown(below.cells[column]) if column < len(below.cells) else ""
        above = shown(row.cells[column]) if column < len(row.cells) else ""
        parent = spans.get(column, "")
        labels.append(_label(parent, own, dictionary) if parent else own or above)
        whole.append(f"{parent}{own}" if parent != own else own)
    # 电话 under 业主 and again under 租户: only with what stands above can a person tell one from the other.
    often = Counter(labels)
    return [
        whole[column] if often[label] > 1 and column in spans else label
        for column, label in enumerate(labels)
    ]


def _label(parent: str, own: str, dictionary: Dictionary) -> str:
    """户主 over 姓名 is 户主姓名, as the dictionary knows that; 基本信息 over 姓名 is 姓名."""
    if not own or own in (parent, PROBLEMS):
        return own or parent
    joined = f"{parent}{own}"
    if any(match.is_sure for match in dictionary.matches(joined).values()) or not dictionary.matches(own):
        return joined
    return own


def _heading(
    first: Sequence[Row], place: int, depth: int, labels: Sequence[str], dictionary: Dictionary
) -> Heading:
    rows = first[place : place + depth]
    return Heading(
        numbers=tuple(row.number for row in rows),
        start=place + depth,
        columns=_columns(labels, dictionary),
        texts=tuple(tuple(shown(cell) for cell in row.cells) for row in rows),
    )


def _columns(labels: Sequence[str], dictionary: Dictionary) -> tuple[Column, ...]:
    """Each label with its field. Of two columns for one field the better has it; equal ones a person decides."""
    found: dict[int, dict[str, Match]] = {}
    for index, label in enumerate(labels):
        if label and not _is_ignored(label, dictionary):
            found[index] = dictionary.matches(label)
    wanted = {index: best(matches) for index, matches in found.items()}
    top: dict[str, Match] = {}
    for index, fields in wanted.items():
        for field in fields:
            top[field] = max(top.get(field, Match()), found[index][field])
    claims = Counter(
        field for index, fields in wanted.items() for field in fields if found[index][field] == top[field]
    )
    columns = []
    for index, label in enumerate(labels):
        if label:
            fields = tuple(field for field in wanted.get(index, ()) if found[index][field] == top[field])
            columns.append(_column(index, label, fields, claims, found.get(index), dictionary))
    return tuple(columns)


def _column(
    index: int,
    label: str,
    fields: tuple[str, ...],
    claims: Mapping[str, int],
    matches: Mapping[str, Match] | None,
    dictionary: Dictionary,
) -> Column:
    if matches is None:
        return Column(index, label, is_ignored=True)
    if len(fields) == 1 and claims[fields[0]] == 1:
        return Column(index, label, field=fields[0], is_sure=matches[fields[0]].is_sure)
    return Column(index, label, could_be=fields or best(matches))


def _is_ignored(label: str, dictionary: Dictionary) -> bool:
    if normal(label) == normal(PROBLEMS):
        return True
    return normal(label) in ORDINALS and not dictionary.matches(label)
