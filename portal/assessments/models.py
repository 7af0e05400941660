"""Assessment 研判处理: what the office decides of a key person, who carries it out by when, and what came of it."""

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.access.policy import May
from portal.access.scope import Scoped, place_indexes
from portal.assessments.kinds import AssessmentState, Decision, TransferState
from portal.database import Base, UtcDateTime, choice
from portal.isolations.models import Isolation
from portal.orders.models import Order
from portal.screenings.models import KeyPerson
from portal.workflow.record import Record
from portal.workflow.states import Step

DECIDE = Step(
    "decide",
    _l("Decide"),
    May.ASSESS,
    (AssessmentState.WAITING,),
    AssessmentState.DECIDED,
    asks_reason=True,
    gravity="main",
)
REPORT_BACK = Step(
    "report_back",
    _l("Report back"),
    May.CARRY_OUT,
    (AssessmentState.DECIDED,),
    AssessmentState.REPORTED,
    gravity="main",
)
SEND_BACK = Step(
    "send_back",
    _l("Not done yet"),
    May.ASSESS,
    (AssessmentState.REPORTED,),
    AssessmentState.DECIDED,
    asks_reason=True,
)
CLOSE = Step(
    "close", _l("Close"), May.ASSESS, (AssessmentState.REPORTED,), AssessmentState.CLOSED, gravity="main"
)
STRIKE_OUT = Step(
    "strike_out",
    _l("Strike out"),
    May.ASSESS,
    (AssessmentState.WAITING, AssessmentState.DECIDED),
    AssessmentState.VOID,
    asks_reason=True,
    gravity="destroys",
)
TRANSITIONS = (DECIDE, REPORT_BACK, SEND_BACK, CLOSE, STRIKE_OUT)


class Assessment(Record, Scoped, Base):
    """One question to the office about one key person. It lies where the person is; the office sees it from above.

    ``due_at``: by when somebody has to act in the present state, the deadline of the list. What was caused by the
    decision is named by its id. A new decision about the same person is a new assessment (``follows_id``).
    """

    __tablename__ = "assessment"
    __table_args__ = (
        *place_indexes("changed_at", "id"),
        *place_indexes("state", "due_at", "id"),
    )

    state: Mapped[AssessmentState] = mapped_column(choice(AssessmentState), default=AssessmentState.WAITING)
    key_person_id: Mapped[int] = mapped_column(ForeignKey("key_person.id"), index=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("order_.id"))
    follows_id: Mapped[int | None] = mapped_column(ForeignKey("assessment.id"))
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decision: Mapped[Decision | None] = mapped_column(choice(Decision))
    reason: Mapped[str] = mapped_column(String(500), default="")
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    executor_unit_id: Mapped[int | None]
    executor_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    executor_name: Mapped[str] = mapped_column(String(60), default="")
    isolation_id: Mapped[int | None] = mapped_column(ForeignKey("isolation.id"), index=True)
    transfer_id: Mapped[int | None] = mapped_column(ForeignKey("transfer.id"))
    carried_out_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outcome: Mapped[str] = mapped_column(String(500), default="")

    key_person: Mapped[KeyPerson] = relationship()
    order: Mapped[Order] = relationship()
    isolation: Mapped[Isolation | None] = relationship()


class Transfer(Record, Scoped, Base):
    """转送: a case given to another community, street, or outside, as the side that has this row sees it.

    Each side has a row of its own (``other_id``), as with what is handed over at a boundary: the receiving one is
    written through one named service. Outside the installation ``to_name`` says where, and the answer comes on paper.
    """

    __tablename__ = "transfer"
    __table_args__ = (*place_indexes("state", "changed_at", "id"),)

    state: Mapped[TransferState] = mapped_column(choice(TransferState), default=TransferState.GIVEN)
    is_giving: Mapped[bool]
    other_id: Mapped[int | None] = mapped_column(ForeignKey("transfer.id"), index=True)
    key_person_id: Mapped[int | None] = mapped_column(ForeignKey("key_person.id"), index=True)
    to_unit_id: Mapped[int | None]
    to_name: Mapped[str] = mapped_column(String(120))
    from_name: Mapped[str] = mapped_column(String(120))
    facts: Mapped[str] = mapped_column(String(1000))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_by: Mapped[str] = mapped_column(String(60), default="")
    on_paper: Mapped[bool] = mapped_column(default=False)
    answer: Mapped[str] = mapped_column(String(500), default="")
