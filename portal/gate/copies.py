"""What a community must look into: its pass left twice, was at two gates at once, or was let through by mistake."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, select

from portal.audit import service as audit
from portal.clock import now
from portal.database import db
from portal.gate.models import DOUBTS, GateEvent, GateRecord
from portal.passes.models import Pass
from portal.passes.verdicts import Reason
from portal.units.models import Checkpoint, Unit
from portal.web.errors import Refused

LONGEST_PLACE = 120


@dataclass(frozen=True)
class Doubt:
    """Something to be looked into: what, at which gates, when, why."""

    event: GateEvent
    gates: tuple[Checkpoint, ...]
    at: datetime
    reason: Reason | None = None


def flag(pass_: Pass, gate: Checkpoint) -> None:
    """A pass that is out wants to leave again. To be called where the scope is lifted."""
    tell(pass_, Doubt(GateEvent.COPY, (gate,), now()))


def tell(pass_: Pass, doubt: Doubt) -> None:
    """Tell the unit of the pass, wherever the gates are. To be called where the scope is lifted.

    What is not looked into yet is counted on; each time somebody was let through is told by itself, and once.
    """
    known = db.session.scalars(_the_same(pass_, doubt)).first()
    if known and doubt.event is GateEvent.LET_THROUGH:
        known.reason = doubt.reason
        return
    if known:
        known.count += 1
        known.at = max(known.at, doubt.at)
        return
    row = GateRecord(
        unit_id=pass_.unit_id,
        checkpoint_id=doubt.gates[0].id,
        event=doubt.event,
        at=doubt.at,
        pass_id=pass_.id,
        household_id=pass_.household_id,
        reason=doubt.reason,
        place=_names(doubt.gates),
    )
    db.session.add(row)
    gates = [gate.id for gate in doubt.gates]
    why = doubt.reason.value if doubt.reason else ""
    audit.record(f"gate.{doubt.event.value}", row, gates=gates, serial=pass_.serial, because=why)


def settle(doubt: GateRecord) -> None:
    """The commander has looked into it, and with it into whatever else there was about this pass."""
    db.session.refresh(doubt, with_for_update=True)
    if doubt.event not in DOUBTS or doubt.done_at is not None:
        raise Refused(_l("This has been settled already."))
    for row in db.session.scalars(unsettled(GateRecord.pass_id == doubt.pass_id)):
        row.done_at = now()
        audit.record("gate.settle_copy", row)


def settle_all(pass_: Pass, event: GateEvent = GateEvent.COPY, at: datetime | None = None) -> None:
    """It was none: a gate's record had been missing. To be called where the scope is lifted.

    ``at``: only what was doubtful about that moment.
    """
    about = [GateRecord.pass_id == pass_.id, GateRecord.event == event]
    if at:
        about.append(GateRecord.at == at)
    for row in db.session.scalars(unsettled(*about)):
        row.done_at = now()


def unsettled(*conditions: ColumnElement[bool]) -> Select[GateRecord]:
    """The doubts that nobody has looked into, the latest first."""
    open_ = select(GateRecord).where(GateRecord.event.in_(DOUBTS), GateRecord.done_at.is_(None))
    return open_.where(*conditions).order_by(GateRecord.at.desc(), GateRecord.id.desc())


def _the_same(pass_: Pass, doubt: Doubt) -> Select[GateRecord]:
    if doubt.event is not GateEvent.LET_THROUGH:
        return unsettled(GateRecord.pass_id == pass_.id, GateRecord.event == doubt.event)
    about = (GateRecord.pass_id == pass_.id, GateRecord.event == doubt.event, GateRecord.at == doubt.at)
    return select(GateRecord).where(*about)  # also one that somebody has looked into


def _names(gates: tuple[Checkpoint, ...]) -> str:
    units = {gate.unit_id: db.session.get_one(Unit, gate.unit_id).full_name for gate in gates}
    named = [_("%(unit)s %(gate)s", unit=units[gate.unit_id], gate=gate.name) for gate in gates]
    return _(", ").join(named)[:LONGEST_PLACE]
