"""What patrols find, whom it names, and the ladder: persuaded, recorded, noticed, referred."""

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.access.policy import May
from portal.access.scope import Scoped, place_indexes
from portal.database import Base, UtcDateTime, choice
from portal.orders.models import Order
from portal.patrols.findings.kinds import FindingKind, FindingState
from portal.patrols.models import Patrol
from portal.registry.models import Resident
from portal.vault import Sealed, new_seal_id
from portal.workflow.record import Record
from portal.workflow.states import Step

RECORD_AGAIN = Step(
    "record_again",
    _l("Persuade again and record"),
    May.LOG_PATROLS,
    (FindingState.PERSUADED,),
    FindingState.RECORDED,
    gravity="main",
)
GIVE_NOTICE = Step(
    "give_notice",
    _l("Give written notice"),
    May.GIVE_NOTICE,
    (FindingState.RECORDED,),
    FindingState.NOTICED,
    gravity="main",
)
REFER = Step(
    "refer",
    _l("Refer to the police"),
    May.REFER_TO_POLICE,
    (FindingState.NOTICED,),
    FindingState.REFERRED,
    gravity="main",
)
REFER_AT_ONCE = Step(
    "refer_at_once",
    _l("Refer to the police at once"),
    May.REFER_TO_POLICE,
    (FindingState.PERSUADED, FindingState.RECORDED),
    FindingState.REFERRED,
    asks_reason=True,
)
RECEIVE = Step(
    "receive",
    _l("Record the receipt"),
    May.REFER_TO_POLICE,
    (FindingState.REFERRED,),
    FindingState.RECEIVED,
    gravity="main",
)
SETTLE = Step(
    "settle",
    _l("Settle"),
    May.LOG_PATROLS,
    (FindingState.PERSUADED, FindingState.RECORDED, FindingState.NOTICED, FindingState.RECEIVED),
    FindingState.SETTLED,
    asks_reason=True,
)
LADDER = (RECORD_AGAIN, GIVE_NOTICE, REFER, REFER_AT_ONCE, RECEIVE, SETTLE)


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
