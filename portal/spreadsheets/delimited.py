"""Text tables (.csv): whatever encoding, separator and ends of lines a program or a person chose."""

import csv
import io
from collections import Counter
from collections.abc import Iterator

from portal.spreadsheets import refusal
from portal.spreadsheets.refusal import Limits, Refusal

SEPARATORS = ",;\t，；|"
HINT = "sep="  # a first line of Excel's own that names the separator; Excel doesn't show it
LOOKED_AT = 50
LONGEST_CELL = 32_767  # as in Excel
MOST_LINES = 30  # of one cell; more is a quotation mark that nobody closed
MOST_BROKEN = 3  # of sound letters to one broken; in a Chinese GB18030 text seven of eight are broken
UTF_16 = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


def decode(content: bytes) -> str:
    """The text of a UTF-8, UTF-16 or GB18030 file, with or without a byte order mark. ``Refusal`` for others."""
    if content[:2] in UTF_16:
        return _decoded(content, UTF_16[content[:2]])
    if b"\x00" in content:
        return _decoded(content, _unmarked_utf_16(content))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if _is_nearly_utf_8(content):  # in GB18030 it would be read as something else
            raise Refusal(refusal.ENCODING) from error
        return _decoded(content, "gb18030")


def records(content: bytes, limits: Limits) -> Iterator[tuple[int, list[str]]]:
    """(row number as Excel shows it, its cells) of a text table; blank rows too. ``Refusal`` where it's broken."""
    text = decode(content)
    if text[:4].lower() == HINT and text[4:5]:
        separator = text[4]
        text = text[5:].lstrip("\r").removeprefix("\n")
    else:
        separator = separator_of(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise refusal.open_quote(number) from error
        if any(len(cell) > LONGEST_CELL or cell.count("\n") > MOST_LINES for cell in cells):
            raise refusal.open_quote(number)
        if len(cells) > limits.columns:
            while cells and not cells[-1].strip():
                cells.pop()
            if len(cells) > limits.columns:
                raise refusal.too_many_columns(number, limits)
        yield number, cells


def separator_of(text: str) -> str:
    """What separates the cells: the mark that cuts most of the first rows into equally many, and several, cells."""
    beginning = text[: LOOKED_AT * 2000]
    best, best_score = ",", (0, 0)
    for separator in SEPARATORS:
        widths = Counter(width for width in _widths(beginning, separator) if width > 1)
        if widths:
            width, agreeing = max(widths.items(), key=lambda pair: (pair[1], pair[0]))
            score = (agreeing, width)
            if score > best_score:
                best, best_score = separator, score
    return best


def _widths(text: str, separator: str) -> Iterator[int]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        for _row, cells in zip(range(LOOKED_AT), reader, strict=False):
            yield len(cells)
    except csv.Error:
        return


def _is_nearly_utf_8(content: bytes) -> bool:
    """Whether it is a UTF-8 text that was cut off or damaged: of its letters that aren't ASCII most are sound."""
    text = content.decode("utf-8-sig", "replace")
    broken = text.count("\ufffd")
    return sum(letter > "\x7f" for letter in text) > MOST_BROKEN * broken


def _unmarked_utf_16(content: bytes) -> str:
    """Which half of the letters of a file without a mark is zero."""
    start = content[:2000]
    high, low = start[0::2].count(0), start[1::2].count(0)
    if len(content) % 2 or max(high, low) < 4 * min(high, low) + 2:
        raise Refusal(refusal.UNKNOWN)
    return "utf-16-be" if high > low else "utf-16-le"


def _decoded(content: bytes, encoding: str) -> str:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise Refusal(refusal.ENCODING) from error
    if "\x00" in text:
        raise Refusal(refusal.UNKNOWN)
    return text
