"""Whose pass it was that somebody had left at home: a phone without network noted the room and the reason only."""

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, select

from portal.access.scope import everywhere, lies_in
from portal.audit import service as audit
from portal.clock import now
from portal.database import db
from portal.gate import finding, service
from portal.gate.devices import recording
from portal.gate.models import GateEvent, GateRecord
from portal.gate.outside import around
from portal.passes.kinds import PassState
from portal.passes.models import Pass
from portal.units.models import Checkpoint
from portal.web.errors import Refused

MATCHED_ALREADY = _l("This has been matched already.")


UNMATCHED = (GateRecord.event == GateEvent.FORGOTTEN, GateRecord.done_at.is_(None))
MOST = 50


def waiting() -> list[GateRecord]:
    """What waits to be matched within the scope, the oldest first."""
    oldest = select(GateRecord).where(*UNMATCHED).order_by(GateRecord.at, GateRecord.id).limit(MOST)
    return list(db.session.scalars(oldest))


def one(uid: str) -> Select[GateRecord]:
    """The question for one of them."""
    return select(GateRecord).where(GateRecord.uid == uid, *UNMATCHED)


def options(address: str, gate: Checkpoint) -> finding.Options:
    """The issued passes that an address fits, as the command post may see them."""
    return [(pass_.id, finding.in_one_line(pass_)) for pass_ in finding.issued_at(address, gate)]


def match(record: GateRecord, pass_id: int) -> GateEvent:
    """It was this pass: what was noted becomes its exit or entry, at the time at which it happened."""
    _still_waits(record)
    gate = db.session.get_one(Checkpoint, record.checkpoint_id)
    with everywhere(
        because="a forgotten pass of the gate's community is given the trip that was made with it"
    ):
        here = select(Pass).where(
            Pass.id == pass_id, Pass.state == PassState.ISSUED, lies_in(Pass, around(gate))
        )
        pass_ = db.session.scalars(here).one_or_none()
        if pass_ is None:
            raise Refused(_l("This pass is not valid here any more. Choose another one."))
        service.lock(pass_)
        recording.become(record, pass_)
    audit.record("gate.match", record, gate=gate.id, serial=pass_.serial)
    return record.event


def leave(record: GateRecord) -> None:
    """None of the passes found: it stays a note of who passed."""
    _still_waits(record)
    record.done_at = now()
    audit.record("gate.match_none", record, gate=record.checkpoint_id)


def _still_waits(record: GateRecord) -> None:
    db.session.refresh(record, with_for_update=True)
    if record.event is not GateEvent.FORGOTTEN or record.done_at is not None:
        raise Refused(MATCHED_ALREADY)
