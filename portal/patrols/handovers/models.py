"""What is handed over at a boundary."""

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.access.policy import May
from portal.access.scope import Scoped, place_indexes
from portal.database import Base, UtcDateTime, choice
from portal.patrols.handovers.kinds import HandoverSide, HandoverState
from portal.patrols.models import Patrol
from portal.workflow.record import Record
from portal.workflow.states import Step

ACKNOWLEDGE = Step(
    "acknowledge",
    _l("Acknowledge"),
    May.TAKE_OVER,
    (HandoverState.GIVEN, HandoverState.DISPUTED),
    HandoverState.ACKNOWLEDGED,
    gravity="main",
)
DISPUTE = Step(
    "dispute",
    _l("Dispute"),
    May.TAKE_OVER,
    (HandoverState.GIVEN,),
    HandoverState.DISPUTED,
    asks_reason=True,
)
ACKNOWLEDGE_ON_PAPER = Step(
    "acknowledge_on_paper",
    _l("Record the signed sheet"),
    May.HAND_OVER,
    (HandoverState.GIVEN, HandoverState.DISPUTED),
    HandoverState.ON_PAPER,
    gravity="main",
)
WITHDRAW = Step(
    "withdraw",
    _l("Withdraw"),
    May.HAND_OVER,
    (HandoverState.GIVEN, HandoverState.DISPUTED),
    HandoverState.WITHDRAWN,
    asks_reason=True,
    gravity="destroys",
)
HANDING_OVER = (ACKNOWLEDGE, DISPUTE, ACKNOWLEDGE_ON_PAPER, WITHDRAW)


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
