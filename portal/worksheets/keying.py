"""Keying what stands on a returned sheet: all lines that were sent, or none."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from portal.database import db
from portal.web.errors import Refused
from portal.web.formats import moment
from portal.workflow.worksheets import WorksheetColumn, WrongValue
from portal.worksheets import service
from portal.worksheets.codes import read_row_code
from portal.worksheets.models import Worksheet, WorksheetEntry, WorksheetRow


@dataclass
class Line:
    """One line of the form as it was typed. ``problem`` says what to mend; ``asks``: a tick to replace helps."""

    code: str = ""
    value: str = ""
    replace: bool = False
    problem: str = ""
    asks: bool = False

    @property
    def is_empty(self) -> bool:
        return not self.code.strip() and not self.value.strip()


@dataclass
class Keying:
    """What came of it: the codes of the rows that were written, and of those that had the same value already."""

    written: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)


def key(sheet: Worksheet, column: WorksheetColumn, lines: Sequence[Line]) -> Keying | None:
    """Write what the lines say. None where a line has a problem, which stands on it: then nothing is written."""
    done, values, attempt = Keying(), dict[str, str](), db.session.begin_nested()
    for line in lines:
        if line.is_empty:
            continue
        try:
            _key(sheet, column, line, done, values)
        except WrongValue as wrong:
            line.problem = str(wrong.sentence)
        except Refused as refusal:
            line.problem = str(refusal.sentence)
    if any(line.problem for line in lines):
        attempt.rollback()
        return None
    attempt.commit()
    service.record("key", sheet, column=column.name, rows=len(done.written), same=len(done.same))
    return done


def _key(sheet: Worksheet, column: WorksheetColumn, line: Line, done: Keying, values: dict[str, str]) -> None:
    row, subject = _found(sheet, line.code)
    if not line.value.strip():
        raise WrongValue(_("Enter the value, or empty the line"))
    text = column.read(line.value)
    above = values.setdefault(row.code, text)
    if above != text:
        raise WrongValue(_("This row stands above with another value"))
    before = _before(row, column)
    if (before and before.value == text) or row.code in done.written:
        done.same.append(row.code)
        return
    if before and not line.replace:
        line.asks = True
        words = {"who": before.by, "when": moment(before.at), "value": column.shown(before.value or "")}
        raise WrongValue(_("%(who)s has keyed “%(value)s” (%(when)s). Tick to replace it.", **words))
    if column.write:
        column.write(subject, text)
    service.note(row, column.name, text)
    done.written.append(row.code)


def _found(sheet: Worksheet, typed: str) -> tuple[WorksheetRow, Any]:
    """The row of a code and whom it is about. ``WrongValue`` tells nothing of rows outside one's scope."""
    if not typed.strip():
        raise WrongValue(_("Enter the code of the row"))
    code = read_row_code(sheet.number, typed)
    if code is None:
        raise WrongValue(_("This is no code of this sheet: compare it, and the number of the sheet"))
    wanted = select(WorksheetRow).where(WorksheetRow.worksheet_id == sheet.id, WorksheetRow.code == code)
    row = db.session.scalars(wanted.with_for_update()).one_or_none()
    kind = service.kind_of(sheet)
    subject = kind.find(row.subject_id) if row and kind else None
    if row is None or subject is None:
        raise WrongValue(_("Your part of this sheet has no such row"))
    return row, subject


def _before(row: WorksheetRow, column: WorksheetColumn) -> WorksheetEntry | None:
    """What was keyed there last."""
    keyed = select(WorksheetEntry).where(
        WorksheetEntry.row_id == row.id, WorksheetEntry.column == column.name
    )
    return db.session.scalars(keyed.order_by(WorksheetEntry.id.desc()).limit(1)).one_or_none()
