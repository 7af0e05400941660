"""Workbooks read back, as whoever opens them sees them."""

import re
import zipfile
from html import unescape
from io import BytesIO
from typing import Any

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

HEADING_AT = 5  # below the title and three notes


def opened(content: bytes) -> Worksheet:
    """The one sheet."""
    page = openpyxl.load_workbook(BytesIO(content)).active
    assert isinstance(page, Worksheet)
    return page


def table(content: bytes) -> list[dict[str, Any]]:
    """The rows of the list by their headings."""
    rows = list(opened(content).iter_rows(min_row=HEADING_AT, values_only=True))
    return [dict(zip(map(str, rows[0]), row, strict=True)) for row in rows[1:]]


def above(content: bytes) -> str:
    """The title and the notes."""
    first = opened(content).iter_rows(max_row=HEADING_AT - 1, values_only=True)
    return "\n".join(str(row[0]) for row in first)


def margins(content: bytes) -> tuple[str, str]:
    """Header and footer of every printed page."""
    text = xml(content)
    found = re.search("<oddHeader>(.*?)</oddHeader><oddFooter>(.*?)</oddFooter>", text)
    assert found
    return unescape(found[1]), unescape(found[2])


def xml(content: bytes) -> str:
    """All parts of the file in one text."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return "\n".join(archive.read(name).decode() for name in archive.namelist())
