"""One sheet of an uploaded workbook or text table, as plain values with the row numbers that people see."""

import re
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from portal.spreadsheets import child, delimited, refusal
from portal.spreadsheets.guard import Kind, check
from portal.spreadsheets.refusal import ORDINARY, Limits, Refusal

Cell = str | int | float | date | datetime | None

# Beyond 15 figures Excel makes up the rest, so that such a number stays a float: nobody takes it for exact.
EXACT = 10**15
UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ud800-\udfff]"
)
TEXT_FORMULA = re.compile(
    r'=\s*"((?:[^"]|"")*)"', re.DOTALL
)  # ="13800000000", to keep Excel from counting with it
MOST_REMEMBERED = 100_000
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Row:
    """``number`` is what stands at the left of the row in Excel; no cells follow the last that holds something."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Merged:
    """Cells made one: row numbers as people see them, columns from 0, the last ones included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True)
class Sheet:
    """``rows`` without the empty ones. ``names`` are all sheets of the workbook that can be chosen, none of a text."""

    name: str
    names: tuple[str, ...]
    rows: list[Row]
    merged: tuple[Merged, ...] = ()
    hidden: frozenset[int] = frozenset()

    def remarks(self) -> list[LazyString]:
        """What a person should know before going on."""
        said = []
        if len(self.names) > 1:
            said.append(
                _l("Only the sheet “%(name)s” was read. Choose another if the list is there.", name=self.name)
            )
        hidden = sorted(row.number for row in self.rows if row.number in self.hidden)
        if hidden:
            shown = "、".join(map(str, hidden[:SHOWN])) + ("…" if len(hidden) > SHOWN else "")
            said.append(
                _l(
                    "Hidden or filtered rows are read, too: %(count)s of them (%(rows)s).",
                    count=len(hidden),
                    rows=shown,
                )
            )
        return said


def read(content: bytes, sheet: str = "", limits: Limits = ORDINARY) -> Sheet:
    """The named sheet, or the first that holds a list. ``Refusal`` says why a file cannot be read and what to do.

    Formulas give their last results; an error shows as its sign (#N/A), a formula that was never calculated as
    ``#?``. What is merged from top to bottom stands in each of its rows that hold anything else.
    """
    if check(content, limits) == Kind.TEXT:
        found = _read_text(content, limits)
    else:
        found = _read_workbook(content, sheet, limits)
    if not found.rows:
        raise Refusal(refusal.NOTHING_IN_IT)
    return found


def _read_text(content: bytes, limits: Limits) -> Sheet:
    rows: list[Row] = []
    clean = _Cleaner()
    for number, cells in delimited.records(content, limits):
        _keep(rows, number, [clean(cell) for cell in cells], limits)
    return Sheet(name="", names=(), rows=rows)


def _read_workbook(content: bytes, wanted: str, limits: Limits) -> Sheet:
    with closing(child.tell(content, wanted, limits)) as told:
        return _sheet(told, limits)


def _sheet(told: Iterator[Any], limits: Limits) -> Sheet:
    about = next(told)
    merged = tuple(
        Merged(top + 1, left, bottom + 1, right)
        for top, left, bottom, right in about["merged"]
        if right < limits.columns
    )
    fill = _Filler(merged)
    clean = _Cleaner()
    rows: list[Row] = []
    for number, cells in told:
        _keep(rows, number, fill(number, [clean(cell) for cell in cells]), limits)
    return Sheet(
        name=about["sheet"],
        names=tuple(about["names"]),
        rows=rows,
        merged=merged,
        hidden=frozenset(about["hidden"]),
    )


def _keep(rows: list[Row], number: int, cells: list[Cell], limits: Limits) -> None:
    while cells and cells[-1] is None:
        cells.pop()
    if not cells:
        return
    if len(cells) > limits.columns:
        raise refusal.too_many_columns(number, limits)
    if len(rows) >= limits.rows:
        raise refusal.too_many_rows(limits)
    rows.append(Row(number, tuple(cells)))


class _Cleaner:
    """Makes values plain. Equal texts become one, which saves most of a large list's memory."""

    def __init__(self) -> None:
        self.known: dict[str, str | None] = {"": None}

    def __call__(self, value: Any) -> Cell:
        if isinstance(value, str):
            if value not in self.known:
                if len(self.known) > MOST_REMEMBERED:
                    self.known = {"": None}
                self.known[value] = tidy(value)
            return self.known[value]
        if isinstance(value, bool):
            return str(value).upper()
        if isinstance(value, float):
            return int(value) if value.is_integer() and abs(value) < EXACT else value
        if isinstance(value, dict):
            return _from_json(value)
        return value if isinstance(value, int) else None


def _from_json(value: dict[str, str]) -> Cell:
    if "day" in value:
        return date.fromisoformat(value["day"])
    if "moment" in value:
        return datetime.fromisoformat(value["moment"])
    return value["text"]


def tidy(text: str) -> str | None:
    """Without what isn't seen, spaces around it, and the tricks that keep Excel from counting with a number."""
    plain = UNSEEN.sub("", text).replace("\r\n", "\n").replace("\r", "\n").strip()
    if trick := TEXT_FORMULA.fullmatch(plain):
        plain = trick[1].replace('""', '"').strip()
    elif plain.startswith("'") and len(plain) > 1:
        plain = plain[1:].strip()
    return plain or None


class _Filler:
    """Writes what is merged downwards into each row of the merged cells that holds something of its own."""

    def __init__(self, merged: Iterable[Merged]) -> None:
        self.waiting = sorted((area for area in merged if area.bottom > area.top), key=lambda area: -area.top)
        self.open: dict[int, tuple[int, Cell]] = {}  # column → last row, value

    def __call__(self, number: int, cells: list[Cell]) -> list[Cell]:
        if any(cell is not None for cell in cells):
            for column, (last, value) in self.open.items():
                if number <= last:
                    cells += [None] * (column + 1 - len(cells))
                    if cells[column] is None:
                        cells[column] = value
        for area in self._beginning(number):
            if area.top == number and area.left < len(cells):
                self.open[area.left] = (area.bottom, cells[area.left])
        return cells

    def _beginning(self, number: int) -> Iterator[Merged]:
        while self.waiting and self.waiting[-1].top <= number:
            yield self.waiting.pop()
