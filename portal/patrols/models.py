"""Patrols 巡逻 and their routes."""

from datetime import datetime
from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l
from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.access.policy import May
from portal.access.scope import AppliesBelow, Scoped, place_indexes
from portal.database import Base, UtcDateTime, choice
from portal.orders.models import Order
from portal.patrols.kinds import Barrier, PatrolKind, PatrolState, Weather
from portal.workflow.record import Record
from portal.workflow.states import Step

if TYPE_CHECKING:
    from portal.patrols.findings.models import Finding

SEND = Step("send", _l("Hand in"), May.LOG_PATROLS, (PatrolState.DRAFT,), PatrolState.SENT, gravity="main")
BREAK_OFF = Step(
    "break_off",
    _l("End without finishing"),
    May.LOG_PATROLS,
    (PatrolState.DRAFT,),
    PatrolState.BROKEN_OFF,
    asks_reason=True,
)
STRIKE_OUT = Step(
    "strike_out",
    _l("Strike out"),
    May.LOG_PATROLS,
    (PatrolState.DRAFT, PatrolState.SENT, PatrolState.BROKEN_OFF),
    PatrolState.VOID,
    asks_reason=True,
    gravity="destroys",
)
TRANSITIONS = (SEND, BREAK_OFF, STRIKE_OUT)
# What sending a correction writes on the patrol that it corrects.
GIVE_WAY = Step(
    "give_way",
    _l("Corrected"),
    May.LOG_PATROLS,
    (PatrolState.SENT, PatrolState.BROKEN_OFF),
    PatrolState.CORRECTED,
)


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
