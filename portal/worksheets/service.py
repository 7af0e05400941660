"""Making a worksheet, and looking at those that there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import func, select

from portal.access.acting import acting, may
from portal.access.bulk import insert_many
from portal.access.policy import May
from portal.audit import service as audit
from portal.clock import now
from portal.database import db
from portal.units.models import Unit
from portal.workflow import numbers
from portal.workflow.worksheets import WorksheetColumn, WorksheetKind, kinds
from portal.worksheets.codes import row_code
from portal.worksheets.models import Worksheet, WorksheetEntry, WorksheetRow

PAGE = 20


@dataclass(frozen=True)
class Keyed:
    """A value that was keyed, as the sheet's page shows it."""

    code: str
    column: str
    value: Any
    at: datetime
    by: str


def open_kinds() -> dict[str, WorksheetKind]:
    """The kinds that the one acting may print and key."""
    return {name: kind for name, kind in kinds().items() if may(May.WORK_ON_SHEETS) and may(kind.needs)}


def list_steps(name: str, part: str) -> list[tuple[str, str]]:
    """A new worksheet of a list, on the list's own page: [(address, label)]."""
    there = name in open_kinds()
    return [(url_for("worksheets.new", name=name, part=part), _("New worksheet"))] if there else []


def kind_of(sheet: Worksheet) -> WorksheetKind | None:
    """What a sheet is of; None where the one acting may not key it, or no area brings it any more."""
    return open_kinds().get(sheet.kind)


def columns_of(sheet: Worksheet) -> list[WorksheetColumn]:
    """The columns of a sheet that can be keyed now, as they were printed."""
    kind = kind_of(sheet)
    return [column for column in kind.columns() if column.name in sheet.columns] if kind else []


def make(name: str, unit: Unit, part: str, columns: Sequence[str], subjects: Sequence[int]) -> Worksheet:
    """A sheet for a unit with a row for each subject, at most ``MOST_ROWS``, in this order."""
    kind, who = open_kinds()[name], acting()
    sheet = Worksheet(
        unit_id=unit.id,
        number=numbers.take("worksheet"),
        kind=name,
        part=part,
        columns=list(columns),
        rows=len(subjects),
        made_by_id=who.account_id,
        made_by=who.name,
    )
    db.session.add(sheet)
    db.session.flush()
    rows = [
        {
            "unit_id": line.unit_id,
            "worksheet_id": sheet.id,
            "place": place,
            "code": row_code(sheet.number, place),
            "subject_id": line.subject_id,
        }
        for place, line in enumerate(kind.lines(subjects))
    ]
    insert_many(WorksheetRow, rows)
    record("make", sheet, kind=name, part=part, rows=len(rows), columns=list(columns))
    return sheet


def latest(before: int | None) -> tuple[Sequence[Worksheet], int | None]:
    """One page of the sheets, the newest first, and the ``before`` of the next page (None: there is none)."""
    wanted = select(Worksheet).where(Worksheet.kind.in_(open_kinds())).order_by(Worksheet.id.desc())
    if before:
        wanted = wanted.where(Worksheet.id < before)
    found = db.session.scalars(wanted.limit(PAGE + 1)).all()
    return found[:PAGE], found[PAGE - 1].id if len(found) > PAGE else None


def with_number(number: int) -> Worksheet | None:
    """The sheet with this number, where the one acting sees and may key it."""
    sheet = db.session.scalars(select(Worksheet).where(Worksheet.number == number)).one_or_none()
    return sheet if sheet and kind_of(sheet) else None


def rows_of(sheet: Worksheet) -> Sequence[WorksheetRow]:
    """Its rows in one's own scope, in the order of the paper."""
    mine = select(WorksheetRow).where(WorksheetRow.worksheet_id == sheet.id)
    return db.session.scalars(mine.order_by(WorksheetRow.place)).all()


def counts(sheet: Worksheet) -> dict[str, int]:
    """{column: how many rows have a value}, of the rows in one's own scope."""
    keyed = select(WorksheetEntry.column, func.count(WorksheetEntry.row_id.distinct()).label("rows"))
    keyed = keyed.where(WorksheetEntry.worksheet_id == sheet.id).group_by(WorksheetEntry.column)
    return {row.column: row.rows for row in db.session.execute(keyed)}


def keyed(sheet: Worksheet, *, before: int | None = None, most: int = PAGE) -> tuple[list[Keyed], int | None]:
    """What was keyed last, of the rows in one's own scope, and the ``before`` of what was keyed earlier."""
    columns = {column.name: column for column in columns_of(sheet)}
    wanted = (
        select(WorksheetEntry, WorksheetRow.code)
        .join(WorksheetRow, WorksheetRow.id == WorksheetEntry.row_id)
        .where(WorksheetEntry.worksheet_id == sheet.id, WorksheetEntry.column.in_(columns))
        .order_by(WorksheetEntry.id.desc())
    )
    if before:
        wanted = wanted.where(WorksheetEntry.id < before)
    found = db.session.execute(wanted.limit(most + 1)).all()
    lines = [
        Keyed(
            code, str(columns[one.column].label), columns[one.column].shown(one.value or ""), one.at, one.by
        )
        for one, code in found[:most]
    ]
    return lines, found[most - 1][0].id if len(found) > most else None


def note(row: WorksheetRow, column: str, text: str) -> None:
    """Keep a value that was keyed, with who did it and when."""
    who = acting()
    entry = WorksheetEntry(
        unit_id=row.unit_id, worksheet_id=row.worksheet_id, row_id=row.id, column=column, at=now()
    )
    entry.value, entry.by_id, entry.by = text, who.account_id, who.name
    db.session.add(entry)


def record(what: str, sheet: Worksheet, **details: Any) -> None:
    """An entry in the trail of the one acting: the sheet itself may belong to a unit above."""
    place = acting().place
    audit.record(f"worksheet.{what}", sheet, unit_id=place.unit_id if place else None, **details)
