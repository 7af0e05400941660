"""What has happened: the last events of one gate, and the day's figures of all gates within the scope."""

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from sqlalchemy import Select, func, select

from portal.access.scope import everywhere
from portal.clock import LOCAL, today
from portal.database import db
from portal.gate.copies import unsettled
from portal.gate.models import GateEvent, GateRecord
from portal.passes.models import Pass
from portal.passes.verdicts import Direction, Verdict
from portal.units.models import Checkpoint, Unit
from portal.web.formats import mask_name, mask_plate

LAST = 8


@dataclass(frozen=True)
class Line:
    """One event of a gate, masked."""

    at: datetime
    event: GateEvent
    direction: Direction | None
    who: str
    serial_end: str
    count: int


@dataclass(frozen=True)
class GateDay:
    """One gate's figures of today."""

    unit: str
    gate: str
    exits: int
    entries: int
    refused: int
    people: int
    vehicles: int


@dataclass(frozen=True)
class Copy:
    """A pass seen leaving twice."""

    copy_id: int
    pass_id: int
    serial: str
    at: datetime
    gate: str
    times: int


def last_events(gate: Checkpoint) -> list[Line]:
    """What this gate did last, the newest first."""
    with everywhere(because="a gate reads its own last events, masked, also of passes from elsewhere"):
        rows = db.session.execute(
            select(GateRecord, Pass.holder_name, Pass.plate, Pass.serial)
            .join(Pass, Pass.id == GateRecord.pass_id, isouter=True)
            .where(
                GateRecord.checkpoint_id == gate.id,
                GateRecord.done_at.is_not(None),
                GateRecord.event != GateEvent.COPY,
            )
            .order_by(GateRecord.at.desc(), GateRecord.id.desc())
            .limit(LAST)
        )
        return [
            Line(
                at=record.done_at or record.at,
                event=record.event,
                direction=record.direction,
                who=mask_plate(plate) or mask_name(holder or record.name),
                serial_end=(serial or "").partition("-")[2],
                count=record.count,
            )
            for record, holder, plate, serial in rows
        ]


def turned_back_today(gate: Checkpoint) -> tuple[int, int]:
    """People and vehicles."""
    counted = _of_today(GateRecord.vehicle, func.sum(GateRecord.count))
    mine = counted.where(GateRecord.checkpoint_id == gate.id, GateRecord.event == GateEvent.TURNED_BACK)
    sums = {vehicle: int(total) for vehicle, total in db.session.execute(mine.group_by(GateRecord.vehicle))}
    return sums.get(False, 0), sums.get(True, 0)


def days() -> list[GateDay]:
    """Today's figures of every gate within the scope: those where something happened first."""
    wanted = (GateRecord.checkpoint_id, GateRecord.event, GateRecord.verdict, GateRecord.vehicle)
    rows = db.session.execute(_of_today(*wanted, func.sum(GateRecord.count)).group_by(*wanted))
    figures: dict[int, dict[str, int]] = {}
    for gate_id, event, verdict, vehicle, total in rows:
        if name := _figure(event, verdict, vehicle):
            of_gate = figures.setdefault(gate_id, {})
            of_gate[name] = of_gate.get(name, 0) + int(total)
    gates = select(Checkpoint.id, Checkpoint.name, Unit.full_name).join(Unit, Unit.id == Checkpoint.unit_id)
    names = ("exits", "entries", "refused", "people", "vehicles")
    open_gates = gates.where(Checkpoint.closed.is_(False)).order_by(Unit.full_name, Checkpoint.name)
    listed = sorted(db.session.execute(open_gates), key=lambda row: row.id not in figures)
    return [
        GateDay(unit, gate, **{name: figures.get(gate_id, {}).get(name, 0) for name in names})
        for gate_id, gate, unit in listed
    ]


def copies() -> list[Copy]:
    """Passes seen leaving twice that nobody has looked into yet."""
    flags = db.session.scalars(unsettled().limit(LAST)).all()
    named = select(Pass.id, Pass.serial).where(Pass.id.in_([flag.pass_id for flag in flags]))
    serials = {row.id: row.serial for row in db.session.execute(named)}
    return [
        Copy(flag.id, flag.pass_id, serials.get(flag.pass_id) or "", flag.at, flag.place, flag.count + 1)
        for flag in flags
        if flag.pass_id
    ]


def _figure(event: GateEvent, verdict: Verdict | None, vehicle: bool) -> str:
    if event is GateEvent.TURNED_BACK:
        return "vehicles" if vehicle else "people"
    if event is GateEvent.CHECK:
        return "refused" if verdict is Verdict.RED else ""
    return {
        GateEvent.EXIT: "exits",
        GateEvent.SPECIAL_EXIT: "exits",
        GateEvent.ENTRY: "entries",
    }.get(event, "")


def _of_today(*columns: Any) -> Select[Any]:
    midnight = datetime.combine(today(), time(0), LOCAL)
    return select(*columns).where(GateRecord.at >= midnight)
