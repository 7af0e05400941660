"""Who is outside now, and who is late: masked names and addresses, as much as a gate needs to know them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select

from portal.access.acting import Level, Place
from portal.access.scope import everywhere, lies_in, place_of
from portal.database import db
from portal.gate.models import GateEvent, GateRecord
from portal.passes.kinds import VISITS, OnOvertime
from portal.passes.models import Pass, Trip
from portal.passes.quota import Trip as PlainTrip
from portal.passes.quota import overdue
from portal.passes.rule_data import PassRule
from portal.registry.models import Household
from portal.units.models import Checkpoint
from portal.web.formats import mask_name, mask_plate

PAGE = 20
COUNTED_TO = 1000


@dataclass(frozen=True)
class Outside:
    """One open trip. ``minutes_late`` is None while there is time. ``is_visit``: inside, and to leave.
    ``cancels_next``: being late costs the next trip."""

    trip_id: int
    who: str
    where: str
    out_at: datetime
    back_by: datetime | None
    minutes_late: int | None
    is_visit: bool
    cancels_next: bool


def around(gate: Checkpoint) -> Place:
    """The community of a gate, or its own unit where it belongs to none."""
    return place_of(getattr(gate, Level.COMMUNITY.column) or gate.unit_id)


def known_to_gate(gate: Checkpoint, at: datetime, after: int | None) -> tuple[list[Outside], int | None]:
    """A page of those who are outside, the most overdue first, and the trip after which the next page begins."""
    with everywhere(because="a gate sees who of its community is outside, masked"):
        return lines(at, after, lies_in(Trip, around(gate)))


def count_for_gate(gate: Checkpoint) -> int:
    """How many are outside, up to a thousand. Visitors are not."""
    with everywhere(because="a gate counts who of its community is outside"):
        return count(lies_in(Trip, around(gate)))


def open_trip_here(gate: Checkpoint, trip_id: int) -> Trip | None:
    """The open trip of somebody of this gate's community."""
    with everywhere(because="a gate records the return of somebody of its community"):
        return db.session.scalars(
            select(Trip).where(Trip.id == trip_id, Trip.in_at.is_(None), lies_in(Trip, around(gate)))
        ).one_or_none()


def lines(
    at: datetime, after: int | None, *conditions: ColumnElement[bool]
) -> tuple[list[Outside], int | None]:
    """A page of open trips within the scope, the earliest hour to be back first, those without one at the end."""
    rows = db.session.execute(_listed().where(*_after(after), *conditions).limit(PAGE + 1)).all()
    shown = [_outside(row, at) for row in rows[:PAGE]]
    return shown, shown[-1].trip_id if len(rows) > PAGE else None


def count(*conditions: ColumnElement[bool]) -> int:
    """How many open trips there are within the scope, up to ``COUNTED_TO``; visits are none."""
    open_ = (
        select(Trip.id)
        .join(Pass, Pass.id == Trip.pass_id, isouter=True)
        .where(Trip.in_at.is_(None), or_(Pass.kind.is_(None), Pass.kind.not_in(VISITS)), *conditions)
        .limit(COUNTED_TO)
    )
    return db.session.scalar(select(func.count()).select_from(open_.subquery())) or 0


def late(at: datetime) -> Iterator[int]:
    """By how many minutes each overdue trip within the scope is late."""
    due = select(Pass.rule, Trip.out_at, Trip.back_by).join(Trip, Trip.pass_id == Pass.id)
    for rule, out_at, back_by in db.session.execute(due.where(Trip.in_at.is_(None), Trip.back_by < at)):
        if minutes := overdue(PlainTrip(out_at, None, back_by), PassRule.from_json(rule), at):
            yield minutes


def _listed() -> Select[Any]:
    return (
        select(
            Trip.id,
            Trip.out_at,
            Trip.back_by,
            Pass.kind,
            Pass.rule,
            Pass.holder_name,
            Pass.plate,
            GateRecord.name,
            GateRecord.place,
            Household,
        )
        .join(Pass, Pass.id == Trip.pass_id, isouter=True)
        .join(Household, Household.id == Trip.household_id, isouter=True)
        .join(
            GateRecord,
            (GateRecord.trip_id == Trip.id) & (GateRecord.event == GateEvent.SPECIAL_EXIT),
            isouter=True,
        )
        .where(Trip.in_at.is_(None))
        .order_by(Trip.back_by.is_(None), Trip.back_by, Trip.id)
    )


def _after(trip_id: int | None) -> list[ColumnElement[bool]]:
    last = db.session.execute(select(Trip.id, Trip.back_by).where(Trip.id == trip_id)).one_or_none()
    if last is None:
        return []
    if last.back_by is None:
        return [Trip.back_by.is_(None), Trip.id > last.id]
    same = (Trip.back_by == last.back_by) & (Trip.id > last.id)
    return [or_(Trip.back_by > last.back_by, same, Trip.back_by.is_(None))]


def _outside(row: Any, at: datetime) -> Outside:
    trip, rule = PlainTrip(row.out_at, None, row.back_by), PassRule.from_json(row.rule) if row.rule else None
    late = overdue(trip, rule, at) if rule else None
    return Outside(
        trip_id=row.id,
        who=mask_plate(row.plate) or mask_name(row.holder_name or row.name),
        where=row.Household.address if row.Household else row.place or "",
        out_at=row.out_at,
        back_by=row.back_by,
        minutes_late=late,
        is_visit=row.kind in VISITS,
        cancels_next=bool(late and rule and rule.on_overtime is OnOvertime.SKIP_NEXT_TRIP),
    )
