"""Notices 通告 通知 告知书 温馨提示 致居民的一封信, their versions, and where they hang."""

from datetime import date, datetime

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp
from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.access.policy import May
from portal.access.scope import AppliesBelow, place_indexes
from portal.database import Base, UtcDateTime, choice
from portal.notices.kinds import NoticeKind, NoticeState, Sealing
from portal.orders.models import Order
from portal.workflow.record import Record
from portal.workflow.states import Step

SUBMIT = Step(
    "submit",
    _l("Send for approval"),
    May.WRITE_NOTICES,
    (NoticeState.DRAFT,),
    NoticeState.SUBMITTED,
    gravity="main",
)
RETURN = Step(
    "return_",
    _l("Return"),
    May.APPROVE_NOTICES,
    (NoticeState.SUBMITTED, NoticeState.APPROVED),
    NoticeState.DRAFT,
    asks_reason=True,
)
APPROVE = Step(
    "approve",
    _l("Approve"),
    May.APPROVE_NOTICES,
    (NoticeState.SUBMITTED,),
    NoticeState.APPROVED,
    gravity="main",
)
PUBLISH = Step(
    "publish",
    _l("Publish"),
    May.WRITE_NOTICES,
    (NoticeState.APPROVED,),
    NoticeState.PUBLISHED,
    gravity="main",
)
WITHDRAW = Step(
    "withdraw",
    _l("Withdraw"),
    May.WRITE_NOTICES,
    (NoticeState.PUBLISHED,),
    NoticeState.WITHDRAWN,
    asks_reason=True,
    gravity="destroys",
)
TRANSITIONS = (SUBMIT, APPROVE, RETURN, PUBLISH, WITHDRAW)
# A draft is changed by its form. What publishing another in its place writes.
CHANGE = Step("change", _l("Change"), May.WRITE_NOTICES, (NoticeState.DRAFT,), NoticeState.DRAFT)
GIVE_WAY = Step(
    "give_way", _lp("notice", "Replaced"), May.WRITE_NOTICES, (NoticeState.PUBLISHED,), NoticeState.REPLACED
)


class Letterhead(AppliesBelow, Base):
    """版头: how a unit signs and numbers. One a unit; ``code`` is its 机关代字, of which there is one each.

    ``head`` is the red line (发文机关标志), ``signature`` the 署名, ``printed_by`` the 印发机关.
    """

    __tablename__ = "letterhead"
    __table_args__ = (UniqueConstraint("unit_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    head: Mapped[str] = mapped_column(String(60))
    code: Mapped[str] = mapped_column(String(20), unique=True)
    signature: Mapped[str] = mapped_column(String(60))
    printed_by: Mapped[str] = mapped_column(String(60))
    phone: Mapped[str] = mapped_column(String(40), default="")


class Notice(Record, AppliesBelow, Base):
    """A notice, from draft to its end. What the paper says is fixed when it is published.

    ``body`` is in the safe text format (``portal.notices.text``). ``audience`` are the ids of the units that it is
    for, with everything below; none: the whole unit. ``year`` and ``serial`` are its number within ``code``.
    ``dated`` is the date on the paper. ``signers``, ``attachments`` have one on each line. ``not_names`` are the words
    of the text that some resident is called by, and that are no names here, as whoever sent it for approval says.
    """

    __tablename__ = "notice"
    __table_args__ = (
        CheckConstraint("(serial IS NULL) = (year IS NULL)", name="numbered_within_a_year"),
        UniqueConstraint("code", "year", "serial"),
        Index(None, "state", "published_at"),
        *place_indexes("changed_at", "id"),
        *place_indexes("state", "changed_at", "id"),
    )

    state: Mapped[NoticeState] = mapped_column(choice(NoticeState), default=NoticeState.DRAFT)
    kind: Mapped[NoticeKind] = mapped_column(choice(NoticeKind))
    letter_format: Mapped[bool] = mapped_column(default=False)
    template: Mapped[str] = mapped_column(String(40), default="")
    order_id: Mapped[int | None] = mapped_column(ForeignKey("order_.id"))
    title: Mapped[str] = mapped_column(String(120))
    addressees: Mapped[str] = mapped_column(String(300), default="")
    body: Mapped[str] = mapped_column(Text)
    attachments: Mapped[str] = mapped_column(String(500), default="")
    contact: Mapped[str] = mapped_column(String(120), default="")
    signers: Mapped[str] = mapped_column(String(200), default="")
    sealing: Mapped[Sealing] = mapped_column(choice(Sealing), default=Sealing.OWN)
    note: Mapped[str] = mapped_column(String(120), default="")
    copies_to: Mapped[str] = mapped_column(String(200), default="")
    head: Mapped[str] = mapped_column(String(60), default="")
    printed_by: Mapped[str] = mapped_column(String(60), default="")
    audience: Mapped[list[int]] = mapped_column(JSON, default=list)
    is_public: Mapped[bool] = mapped_column(default=True)
    returned_because: Mapped[str] = mapped_column(String(500), default="")
    not_names: Mapped[list[str]] = mapped_column(JSON, default=list)

    version: Mapped[int] = mapped_column(default=1)
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    code: Mapped[str] = mapped_column(String(20), default="")
    year: Mapped[int | None]
    serial: Mapped[int | None]
    dated: Mapped[date | None]
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_because: Mapped[str] = mapped_column(String(500), default="")
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("notice.id"), index=True)

    order: Mapped[Order | None] = relationship()
    versions: Mapped[list["NoticeVersion"]] = relationship(
        back_populates="notice", order_by="NoticeVersion.number"
    )

    @property
    def number(self) -> str:
        """发文字号: 重街办〔2026〕3号; empty before it is published, and where a kind has none."""
        return number_of(self.code, self.year, self.serial)


def number_of(code: str, year: int | None, serial: int | None) -> str:
    """``Notice.number`` of a row of columns."""
    return f"{code}〔{year}〕{serial}号" if serial else ""


class NoticeVersion(AppliesBelow, Base):
    """The text as it stood after one change, so that versions can be compared. Never changed."""

    __tablename__ = "notice_version"
    __table_args__ = (UniqueConstraint("notice_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(120))
    addressees: Mapped[str] = mapped_column(String(300), default="")
    body: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(String(60))

    notice: Mapped[Notice] = relationship(back_populates="versions")
