"""Patrols 巡逻, what they find and how far it went, and what is handed over at a boundary."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.access.scope import AppliesBelow, Scoped, place_indexes
from portal.database import Base, UtcDateTime, choice
from portal.orders.models import Order
from portal.patrols.kinds import (
    Barrier,
    FindingKind,
    FindingState,
    HandoverSide,
    HandoverState,
    PatrolKind,
    PatrolState,
    Weather,
)
from portal.registry.models import Resident
from portal.vault import Sealed, new_seal_id
from portal.workflow.record import Record


class PatrolRoute(AppliesBelow, Base):
    """A route or an area that is walked at the rounds of the order; those below its unit walk it, too.

    ``points`` are what is passed (gates, households to look after, public places, crossings), in order of the way.
    ``hours`` are minutes of the day; none: every round of the order. What they were before stands in
    ``earlier_hours``, so that no past day is planned anew: [[until when, minutes], …], the oldest first. At a
    boundary ``neighbour`` names the other side, and ``neighbour_id`` its unit where it is in the tree.
    """

    __tablename__ = "patrol_route"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[PatrolKind] = mapped_column(choice(PatrolKind))
    name: Mapped[str] = mapped_column(String(60))
    points: Mapped[list[str]] = mapped_column(JSON, default=list)
    hours: Mapped[list[int]] = mapped_column(JSON, default=list)
    earlier_hours: Mapped[list[tuple[str, list[int]]]] = mapped_column(JSON, default=list)
    neighbour: Mapped[str] = mapped_column(String(60), default="")
    neighbour_id: Mapped[int | None]
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Patrol(Record, Scoped, Base):
    """One walk along a route, or through an area: who, from when to when, what was passed, how it was found.

    ``round_at`` is the planned hour that it stands for. ``round_key`` names route and round while the patrol counts,
    so that a round is logged once. ``points`` are those of the route as the patrol found it, ``walked`` those that
    were passed, with further ones. ``corrects_id`` is what this one corrects.
    """

    __tablename__ = "patrol"
    __table_args__ = (
        CheckConstraint("ended_at IS NULL OR started_at < ended_at", name="ends_after_it_begins"),
        Index(None, "route_id", "round_at"),
        *place_indexes("changed_at", "id"),
        *place_indexes("state", "changed_at", "id"),
    )

    kind: Mapped[PatrolKind] = mapped_column(choice(PatrolKind))
    state: Mapped[PatrolState] = mapped_column(choice(PatrolState), default=PatrolState.DRAFT)
    order_id: Mapped[int] = mapped_column(ForeignKey("order_.id"))
    route_id: Mapped[int | None] = mapped_column(ForeignKey("patrol_route.id"))
    where: Mapped[str] = mapped_column(String(120), default="")
    round_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    round_key: Mapped[str | None] = mapped_column(String(60), unique=True)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    leader: Mapped[str] = mapped_column(String(60), default="")
    members: Mapped[str] = mapped_column(String(300), default="")
    weather: Mapped[Weather | None] = mapped_column(choice(Weather))
    points: Mapped[list[str]] = mapped_column(JSON, default=list)
    walked: Mapped[list[str]] = mapped_column(JSON, default=list)
    note: Mapped[str] = mapped_column(String(500), default="")
    barrier: Mapped[Barrier | None] = mapped_column(choice(Barrier))
    barrier_note: Mapped[str] = mapped_column(String(120), default="")
    turned_back_people: Mapped[int] = mapped_column(default=0)
    turned_back_vehicles: Mapped[int] = mapped_column(default=0)
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("patrol.id"), index=True)
    ended_because: Mapped[str] = mapped_column(String(500), default="")

    route: Mapped[PatrolRoute | None] = relationship()
    order: Mapped[Order] = relationship()
    findings: Mapped[list["Finding"]] = relationship(back_populates="patrol", order_by="Finding.id")


class Finding(Record, Scoped, Base):
    """Something that a patrol found, and how far it went: facts, never a punishment.

    ``place_key`` is the place written in one way, so that repeats at it are found. Nobody is named before the
    second step. Notice and referral keep facts and legal basis as their paper said them; ``evidence`` is a line each.
    """

    __tablename__ = "finding"
    __table_args__ = (
        CheckConstraint("people >= 0", name="people_are_counted"),
        UniqueConstraint("community_id", "notice_number"),
        UniqueConstraint("community_id", "referral_number"),
        Index(None, "place_key", "found_at"),
        *place_indexes("changed_at", "id"),
        *place_indexes("state", "changed_at", "id"),
    )

    state: Mapped[FindingState] = mapped_column(choice(FindingState), default=FindingState.PERSUADED)
    patrol_id: Mapped[int] = mapped_column(ForeignKey("patrol.id"), index=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("order_.id"))
    kind: Mapped[FindingKind] = mapped_column(choice(FindingKind))
    kind_note: Mapped[str] = mapped_column(String(60), default="")
    place: Mapped[str] = mapped_column(String(120))
    place_key: Mapped[str] = mapped_column(String(120))
    found_at: Mapped[datetime] = mapped_column(UtcDateTime)
    people: Mapped[int] = mapped_column(default=1)
    facts: Mapped[str] = mapped_column(Text, default="")
    notice_number: Mapped[str | None] = mapped_column(String(40))
    noticed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    notice_facts: Mapped[str] = mapped_column(Text, default="")
    notice_basis: Mapped[str] = mapped_column(Text, default="")
    notice_asks: Mapped[str] = mapped_column(String(500), default="")
    referral_number: Mapped[str | None] = mapped_column(String(40))
    referred_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    referred_to: Mapped[str] = mapped_column(String(60), default="")
    referral_facts: Mapped[str] = mapped_column(Text, default="")
    referral_basis: Mapped[str] = mapped_column(Text, default="")
    evidence: Mapped[str] = mapped_column(String(500), default="")
    receiver: Mapped[str] = mapped_column(String(60), default="")
    received_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    station_number: Mapped[str] = mapped_column(String(40), default="")
    outcome: Mapped[str] = mapped_column(String(500), default="")

    patrol: Mapped[Patrol] = relationship(back_populates="findings")
    order: Mapped[Order] = relationship()
    persons: Mapped[list["FindingPerson"]] = relationship(
        back_populates="finding", order_by="FindingPerson.id"
    )


class FindingPerson(Scoped, Base):
    """Somebody whom a finding names: a resident, or a stranger to the registry. Numbers are encrypted.

    No ``name``: it was refused, and ``note`` describes the person. Who was named by mistake is struck out, not deleted.
    """

    __tablename__ = "finding_person"

    id: Mapped[int] = mapped_column(primary_key=True)
    finding_id: Mapped[int] = mapped_column(ForeignKey("finding.id"), index=True)
    resident_id: Mapped[int | None] = mapped_column(ForeignKey("resident.id"), index=True)
    name: Mapped[str] = mapped_column(String(60), default="")
    document_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    phone_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    seal_id: Mapped[str] = mapped_column(String(32), default=new_seal_id)
    address: Mapped[str] = mapped_column(String(120), default="")
    note: Mapped[str] = mapped_column(String(120), default="")
    struck_because: Mapped[str] = mapped_column(String(200), default="")
    document = Sealed()
    phone = Sealed()

    finding: Mapped[Finding] = relationship(back_populates="persons")
    resident: Mapped[Resident | None] = relationship()


class Handover(Record, Scoped, Base):
    """What was handed over at a boundary, facts only, nobody named. One row a side, tied by ``pair``.

    ``neighbour`` is the other side as this side calls it; ``neighbour_id`` its unit where it works with this
    installation. A row of the side that gives belongs to a patrol.
    """

    __tablename__ = "handover"
    __table_args__ = (
        UniqueConstraint("pair", "side"),
        *place_indexes("changed_at", "id"),
        *place_indexes("state", "changed_at", "id"),
    )

    state: Mapped[HandoverState] = mapped_column(choice(HandoverState), default=HandoverState.GIVEN)
    side: Mapped[HandoverSide] = mapped_column(choice(HandoverSide))
    pair: Mapped[str] = mapped_column(String(32))
    patrol_id: Mapped[int | None] = mapped_column(ForeignKey("patrol.id"), index=True)
    neighbour: Mapped[str] = mapped_column(String(120))
    neighbour_id: Mapped[int | None]
    number: Mapped[str] = mapped_column(String(40))
    place: Mapped[str] = mapped_column(String(120))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    people: Mapped[int] = mapped_column(default=0)
    vehicles: Mapped[int] = mapped_column(default=0)
    facts: Mapped[str] = mapped_column(String(500))
    acknowledged_by: Mapped[str] = mapped_column(String(60), default="")
    acknowledged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answer: Mapped[str] = mapped_column(String(500), default="")

    patrol: Mapped[Patrol | None] = relationship()
