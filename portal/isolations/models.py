"""Isolation 隔离管控: a person, from when until when, who looks after them, and the two checks of every day."""

from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.access.acting import Level
from portal.access.policy import May
from portal.access.scope import Scoped, place_indexes
from portal.clock import now
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
    "move_elsewhere", _l("End early"), May.ORDER_ISOLATION, OPEN, IsolationState.MOVED, asks_reason=True
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
    ``open_resident_id`` names the person while the isolation is open, so that of two orders at once one wins: a note of
    that moment, which stays where two records of one person become one.
    ``next_cut_off`` is that of the first check that is neither there nor explained: from then on it is missed.
    ``signed_by`` is a ``Signature``, empty until the person was told.
    ``alarm_since``: since when a fever or a symptom waits for somebody to act. Both are written by ``checks.settle``.
    """

    __tablename__ = "isolation"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="ends_after_it_begins"),
        *place_indexes("changed_at", "id"),
        *place_indexes("state", "ends_at", "id"),
    )

    state: Mapped[IsolationState] = mapped_column(choice(IsolationState), default=IsolationState.ORDERED)
    resident_id: Mapped[int] = mapped_column(ForeignKey("resident.id"), index=True)
    open_resident_id: Mapped[int | None] = mapped_column(unique=True)
    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"), index=True)
    kind: Mapped[IsolationKind] = mapped_column(choice(IsolationKind))
    order_id: Mapped[int] = mapped_column(ForeignKey("order_.id"))
    parameters: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    reason: Mapped[str] = mapped_column(String(300), default="")
    place: Mapped[str] = mapped_column(String(120), default="")
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    restriction_id: Mapped[int | None] = mapped_column(ForeignKey("household_restriction.id"))
    next_cut_off: Mapped[datetime | None] = mapped_column(UtcDateTime)
    alarm_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    signed_by: Mapped[str] = mapped_column(String(60), default="")
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_because: Mapped[str] = mapped_column(String(500), default="")
    medic: Mapped[str] = mapped_column(String(60), default="")
    medic_unit: Mapped[str] = mapped_column(String(120), default="")
    tests: Mapped[str] = mapped_column(String(200), default="")

    resident: Mapped[Resident] = relationship()
    household: Mapped[Household] = relationship()
    order: Mapped[Order] = relationship()
    restriction: Mapped[HouseholdRestriction | None] = relationship()
    team: Mapped[list["Carer"]] = relationship(back_populates="isolation", order_by="Carer.id")
    checks: Mapped[list["HealthCheck"]] = relationship(back_populates="isolation", order_by="HealthCheck.id")
    extensions: Mapped[list["IsolationExtension"]] = relationship(order_by="IsolationExtension.id")


def _index_what_waits() -> None:
    """Today asks at every level all day long: few rows, however many isolations there were."""
    columns = Isolation.__table__.c
    for waiting in (columns.next_cut_off, columns.alarm_since):
        for level in Level:
            there = waiting.is_not(None)
            place = columns[level.column]
            Index(None, place, waiting, columns.id, sqlite_where=there, postgresql_where=there)


_index_what_waits()


class _OfIsolation(Scoped):
    """What hangs on an isolation. It names the household, so that it goes where the household goes."""

    id: Mapped[int] = mapped_column(primary_key=True)
    isolation_id: Mapped[int] = mapped_column(ForeignKey("isolation.id"), index=True)
    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"), index=True)


class Carer(_OfIsolation, Base):
    """One of the care team, until ``relieved_at``. The phone is that of a worker at work; it stands on the notice."""

    __tablename__ = "carer"

    role: Mapped[CarerRole] = mapped_column(choice(CarerRole))
    name: Mapped[str] = mapped_column(String(60))
    phone: Mapped[str] = mapped_column(String(20), default="")
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    since: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    relieved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    isolation: Mapped[Isolation] = relationship(back_populates="team")


class HealthCheck(_OfIsolation, Base):
    """One temperature, in tenths of a degree, with what was seen. A correction is another one (``corrects_id``).

    ``slot_key`` names isolation, day and slot while the check counts, so that a slot is filled once; a second
    temperature (复测, ``is_second``) adds its number. ``taken_at`` is what was claimed, ``at`` when it was entered.
    """

    __tablename__ = "health_check"

    day: Mapped[date]
    slot: Mapped[Slot] = mapped_column(choice(Slot))
    slot_key: Mapped[str | None] = mapped_column(String(40), unique=True)
    is_second: Mapped[bool] = mapped_column(default=False)
    is_fever: Mapped[bool] = mapped_column(default=False)
    is_corrected: Mapped[bool] = mapped_column(default=False)
    temperature: Mapped[int]
    symptoms: Mapped[list[str]] = mapped_column(JSON, default=list)
    method: Mapped[Method] = mapped_column(choice(Method))
    taken_at: Mapped[datetime] = mapped_column(UtcDateTime)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    note: Mapped[str] = mapped_column(String(200), default="")
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("health_check.id"))

    isolation: Mapped[Isolation] = relationship(back_populates="checks")


class AlarmAnswered(_OfIsolation, Base):
    """Somebody has seen a fever or a symptom: what was done, and by whom. Never changed."""

    __tablename__ = "alarm_answered"

    check_id: Mapped[int] = mapped_column(ForeignKey("health_check.id"), unique=True)
    done: Mapped[str] = mapped_column(String(300))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class GapExplained(_OfIsolation, Base):
    """Why a check of a day is missing, and what was done: without it nobody is released. Never changed."""

    __tablename__ = "gap_explained"
    __table_args__ = (UniqueConstraint("isolation_id", "day", "slot"),)

    day: Mapped[date]
    slot: Mapped[Slot] = mapped_column(choice(Slot))
    why: Mapped[str] = mapped_column(String(300))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class IsolationExtension(_OfIsolation, Base):
    """A later end, with its reason and who decided. Never changed."""

    __tablename__ = "isolation_extension"

    from_end: Mapped[datetime] = mapped_column(UtcDateTime)
    to_end: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(String(300))
    order_id: Mapped[int] = mapped_column(ForeignKey("order_.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


HANGING: tuple[type[Any], ...] = (Carer, HealthCheck, AlarmAnswered, GapExplained, IsolationExtension)
