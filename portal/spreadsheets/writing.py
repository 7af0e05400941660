"""Workbooks that people open: nothing in them is ever a formula, and no identity number or phone is a number."""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import IO, Any
from unicodedata import east_asian_width

from portal.clock import local
from portal.spreadsheets.headings import PROBLEMS, Heading
from portal.spreadsheets.reading import EXACT, Cell, Merged, Row, Sheet
from portal.spreadsheets.rows import shown
from portal.spreadsheets.wording import normal
from portal.spreadsheets.workbooks import (
    ABOVE,
    BODY,
    DAY,
    EMPTY,
    HEADING,
    MOMENT,
    NOTE,
    NUMBER,
    PROBLEM,
    PROBLEM_HEADING,
    TITLE,
    WHOLE,
    Paper,
    Styles,
    for_print,
    new_workbook,
    safe,
    write_text,
)

NARROWEST, WIDEST, WIDEST_ON_PORTRAIT = 6, 42, 92
PEEKED = 200
PROBLEM_WIDTH = 48
NO_PAPER = Paper()


class Kind(StrEnum):
    """How a column is written. TEXT takes anything; WHOLE and NUMBER numbers; DAY dates; MOMENT aware moments."""

    TEXT = "text"
    WHOLE = "whole"
    NUMBER = "number"
    DAY = "day"
    MOMENT = "moment"


DATE_WIDTHS = {Kind.DAY: 12.0, Kind.MOMENT: 18.0}
DATE_LOOKS = {Kind.DAY: DAY, Kind.MOMENT: MOMENT}
FIRST_YEAR = 1900  # Excel knows no earlier day


@dataclass(frozen=True)
class Column:
    """One column; ``width`` in half-width characters, found from the first rows where it isn't given."""

    label: str
    kind: Kind = Kind.TEXT
    width: float | None = None


def write(
    columns: Sequence[Column],
    rows: Iterable[Sequence[Any]],
    *,
    title: str = "",
    notes: Sequence[str] = (),
    paper: Paper = NO_PAPER,
    sheet: str = "",
) -> IO[bytes]:
    """A workbook of one sheet as a temporary file at its beginning; whoever gets it closes it.

    ``rows`` are read once, one by one, and never held. Above the heading stand the title and a line for each
    note. ValueError for a naive datetime.
    """
    rows = iter(rows)
    peeked = list(itertools.islice(rows, PEEKED))
    widths = [_width(column, place, peeked) for place, column in enumerate(columns)]
    with new_workbook(sheet, paper) as (page, style, done):
        for place, width in enumerate(widths):
            page.set_column(place, place, width, style(EMPTY).plain)
        above = _write_above(page, style, title, notes, len(columns))
        for place, column in enumerate(columns):
            page.write_string(above, place, safe(column.label), style(HEADING).plain)
        count = above
        for count, row in enumerate(itertools.chain(peeked, rows), start=above + 1):
            for place, (column, value) in enumerate(zip(columns, row, strict=True)):
                _write_cell(page, style, count, place, column.kind, value)
        page.autofilter(above, 0, max(count, above), len(columns) - 1)
        for_print(page, paper, (above, above), wide=sum(widths) > WIDEST_ON_PORTRAIT)
    return done


def with_problems(
    sheet: Sheet, heading: Heading, problems: Mapping[int, Any], paper: Paper = NO_PAPER
) -> IO[bytes]:
    """The sheet again with its titles, headings and order, of its rows only those with problems.

    ``problems``: row's number → what to do, in a sentence (lazy or not). They stand in one more column, 请这样改,
    which is passed over when the file is uploaded again. Every cell is a text, so that Excel spoils nothing that
    is entered. The result is a temporary file, as from ``write``.
    """
    old = {column.index for column in heading.columns if normal(column.label) == normal(PROBLEMS)}
    width = max((len(row.cells) for row in sheet.rows), default=0)
    kept = [column for column in range(width) if column not in old]
    before = [row for row in sheet.rows[: heading.start] if row.number <= heading.numbers[-1]]
    wrong = [row for row in sheet.rows[heading.start :] if row.number in problems]
    with new_workbook(sheet.name, paper) as (page, style, done):
        _set_widths(page, style, [*before[-1:], *wrong[:PEEKED]], kept)
        page.set_column(len(kept), len(kept), PROBLEM_WIDTH, style(EMPTY).plain)
        places = {row.number: place for place, row in enumerate(before)}
        covered = _covered(sheet.merged, places)
        for row in before:
            look = HEADING if row.number in heading.numbers else ABOVE
            texts = ["" if (row.number, column) in covered else said for column, said in _texts(row, kept)]
            _write_texts(page, style, places[row.number], texts, look)
        last = len(before) - 1
        page.write_string(last, len(kept), PROBLEMS, style(PROBLEM_HEADING).plain)
        for place, row in enumerate(wrong, start=last + 1):
            _write_texts(page, style, place, [said for _column, said in _texts(row, kept)], BODY)
            page.write_string(place, len(kept), safe(str(problems[row.number])), style(PROBLEM).plain)
        _merge_again(page, sheet.merged, places, kept)
        for_print(page, paper, (places[heading.numbers[0]], last), wide=True)
    return done


def _write_above(page: Any, style: Styles, title: str, notes: Sequence[str], width: int) -> int:
    """The title and the notes, each over the whole width; how many rows they take."""
    lines = [*([(title, TITLE)] if title else []), *((note, NOTE) for note in notes)]
    for place, (said, look) in enumerate(lines):
        if look is TITLE:
            page.set_row(place, 30)
        if width > 1:
            page.merge_range(place, 0, place, width - 1, "", style(look).plain)
        page.write_string(place, 0, safe(said), style(look).plain)
    return len(lines)


def _write_cell(page: Any, style: Styles, row: int, place: int, kind: Kind, value: Any) -> None:
    """Numbers and dates only where the column is of them; all else is text."""
    if value is None or value == "":
        return
    if isinstance(value, datetime):
        value = _on_the_wall(value)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if kind in (Kind.WHOLE, Kind.NUMBER) and is_number and abs(value) < EXACT:
        page.write_number(row, place, value, style(WHOLE if kind == Kind.WHOLE else NUMBER).plain)
    elif kind in DATE_LOOKS and isinstance(value, date) and value.year >= FIRST_YEAR:
        page.write_datetime(row, place, value, style(DATE_LOOKS[kind]).plain)
    else:
        write_text(page, row, place, as_text(value) if isinstance(value, date) else str(value), style(BODY))


def _on_the_wall(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment needs its zone")
    return local(moment).replace(tzinfo=None)


def _write_texts(page: Any, style: Styles, row: int, texts: Sequence[str], look: Mapping[str, Any]) -> None:
    for place, said in enumerate(texts):
        if said:
            write_text(page, row, place, said, style(look))
        elif look is HEADING:
            page.write_blank(row, place, None, style(look).plain)


def _texts(row: Row, kept: Sequence[int]) -> list[tuple[int, str]]:
    """(column, what stood there) of every column that is kept."""
    return [(column, as_text(row.cells[column]) if column < len(row.cells) else "") for column in kept]


def as_text(cell: Cell) -> str:
    """A cell as it is given back: dates as 2020-02-04; a number that Excel shortened stays visibly so."""
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "minutes")
    if isinstance(cell, float) and not cell.is_integer():
        return f"{cell:.15g}"
    if isinstance(cell, float):
        return f"{cell:.5E}"
    return shown(cell)


def _covered(merged: Sequence[Merged], places: Mapping[int, int]) -> set[tuple[int, int]]:
    """(row's number, column) of what lies beneath merged cells; it was filled in when the sheet was read."""
    return {
        (number, column)
        for area in merged
        for number in range(area.top, min(area.bottom, max(places)) + 1)
        for column in range(area.left, area.right + 1)
        if (number, column) != (area.top, area.left)
    }


def _merge_again(page: Any, merged: Sequence[Merged], places: Mapping[int, int], kept: Sequence[int]) -> None:
    """Merge above the list what was merged there. The cells are written: merge_range would write them again."""
    columns = {column: place for place, column in enumerate(kept)}
    taken: set[tuple[int, int]] = set()
    for area in merged:
        rows = [
            places[number]
            for number in range(area.top, min(area.bottom, max(places)) + 1)
            if number in places
        ]
        across = [columns[column] for column in range(area.left, area.right + 1) if column in columns]
        cells = {(row, column) for row in rows for column in across}
        if len(cells) > 1 and not cells & taken:
            taken |= cells
            page.merge.append([rows[0], across[0], rows[-1], across[-1]])


def _set_widths(page: Any, style: Styles, rows: Sequence[Row], kept: Sequence[int]) -> None:
    texts = [[said for _column, said in _texts(row, kept)] for row in rows]
    for place in range(len(kept)):
        width = _bounded(max((_half_widths(said[place]) for said in texts), default=0))
        page.set_column(place, place, width, style(EMPTY).plain)


def _width(column: Column, place: int, peeked: Sequence[Sequence[Any]]) -> float:
    if column.width is not None:
        return column.width
    texts = [column.label]
    if column.kind not in DATE_WIDTHS:
        texts += [str(value or "") for row in peeked for value in row[place : place + 1]]
    return max(_bounded(max(map(_half_widths, texts))), DATE_WIDTHS.get(column.kind, 0.0))


def _bounded(width: int) -> float:
    return min(max(width + 2, NARROWEST), WIDEST)


def _half_widths(said: str) -> int:
    """How wide the longest line is, a Chinese character counted as two."""
    return max(
        (sum(1 + (east_asian_width(sign) in "WF") for sign in line) for line in said.split("\n")), default=0
    )
