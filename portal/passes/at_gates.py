"""What gates need of passes: a code looked up, the facts of a decision, trips written down.

A gate sees no pass through its scope; whoever calls says so with ``everywhere`` and returns only what the paper shows.
"""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from portal.clock import now
from portal.database import db
from portal.passes import code, serials
from portal.passes.code import CodeRefused, Fault, PassClaims
from portal.passes.facts import CodeProblem, GateFacts
from portal.passes.kinds import VISITS
from portal.passes.models import Pass, Trip
from portal.passes.quota import back_by
from portal.passes.signing import key_ring
from portal.passes.standing import open_trip, own_rule, pass_facts
from portal.passes.verdicts import Direction
from portal.units.models import Checkpoint
from portal.web.errors import Refused

FAULTS = {
    Fault.NOT_OURS: CodeProblem.FOREIGN,
    Fault.DAMAGED: CodeProblem.DAMAGED,
    Fault.UNKNOWN_KEY: CodeProblem.FOREIGN,
    Fault.FORGED: CodeProblem.ALTERED,
}


@dataclass(frozen=True)
class Found:
    """What a scanned or typed text leads to. ``claims`` are None where no signed code was read."""

    pass_: Pass | None
    claims: PassClaims | None = None
    problem: CodeProblem | None = None
    key_in_window: bool = True


def lookup(text: str) -> Found:
    """The pass of a scanned code, a short code or a serial number: signature first, then the row.

    To be called where the scope is lifted. Nothing is written.
    """
    typed = serials.tidy_short_code(text[: code.MAX_CHARACTERS])
    if serials.short_code_ok(typed):
        return _row_or_unknown(find_by_short_code(typed))
    if len(text) <= code.MAX_CHARACTERS and serials.serial_ok(code.tidy(text)):
        return _row_or_unknown(find_by_serial(code.tidy(text)))
    return _signed(text)


def find_by_serial(serial: str) -> Pass | None:
    """The pass with this serial number."""
    return db.session.scalars(select(Pass).where(Pass.serial == serial)).one_or_none()


def find_by_short_code(short_code: str) -> Pass | None:
    """The pass with this short code, tidied."""
    return db.session.scalars(select(Pass).where(Pass.short_code == short_code)).one_or_none()


def gate_facts(
    found: Found,
    at: datetime,
    direction: Direction | None,
    checkpoint_id: int,
    *,
    persons: int = 1,
    temperature: int | None = None,
    claimed_at: datetime | None = None,
) -> GateFacts:
    """All that the verdict of one gate rests on (``rules.decide``). To be called where the scope is lifted."""
    return GateFacts(
        at=at,
        gate=checkpoint_id,
        held=pass_facts(found.pass_, at) if found.pass_ else None,
        code=found.problem,
        key_in_window=found.key_in_window,
        direction=direction,
        persons=persons,
        temperature=temperature,
        claimed_at=claimed_at,
    )


def record_exit(pass_: Pass, at: datetime, checkpoint: Checkpoint) -> Trip:
    """Write down that the holder went out; of a visitor, that the visit is over."""
    return _end_trip(pass_, at, checkpoint) if pass_.kind in VISITS else _begin_trip(pass_, at, checkpoint)


def record_entry(pass_: Pass, at: datetime, checkpoint: Checkpoint) -> Trip:
    """Write down that the holder came in; of a visitor, that the visit begins.

    ``Refused`` where no exit was recorded: record it first, with the time that the holder tells.
    """
    return _begin_trip(pass_, at, checkpoint) if pass_.kind in VISITS else _end_trip(pass_, at, checkpoint)


def _begin_trip(pass_: Pass, at: datetime, checkpoint: Checkpoint) -> Trip:
    db.session.refresh(pass_, with_for_update=True)
    if open_trip(pass_):
        raise Refused(_l("Another gate was faster: this pass is already on its way. Check it again."))
    trip = Trip(
        unit_id=pass_.unit_id,
        pass_id=pass_.id,
        household_id=pass_.household_id,
        resident_id=pass_.resident_id,
        out_at=at,
        back_by=back_by(own_rule(pass_), at),
        out_checkpoint_id=checkpoint.id,
    )
    db.session.add(trip)
    return trip


def _end_trip(pass_: Pass, at: datetime, checkpoint: Checkpoint) -> Trip:
    db.session.refresh(pass_, with_for_update=True)
    trip = open_trip(pass_)
    if trip is None:
        raise Refused(_l("The way out of this pass was not recorded: record it first."))
    trip.in_at = max(at, trip.out_at)
    trip.in_checkpoint_id = checkpoint.id
    return trip


def _row_or_unknown(pass_: Pass | None) -> Found:
    return Found(pass_, problem=None if pass_ else CodeProblem.UNKNOWN)


def _signed(text: str) -> Found:
    try:
        claims = code.read(text, key_ring(), now())
    except CodeRefused as refused:
        if refused.reason is not Fault.OUTSIDE_KEY_WINDOW:
            return Found(None, problem=FAULTS[refused.reason])
        same = select(Pass).where(Pass.code == code.tidy(text))
        return Found(db.session.scalars(same).one_or_none(), key_in_window=False)
    pass_ = find_by_serial(claims.serial)
    return Found(pass_, claims, None if pass_ else CodeProblem.UNKNOWN)
