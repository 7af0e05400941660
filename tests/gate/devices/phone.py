"""A gate's phone as the portal meets it: it is paired, records while it has no network, and sends what it has."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import select

from portal.access.scope import everywhere
from portal.accounts.models import Account, Appointment
from portal.clock import now
from portal.database import db
from portal.gate.devices.models import GateArrival, GateDevice
from portal.units.models import Checkpoint
from tests.people import Person, gu, wang


class Phone:
    """``clock`` is by how many ms its clock is ahead of the portal's."""

    def __init__(self, desk: Any, gate: str = "北门", commander: Person = wang) -> None:
        self.desk, self.commander = desk, commander
        self.client = desk.app.test_client()
        self.client.set_cookie("language", "en")
        self.uid, self.n, self.clock = str(uuid.uuid4()), 0, 0
        self.gate = gate_named(gate)
        self.token = ""

    def paired(self) -> "Phone":
        """With the code that the commander shows."""
        page = self.desk.visit("gate_devices.pair", as_=self.commander, checkpoint_id=self.gate)
        answer = self.pair(code_on(page.send("Show the code", status=200)))
        assert answer.status_code == 200, answer.text
        self.token = answer.json["token"]
        return self

    def pair(self, code: str) -> Any:
        return self.client.post(
            "/gate/device/pair", json={"code": code, "device": self.uid, "name": "北门 1 号机"}
        )

    def event(self, kind: str, at: datetime | None = None, **values: Any) -> dict[str, Any]:
        """The next event of this phone, at a moment of the portal's clock, as its own clock shows it."""
        self.n += 1
        moment = ms(at or now()) + self.clock
        return {
            "id": str(uuid.uuid4()),
            "n": self.n,
            "kind": kind,
            "gate": self.gate,
            "at": moment,
            "mono": 1000.5 * self.n,
            "start": self.uid,
            "offset": -self.clock,
            "staff": appointment_of(gu),
        } | values

    def passes(self, kind: str, pass_: Any, at: datetime | None = None, **values: Any) -> dict[str, Any]:
        """An exit or entry of a pass that the phone let through."""
        said = {"verdict": "ok", "reason": "may_go" if kind == "exit" else "welcome_back"}
        return self.event(kind, at, **({"index": pass_.status_index} | said | values))

    def send(self, *events: Any, status: int = 200, **values: Any) -> Any:
        """One batch; what became of each, as (status …), or the whole answer where it is refused."""
        answer = self.post("events", self.batch(*events) | values)
        assert answer.status_code == status, answer.text
        return [result["status"] for result in answer.json["results"]] if status == 200 else answer

    def batch(self, *events: Any) -> dict[str, Any]:
        about = {"device": self.uid, "software": "1.0", "bundle": 1, "waiting": 0}
        return about | {"now": ms(now()) + self.clock, "events": list(events)}

    def post(self, what: str, body: Any) -> Any:
        return self.client.post(
            f"/gate/device/{what}", json=body, headers={"Authorization": f"Bearer {self.token}"}
        )

    @property
    def row(self) -> GateDevice:
        with everywhere(because="the test looks"):
            db.session.rollback()
            return db.session.scalars(select(GateDevice).where(GateDevice.uid == self.uid)).one()


def ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def code_on(page: Any) -> str:
    """The code that a page shows."""
    return str(page.tree.xpath("string(//div[@class='nums']//b)"))


def gate_named(name: str) -> int:
    with everywhere(because="the test looks"):
        return db.session.scalars(select(Checkpoint.id).where(Checkpoint.name == name)).one()


def appointment_of(person: Person) -> int:
    with everywhere(because="the test looks"):
        mine = select(Appointment.id).join(Account).where(Account.sign_in_name == str(person))
        return db.session.scalars(mine.order_by(Appointment.id)).first()


def arrivals() -> list[GateArrival]:
    with everywhere(because="the test looks"):
        db.session.rollback()
        return list(db.session.scalars(select(GateArrival).order_by(GateArrival.n)))
