"""What has happened: the last events of one gate, and the day's figures of all gates within the scope."""

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from sqlalchemy import Select, func, select

from portal.access.scope import everywhere
from portal.clock import LOCAL, today
from portal.database import db
from portal.gate.copies import unsettled
from portal.gate.models import DOUBTS, GateEvent, GateRecord
from portal.passes.kinds import PassState
from portal.passes.models import Pass
from portal.passes.verdicts import Direction, Verdict
from portal.passes.wording import HEADLINES
from portal.units.models import Checkpoint, Unit
from portal.web.formats import mask_name, mask_plate

LAST = 8
MOST_DOUBTS = 40


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
    gate_id: int
    neighbour: str
    exits: int
    entries: int
    refused: int
    people: int
    vehicles: int


@dataclass(frozen=True)
class DoubtLine:
    """What is doubtful about a pass, in one line; ``why`` where it should not have been let through."""

    event: GateEvent
    at: datetime
    gates: str
    times: int
    why: str


@dataclass(frozen=True)
class DoubtedPass:
    """A pass that must be looked into. ``copy_id`` is the latest of its doubts, and stands for them all."""

    copy_id: int
    pass_id: int
    serial: str
    who: str
    is_issued: bool
    doubts: tuple[DoubtLine, ...]


def last_events(gate: Checkpoint) -> list[Line]:
    """What this gate did last, the newest first."""
    with everywhere(because="a gate reads its own last events, masked, also of passes from elsewhere"):
        rows = db.session.execute(
            select(GateRecord, Pass.holder_name, Pass.plate, Pass.serial)
            .join(Pass, Pass.id == GateRecord.pass_id, isouter=True)
            .where(
                GateRecord.checkpoint_id == gate.id,
                GateRecord.done_at.is_not(None),
                GateRecord.event.not_in(DOUBTS),
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
    wanted_gates = (Checkpoint.id, Checkpoint.name, Checkpoint.neighbour, Unit.full_name)
    gates = select(*wanted_gates).join(Unit, Unit.id == Checkpoint.unit_id)
    names = ("exits", "entries", "refused", "people", "vehicles")
    open_gates = gates.where(Checkpoint.closed.is_(False)).order_by(Unit.full_name, Checkpoint.name)
    listed = sorted(db.session.execute(open_gates), key=lambda row: row.id not in figures)
    return [
        GateDay(
            unit, gate, gate_id, neighbour, **{name: figures.get(gate_id, {}).get(name, 0) for name in names}
        )
        for gate_id, gate, neighbour, unit in listed
    ]


def doubts() -> list[DoubtedPass]:
    """Passes about which something is doubtful that nobody has looked into yet, the latest first."""
    rows: dict[int, list[GateRecord]] = {}
    for row in db.session.scalars(unsettled().limit(MOST_DOUBTS)):
        rows.setdefault(row.pass_id or 0, []).append(row)
    found = {pass_.id: pass_ for pass_ in db.session.scalars(select(Pass).where(Pass.id.in_(rows)))}
    return [_doubted(found[pass_id], some) for pass_id, some in rows.items() if pass_id in found]


def _doubted(pass_: Pass, rows: list[GateRecord]) -> DoubtedPass:
    return DoubtedPass(
        copy_id=rows[0].id,
        pass_id=pass_.id,
        serial=pass_.serial or "",
        who=mask_plate(pass_.plate) or mask_name(pass_.holder_name),
        is_issued=pass_.state is PassState.ISSUED,
        doubts=tuple(_doubt(row) for row in rows),
    )


def _doubt(row: GateRecord) -> DoubtLine:
    why = str(HEADLINES[row.reason]) if row.reason else ""
    times = row.count + 1 if row.event is GateEvent.COPY else row.count
    return DoubtLine(row.event, row.at, row.place, times, why)


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
