"""What an event of a phone becomes: a record of the gate, and a trip where a pass went out or in. It has happened:
nothing is refused any more because of what the rules say now."""

from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import pgettext
from sqlalchemy import select

from portal.access.policy import Role
from portal.accounts.models import Appointment
from portal.database import db
from portal.gate import finding, service
from portal.gate.devices import hindsight, trips
from portal.gate.devices.models import GateDevice
from portal.gate.devices.reading import Event, Refusal, Why
from portal.gate.models import FoundBy, GateEvent, GateRecord
from portal.passes.kinds import Kind
from portal.passes.models import Pass, Trip
from portal.passes.verdicts import Direction, Reason, Verdict
from portal.registry.models import Household
from portal.units.models import Checkpoint

FORGOTTEN = _l("Pass forgotten")
# What is noted under its own name; a check is one that was refused.
TOLD_AS = {GateEvent.CHECK: "check_refused", GateEvent.TURNED_BACK: "turn_back"}


def record(event: Event, pass_: Pass | None, device: GateDevice, at: datetime) -> GateRecord:
    """Write an event down as having happened ``at``. ``pass_`` is its pass, locked where there is one.

    To be called where the scope is lifted. ``Refusal`` where it belongs to another gate or names no pass.
    """
    gate = device.checkpoint
    if event.gate != gate.id:
        raise Refusal(Why.OTHER_GATE, "gate")
    if event.index is not None and pass_ is None:
        raise Refusal(Why.UNKNOWN_PASS, "index")
    row = _row(event, pass_, gate, at)
    row.account_id = _account(event, device)
    db.session.add(row)
    db.session.flush()
    _follow(row, event, pass_, gate)
    what = TOLD_AS.get(row.event, row.event.value)
    service.note(what, row, account_id=row.account_id, phone=device.id, happened=row.at.isoformat())
    return row


def pass_by_room(event: Event, gate: Checkpoint) -> Pass | None:
    """The one issued pass of the room in the gate's community, of somebody who had left it at home."""
    if event.event is not GateEvent.FORGOTTEN:
        return None
    fitting = finding.issued_at(event.room, gate)
    return fitting[0] if len(fitting) == 1 else None


def _row(event: Event, pass_: Pass | None, gate: Checkpoint, at: datetime) -> GateRecord:
    done = event.event is not GateEvent.FORGOTTEN and event.event is not GateEvent.CHECK
    return GateRecord(
        unit_id=gate.unit_id,
        checkpoint_id=gate.id,
        event=event.event,
        found_by=FoundBy.CODE if event.index is not None else FoundBy.NOTHING,
        at=at,
        done_at=at if done else None,
        pass_id=pass_.id if pass_ else None,
        household_id=pass_.household_id if pass_ else None,
        place=_place(event),
        note=_note(event),
        direction=event.direction,
        verdict=event.verdict,
        reason=event.reason,
        temperature=event.temperature,
        with_mask=event.mask,
        vehicle=event.vehicle or (pass_ is not None and pass_.kind is Kind.VEHICLE),
        count=event.count,
        by_device=True,
    )


def _follow(row: GateRecord, event: Event, pass_: Pass | None, gate: Checkpoint) -> None:
    """What the event means for trips."""
    if event.event is GateEvent.FORGOTTEN:
        if pass_:
            become(row, pass_)
    elif event.event is GateEvent.SPECIAL_EXIT:
        _go_out_specially(row, event.room, pass_, gate)
    elif event.event is GateEvent.VISITOR:
        home = _home(event.room, gate)
        row.household_id = home.id if home else None
    elif pass_ and event.event in trips.PASSING:
        pass_through(row, pass_)


def pass_through(row: GateRecord, pass_: Pass) -> None:
    """An exit or entry of a pass: its trip, and what is doubtful about it. The pass is locked, the scope lifted."""
    decision = hindsight.look_back(row, pass_, trips.fit_in(row, pass_))
    if decision.reason is Reason.OVERTIME:  # late by what all gates know, whatever the phone knew
        row.verdict, row.reason = Verdict.AMBER, Reason.OVERTIME


def become(row: GateRecord, pass_: Pass) -> None:
    """Make what was noted without a pass the exit or entry of one. The pass is locked, the scope lifted."""
    row.event = GateEvent.EXIT if row.direction is Direction.EXIT else GateEvent.ENTRY
    row.found_by, row.done_at = FoundBy.ADDRESS, row.at
    row.pass_id, row.household_id = pass_.id, pass_.household_id
    db.session.flush()
    pass_through(row, pass_)


def _go_out_specially(row: GateRecord, room: str, pass_: Pass | None, gate: Checkpoint) -> None:
    """A trip that belongs to no pass."""
    home = _home(room, gate) if pass_ is None else None
    trip = Trip(
        unit_id=(pass_ or home or gate).unit_id,
        household_id=pass_.household_id if pass_ else home.id if home else None,
        resident_id=pass_.resident_id if pass_ else None,
        out_at=row.at,
        out_checkpoint_id=gate.id,
    )
    db.session.add(trip)
    db.session.flush()
    row.trip_id, row.household_id = trip.id, trip.household_id


def _home(room: str, gate: Checkpoint) -> Household | None:
    """The household of the gate's community that the room fits, if it is one."""
    fitting = finding.homes_at(room, gate) if room else []
    return fitting[0] if len(fitting) == 1 else None


def _account(event: Event, device: GateDevice) -> int:
    """Whoever was on duty here under the appointment that the event names, also one that has ended since."""
    named = select(Appointment.account_id).where(
        Appointment.id == event.staff,
        Appointment.role == Role.GATEKEEPER,
        Appointment.checkpoint_id == device.checkpoint_id,
    )
    return db.session.scalar(named) or device.paired_by_id


def _place(event: Event) -> str:
    if event.room and event.from_:
        return _("%(room)s, from %(township)s", room=event.room, township=event.from_)
    return event.room or event.from_


def _note(event: Event) -> str:
    what = str(FORGOTTEN) if event.event is GateEvent.FORGOTTEN else ""
    why = event.why.label if event.why else ""
    return pgettext("between clauses", ", ").join(filter(None, (what, why, event.note)))[:120]
