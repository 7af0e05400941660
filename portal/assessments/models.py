"""Assessment 研判处理: what the office decides of a key person, who carries it out by when, and what came of it."""

from datetime import datetime

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp
from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.access.policy import May
from portal.access.scope import Scoped, place_indexes
from portal.assessments.deadlines import Deadlines
from portal.assessments.kinds import AssessmentState, Decision, TransferState
from portal.database import Base, UtcDateTime, choice
from portal.isolations.models import Isolation
from portal.orders.models import Order
from portal.screenings.models import KeyPerson
from portal.vault import Sealed, new_seal_id
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
NO_MEASURE = Step(
    "no_measure",
    _l("No measure"),
    May.ASSESS,
    (AssessmentState.WAITING,),
    AssessmentState.CLOSED,
    asks_reason=True,
)
REPORT_BACK = Step(
    "report_back",
    _l("Report back"),
    May.CARRY_OUT,
    (AssessmentState.DECIDED,),
    AssessmentState.REPORTED,
    gravity="main",
)
ANSWER = Step("answer", _l("Answer"), May.CARRY_OUT, (AssessmentState.DECIDED,), AssessmentState.CLOSED)
SEND_BACK = Step(
    "send_back",
    _l("Not done yet"),
    May.ASSESS,
    (AssessmentState.REPORTED,),
    AssessmentState.DECIDED,
    asks_reason=True,
)
REASSIGN = Step(
    "reassign",
    _l("Give to somebody else"),
    May.TRANSFER_CASES,
    (AssessmentState.DECIDED,),
    AssessmentState.DECIDED,
    asks_reason=True,
)
CLOSE = Step(
    "close", _l("Close"), May.ASSESS, (AssessmentState.REPORTED,), AssessmentState.CLOSED, gravity="main"
)
SUPERSEDE = Step(
    "supersede",
    _l("Decide again"),
    May.ASSESS,
    (AssessmentState.DECIDED, AssessmentState.REPORTED),
    AssessmentState.CLOSED,
    asks_reason=True,
)
STRIKE_OUT = Step(
    "strike_out",
    _l("Strike out"),
    May.ASSESS,
    (AssessmentState.WAITING,),
    AssessmentState.VOID,
    asks_reason=True,
    gravity="destroys",
)
FALL_AWAY = Step(
    "fall_away", _l("Not needed any more"), May.SCREEN, (AssessmentState.WAITING,), AssessmentState.VOID
)
END_WITH = Step(
    "end_with",
    _l("Closed with the record"),
    May.SCREEN,
    (AssessmentState.DECIDED, AssessmentState.REPORTED),
    AssessmentState.CLOSED,
)
TRANSITIONS = (
    DECIDE,
    NO_MEASURE,
    REPORT_BACK,
    ANSWER,
    CLOSE,
    REASSIGN,
    SEND_BACK,
    SUPERSEDE,
    STRIKE_OUT,
    FALL_AWAY,
    END_WITH,
)

ACKNOWLEDGE = Step(
    "acknowledge",
    _lp("transfer", "Acknowledge"),
    May.TRANSFER_CASES,
    (TransferState.GIVEN,),
    TransferState.ACKNOWLEDGED,
    gravity="main",
)
REFUSE = Step(
    "refuse",
    _l("Refuse"),
    May.TRANSFER_CASES,
    (TransferState.GIVEN,),
    TransferState.REFUSED,
    asks_reason=True,
)
ANSWERED_ON_PAPER = Step(
    "answered_on_paper",
    _l("Record the signed answer"),
    May.TRANSFER_CASES,
    (TransferState.GIVEN,),
    TransferState.ACKNOWLEDGED,
    gravity="main",
)
REFUSED_ON_PAPER = Step(
    "refused_on_paper",
    _l("Record a refusal"),
    May.TRANSFER_CASES,
    (TransferState.GIVEN,),
    TransferState.REFUSED,
    asks_reason=True,
)
WITHDRAW = Step(
    "withdraw",
    _l("Withdraw"),
    May.TRANSFER_CASES,
    (TransferState.GIVEN,),
    TransferState.WITHDRAWN,
    asks_reason=True,
    gravity="destroys",
)
TRANSFERRING = (ACKNOWLEDGE, REFUSE, ANSWERED_ON_PAPER, REFUSED_ON_PAPER, WITHDRAW)


class Assessment(Record, Scoped, Base):
    """One question to the office about one key person. It lies where the person is; the office sees it from above.

    ``due_at``: by when somebody has to act in the present state, the deadline of the list. What was caused by the
    decision is named by its id. A new decision about the same person is a new assessment (``follows_id``).
    ``order_id``: of the question, and once it is decided the order that the decision rests on. ``parameters`` are the
    deadlines that held when it was asked (assessments.deadlines), so that a later order changes nothing under way.
    """

    __tablename__ = "assessment"
    __table_args__ = (
        *place_indexes("changed_at", "id"),
        *place_indexes("state", "due_at", "id"),
        Index(None, "executor_id", "state", "due_at"),
    )

    state: Mapped[AssessmentState] = mapped_column(choice(AssessmentState), default=AssessmentState.WAITING)
    key_person_id: Mapped[int] = mapped_column(ForeignKey("key_person.id"), index=True)
    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"), index=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("order_.id"))
    follows_id: Mapped[int | None] = mapped_column(ForeignKey("assessment.id"))
    parameters: Mapped[dict[str, object]] = mapped_column(JSON, default=dict)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decision: Mapped[Decision | None] = mapped_column(choice(Decision))
    reason: Mapped[str] = mapped_column(String(500), default="")
    place: Mapped[str] = mapped_column(String(120), default="")
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by: Mapped[str] = mapped_column(String(120), default="")
    executor_unit_id: Mapped[int | None]
    executor_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    executor_name: Mapped[str] = mapped_column(String(60), default="")
    isolation_id: Mapped[int | None] = mapped_column(ForeignKey("isolation.id"), index=True)
    carried_out_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outcome: Mapped[str] = mapped_column(String(500), default="")

    key_person: Mapped[KeyPerson] = relationship()
    order: Mapped[Order] = relationship()
    isolation: Mapped[Isolation | None] = relationship()
    transfers: Mapped[list["Transfer"]] = relationship(order_by="Transfer.id", back_populates="assessment")

    @property
    def deadlines(self) -> Deadlines:
        """Those that held when it was asked."""
        return Deadlines.of(self.parameters)


class Transfer(Record, Scoped, Base):
    """转送: a case given to another community, street, or outside, as the side that has this row sees it.

    Each side has a row of its own, tied by ``pair``, as with what is handed over at a boundary: the receiving one is
    written through one named service, and names neither the assessment nor the household. Outside the installation
    ``to_name`` says where, and the answer comes on paper. ``due_at``: by when the other side answers. Phone and
    document of the person are encrypted.
    """

    __tablename__ = "transfer"
    __table_args__ = (
        UniqueConstraint("pair", "is_giving"),
        *place_indexes("changed_at", "id"),
        *place_indexes("state", "due_at", "id"),
    )

    state: Mapped[TransferState] = mapped_column(choice(TransferState), default=TransferState.GIVEN)
    is_giving: Mapped[bool]
    pair: Mapped[str] = mapped_column(String(32))
    assessment_id: Mapped[int | None] = mapped_column(ForeignKey("assessment.id"), index=True)
    household_id: Mapped[int | None] = mapped_column(ForeignKey("household.id"), index=True)
    to_unit_id: Mapped[int | None]
    to_name: Mapped[str] = mapped_column(String(120))
    from_name: Mapped[str] = mapped_column(String(200))
    name: Mapped[str] = mapped_column(String(60))
    seal_id: Mapped[str] = mapped_column(String(32), default=new_seal_id)
    phone_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    document_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    facts: Mapped[str] = mapped_column(String(1000))
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_by: Mapped[str] = mapped_column(String(120), default="")
    on_paper: Mapped[bool] = mapped_column(default=False)
    answer: Mapped[str] = mapped_column(String(500), default="")
    phone = Sealed()
    document = Sealed()

    assessment: Mapped[Assessment | None] = relationship(back_populates="transfers")
