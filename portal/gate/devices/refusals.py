"""Events of phones that could not be recorded: the command post looks at each, records it by hand or dismisses it."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import pgettext

from portal.access.acting import acting
from portal.access.scope import everywhere
from portal.audit import service as audit
from portal.database import db
from portal.gate import service
from portal.gate.checking import find
from portal.gate.devices import recording
from portal.gate.devices.models import ArrivalState, GateArrival
from portal.gate.devices.reading import KINDS, Why
from portal.gate.models import FoundBy, GateEvent, GateRecord
from portal.passes.verdicts import Direction
from portal.web.errors import Refused
from portal.web.formats import full_moment

SETTLED = _l("Somebody has dealt with this event already.")
NO_SUCH_PASS = _l("There is no pass with this number. Compare it with the paper and type it again.")
NO_PASSING = _l("Only exits and entries can be recorded by hand.")
DIRECTIONS = {"exit": Direction.EXIT, "entry": Direction.ENTRY}


def can_be_recorded(arrival: GateArrival) -> bool:
    """Whether it tells of an exit or an entry."""
    return arrival.body.get("kind") in DIRECTIONS


def told(arrival: GateArrival) -> list[tuple[str, str]]:
    """What the phone sent, as far as it says something to people."""
    body, (why, _space, field) = arrival.body, arrival.why.partition(" ")
    kind = KINDS.get(str(body.get("kind")))
    says = [str(body[name]) for name in ("room", "note", "from", "count") if body.get(name)]
    return [
        (_("Phone"), arrival.device.name),
        (_("What"), kind.label if kind else ""),
        (_("When"), full_moment(arrival.happened_at)),
        (_("Time by the phone"), full_moment(arrival.claimed_at)),
        (_("Says"), pgettext("between items", ", ").join(says)),
        (_("Why it is not recorded"), f"{Why(why).label} {field}".strip()),
    ]


def record_by_hand(arrival: GateArrival, code: str) -> GateRecord:
    """It was this pass, by its short code or serial number; at the time that the portal estimates."""
    _still_waits(arrival)
    if not can_be_recorded(arrival):
        raise Refused(NO_PASSING)
    gate, direction = arrival.device.checkpoint, DIRECTIONS[arrival.body["kind"]]
    row = GateRecord(
        unit_id=gate.unit_id,
        checkpoint_id=gate.id,
        event=GateEvent.EXIT if direction is Direction.EXIT else GateEvent.ENTRY,
        found_by=FoundBy.CODE,
        at=arrival.happened_at,
        done_at=arrival.happened_at,
        direction=direction,
        account_id=acting().account_id,
        by_device=True,
    )
    with everywhere(
        because="a command post records by hand what its gate's phone saw, also of passes from elsewhere"
    ):
        pass_ = find(code).pass_
        if pass_ is None:
            raise Refused(NO_SUCH_PASS)
        service.lock(pass_)
        row.pass_id, row.household_id = pass_.id, pass_.household_id
        db.session.add(row)
        db.session.flush()
        recording.pass_through(row, pass_)
    arrival.state, arrival.record_id = ArrivalState.STORED, row.id
    audit.record("gate.record_by_hand", row, event=arrival.id, gate=gate.id)
    return row


def dismiss(arrival: GateArrival) -> None:
    """There is nothing to be recorded; what was sent is kept."""
    _still_waits(arrival)
    arrival.state = ArrivalState.DISMISSED
    audit.record("gate.dismiss_event", arrival.device, event=arrival.id)


def _still_waits(arrival: GateArrival) -> None:
    db.session.refresh(arrival, with_for_update=True)
    if arrival.state is not ArrivalState.REFUSED:
        raise Refused(SETTLED)
