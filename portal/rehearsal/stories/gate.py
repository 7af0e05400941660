"""The north gate has a phone of its own: all night it had no network, this morning it told what it had seen."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import select

from portal.access.acting import acting
from portal.clock import now
from portal.database import db
from portal.gate import service
from portal.gate.devices import arriving, moments, pairing, pins
from portal.gate.devices.models import GateDevice
from portal.passes.kinds import PassState
from portal.passes.models import Pass
from portal.rehearsal.calendar import Calendar
from portal.rehearsal.staff import NORTH_GATE, gate_named

PIN = "135790"  # the README's, for an invented gatekeeper
NAME = "北门 1 号机"
SOFTWARE = "demo"


def tell(on: Calendar) -> None:
    """A phone is paired, with a token that nobody knows; it sends a night's events at once."""
    uid = str(uuid4())
    with on.scene("wang", -2, 17):
        code = pairing.new_code(gate_named(NORTH_GATE))
        if pairing.pair(pairing.Asking(code, uid, NAME), "127.0.0.1") is None:
            raise RuntimeError("the gate refuses its own code")
    with on.scene("gu", -2, 17, 20):
        pins.choose(PIN, service.my_gate())
    with on.scene("gu", 0, 7, 10):
        device = db.session.scalars(select(GateDevice).where(GateDevice.uid == uid)).one()
        batch = {"device": uid, "software": SOFTWARE, "bundle": 0, "waiting": 0, "now": moments.ms_of(now())}
        batch["events"] = _night(on, device.checkpoint_id, acting().appointment_id)
        results = arriving.take_over(device.id, arriving.read_batch(batch))
        if any(result.status != arriving.STORED for result in results):
            raise RuntimeError(f"the gate refuses the story: {results}")


def _night(on: Calendar, gate_id: int, staff: int) -> list[dict[str, Any]]:
    """The guard let out a pass that had been revoked half an hour before: the phone could not know."""
    revoked = select(Pass.status_index).where(Pass.state == PassState.REVOKED, Pass.replaced.is_(False))
    index = db.session.scalar(revoked.order_by(Pass.id).limit(1))
    green = {"index": index, "verdict": "ok", "temperature": 364}
    told: list[tuple[str, datetime, dict[str, Any]]] = [
        ("on_duty", on.hour(-1, 18), {}),
        ("exit", on.hour(-1, 19, 12), green | {"reason": "may_go"}),
        ("turned_back", on.hour(-1, 19, 20), {}),
        ("forgotten", on.hour(-1, 19, 31), {"room": "3号院", "why": "shopping", "direction": "entry"}),
        ("entry", on.hour(-1, 19, 50), green | {"reason": "welcome_back"}),
        ("turned_back", on.hour(0, 6, 20), {"count": 2}),
        ("turned_back", on.hour(0, 6, 40), {"vehicle": True}),
        ("handed_over", on.hour(0, 7), {"note": "外出 2 人，劝返 4"}),
    ]
    return [
        {
            "id": str(uuid4()),
            "n": n,
            "kind": kind,
            "gate": gate_id,
            "at": moments.ms_of(at),
            "offset": 0,
            "staff": staff,
        }
        | values
        for n, (kind, at, values) in enumerate(told, start=1)
    ]
