"""What a gate is told of a code: the verdict, and what the paper should say. Nothing is written here."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select

from portal.access.scope import everywhere
from portal.database import db
from portal.gate.models import GateRecord
from portal.gate.paper import Paper, paper_of
from portal.passes import at_gates, rules
from portal.passes.at_gates import Found
from portal.passes.facts import CodeProblem, Decision, GateFacts
from portal.passes.kinds import PassState
from portal.passes.models import Pass, Trip
from portal.passes.quota import Trip as PlainTrip
from portal.passes.verdicts import Direction, Reason, Verdict

SHORT = 16  # characters: what is no longer was typed, not scanned


@dataclass(frozen=True)
class Sight:
    """What the guard sees. ``paper`` is None where there is no pass."""

    decision: Decision
    paper: Paper | None = None


def find(text: str) -> Found:
    """What a scanned or typed text leads to; to be called where the scope is lifted.

    A short text that is neither short code nor serial number was mistyped, not taken from somewhere else.
    """
    found = at_gates.lookup(text)
    if found.problem is CodeProblem.FOREIGN and len(text.strip()) <= SHORT:
        return replace(found, problem=CodeProblem.UNKNOWN)
    return found


def look(record: GateRecord, at: datetime) -> Sight:
    """The verdict on what stands at the gate, at this moment, for the record's direction and temperature.

    The one place where a gate reads passes: the scope is lifted, and only what the paper shows comes back.
    """
    with everywhere(because="a gate is told what the paper of any community's pass shows, and nothing else"):
        pass_ = db.session.get(Pass, record.pass_id) if record.pass_id else None
        if pass_ is None and record.trip_id:
            return Sight(_decide_on_special_exit(record, at))
        facts = _facts(record, pass_, at)
        return Sight(rules.decide(facts), paper_of(pass_) if pass_ else None)


def begun_outside_the_rule(pass_: Pass) -> Trip | None:
    """The special exit from which the holder has not come back. Special exits belong to no pass: they don't count."""
    whose: ColumnElement[bool]
    if pass_.resident_id:
        whose = Trip.resident_id == pass_.resident_id
    elif pass_.household_id:
        whose = Trip.household_id == pass_.household_id
    else:
        return None
    special = select(Trip).where(Trip.pass_id.is_(None), Trip.in_at.is_(None), whose)
    return db.session.scalars(special.order_by(Trip.out_at.desc()).limit(1)).first()


def counted_together(*passes: Pass) -> ColumnElement[bool]:
    """The passes whose trips may count together with those of these: they are locked together."""
    shared: list[ColumnElement[bool]] = [Pass.id.in_([pass_.id for pass_ in passes])]
    for column in (Pass.household_id, Pass.resident_id, Pass.holder_index, Pass.plate):
        if values := {value for pass_ in passes if (value := getattr(pass_, column.key))}:
            shared = [*shared, column.in_(values) & (Pass.state == PassState.ISSUED)]
    return or_(*shared)


def _facts(record: GateRecord, pass_: Pass | None, at: datetime) -> GateFacts:
    key_in_window = record.problem is not Reason.KEY_WINDOW
    problem = CodeProblem(record.problem.value) if record.problem and key_in_window else None
    found = Found(pass_, problem=problem, key_in_window=key_in_window)
    facts = at_gates.gate_facts(
        found, at, record.direction, record.checkpoint_id, temperature=record.temperature
    )
    if pass_ and facts.held and facts.held.open_trip is None and (out := begun_outside_the_rule(pass_)):
        return replace(facts, held=replace(facts.held, open_trip=PlainTrip(out.out_at, None, out.back_by)))
    return facts


def _decide_on_special_exit(record: GateRecord, at: datetime) -> Decision:
    """Whoever comes back from a special exit is let in, unless with fever."""
    if record.temperature is not None and record.temperature >= rules.FEVER:
        return Decision(Verdict.RED, Reason.FEVER, Direction.ENTRY, temperature=record.temperature)
    return Decision(Verdict.GREEN, Reason.WELCOME_BACK, Direction.ENTRY)
