"""What the guard does with a pass: check it, and record the exit or the entry."""

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from portal.access.acting import acting
from portal.access.scope import everywhere
from portal.audit import service as audit
from portal.clock import now
from portal.database import db
from portal.gate import copies
from portal.gate.checking import begun_outside_the_rule, counted_together, find, look
from portal.gate.models import FoundBy, GateEvent, GateRecord
from portal.passes import at_gates
from portal.passes.code import MAX_CHARACTERS
from portal.passes.facts import Decision
from portal.passes.kinds import VISITS, Kind
from portal.passes.models import Pass, Trip
from portal.passes.standing import open_trip
from portal.passes.verdicts import Alternative, Direction, Reason, Verdict
from portal.units.models import Checkpoint
from portal.vault import blind_index
from portal.web.errors import Refused

NO_GATE = _l("Your appointment names no gate. Ask the command post to enter the one where you are on duty.")
CLOSED = _l("This gate is closed. Send people to another one, or ask the command post to open it.")
ALREADY_DONE = _l("This check has been used already. Check the pass again.")
TOO_OLD = _l("This check is more than ten minutes old. Check the pass again.")


def my_gate() -> Checkpoint:
    """The gate of the one on duty. ``Refused`` where the appointment names none, or one that is closed."""
    gate = db.session.get(Checkpoint, acting().checkpoint_id or 0)
    if gate is None:
        raise Refused(NO_GATE)
    if gate.closed:
        raise Refused(CLOSED)
    return gate


# ── checking ─────────────────────────────────────────────────────────────────────────────────────────────────────


def check(text: str, gate: Checkpoint) -> GateRecord:
    """Look a code up and note the check. Of a code that leads to nothing a keyed hash is kept, for comparing."""
    with everywhere(because="whose pass a code belongs to is not known before it is read"):
        found = find(text)
        ids = (found.pass_.id, found.pass_.household_id) if found.pass_ else (None, None)
    record = new(gate, GateEvent.CHECK, found_by=FoundBy.CODE, pass_id=ids[0], household_id=ids[1])
    if not found.key_in_window:
        record.problem = Reason.KEY_WINDOW
    elif found.problem:
        record.problem = Reason(found.problem.value)
    if found.pass_ is None:
        record.code_index = blind_index("unknown pass code", text[:MAX_CHARACTERS])
    return judged(record)


def check_without_paper(gate: Checkpoint, found_by: FoundBy, **what: Any) -> GateRecord:
    """The same for a pass without its paper, or for the return from a special exit.

    ``what``: ``pass_id``, ``household_id``, ``trip_id``, and ``note``, why there is no paper.
    """
    return judged(new(gate, GateEvent.CHECK, found_by=found_by, **what))


def judged(record: GateRecord) -> GateRecord:
    """The record with its first verdict; a refusal goes into the trail."""
    sight = look(record, now())
    tell(record, sight.decision)
    record.vehicle = sight.paper is not None and sight.paper.kind is Kind.VEHICLE
    db.session.flush()
    if record.verdict is Verdict.RED:
        note("check_refused", record)
    return record


# ── recording ────────────────────────────────────────────────────────────────────────────────────────────────────


def record(check: GateRecord, direction: Direction, temperature: int | None, gate: Checkpoint) -> bool:
    """Write the exit or entry down. False where the verdict now is another one, which the guard must see first.

    Whoever is refused is not recorded; whoever is to be looked at again is, once the guard was told the reason.
    Passes that count together are locked, so that of two gates at once the second sees what the first wrote.
    """
    still_open(check)
    told = (check.direction, check.reason)
    check.direction, check.temperature = direction, temperature
    with everywhere(because="a gate writes the trips of whoever passes, also with passes from elsewhere"):
        pass_, at = locked(check)
        decision = look(check, at).decision
        tell(check, decision)
        is_news = decision.verdict is Verdict.AMBER and told != (check.direction, check.reason)
        if decision.verdict is Verdict.RED or is_news:
            _refuse(check, decision, pass_, gate)
            return False
        trip = _write_trip(check, pass_, direction, at, gate)
        db.session.flush()
    check.trip_id = trip.id if trip else None
    check.event = GateEvent.EXIT if direction is Direction.EXIT else GateEvent.ENTRY
    check.done_at = at
    note(check.event.value, check, minutes_late=decision.minutes_late)
    return True


def _write_trip(
    check: GateRecord, pass_: Pass | None, direction: Direction, at: datetime, gate: Checkpoint
) -> Trip | None:
    """None where somebody who ends a trip never began one: the event alone is kept."""
    if pass_ is None:
        return ended(db.session.get_one(Trip, check.trip_id), at, gate)
    if direction is beginning(pass_):
        write = at_gates.record_exit if direction is Direction.EXIT else at_gates.record_entry
        return write(pass_, at, gate)
    trip = open_trip(pass_) or begun_outside_the_rule(pass_)
    return ended(trip, at, gate) if trip else None


def ended(trip: Trip, at: datetime, gate: Checkpoint) -> Trip:
    """The trip, ended; ``Refused`` if another gate has done so already."""
    db.session.refresh(trip, with_for_update=True)
    if trip.in_at is not None:
        raise Refused(_l("Another gate was faster: this entry has been recorded already."))
    trip.in_at = max(at, trip.out_at)
    trip.in_checkpoint_id = gate.id
    return trip


def _refuse(check: GateRecord, decision: Decision, pass_: Pass | None, gate: Checkpoint) -> None:
    if decision.verdict is Verdict.RED:
        note("check_refused", check)
        if pass_ and Alternative.RECORD_MISSED in decision.alternatives:
            copies.flag(pass_, gate)


# ── small parts ──────────────────────────────────────────────────────────────────────────────────────────────────


def new(gate: Checkpoint, event: GateEvent, **values: Any) -> GateRecord:
    """A record of this gate, by the one on duty."""
    record = GateRecord(
        unit_id=gate.unit_id,
        checkpoint_id=gate.id,
        event=event,
        at=now(),
        account_id=acting().account_id,
        **values,
    )
    db.session.add(record)
    return record


def tell(record: GateRecord, decision: Decision) -> None:
    """Keep what the guard is told."""
    record.direction, record.verdict, record.reason = decision.direction, decision.verdict, decision.reason


def still_open(check: GateRecord) -> datetime:
    """Now, if something can follow the check: once, within ten minutes."""
    db.session.refresh(check, with_for_update=True)
    at = now()
    if check.done_at is not None or check.event is not GateEvent.CHECK:
        raise Refused(ALREADY_DONE)
    if not check.is_open(at):
        raise Refused(TOO_OLD)
    return at


def locked(check: GateRecord) -> tuple[Pass | None, datetime]:
    """The pass of a check, locked with all that count together with it, and the moment from which they are.

    To be called where the scope is lifted. The moment comes last: what a faster gate wrote lies before it and counts.
    """
    if check.pass_id is None:
        return None, now()
    pass_ = db.session.get_one(Pass, check.pass_id)
    lock(pass_)
    return pass_, now()


def lock(*passes: Pass) -> None:
    """Hold these passes with all that count together with them, in an order that everybody keeps."""
    together = select(Pass.id).where(counted_together(*passes)).order_by(Pass.id).with_for_update()
    db.session.execute(together).all()
    for pass_ in passes:
        db.session.refresh(pass_)


def beginning(pass_: Pass) -> Direction:
    """The direction in which a trip of this pass begins: a visit begins with an entry."""
    return Direction.ENTRY if pass_.kind in VISITS else Direction.EXIT


def note(what: str, record: GateRecord, **details: Any) -> None:
    """Into the trail, without anything personal."""
    told = {"direction": record.direction, "verdict": record.verdict, "because": record.reason}
    plain: dict[str, Any] = {name: value.value for name, value in told.items() if value}
    audit.record(f"gate.{what}", record, gate=record.checkpoint_id, **plain, **details)
