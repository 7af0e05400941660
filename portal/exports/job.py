"""A long list, as a job: read in parts that lie sealed in the job's folder, then written into one workbook."""

import json
import shutil
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.clock import now
from portal.exports import service, sheet
from portal.exports.service import Wish
from portal.jobs.kinds import JobKind
from portal.jobs.task import Task
from portal.spreadsheets.writing import Kind
from portal.vault import vault
from portal.workflow.exporting import ExportColumn, ExportKind

NAME = "export"
BACK = {Kind.DAY: date.fromisoformat, Kind.MOMENT: datetime.fromisoformat}


def work(task: Task) -> None:
    """Read, write, note. Begun again it goes on with the parts that there are; the note is of what is given."""
    wish, number = service.from_arguments(task.arguments)
    kind = service.allowed(wish)
    columns, ids = service.of(kind, wish), _ids(task, kind, wish)
    task.note(_("Reading the list"))
    numbered = list(enumerate(service.chunks(ids)))
    for [(part, some)] in task.chunks(numbered, 1, part="read", looks=True):
        _keep(task.folder, part, list(sheet.cells(kind, columns, some, in_full=wish.in_full)))
    task.note(_("Writing the workbook"))
    made = task.folder / "made"
    copy = service.copy_of(wish, number, now(), len(ids))
    if not made.exists():
        draft = made.with_suffix(".draft")
        with sheet.write(kind, columns, _kept(task.folder, len(numbered), columns), copy) as file:
            _lay_down(file, draft)
        draft.replace(made)
    for _once in task.steps([number], part="note"):
        with made.open("rb") as file:
            service.note(wish, copy, sheet.digest(file))
    shutil.copyfile(made, task.result("xlsx"))
    task.report(_("%(rows)s rows, copy number %(number)s", rows=len(ids), number=number))


def _ids(task: Task, kind: ExportKind, wish: Wish) -> Sequence[int]:
    """The numbers of the rows, looked up once: what is begun again goes on with the same."""
    kept = task.folder / "ids.json"
    if not kept.exists():
        draft = kept.with_suffix(".draft")
        draft.write_text(json.dumps(list(kind.ids(wish.choice, None))))
        draft.replace(kept)
    ids: list[int] = json.loads(kept.read_text())
    return ids


def _keep(folder: Path, part: int, rows: list[list[Any]]) -> None:
    said = json.dumps(rows, ensure_ascii=False, default=lambda moment: moment.isoformat())
    (folder / f"{part}.part").write_bytes(vault().seal(said, f"export part {part}"))


def _kept(folder: Path, parts: int, columns: Sequence[ExportColumn]) -> Iterator[list[Any]]:
    for part in range(parts):
        said = vault().open((folder / f"{part}.part").read_bytes(), f"export part {part}")
        for row in json.loads(said):
            yield [_back(column, value) for column, value in zip(columns, row, strict=True)]


def _back(column: ExportColumn, value: Any) -> Any:
    """Days and moments again, where the column is of them and the cell is one."""
    if not isinstance(value, str) or column.kind not in BACK:
        return value
    try:
        return BACK[column.kind](value)
    except ValueError:
        return value


def _lay_down(file: Any, draft: Path) -> None:
    with draft.open("wb") as laid:
        shutil.copyfileobj(file, laid)


KIND = JobKind(_l("Export"), work)
