"""What happens at a gate: one row for each check, and for each thing that is done after it or without one."""

import secrets
from datetime import datetime, timedelta
from enum import StrEnum

from flask_babel import lazy_pgettext
from sqlalchemy import ForeignKey, Index, String, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.access.scope import Scoped, place_indexes
from portal.clock import now
from portal.database import Base, UtcDateTime, choice
from portal.passes.verdicts import Direction, Reason, Verdict
from portal.units.models import Checkpoint

STAYS_OPEN = timedelta(minutes=10)


class GateEvent(StrEnum):
    """What a record tells of. A check becomes what was done after it; one that nothing followed stays a check."""

    CHECK = "check"
    EXIT = "exit"
    ENTRY = "entry"
    SPECIAL_EXIT = "special_exit"
    VISITOR = "visitor"
    TURNED_BACK = "turned_back"
    MISSED = "missed"
    FORGOTTEN = "forgotten"
    ON_DUTY = "on_duty"
    HANDED_OVER = "handed_over"
    COPY = "copy"
    LET_THROUGH = "let_through"
    TWO_GATES = "two_gates"

    @property
    def label(self) -> str:
        return str(EVENT_LABELS[self])


EVENT_LABELS = {
    GateEvent.CHECK: lazy_pgettext("at a gate", "Checked only"),
    GateEvent.EXIT: lazy_pgettext("at a gate", "Exit"),
    GateEvent.ENTRY: lazy_pgettext("at a gate", "Entry"),
    GateEvent.SPECIAL_EXIT: lazy_pgettext("at a gate", "Special exit"),
    GateEvent.VISITOR: lazy_pgettext("at a gate", "Visitor without a pass"),
    GateEvent.TURNED_BACK: lazy_pgettext("at a gate", "Turned back"),
    GateEvent.MISSED: lazy_pgettext("at a gate", "Recorded later"),
    GateEvent.FORGOTTEN: lazy_pgettext("at a gate", "Pass forgotten"),
    GateEvent.ON_DUTY: lazy_pgettext("at a gate", "On duty"),
    GateEvent.HANDED_OVER: lazy_pgettext("at a gate", "Handed over"),
    GateEvent.COPY: lazy_pgettext("at a gate", "Left twice"),
    GateEvent.LET_THROUGH: lazy_pgettext("at a gate", "Let through by mistake"),
    GateEvent.TWO_GATES: lazy_pgettext("at a gate", "At two gates at once"),
}


# What the unit of a pass must look into.
DOUBTS = (GateEvent.COPY, GateEvent.LET_THROUGH, GateEvent.TWO_GATES)


class FoundBy(StrEnum):
    """How the pass, or the person, was found."""

    CODE = "code"
    ADDRESS = "address"  # forgotten at home
    LIST = "list"  # of those who are outside
    NOTHING = "nothing"


def new_uid() -> str:
    """The name of a record in addresses: random, it tells nothing."""
    return secrets.token_urlsafe(16)


class GateRecord(Scoped, Base):
    """One event at a gate. Belongs to the unit of the gate; a doubt (``DOUBTS``) to the unit of the pass, which must
    know of it.

    ``problem`` is what is wrong with the code itself, ``reason`` and ``verdict`` what the gate was told last, for
    ``direction`` and the temperature measured. ``done_at`` is when something followed the check: once, and within
    ten minutes. Of a code that leads to no pass only a keyed hash is kept. ``name`` and ``place`` are written down
    where there is no pass, ``note`` why. ``count`` is the number of people or vehicles turned back. ``by_device`` is
    set where a paired phone recorded it: then ``at`` is the portal's estimate of when it happened.
    """

    __tablename__ = "gate_record"
    __table_args__ = (Index(None, "checkpoint_id", "at", "id"), *place_indexes("event", "at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(22), unique=True, default=new_uid)
    checkpoint_id: Mapped[int] = mapped_column(ForeignKey("checkpoint.id"))
    event: Mapped[GateEvent] = mapped_column(choice(GateEvent))
    found_by: Mapped[FoundBy] = mapped_column(choice(FoundBy), default=FoundBy.NOTHING)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    pass_id: Mapped[int | None] = mapped_column(ForeignKey("pass.id"), index=True)
    household_id: Mapped[int | None] = mapped_column(ForeignKey("household.id"), index=True)
    trip_id: Mapped[int | None] = mapped_column(ForeignKey("trip.id"), index=True)
    code_index: Mapped[str] = mapped_column(String(32), default="")
    name: Mapped[str] = mapped_column(String(60), default="")
    place: Mapped[str] = mapped_column(String(120), default="")
    note: Mapped[str] = mapped_column(String(120), default="")

    problem: Mapped[Reason | None] = mapped_column(choice(Reason))
    direction: Mapped[Direction | None] = mapped_column(choice(Direction))
    verdict: Mapped[Verdict | None] = mapped_column(choice(Verdict))
    reason: Mapped[Reason | None] = mapped_column(choice(Reason))
    temperature: Mapped[int | None] = mapped_column("tenths")
    vehicle: Mapped[bool] = mapped_column(default=False)
    count: Mapped[int] = mapped_column(default=1)
    with_mask: Mapped[bool | None]
    by_device: Mapped[bool] = mapped_column(default=False, server_default=false())

    checkpoint: Mapped[Checkpoint] = relationship()

    def is_open(self, at: datetime) -> bool:
        """Whether something can still follow this check."""
        return self.event is GateEvent.CHECK and self.done_at is None and at - self.at <= STAYS_OPEN
