"""Once a phone's events are here, each is judged again with all that the portal knows of that moment.

A phone without network did what it could; who passed although the portal would have said no is named to the unit of
the pass. Earlier knowledge that arrives late also bears upon what was recorded later, at whatever gate.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import or_, select

from portal.database import db
from portal.gate import copies
from portal.gate.checking import counted_together
from portal.gate.copies import Doubt
from portal.gate.devices.trips import PASSING, Fitted
from portal.gate.models import GateEvent, GateRecord
from portal.gate.service import beginning
from portal.passes import at_gates, rules
from portal.passes.at_gates import Found
from portal.passes.facts import Decision, PassFacts, Standing
from portal.passes.kinds import PassState
from portal.passes.models import Pass, Trip
from portal.passes.quota import Trip as PlainTrip
from portal.passes.rules import MAY_BE_UNRECORDED
from portal.passes.verdicts import Reason, Verdict
from portal.units.models import Checkpoint

MOST_LATER = 50
SAME_WAY = timedelta(minutes=10)  # nobody goes out twice, or comes in twice, in so short a time
OTHER_WAY = timedelta(minutes=1)  # nobody walks from one gate to another so fast
COUNTED = (Reason.QUOTA_USED, Reason.TRIP_CANCELLED)  # what a trip that was not known yet can change


def look_back(record: GateRecord, pass_: Pass, fitted: Fitted) -> Decision:
    """Name what is doubtful about a new exit or entry, and about later ones that it bears upon; the verdict on it."""
    gate = db.session.get_one(Checkpoint, record.checkpoint_id)
    if fitted.explained:
        copies.settle_all(pass_)
    if fitted.begun_twice:
        copies.tell(pass_, Doubt(GateEvent.COPY, (gate,), record.at))
    if other := _at_another_gate(record):
        copies.tell(pass_, Doubt(GateEvent.TWO_GATES, (other, gate), record.at))
    decision = _weigh(record, pass_)
    for later, its_pass in _later(record, pass_):
        _weigh(later, its_pass)
    return decision


def decision_then(record: GateRecord, pass_: Pass) -> Decision:
    """The verdict that the gate would have given at the record's moment with all that is known by now."""
    facts = at_gates.gate_facts(
        Found(pass_), record.at, record.direction, record.checkpoint_id, temperature=record.temperature
    )
    return rules.decide(replace(facts, held=_held_then(facts.held, record, pass_) if facts.held else None))


def standing_then(standing: Standing, at: datetime) -> Standing:
    """A pass that was ended later was in force still."""
    if standing.ended_at is None or standing.ended_at <= at or standing.state is PassState.REJECTED:
        return standing
    return replace(standing, state=PassState.ISSUED, replaced=False, ended_at=None)


def _held_then(held: PassFacts, record: GateRecord, pass_: Pass) -> PassFacts:
    begins = record.direction is beginning(pass_)
    own = db.session.get(Trip, record.trip_id) if record.trip_id else None
    trips = list(held.trips)
    if begins and own and (plain := PlainTrip(own.out_at, own.in_at, own.back_by)) in trips:
        trips.remove(plain)
    out = _under_way(record, pass_, own if begins else None)
    return replace(
        held,
        standing=standing_then(held.standing, record.at),
        trips=tuple(trips),
        open_trip=PlainTrip(out.out_at, None, out.back_by) if out else None,
    )


def _under_way(record: GateRecord, pass_: Pass, but: Trip | None) -> Trip | None:
    """The trip that lasted at the record's moment. An entry ends one; that one lasted until then."""
    if record.trip_id and record.direction is not beginning(pass_):
        return db.session.get(Trip, record.trip_id)
    lasting = or_(Trip.in_at.is_(None), Trip.in_at > record.at)
    mine = select(Trip).where(Trip.pass_id == pass_.id, Trip.out_at <= record.at, lasting)
    if but:
        mine = mine.where(Trip.id != but.id)
    return db.session.scalars(mine.order_by(Trip.out_at.desc()).limit(1)).first()


def _weigh(record: GateRecord, pass_: Pass) -> Decision:
    """Name who was let through by mistake; or no longer, where it was none."""
    decision = decision_then(record, pass_)
    wrongly = decision.verdict is Verdict.RED
    if record.trip_id is None and decision.reason in MAY_BE_UNRECORDED:
        wrongly = False  # it is out already: that is another doubt, told once
    if not record.by_device and decision.reason not in COUNTED:
        wrongly = False  # recorded online, where all but late knowledge was known
    if wrongly:
        gate = db.session.get_one(Checkpoint, record.checkpoint_id)
        copies.tell(pass_, Doubt(GateEvent.LET_THROUGH, (gate,), record.at, decision.reason))
    else:
        copies.settle_all(pass_, GateEvent.LET_THROUGH, record.at)
    return decision


def _later(record: GateRecord, pass_: Pass) -> list[tuple[GateRecord, Pass]]:
    """What began later with a pass that counts together with this one."""
    rows = db.session.execute(
        select(GateRecord, Pass)
        .join(Pass, Pass.id == GateRecord.pass_id)
        .where(
            counted_together(pass_),
            GateRecord.event.in_(PASSING),
            GateRecord.at > record.at,
            GateRecord.id != record.id,
        )
        .order_by(GateRecord.at, GateRecord.id)
        .limit(MOST_LATER)
    )
    return [(later, its_pass) for later, its_pass in rows if later.direction is beginning(its_pass)]


def _at_another_gate(record: GateRecord) -> Checkpoint | None:
    """Where the same pass was at a time at which nobody can have been at both."""
    near = GateRecord.done_at.between(record.at - SAME_WAY, record.at + SAME_WAY)
    elsewhere = select(GateRecord).where(
        GateRecord.pass_id == record.pass_id,
        GateRecord.event.in_(PASSING),
        GateRecord.checkpoint_id != record.checkpoint_id,
        near,
    )
    for other in db.session.scalars(elsewhere.order_by(GateRecord.at)):
        apart = abs((other.done_at or other.at) - record.at)
        if apart <= (SAME_WAY if other.direction is record.direction else OTHER_WAY):
            return db.session.get_one(Checkpoint, other.checkpoint_id)
    return None
