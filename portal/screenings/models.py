"""Screening 排查: affected areas, rounds, the knock on the door, and the key persons whom it finds."""

from datetime import date, datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.access.policy import May
from portal.access.scope import AppliesBelow, Scoped, place_indexes
from portal.clock import now
from portal.database import Base, UtcDateTime, choice
from portal.orders.models import Order
from portal.registry.models import Household, HouseholdRestriction, Resident
from portal.screenings.kinds import (
    Category,
    Contact,
    Criterion,
    KeyPersonState,
    Outcome,
    RoundState,
    Transport,
)
from portal.workflow.record import Record
from portal.workflow.states import Step

CLOSE_ROUND = Step("close", _l("Close the round"), May.START_ROUNDS, (RoundState.OPEN,), RoundState.CLOSED)
CALL_OFF = Step(
    "call_off",
    _l("Call the round off"),
    May.START_ROUNDS,
    (RoundState.OPEN,),
    RoundState.CALLED_OFF,
    asks_reason=True,
    gravity="destroys",
)
ROUND_TRANSITIONS = (CLOSE_ROUND, CALL_OFF)

SUBMIT = Step(
    "submit",
    _l("Send for a decision"),
    May.SCREEN,
    (KeyPersonState.NOTED,),
    KeyPersonState.TO_ASSESS,
    gravity="main",
)
MANAGE = Step(
    "manage", _l("Measure decided"), May.ASSESS, (KeyPersonState.TO_ASSESS,), KeyPersonState.MANAGED
)
CLOSE = Step(
    "close",
    _l("Close"),
    May.ASSESS,
    (KeyPersonState.NOTED, KeyPersonState.TO_ASSESS, KeyPersonState.MANAGED),
    KeyPersonState.CLOSED,
    asks_reason=True,
)
REOPEN = Step(
    "reopen",
    _l("Decide again"),
    May.SCREEN,
    (KeyPersonState.MANAGED, KeyPersonState.CLOSED),
    KeyPersonState.TO_ASSESS,
    asks_reason=True,
)
STRIKE_OUT = Step(
    "strike_out",
    _l("Strike out"),
    May.START_ROUNDS,
    (KeyPersonState.NOTED, KeyPersonState.TO_ASSESS),
    KeyPersonState.VOID,
    asks_reason=True,
    gravity="destroys",
)
TRANSITIONS = (SUBMIT, MANAGE, REOPEN, CLOSE, STRIKE_OUT)


class AffectedArea(AppliesBelow, Base):
    """A place with confirmed cases: who came from there since is a key person of this category.

    ``pointed_id`` is the unit where it is in the tree; a neighbouring township usually isn't. ``basis`` is the notice
    that names it. ``until`` None: until it is taken off the list.
    """

    __tablename__ = "affected_area"
    __table_args__ = (CheckConstraint("until IS NULL OR since < until", name="ends_after_it_begins"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    pointed_id: Mapped[int | None]
    is_neighbour: Mapped[bool] = mapped_column(default=False)
    category: Mapped[Category] = mapped_column(choice(Category))
    basis: Mapped[str] = mapped_column(String(300))
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class ScreeningRound(Record, AppliesBelow, Base):
    """排查轮次: who is looked for, below which unit, until when. ``area_ids`` are affected areas.

    ``parameters`` are those of the order when the round began (screenings.measure), so that a later order changes
    no round that is under way. Households are not written down one by one: a visit is written when it is paid.
    """

    __tablename__ = "screening_round"
    __table_args__ = (
        CheckConstraint("starts_at < deadline", name="ends_after_it_begins"),
        *place_indexes("state", "starts_at", "id"),
    )

    state: Mapped[RoundState] = mapped_column(choice(RoundState), default=RoundState.OPEN)
    order_id: Mapped[int] = mapped_column(ForeignKey("order_.id"))
    name: Mapped[str] = mapped_column(String(60))
    criterion: Mapped[Criterion] = mapped_column(choice(Criterion))
    looked_for: Mapped[str] = mapped_column(String(200), default="")
    area_ids: Mapped[list[int]] = mapped_column(JSON, default=list)
    parameters: Mapped[dict[str, object]] = mapped_column(JSON, default=dict)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    deadline: Mapped[datetime] = mapped_column(UtcDateTime)
    rechecks: Mapped[int] = mapped_column(default=0)

    order: Mapped[Order] = relationship()


class Visit(Scoped, Base):
    """What a round knows of one household: the outcome of the last knock, and when to try again.

    ``outcome`` None: drawn for a re-check and not visited yet. A re-check is a visit of its own, by somebody else.
    ``people`` lived there when it was answered, ``marked`` of them with something to note. A re-check ``differs``
    where it found something else than the visit. ``by_id``: who answered it, or knocked last.
    """

    __tablename__ = "visit"
    __table_args__ = (
        UniqueConstraint("round_id", "household_id", "is_recheck"),
        *(
            Index(None, level, "round_id", "is_recheck", "outcome")
            for level in ("street_id", "community_id", "group_id", "grid_id")
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("screening_round.id"))
    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"), index=True)
    is_recheck: Mapped[bool] = mapped_column(default=False)
    outcome: Mapped[Outcome | None] = mapped_column(choice(Outcome))
    tries: Mapped[int] = mapped_column(default=0)
    first_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    retry_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    people: Mapped[int] = mapped_column(default=0)
    marked: Mapped[int] = mapped_column(default=0)
    differs: Mapped[bool] = mapped_column(default=False)

    household: Mapped[Household] = relationship()
    tries_made: Mapped[list["VisitTry"]] = relationship(order_by="VisitTry.id")


class VisitTry(Scoped, Base):
    """One knock. Never changed: who comes again writes another one."""

    __tablename__ = "visit_try"

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id"), index=True)
    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    claimed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outcome: Mapped[Outcome] = mapped_column(choice(Outcome))
    retry_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    note: Mapped[str] = mapped_column(String(200), default="")


class PersonCheck(Scoped, Base):
    """What was noted of one person at a visit. Who is well and where they were has none: the visit says so.

    ``temperature`` in tenths of a degree.
    """

    __tablename__ = "person_check"

    id: Mapped[int] = mapped_column(primary_key=True)
    resident_id: Mapped[int] = mapped_column(ForeignKey("resident.id"), index=True)
    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"), index=True)
    visit_id: Mapped[int | None] = mapped_column(ForeignKey("visit.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    temperature: Mapped[int | None]
    symptoms: Mapped[list[str]] = mapped_column(JSON, default=list)
    is_away: Mapped[bool] = mapped_column(default=False)
    came_from: Mapped[str] = mapped_column(String(120), default="")
    note: Mapped[str] = mapped_column(String(200), default="")


class KeyPerson(Record, Scoped, Base):
    """重点人员: the ten 清 (field-reference.md §2.1) of one resident; an incomer becomes a resident first.

    Minimal first: only person and category are needed, the rest is completed over rounds. What was noted is never
    lost: ``KeyPersonNote`` keeps every change. ``temperature`` in tenths of a degree. ``parameters`` are those of the
    order when the person was noted. ``restriction`` holds the household until somebody has decided.
    """

    __tablename__ = "key_person"
    __table_args__ = (
        *place_indexes("changed_at", "id"),
        *place_indexes("state", "changed_at", "id"),
    )

    state: Mapped[KeyPersonState] = mapped_column(choice(KeyPersonState), default=KeyPersonState.NOTED)
    resident_id: Mapped[int] = mapped_column(ForeignKey("resident.id"), index=True)
    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"), index=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("order_.id"))
    parameters: Mapped[dict[str, object]] = mapped_column(JSON, default=dict)
    round_id: Mapped[int | None] = mapped_column(ForeignKey("screening_round.id"), index=True)
    area_id: Mapped[int | None] = mapped_column(ForeignKey("affected_area.id"))
    category: Mapped[Category] = mapped_column(choice(Category))
    origin: Mapped[str] = mapped_column(String(120), default="")
    left_on: Mapped[date | None]
    arrived_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    transport: Mapped[Transport | None] = mapped_column(choice(Transport))
    transport_number: Mapped[str] = mapped_column(String(60), default="")
    itinerary: Mapped[str] = mapped_column(String(500), default="")
    companions: Mapped[str] = mapped_column(String(200), default="")
    contact: Mapped[Contact | None] = mapped_column(choice(Contact))
    contact_note: Mapped[str] = mapped_column(String(200), default="")
    temperature: Mapped[int | None]
    symptoms: Mapped[list[str]] = mapped_column(JSON, default=list)
    note: Mapped[str] = mapped_column(String(500), default="")
    last_seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    restriction_id: Mapped[int | None] = mapped_column(ForeignKey("household_restriction.id"))

    resident: Mapped[Resident] = relationship()
    household: Mapped[Household] = relationship()
    order: Mapped[Order] = relationship()
    restriction: Mapped[HouseholdRestriction | None] = relationship()
    area: Mapped[AffectedArea | None] = relationship()


class KeyPersonNote(Scoped, Base):
    """One change of what is known of a key person: which fields, from what to what, by whom. Never changed."""

    __tablename__ = "key_person_note"

    id: Mapped[int] = mapped_column(primary_key=True)
    key_person_id: Mapped[int] = mapped_column(ForeignKey("key_person.id"), index=True)
    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    changes: Mapped[dict[str, list[object]]] = mapped_column(JSON, default=dict)
