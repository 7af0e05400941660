"""What a command post sees of its gates' phones, and which of them it must ask after."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, distinct, func, select

from portal.access.policy import Role
from portal.access.scope import everywhere
from portal.accounts.models import Account, Appointment
from portal.clock import now, today
from portal.database import db
from portal.gate.bundle.models import GateBundle
from portal.gate.devices.models import ArrivalState, GateArrival, GateDevice, GatePin
from portal.gate.models import GateEvent, GateRecord
from portal.passes.rules import CLOCK_MAY_DIFFER
from portal.units.models import Checkpoint

SILENT = timedelta(hours=6)
STILL_SENDING = timedelta(minutes=10)  # what waits in the midst of many batches is no worry
LOOKED_AT = 5000  # events: a phone's last weeks
SHIFTS = (GateEvent.ON_DUTY, GateEvent.HANDED_OVER)


@dataclass(frozen=True)
class Phone:
    """A phone as its page tells of it. ``missing`` are numbers that never came, between the first and the last event.

    ``knows_of`` is when what it knows was made, None if it has fetched nothing; ``is_behind``: there is newer.
    ``clock_off`` in minutes, ahead; 0 where it is near enough.
    """

    device_id: int
    name: str
    gate_id: int
    paired_at: datetime
    paired_by: str
    ended_at: datetime | None
    ended_because: str
    seen_at: datetime | None
    waiting: int
    missing: int
    software: str
    knows_of: datetime | None
    is_behind: bool
    clock_off: int


@dataclass(frozen=True)
class OnDuty:
    """Somebody who may unlock the gate's phones, and whether there is a PIN for it."""

    appointment_id: int
    name: str
    set_at: datetime | None


@dataclass(frozen=True)
class Refused:
    """An event that could not be recorded."""

    id: str
    phone: str
    at: datetime
    kind: str
    why: str


def of_gate(gate: Checkpoint) -> list[Phone]:
    """The gate's phones: those that are its own, the latest first, then those that were."""
    mine = select(GateDevice).where(GateDevice.checkpoint_id == gate.id)
    ordered = mine.order_by(GateDevice.revoked_at.is_not(None), GateDevice.paired_at.desc())
    return _told(db.session.scalars(ordered).all())


def on_duty(gate: Checkpoint) -> list[OnDuty]:
    """Whose PINs the gate's phones know or miss."""
    day: date = today()
    rows = db.session.execute(
        select(Appointment.id, Account.name, GatePin.set_at)
        .join(Account, Account.id == Appointment.account_id)
        .join(GatePin, GatePin.appointment_id == Appointment.id, isouter=True)
        .where(
            Appointment.role == Role.GATEKEEPER,
            Appointment.checkpoint_id == gate.id,
            Appointment.since <= day,
            (Appointment.until.is_(None)) | (Appointment.until >= day),
        )
        .order_by(Appointment.id)
    )
    return [OnDuty(*row) for row in rows]


def to_ask_after() -> list[Phone]:
    """Phones within the scope that are silent while somebody is on duty, hold events back, or have lost some."""
    paired = _told(db.session.scalars(select(GateDevice).where(GateDevice.revoked_at.is_(None))).all())
    return [phone for phone in paired if _is_worry(phone)]


def refused(*conditions: ColumnElement[bool]) -> list[Refused]:
    """Events within the scope that could not be recorded and that nobody has looked into, the oldest first."""
    rows = db.session.execute(
        select(GateArrival, GateDevice.name)
        .join(GateDevice, GateDevice.id == GateArrival.device_id)
        .where(GateArrival.state == ArrivalState.REFUSED, *conditions)
        .order_by(GateArrival.received_at, GateArrival.n, GateArrival.id)
        .limit(50)
    )
    return [
        Refused(row.id, name, row.happened_at, str(row.body.get("kind", "")), row.why) for row, name in rows
    ]


def _told(devices: Iterable[GateDevice]) -> list[Phone]:
    rows = list(devices)
    bundles = {row.checkpoint_id: row for row in db.session.scalars(select(GateBundle))} if rows else {}
    with everywhere(
        because="a phone is told of with who paired it and how much it recorded, at other gates too"
    ):
        missing = _missing({row.uid for row in rows})
        ids = {row.paired_by_id for row in rows}
        named = select(Account.id, Account.name).where(Account.id.in_(ids))
        names = {row.id: row.name for row in db.session.execute(named)}
    return [
        _phone(row, missing.get(row.uid, 0), bundles.get(row.checkpoint_id), names.get(row.paired_by_id, ""))
        for row in rows
    ]


def _phone(row: GateDevice, missing: int, bundle: GateBundle | None, paired_by: str) -> Phone:
    is_behind = bundle is not None and row.bundle_seq < bundle.seq
    return Phone(
        device_id=row.id,
        name=row.name,
        gate_id=row.checkpoint_id,
        paired_at=row.paired_at,
        paired_by=paired_by,
        ended_at=row.revoked_at,
        ended_because=row.revoked_because,
        seen_at=row.seen_at,
        waiting=row.waiting,
        missing=missing,
        software=row.software,
        knows_of=row.seen_at if row.bundle_seq else None,
        is_behind=is_behind,
        clock_off=_minutes_ahead(row.clock_offset),
    )


def _minutes_ahead(offset: int | None) -> int:
    """``offset`` is by how many ms the portal is ahead."""
    if offset is None or abs(offset) <= CLOCK_MAY_DIFFER / timedelta(milliseconds=1):
        return 0
    return round(-offset / 60_000)


def _missing(uids: set[str]) -> dict[str, int]:
    """How many numbers have not come between the first and the last event of each phone, of the last thousands.

    A phone counts on when it is paired with another gate: its numbers are those of all its rows.
    """
    n = GateArrival.n
    counted = (
        select(GateDevice.uid, func.max(n) - func.min(n) + 1 - func.count(distinct(n)))
        .join(GateArrival, GateArrival.device_id == GateDevice.id)
        .where(GateDevice.uid.in_(uids), n > 0, n > GateDevice.last_n - LOOKED_AT)
        .group_by(GateDevice.uid)
    )
    return {uid: int(number) for uid, number in db.session.execute(counted)}


def _is_worry(phone: Phone) -> bool:
    heard = phone.seen_at or phone.paired_at
    if phone.missing or (phone.waiting and now() - heard > STILL_SENDING):
        return True
    return now() - heard > SILENT and _is_manned(phone.gate_id, heard)


def _is_manned(gate_id: int, since: datetime) -> bool:
    """Whether somebody has worked at the gate since then, or took it over last and did not hand it over."""
    here = select(GateRecord.event).where(GateRecord.checkpoint_id == gate_id)
    if db.session.scalar(here.where(GateRecord.at > since, GateRecord.event.not_in(SHIFTS)).limit(1)):
        return True
    last = here.where(GateRecord.event.in_(SHIFTS)).order_by(GateRecord.at.desc(), GateRecord.id.desc())
    return db.session.scalar(last.limit(1)) is GateEvent.ON_DUTY
