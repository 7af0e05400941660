"""The workbook itself: whoever finds a copy of it can see who made it, when, and which copy it is."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any

from flask_babel import force_locale

from portal import clock
from portal.printing.words import CHINESE
from portal.spreadsheets import writing
from portal.spreadsheets.workbooks import Paper
from portal.workflow.exporting import ExportColumn, ExportKind

CARE = "内含个人信息，仅限疫情防控工作使用，不得转发，用毕销毁。"
BLOCK = 64 * 1024


@dataclass(frozen=True)
class Copy:
    """What is said of a copy: its number, who made it where and when, what it holds."""

    number: str
    exporter: str
    unit: str
    at: datetime
    part: str
    rows: int
    in_full: bool
    is_demo: bool

    @property
    def line(self) -> str:
        """For the margins of every page: the number first, as margins are short."""
        return f"{self._demo}编号 {self.number}　{self.exporter}（{self.unit}）{self._when} 导出　{self._content}"

    @property
    def notes(self) -> list[str]:
        """The lines beneath the title."""
        return [
            f"{self._demo}导出编号：{self.number}　导出人：{self.exporter}（{self.unit}）　导出时间：{self._when}",
            f"范围：{self.part}，共 {self.rows} 行　内容：{self._content}",
            CARE,
        ]

    @property
    def paper(self) -> Paper:
        return Paper(header=self.line, footer=f"编号 {self.number}　{CARE}")

    @property
    def _when(self) -> str:
        return f"{clock.local(self.at):%Y-%m-%d %H:%M}"

    @property
    def _content(self) -> str:
        return "完整信息" if self.in_full else "已脱敏"

    @property
    def _demo(self) -> str:
        return "演示数据，人员均为虚构　" if self.is_demo else ""


def cells(
    kind: ExportKind, columns: Sequence[ExportColumn], ids: Sequence[int], *, in_full: bool
) -> list[list[Any]]:
    """The rows of the sheet for these numbers, in Chinese."""
    with force_locale(CHINESE):
        return [[column.told(row, in_full=in_full) for column in columns] for row in kind.rows(ids)]


def write(
    kind: ExportKind, columns: Sequence[ExportColumn], rows: Iterable[Sequence[Any]], copy: Copy
) -> IO[bytes]:
    """The workbook as a temporary file at its beginning; whoever gets it closes it."""
    headings = [writing.Column(column.heading, column.kind) for column in columns]
    title = f"{copy.unit}{kind.title}"
    return writing.write(headings, rows, title=title, notes=copy.notes, paper=copy.paper, sheet=kind.title)


def digest(file: IO[bytes]) -> str:
    """SHA-256 of the file, which is at its beginning before and after."""
    found = hashlib.sha256()
    while block := file.read(BLOCK):
        found.update(block)
    file.seek(0)
    return found.hexdigest()
