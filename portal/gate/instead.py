"""What the guard does instead of recording a trip of a pass, and for people who have none with them."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _l

from portal.access.scope import everywhere
from portal.clock import now
from portal.database import db
from portal.gate import copies
from portal.gate.checking import begun_outside_the_rule, look
from portal.gate.models import GateEvent, GateRecord
from portal.gate.service import beginning, ended, judged, locked, new, note, still_open, tell
from portal.passes import at_gates, rules
from portal.passes.facts import Decision
from portal.passes.models import Pass, Trip
from portal.passes.standing import open_trip
from portal.passes.verdicts import Alternative, Direction, Reason, Verdict
from portal.registry.models import Household
from portal.units.models import Checkpoint
from portal.web.errors import Refused

NOT_HERE = _l("This cannot be done with this check. Check the pass again.")
WRONG_TIME = _l("The time told lies before the trip began or after now. Ask again and enter it once more.")


@dataclass(frozen=True)
class Passer:
    """Somebody at the gate without a pass. ``household_id`` is None where the address is only what was said."""

    direction: Direction
    name: str
    place: str
    why: str
    household_id: int | None = None
    temperature: int | None = None


def turn_back(check: GateRecord) -> None:
    """劝返: the one who was refused has turned back."""
    at = still_open(check)
    if check.verdict is not Verdict.RED:
        raise Refused(NOT_HERE)
    check.event, check.done_at = GateEvent.TURNED_BACK, at
    note("turn_back", check)


def count_turned_back(gate: Checkpoint, *, vehicle: bool) -> None:
    """One more person or vehicle turned back, with no pass to check."""
    note("turn_back", new(gate, GateEvent.TURNED_BACK, vehicle=vehicle, done_at=now()))


def special_exit(check: GateRecord, why: str, gate: Checkpoint) -> None:
    """特殊外出: out for a special reason with a pass that is refused. The trip is none of the pass's own."""
    still_open(check)
    with everywhere(because="a gate writes special exits, also with passes from elsewhere"):
        pass_, at = locked(check)
        if pass_ is None or Alternative.SPECIAL_EXIT not in look(check, at).decision.alternatives:
            raise Refused(NOT_HERE)
        trip = _out(pass_.unit_id, pass_.household_id, pass_.resident_id, at, gate)
    check.event, check.done_at, check.note, check.trip_id = GateEvent.SPECIAL_EXIT, at, why, trip.id
    check.direction = Direction.EXIT
    note("special_exit", check)


def let_through(passer: Passer, event: GateEvent, gate: Checkpoint) -> GateRecord:
    """A special exit, or a visitor, without a pass. With fever it stays a check, refused."""
    record = new(
        gate,
        GateEvent.CHECK,
        direction=passer.direction,
        name=passer.name,
        place=passer.place,
        note=passer.why,
        household_id=passer.household_id,
    )
    record.temperature = passer.temperature
    if passer.temperature is not None and passer.temperature >= rules.FEVER:
        return judged(record)
    if event is GateEvent.SPECIAL_EXIT:
        with everywhere(because="a special exit belongs to the household that leaves"):
            home = db.session.get(Household, passer.household_id) if passer.household_id else None
            trip = _out(home.unit_id if home else gate.unit_id, passer.household_id, None, record.at, gate)
        record.trip_id = trip.id
    record.event, record.done_at = event, record.at
    note(event.value, record)
    return record


def record_missed(check: GateRecord, moment: datetime, gate: Checkpoint) -> None:
    """补录: what no gate recorded, at the time that the holder tells; the check goes on afterwards."""
    still_open(check)
    with everywhere(because="a gate writes down what was missed, also with passes from elsewhere"):
        pass_, at = locked(check)
        if pass_ is None or not may_have_missed(look(check, at).decision):
            raise Refused(NOT_HERE)
        trip = open_trip(pass_) or begun_outside_the_rule(pass_)
        if moment > at or (trip and moment < trip.out_at):
            raise Refused(WRONG_TIME)
        direction = _other(beginning(pass_)) if trip else beginning(pass_)
        trip = ended(trip, moment, gate) if trip else _begun(pass_, moment, gate)
        db.session.flush()
        copies.settle_all(pass_)
    check.direction = None
    tell(check, look(check, at).decision)
    missed = new(gate, GateEvent.MISSED, direction=direction, trip_id=trip.id, done_at=at)
    missed.pass_id, missed.household_id = check.pass_id, check.household_id
    note("missed", missed)


def may_have_missed(decision: Decision) -> bool:
    """Whether the verdict may only mean that a gate recorded nothing."""
    unrecorded = decision.reason in (Reason.NOT_OUT, Reason.NOT_IN)
    return unrecorded or Alternative.RECORD_MISSED in decision.alternatives


def _begun(pass_: Pass, at: datetime, gate: Checkpoint) -> Trip:
    begin = at_gates.record_exit if beginning(pass_) is Direction.EXIT else at_gates.record_entry
    return begin(pass_, at, gate)


def _out(
    unit_id: int, household_id: int | None, resident_id: int | None, at: datetime, gate: Checkpoint
) -> Trip:
    trip = Trip(
        unit_id=unit_id,
        household_id=household_id,
        resident_id=resident_id,
        out_at=at,
        out_checkpoint_id=gate.id,
    )
    db.session.add(trip)
    db.session.flush()
    return trip


def _other(direction: Direction) -> Direction:
    return Direction.ENTRY if direction is Direction.EXIT else Direction.EXIT
