"""Isolation 隔离管控: a person, from when until when, who looks after them, and the two checks of every day."""

from datetime import date, datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.access.policy import May
from portal.access.scope import Scoped, place_indexes
from portal.database import Base, UtcDateTime, choice
from portal.isolations.kinds import CarerRole, IsolationKind, IsolationState, Method, Slot
from portal.orders.models import Order
from portal.registry.models import Household, HouseholdRestriction, Resident
from portal.workflow.record import Record
from portal.workflow.states import Step

OPEN = (IsolationState.ORDERED, IsolationState.RUNNING)

TELL = Step(
    "tell",
    _l("Told and signed for"),
    May.CARE_FOR_ISOLATED,
    (IsolationState.ORDERED,),
    IsolationState.RUNNING,
    gravity="main",
)
RELEASE = Step(
    "release",
    _l("Release"),
    May.RELEASE_ISOLATED,
    (IsolationState.RUNNING,),
    IsolationState.RELEASED,
    gravity="main",
)
MOVE_ELSEWHERE = Step(
    "move_elsewhere", _l("Moved elsewhere"), May.ORDER_ISOLATION, OPEN, IsolationState.MOVED, asks_reason=True
)
STRIKE_OUT = Step(
    "strike_out",
    _l("Strike out"),
    May.ORDER_ISOLATION,
    OPEN,
    IsolationState.VOID,
    asks_reason=True,
    gravity="destroys",
)
TRANSITIONS = (TELL, RELEASE, MOVE_ELSEWHERE, STRIKE_OUT)


class Isolation(Record, Scoped, Base):
    """One person's isolation. ``parameters`` are those of the order when it began: its end is computed from them.

    ``ends_at`` is midnight after the last whole day, later where it was extended (``IsolationExtension``). Nothing
    ends by itself but the order: release is a step with its conditions and the medic's name.
    """

    __tablename__ = "isolation"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="ends_after_it_begins"),
        *place_indexes("changed_at", "id"),
        *place_indexes("state", "ends_at", "id"),
    )

    state: Mapped[IsolationState] = mapped_column(choice(IsolationState), default=IsolationState.ORDERED)
    resident_id: Mapped[int] = mapped_column(ForeignKey("resident.id"), index=True)
    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"), index=True)
    kind: Mapped[IsolationKind] = mapped_column(choice(IsolationKind))
    order_id: Mapped[int] = mapped_column(ForeignKey("order_.id"))
    parameters: Mapped[dict[str, object]] = mapped_column(JSON, default=dict)
    reason: Mapped[str] = mapped_column(String(300), default="")
    place: Mapped[str] = mapped_column(String(120), default="")
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    restriction_id: Mapped[int | None] = mapped_column(ForeignKey("household_restriction.id"))
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    signed_by: Mapped[str] = mapped_column(String(60), default="")
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    medic: Mapped[str] = mapped_column(String(60), default="")
    medic_unit: Mapped[str] = mapped_column(String(120), default="")

    resident: Mapped[Resident] = relationship()
    household: Mapped[Household] = relationship()
    order: Mapped[Order] = relationship()
    restriction: Mapped[HouseholdRestriction | None] = relationship()
    team: Mapped[list["Carer"]] = relationship(back_populates="isolation", order_by="Carer.id")
    checks: Mapped[list["HealthCheck"]] = relationship(back_populates="isolation", order_by="HealthCheck.id")
    extensions: Mapped[list["IsolationExtension"]] = relationship(order_by="IsolationExtension.id")


class Carer(Scoped, Base):
    """One of the care team. The phone is that of a worker at work; it stands on the notice of obligations."""

    __tablename__ = "carer"

    id: Mapped[int] = mapped_column(primary_key=True)
    isolation_id: Mapped[int] = mapped_column(ForeignKey("isolation.id"), index=True)
    role: Mapped[CarerRole] = mapped_column(choice(CarerRole))
    name: Mapped[str] = mapped_column(String(60))
    phone: Mapped[str] = mapped_column(String(20), default="")
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)

    isolation: Mapped[Isolation] = relationship(back_populates="team")


class HealthCheck(Scoped, Base):
    """One temperature, in tenths of a degree, with what was seen. A correction is another one (``corrects_id``).

    ``slot_key`` names isolation, day and slot while the check counts, so that a slot is filled once.
    """

    __tablename__ = "health_check"
    __table_args__ = (Index(None, "isolation_id", "day", "slot"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    isolation_id: Mapped[int] = mapped_column(ForeignKey("isolation.id"))
    day: Mapped[date]
    slot: Mapped[Slot] = mapped_column(choice(Slot))
    slot_key: Mapped[str | None] = mapped_column(String(40), unique=True)
    temperature: Mapped[int]
    symptoms: Mapped[list[str]] = mapped_column(JSON, default=list)
    method: Mapped[Method] = mapped_column(choice(Method))
    taken_at: Mapped[datetime] = mapped_column(UtcDateTime)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    note: Mapped[str] = mapped_column(String(200), default="")
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("health_check.id"))

    isolation: Mapped[Isolation] = relationship(back_populates="checks")


class GapExplained(Scoped, Base):
    """Why a check of a day is missing: without it nobody is released. Never changed."""

    __tablename__ = "gap_explained"

    id: Mapped[int] = mapped_column(primary_key=True)
    isolation_id: Mapped[int] = mapped_column(ForeignKey("isolation.id"), index=True)
    day: Mapped[date]
    slot: Mapped[Slot] = mapped_column(choice(Slot))
    why: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class IsolationExtension(Scoped, Base):
    """A later end, with its reason and who decided. Never changed."""

    __tablename__ = "isolation_extension"

    id: Mapped[int] = mapped_column(primary_key=True)
    isolation_id: Mapped[int] = mapped_column(ForeignKey("isolation.id"), index=True)
    from_end: Mapped[datetime] = mapped_column(UtcDateTime)
    to_end: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(String(300))
    order_id: Mapped[int] = mapped_column(ForeignKey("order_.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
