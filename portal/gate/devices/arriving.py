"""Events come in from a phone: each once, however often it is sent, and one that is bad never in the way of another."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from portal.access.scope import everywhere
from portal.audit import service as audit
from portal.clock import now
from portal.database import db
from portal.gate import service
from portal.gate.devices import moments, reading, recording
from portal.gate.devices.models import ArrivalState, GateArrival, GateDevice
from portal.gate.devices.reading import Event, Refusal, Why
from portal.passes.models import Pass
from portal.web.logs import log_failure

STORED, DUPLICATE, CONFLICT, REFUSED = "stored", "duplicate", "conflict", "refused"


@dataclass(frozen=True)
class Batch:
    """What a phone sends at once, and tells of itself: ``now`` by its clock, in ms, ``waiting`` how much it has, with
    these events. Without events it is a sign of life."""

    device: str
    software: str
    bundle: int
    waiting: int
    now: int
    events: list[Any]


@dataclass(frozen=True)
class Result:
    """What became of one event. ``id`` is None where the event has none."""

    id: str | None
    status: str
    why: str = ""

    def to_json(self) -> dict[str, Any]:
        return {"id": self.id, "status": self.status} | ({"why": self.why} if self.why else {})


@dataclass(frozen=True)
class Given:
    """One event as it was sent; ``event`` is None where it cannot be read, and ``refusal`` says why."""

    told: Any
    event: Event | None = None
    refusal: Refusal | None = None

    @property
    def n(self) -> int:
        return self.event.n if self.event else reading.number_of(self.told, "n")


class NotABatch(ValueError):
    """What came is no batch of this phone: nothing of it is taken over."""


def read_batch(told: Any) -> Batch:
    """The batch; ``NotABatch`` names the entry that is wrong. The events are not looked at yet."""
    if not isinstance(told, dict):
        raise NotABatch("batch")
    for name, check in BATCH.items():
        try:
            check(told.get(name))
        except (ValueError, TypeError) as wrong:
            raise NotABatch(name) from wrong
    events = told.get("events")
    if not isinstance(events, list) or len(events) > reading.MOST_EVENTS:
        raise NotABatch("events")
    return Batch(**{name: told[name] for name in BATCH}, events=events)


BATCH = {
    "device": reading.uuid,
    "software": reading.line_of(12),
    "bundle": reading.whole(0, reading.LARGEST_NUMBER),
    "waiting": reading.whole(0, reading.LARGEST_NUMBER),
    "now": reading.whole(0, reading.LATEST),
}


def take_over(device_id: int, batch: Batch) -> list[Result]:
    """Write down what is new, and say of each event what became of it, in the order in which they were sent.

    Batches of one phone wait for one another; the passes of a batch are locked at once, in everybody's order.
    """
    with everywhere(because="a gate's phone brings exits and entries of passes from anywhere"):
        device = db.session.get_one(GateDevice, device_id, with_for_update=True, populate_existing=True)
        if device.uid != batch.device:
            raise NotABatch("device")
        received = now()
        _hear(device, batch, received)
        given = [_read(told) for told in batch.events]
        known = _known(given)
        new = [one for one in given if one.event and one.event.id not in known]
        passes = _passes(new, device)
        results: dict[int, Result] = {}
        for place, one in sorted(enumerate(given), key=lambda pair: pair[1].n):
            results[place] = _take(one, known, passes, device, batch, received)
        return [results[place] for place in range(len(given))]


def _take(
    one: Given,
    known: dict[str, GateArrival],
    passes: dict[str, Pass],
    device: GateDevice,
    batch: Batch,
    received: datetime,
) -> Result:
    id_ = reading.id_of(one.told)
    if id_ is None or len(reading.canonical(one.told)) > reading.LARGEST_EVENT:
        return Result(id_, REFUSED, Why.UNREADABLE.label)
    if arrived := known.get(id_):
        return _again(one, arrived)
    arrival = _arrival(id_, one, device, batch, received)
    try:
        known[id_] = _keep(one, arrival, passes.get(id_), device)
        device.last_n = max(device.last_n, arrival.n)
        return Result(id_, STORED)
    except Refusal as refusal:
        known[id_] = _keep_refused(_arrival(id_, one, device, batch, received), refusal, device)
        return Result(id_, REFUSED, refusal.why.label)


def _keep(one: Given, arrival: GateArrival, pass_: Pass | None, device: GateDevice) -> GateArrival:
    """In a savepoint of its own: a failure takes back this event and no other."""
    if one.refusal or one.event is None:
        raise one.refusal or Refusal(Why.UNREADABLE)
    try:
        with db.session.begin_nested():
            arrival.record_id = recording.record(one.event, pass_, device, arrival.happened_at).id
            db.session.add(arrival)
    except (Refusal, OperationalError):  # the latter passes: the phone sends all of it again
        raise
    except Exception as fault:
        log_failure(fault)
        raise Refusal(Why.FAULT) from fault
    return arrival


def _keep_refused(arrival: GateArrival, refusal: Refusal, device: GateDevice) -> GateArrival:
    """For the command post, which may record by hand what it tells of."""
    arrival.state, arrival.why = ArrivalState.REFUSED, f"{refusal.why.value} {refusal.field}".strip()
    db.session.add(arrival)
    db.session.flush()
    device.last_n = max(device.last_n, arrival.n)
    audit.record("gate.event_refused", device, gate=device.checkpoint_id, event=arrival.id, why=arrival.why)
    return arrival


def _again(one: Given, arrived: GateArrival) -> Result:
    """An event that came before: what was kept then stands."""
    if arrived.digest != reading.digest(one.told):
        audit.record("gate.event_conflict", arrived.device, event=arrived.id)
        return Result(arrived.id, CONFLICT)
    if arrived.state is not ArrivalState.STORED:
        return Result(arrived.id, REFUSED, Why(arrived.why.partition(" ")[0]).label)
    return Result(arrived.id, DUPLICATE)


def _arrival(id_: str, one: Given, device: GateDevice, batch: Batch, received: datetime) -> GateArrival:
    at = one.event.at if one.event else reading.number_of(one.told, "at")
    n = min(one.n, reading.LARGEST_NUMBER)
    offset = one.event.offset if one.event else None
    before, after = _neighbours(device, n)
    return GateArrival(
        id=id_,
        unit_id=device.unit_id,
        device_id=device.id,
        n=n,
        digest=reading.digest(one.told),
        body=reading.kept_of(one.told),
        received_at=received,
        claimed_at=moments.at_ms(at),
        happened_at=moments.happened(at, offset, received, batch.now, before, after),
        state=ArrivalState.STORED,
    )


def _neighbours(device: GateDevice, n: int) -> tuple[datetime | None, datetime | None]:
    """When the events happened that the phone counted before and after this one, as far as they have come."""
    mine = select(GateArrival.happened_at).where(
        GateArrival.device_id == device.id, GateArrival.state == ArrivalState.STORED
    )
    before = mine.where(GateArrival.n < n).order_by(GateArrival.n.desc())
    after = mine.where(GateArrival.n > n).order_by(GateArrival.n)
    return db.session.scalar(before.limit(1)), db.session.scalar(after.limit(1))


def _read(told: Any) -> Given:
    try:
        return Given(told, reading.read(told))
    except Refusal as refusal:
        return Given(told if isinstance(told, dict) else {}, refusal=refusal)


def _known(given: list[Given]) -> dict[str, GateArrival]:
    """What came before under these ids, from whatever phone."""
    ids = [id_ for one in given if (id_ := reading.id_of(one.told))]
    return {
        row.id: row for row in db.session.scalars(select(GateArrival).where(GateArrival.id.in_(set(ids))))
    }


def _passes(new: list[Given], device: GateDevice) -> dict[str, Pass]:
    """The pass of each new event, by the event's id; locked with all that count together with them."""
    events = [one.event for one in new if one.event]
    indexes = {event.index for event in events if event.index is not None}
    named = db.session.scalars(select(Pass).where(Pass.status_index.in_(indexes)))
    by_index = {pass_.status_index: pass_ for pass_ in named}
    found: dict[str, Pass] = {}
    for event in events:
        pass_ = by_index.get(event.index) if event.index is not None else None
        if pass_ := pass_ or recording.pass_by_room(event, device.checkpoint):
            found[event.id] = pass_
    if found:
        service.lock(*{pass_.id: pass_ for pass_ in found.values()}.values())
    return found


def _hear(device: GateDevice, batch: Batch, received: datetime) -> None:
    device.seen_at, device.software, device.bundle_seq = received, batch.software.strip(), batch.bundle
    device.waiting = max(0, batch.waiting - len(batch.events))
    device.clock_offset = moments.ms_of(received) - batch.now
