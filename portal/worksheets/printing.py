"""工作表 on A4: codes, where to go, whom it is about, and blank columns to fill in by hand."""

from dataclasses import dataclass
from datetime import date

from flask import Response
from flask_babel import force_locale

from portal.clock import local
from portal.database import db
from portal.printing.document import printed
from portal.printing.foot import Foot
from portal.printing.words import CHINESE
from portal.units.installation import foot
from portal.units.models import Unit
from portal.workflow import numbers
from portal.workflow.worksheets import Width, WorksheetKind, WorksheetLine
from portal.worksheets import service
from portal.worksheets.models import Worksheet


@dataclass(frozen=True)
class Blank:
    """A column to fill in by hand."""

    heading: str
    hint: str
    width: Width


@dataclass(frozen=True)
class PrintedLine:
    """One row on paper."""

    code: str
    where: str
    who: str


@dataclass(frozen=True)
class Sheet:
    """A worksheet as it is printed. ``copy`` counts how often."""

    title: str
    unit: str
    number: str
    part: str
    made_on: date
    blanks: tuple[Blank, ...]
    lines: tuple[PrintedLine, ...]
    copy: int
    foot: Foot


def print_sheet(sheet: Worksheet, kind: WorksheetKind) -> Response:
    """The sheet as the answer to a request, with the rows in one's own scope; noted in the trail."""
    copy = numbers.take(f"worksheet {sheet.id}")
    service.record("print", sheet, copy=copy)
    return printed(
        "worksheets/sheet.html", document(sheet, kind, copy), file_name=f"worksheet-{sheet.number}"
    )


def document(sheet: Worksheet, kind: WorksheetKind, copy: int) -> Sheet:
    """What is printed, in Chinese. What there no longer is has no row."""
    rows = service.rows_of(sheet)
    with force_locale(CHINESE):
        part = str(dict(kind.choices()).get(sheet.part, ""))
        lines = {line.subject_id: line for line in kind.lines([row.subject_id for row in rows])}
        blanks = [Blank(one.heading, one.hint, one.width) for one in service.columns_of(sheet)]
    return Sheet(
        title=kind.title,
        unit=db.session.get_one(Unit, sheet.unit_id).full_name,
        number=sheet.code,
        part=part,
        made_on=local(sheet.made_at).date(),
        blanks=tuple(blanks),
        lines=tuple(_line(row.code, lines[row.subject_id]) for row in rows if row.subject_id in lines),
        copy=copy,
        foot=foot(with_unit=False),
    )


def _line(code: str, line: WorksheetLine) -> PrintedLine:
    return PrintedLine(code, line.where, line.who)
