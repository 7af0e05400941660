"""A gate's phones: how they are paired, who unlocks them, and what they sent, each event once."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from flask_babel import lazy_pgettext
from sqlalchemy import JSON, BigInteger, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.access.scope import Scoped
from portal.accounts.models import Account, Appointment
from portal.clock import now
from portal.database import Base, UtcDateTime, choice
from portal.gate.models import GateRecord
from portal.units.models import Checkpoint


class GateDevice(Scoped, Base):
    """A phone paired with one checkpoint, and what it told of itself last. Belongs to the unit of the checkpoint.

    ``uid`` is made by the phone and outlives a pairing: paired again after its token was revoked, it goes on in the
    same row. ``clock_offset`` is the portal's clock minus the phone's, in milliseconds. ``last_n`` is the highest
    number of an event that came from it.
    """

    __tablename__ = "gate_device"
    __table_args__ = (UniqueConstraint("uid", "checkpoint_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    checkpoint_id: Mapped[int] = mapped_column(ForeignKey("checkpoint.id"), index=True)
    uid: Mapped[str] = mapped_column(String(36))
    name: Mapped[str] = mapped_column(String(40))
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    paired_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    paired_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_because: Mapped[str] = mapped_column(String(200), default="")
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    software: Mapped[str] = mapped_column(String(12), default="")
    bundle_seq: Mapped[int] = mapped_column(default=0)
    waiting: Mapped[int] = mapped_column(default=0)
    clock_offset: Mapped[int | None] = mapped_column(BigInteger)
    last_n: Mapped[int] = mapped_column(default=0)

    checkpoint: Mapped[Checkpoint] = relationship()
    paired_by: Mapped[Account] = relationship()


class PairingCode(Scoped, Base):
    """A code that makes one phone a device of the checkpoint: once, and for some minutes. Kept as a keyed hash."""

    __tablename__ = "pairing_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    checkpoint_id: Mapped[int] = mapped_column(ForeignKey("checkpoint.id"), index=True)
    code_index: Mapped[str] = mapped_column(String(32), unique=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class GatePin(Scoped, Base):
    """How somebody on duty unlocks the phones of the gate: a PIN under PBKDF2, which the phones check themselves."""

    __tablename__ = "gate_pin"

    appointment_id: Mapped[int] = mapped_column(ForeignKey("appointment.id"), primary_key=True)
    salt: Mapped[bytes] = mapped_column(LargeBinary)
    iterations: Mapped[int]
    verifier: Mapped[bytes] = mapped_column(LargeBinary)
    set_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    appointment: Mapped[Appointment] = relationship()


class ArrivalState(StrEnum):
    """What became of an event that a phone sent."""

    STORED = "stored"
    REFUSED = "refused"
    DISMISSED = "dismissed"

    @property
    def label(self) -> str:
        return str(ARRIVAL_LABELS[self])


ARRIVAL_LABELS = {
    ArrivalState.STORED: lazy_pgettext("event of a gate", "Recorded"),
    ArrivalState.REFUSED: lazy_pgettext("event of a gate", "Cannot be recorded"),
    ArrivalState.DISMISSED: lazy_pgettext("event of a gate", "Dismissed"),
}


class GateArrival(Scoped, Base):
    """An event as a phone sent it, kept under the phone's own id so that it counts once, however often it comes.

    ``claimed_at`` is the time by the phone, ``happened_at`` the portal's estimate of it, ``received_at`` when it came.
    ``body`` is what was sent; nothing in it names a person.
    """

    __tablename__ = "gate_arrival"
    __table_args__ = (Index(None, "device_id", "n"), Index(None, "state", "received_at"))

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    device_id: Mapped[int] = mapped_column(ForeignKey("gate_device.id"))
    n: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    claimed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    happened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[ArrivalState] = mapped_column(choice(ArrivalState))
    why: Mapped[str] = mapped_column(String(120), default="")
    record_id: Mapped[int | None] = mapped_column(ForeignKey("gate_record.id"), index=True)

    device: Mapped[GateDevice] = relationship()
    record: Mapped[GateRecord | None] = relationship()
