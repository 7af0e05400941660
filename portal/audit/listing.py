"""Reading the trail: the newest first, twenty at a time, within the place of the one who reads."""

import json
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from flask import abort
from sqlalchemy import ColumnElement, select, tuple_

from portal.access.acting import acting
from portal.access.scope import place_of
from portal.audit.actions import meant
from portal.audit.models import AuditEntry
from portal.clock import LOCAL
from portal.database import Base, db

PAGE = 20
COUNTED = 1000
NAMED_BY = ("serial", "number", "name")


@dataclass(frozen=True)
class Wanted:
    """What is looked for. Nothing of it is personal: it stands in the address. ``action``: a code, or words."""

    action: str = ""
    day: date | None = None
    unit: int | None = None
    account: int | None = None
    subject: str = ""
    subject_id: int | None = None

    @property
    def address(self) -> dict[str, Any]:
        """The same as arguments of ``url_for``."""
        return {name: value for name, value in asdict(self).items() if value not in (None, "")}


@dataclass(frozen=True)
class Line:
    """One entry of the list."""

    id: int
    at: datetime
    action: str
    actor: str
    unit_name: str
    reason: str
    about: str


def count_since(moment: datetime) -> int:
    """How many entries there are since then, counted up to ``COUNTED``."""
    since = select(AuditEntry.id).where(AuditEntry.at >= moment).limit(COUNTED)
    return len(db.session.scalars(since).all())


def lines(wanted: Wanted, *, before: int | None) -> tuple[list[Line], int | None]:
    """One page of the trail, and the ``before`` of the next (None: there is none)."""
    found = select(
        AuditEntry.id,
        AuditEntry.at,
        AuditEntry.action,
        AuditEntry.actor,
        AuditEntry.unit_id,
        AuditEntry.reason,
        AuditEntry.details,
    ).where(*_conditions(wanted))
    if before is not None:
        last = db.get_or_404(AuditEntry, before)
        found = found.where(tuple_(AuditEntry.at, AuditEntry.id) < tuple_(last.at, last.id))
    newest_first = found.order_by(AuditEntry.at.desc(), AuditEntry.id.desc()).limit(PAGE + 1)
    rows = db.session.execute(newest_first).all()
    names = unit_names({row.unit_id for row in rows})
    shown = [
        Line(
            id=row.id,
            at=row.at,
            action=row.action,
            actor=row.actor,
            unit_name=names.get(row.unit_id, ""),
            reason=row.reason,
            about=_about(row.details),
        )
        for row in rows[:PAGE]
    ]
    return shown, shown[-1].id if len(rows) > PAGE else None


def _about(details: dict[str, Any]) -> str:
    """What the entry calls its record by: a serial number, the number of an order, the name of a unit."""
    return str(next((details[name] for name in NAMED_BY if details.get(name)), ""))


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.action:
        conditions.append(AuditEntry.action.in_(meant(wanted.action) or [wanted.action]))
    if wanted.account is not None:
        conditions.append(AuditEntry.account_id == wanted.account)
    if wanted.subject:
        conditions += [AuditEntry.subject == wanted.subject, AuditEntry.subject_id == wanted.subject_id]
    if wanted.day:
        begins = datetime.combine(wanted.day, time(), LOCAL)
        conditions += [AuditEntry.at >= begins, AuditEntry.at < begins + timedelta(days=1)]
    if wanted.unit is not None:
        conditions.append(_in_unit(wanted.unit))
    return conditions


def _in_unit(unit_id: int) -> ColumnElement[bool]:
    """At the unit or below it; 404 for a unit outside one's own place."""
    try:
        place = place_of(unit_id)
    except LookupError:
        abort(404)
    own = acting().place
    if own is not None and not own.holds(place):
        abort(404)
    column: Any = getattr(AuditEntry, place.level.column)
    return column == unit_id  # type: ignore[no-any-return]


def unit_names(unit_ids: set[int | None]) -> dict[int | None, str]:
    """What the units of visible entries are called."""
    unit = Base.metadata.tables["unit"]
    named = select(unit.c.id, unit.c.full_name).where(unit.c.id.in_(unit_ids - {None}))
    return {row.id: row.full_name for row in db.session.connection().execute(named)}


def plain_details(entry: AuditEntry) -> list[tuple[str, str]]:
    """The entry's details as they were noted: codes, counts and states."""
    return [
        (name, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
        for name, value in entry.details.items()
        if value not in (None, "")
    ]
