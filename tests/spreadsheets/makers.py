"""Files as people and attackers make them."""

import re
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from io import BytesIO
from types import MappingProxyType
from typing import Any

import openpyxl
import xlsxwriter
from openpyxl.worksheet.worksheet import Worksheet

from portal.spreadsheets.reading import Row, Sheet

Arrange = Callable[[Worksheet], object]


def workbook(rows: Iterable[Sequence[Any]], *merged: str, arrange: Arrange | None = None) -> bytes:
    """An .xlsx of one sheet; ``merged`` are areas like A1:F1, ``arrange`` does the rest to the sheet."""
    book = openpyxl.Workbook()
    page = book.active
    assert isinstance(page, Worksheet)
    for row in rows:
        page.append(list(row))
    for area in merged:
        page.merge_cells(area)
    if arrange:
        arrange(page)
    return saved(book)


def large(rows: Iterable[Sequence[Any]]) -> bytes:
    """An .xlsx as Excel writes it, each text once in a table of texts; made faster than by ``workbook``."""
    file = BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    page = book.add_worksheet()
    for number, row in enumerate(rows):
        page.write_row(number, 0, row)
    book.close()
    return file.getvalue()


def saved(book: openpyxl.Workbook) -> bytes:
    """The workbook's bytes."""
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def repacked(
    content: bytes,
    *,
    add: Mapping[str, bytes] = MappingProxyType({}),
    change: Mapping[str, tuple[str, str]] = MappingProxyType({}),
    compression: int = zipfile.ZIP_DEFLATED,
) -> bytes:
    """The same archive with members more, and with ``change`` (pattern, replacement) in the members named."""
    file = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(file, "w", compression) as new:
        for name in old.namelist():
            part = old.read(name)
            if name in change:
                pattern, instead = change[name]
                text, times = re.subn(pattern, lambda _match, said=instead: said, part.decode(), count=1)  # type: ignore[misc]
                assert times, f"{pattern} isn't in {name}"
                part = text.encode()
            new.writestr(name, part)
        for name, part in add.items():
            new.writestr(name, part)
    return file.getvalue()


def packed(members: Mapping[str, bytes]) -> bytes:
    """A zip archive of these members."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name, part in members.items():
            new.writestr(name, part)
    return file.getvalue()


def ole(*streams: str) -> bytes:
    """As much of an OLE file as tells what it is: the signature and the names of its streams."""
    return (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(504)
        + b"".join(name.encode("utf-16-le").ljust(128, b"\0") for name in ("Root Entry", *streams))
    )


def sheet(*rows: Sequence[Any], start: int = 1) -> Sheet:
    """A sheet as `reading.read` gives it; empty rows only count."""
    numbered = enumerate(rows, start=start)
    return Sheet("", (), [Row(number, tuple(cells)) for number, cells in numbered if any(cells)])
