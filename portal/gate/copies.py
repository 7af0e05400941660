"""The same pass seen leaving twice without coming back, at any gate: its community must know."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, select

from portal.audit import service as audit
from portal.clock import now
from portal.database import db
from portal.gate.models import GateEvent, GateRecord
from portal.passes.models import Pass
from portal.units.models import Checkpoint, Unit
from portal.web.errors import Refused


def flag(pass_: Pass, gate: Checkpoint) -> None:
    """Tell the unit of the pass, wherever the gate is. To be called where the scope is lifted."""
    known = db.session.scalars(unsettled(GateRecord.pass_id == pass_.id)).first()
    if known:
        known.count += 1
        known.at = now()
        return
    unit = db.session.get_one(Unit, gate.unit_id)
    copy = GateRecord(
        unit_id=pass_.unit_id,
        checkpoint_id=gate.id,
        event=GateEvent.COPY,
        pass_id=pass_.id,
        household_id=pass_.household_id,
        place=_("%(unit)s %(gate)s", unit=unit.full_name, gate=gate.name),
    )
    db.session.add(copy)
    audit.record("gate.copy", copy, gate=gate.id, serial=pass_.serial)


def settle(copy: GateRecord) -> None:
    """The commander has looked into it."""
    db.session.refresh(copy, with_for_update=True)
    if copy.event is not GateEvent.COPY or copy.done_at is not None:
        raise Refused(_l("This has been settled already."))
    copy.done_at = now()
    audit.record("gate.settle_copy", copy)


def settle_all(pass_: Pass) -> None:
    """A gate had recorded nothing: the pass left twice on paper only. To be called where the scope is lifted."""
    for copy in db.session.scalars(unsettled(GateRecord.pass_id == pass_.id)):
        copy.done_at = now()


def unsettled(*conditions: ColumnElement[bool]) -> Select[GateRecord]:
    """The flags that nobody has looked into, the latest first."""
    open_ = select(GateRecord).where(GateRecord.event == GateEvent.COPY, GateRecord.done_at.is_(None))
    return open_.where(*conditions).order_by(GateRecord.at.desc(), GateRecord.id.desc())
