"""An export: at once where the list is short, else as a job. Both are numbered, and noted with what left the portal."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import IO, Any

from flask import url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.access.acting import acting, may
from portal.access.policy import May
from portal.audit import service as audit
from portal.clock import now, today
from portal.exports import sheet
from portal.exports.sheet import Copy
from portal.jobs import service as jobs
from portal.jobs.models import Job
from portal.printing.words import CHINESE
from portal.units.installation import is_demo
from portal.web.errors import Refused
from portal.workflow import numbers
from portal.workflow.exporting import ExportColumn, ExportKind, kinds

MOST_AT_ONCE = 2000  # rows
READ_AT_ONCE = 500
NOT_ALLOWED = _l("You may not export this list.")
FULL_NEEDS_REASON = _l("A list in full needs the right to it and a reason.")


@dataclass(frozen=True)
class Wish:
    """What is to be exported: the names of a kind, of the part of its list and of its columns. Nothing personal."""

    what: str
    choice: str
    columns: tuple[str, ...]
    in_full: bool = False


@dataclass(frozen=True)
class Made:
    """A finished workbook with its number; whoever gets it closes the file."""

    number: str
    file: IO[bytes]


def open_kinds() -> dict[str, ExportKind]:
    """What the one acting may export."""
    if not may(May.EXPORT):
        return {}
    return {name: kind for name, kind in kinds().items() if may(kind.needs)}


def list_steps(name: str, part: str) -> list[tuple[str, str]]:
    """The export of a list, on the list's own page: [(address, label)]."""
    return [(url_for("exports.make", name=name, choice=part), _("Export"))] if name in open_kinds() else []


def make(wish: Wish, reason: str) -> Made | Job:
    """Export what the one acting sees. ``reason`` is needed for a list in full. ``Refused`` where it isn't allowed."""
    kind = allowed(wish)
    if wish.in_full and not reason:
        raise Refused(FULL_NEEDS_REASON)
    ids = kind.ids(wish.choice, MOST_AT_ONCE + 1)
    number = f"{today().year}-{numbers.take(f'export {today().year}'):05d}"
    if len(ids) > MOST_AT_ONCE:
        audit.record("export.begin", reason=reason, number=number, **asdict(wish))
        return jobs.start("export", number=number, **asdict(wish))
    rows = (
        row for some in chunks(ids) for row in sheet.cells(kind, of(kind, wish), some, in_full=wish.in_full)
    )
    copy = copy_of(wish, number, now(), len(ids))
    file = sheet.write(kind, of(kind, wish), rows, copy)
    note(wish, copy, sheet.digest(file), reason)
    return Made(number, file)


def allowed(wish: Wish) -> ExportKind:
    """The kind that is wished for. ``Refused`` where the one acting may not have it, or not so."""
    kind = open_kinds().get(wish.what)
    if kind is None:
        raise Refused(NOT_ALLOWED)
    if wish.in_full and not may(May.EXPORT_IN_FULL):
        raise Refused(FULL_NEEDS_REASON)
    return kind


def of(kind: ExportKind, wish: Wish) -> Sequence[ExportColumn]:
    """The columns that are wished for, in the order of the kind."""
    return [column for column in kind.columns if column.name in wish.columns]


def copy_of(wish: Wish, number: str, at: datetime, rows: int) -> Copy:
    """What the copy says of itself."""
    who = acting()
    with force_locale(CHINESE):
        part = str(dict(kinds()[wish.what].choices()).get(wish.choice, wish.choice))
    return Copy(number, who.name, who.unit_name, at, part, rows, wish.in_full, is_demo())


def note(wish: Wish, copy: Copy, digest: str, reason: str = "") -> None:
    """The entry in the trail."""
    audit.record(
        "export.make", reason=reason, number=copy.number, rows=copy.rows, digest=digest, **asdict(wish)
    )


def chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """The numbers, as many at a time as are read at once."""
    waiting = iter(ids)
    while some := list(itertools.islice(waiting, READ_AT_ONCE)):
        yield some


def from_arguments(arguments: dict[str, Any]) -> tuple[Wish, str]:
    """The wish and the number that a job was started with."""
    wish = Wish(
        what=arguments["what"],
        choice=arguments["choice"],
        columns=tuple(arguments["columns"]),
        in_full=arguments["in_full"],
    )
    return wish, arguments["number"]
