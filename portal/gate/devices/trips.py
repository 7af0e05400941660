"""Trips, made from exits and entries that arrive in any order: what arrives last may have happened first.

However it arrives, the same exits and entries end up as the same trips: an exit begins one unless the holder is out
already, an entry ends the one under way. What fits nowhere stays a record without a trip.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select

from portal.database import db
from portal.gate.checking import begun_outside_the_rule
from portal.gate.models import GateEvent, GateRecord
from portal.gate.service import beginning
from portal.passes.models import Pass, Trip
from portal.passes.quota import back_by
from portal.passes.standing import own_rule

PASSING = (GateEvent.EXIT, GateEvent.ENTRY)


@dataclass(frozen=True)
class Moment:
    """A way out (``begins``) or in (of a visitor the other way round), and the record that tells of it, if any.

    ``order`` tells apart what bears the same time.
    """

    at: datetime
    order: int
    begins: bool
    gate: int | None = None
    record: GateRecord | None = None


@dataclass(frozen=True)
class Span:
    """One time out; ``end`` None while it lasts."""

    begin: Moment
    end: Moment | None = None


@dataclass(frozen=True)
class Fitted:
    """Whether the pass is now seen beginning a trip twice without an end, or no longer is."""

    begun_twice: bool = False
    explained: bool = False


def spans(moments: Iterable[Moment]) -> tuple[list[Span], list[Moment]]:
    """The trips that the moments make, and the beginnings in the midst of one: of a pass begun twice. Pure."""
    made: list[Span] = []
    twice: list[Moment] = []
    under_way: Moment | None = None
    for moment in sorted(moments, key=lambda one: (one.at, one.order)):
        if moment.begins and under_way:
            twice.append(moment)
        elif moment.begins:
            under_way = moment
        elif under_way:
            made.append(Span(under_way, moment))
            under_way = None
    return [*made, Span(under_way)] if under_way else made, twice


def fit_in(record: GateRecord, pass_: Pass) -> Fitted:
    """Let a new exit or entry become part of a trip. The pass is locked, the scope lifted."""
    begins = record.direction is beginning(pass_)
    if not begins and _ends_special_exit(record, pass_):
        return Fitted()
    since = _begin_of_the_trip_before(record.at, pass_)
    rows = db.session.scalars(
        select(Trip).where(Trip.pass_id == pass_.id, Trip.out_at >= since).order_by(Trip.out_at, Trip.id)
    ).all()
    told = _others(record, pass_, since, rows)
    moments = [*_moments(rows, told, pass_), *_alone(told, pass_)]
    before = len(spans(moments)[1])
    made, twice = spans([*moments, Moment(record.at, record.id, begins, record.checkpoint_id, record)])
    if len(made) < len(rows):  # written by hand, in a way that no gate writes: left as it is
        return Fitted()
    _write(made, rows, pass_)
    for moment in twice:
        if moment.record:
            moment.record.trip_id = None
    db.session.flush()
    return Fitted(begun_twice=len(twice) > before, explained=not twice and before > 0)


def _ends_special_exit(record: GateRecord, pass_: Pass) -> bool:
    """Whoever comes back from an exit that belongs to no pass, with a pass that is not out."""
    here = (Trip.pass_id == pass_.id, Trip.out_at <= record.at)
    if db.session.scalar(select(Trip.id).where(*here, or_(Trip.in_at.is_(None), Trip.in_at > record.at))):
        return False
    special = begun_outside_the_rule(pass_)
    if special is None or special.out_at > record.at:
        return False
    special.in_at, special.in_checkpoint_id = record.at, record.checkpoint_id
    record.trip_id = special.id
    return True


def _begin_of_the_trip_before(at: datetime, pass_: Pass) -> datetime:
    """Nothing that lies earlier can change."""
    earlier = select(func.max(Trip.out_at)).where(Trip.pass_id == pass_.id, Trip.out_at <= at)
    return db.session.scalar(earlier) or at


def _others(new: GateRecord, pass_: Pass, since: datetime, rows: Sequence[Trip]) -> list[GateRecord]:
    """The exits and entries that are part of these trips, or since then part of none; without the new one."""
    alone = GateRecord.trip_id.is_(None) & (GateRecord.done_at >= since)
    theirs = GateRecord.trip_id.in_([trip.id for trip in rows])
    wanted = select(GateRecord).where(GateRecord.pass_id == pass_.id, or_(alone, theirs))
    kinds = GateRecord.event.in_((*PASSING, GateEvent.MISSED))
    found = db.session.scalars(wanted.where(kinds).order_by(GateRecord.id))
    return [record for record in found if record is not new]


def _moments(rows: Sequence[Trip], told: list[GateRecord], pass_: Pass) -> Iterable[Moment]:
    for trip in rows:
        ways = {r.direction is beginning(pass_): r for r in told if r.trip_id == trip.id}
        begin, end = ways.get(True), ways.get(False)
        yield Moment(trip.out_at, begin.id if begin else 0, True, trip.out_checkpoint_id, begin)
        if trip.in_at:
            yield Moment(trip.in_at, end.id if end else 0, False, trip.in_checkpoint_id, end)


def _alone(told: list[GateRecord], pass_: Pass) -> Iterable[Moment]:
    for record in told:
        if record.trip_id is None and record.event in PASSING and record.done_at:
            begins = record.direction is beginning(pass_)
            yield Moment(record.done_at, record.id, begins, record.checkpoint_id, record)


def _write(made: list[Span], rows: Sequence[Trip], pass_: Pass) -> None:
    """Each span in the row of a trip that began then, else in one that is free, else in a new one."""
    free = list(rows)
    own: list[Trip | None] = []
    for span in made:
        own.append(next((trip for trip in free if trip.out_at == span.begin.at), None))
        free = [trip for trip in free if trip is not own[-1]]
    for span, trip in zip(made, own, strict=True):
        _write_one(span, trip or (free.pop(0) if free else _new(span, pass_)), pass_)


def _write_one(span: Span, trip: Trip, pass_: Pass) -> None:
    if trip.out_at != span.begin.at:
        trip.out_at, trip.back_by = span.begin.at, back_by(own_rule(pass_), span.begin.at)
    trip.out_checkpoint_id = span.begin.gate
    trip.in_at = span.end.at if span.end else None
    trip.in_checkpoint_id = span.end.gate if span.end else None
    for moment in (span.begin, span.end):
        if moment and moment.record:
            moment.record.trip_id = trip.id


def _new(span: Span, pass_: Pass) -> Trip:
    trip = Trip(
        unit_id=pass_.unit_id,
        pass_id=pass_.id,
        household_id=pass_.household_id,
        resident_id=pass_.resident_id,
        out_at=span.begin.at,
        back_by=back_by(own_rule(pass_), span.begin.at),
    )
    db.session.add(trip)
    db.session.flush()
    return trip
