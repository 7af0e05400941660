"""The daily report 日报告: one for each unit and day, computed from the records and never typed."""

from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.access.policy import May
from portal.access.scope import PLACE_COLUMNS, Scoped
from portal.database import Base, UtcDateTime, choice
from portal.orders.models import Order
from portal.reports.kinds import ReportState
from portal.workflow.record import Record
from portal.workflow.states import Step

CONFIRM = Step(
    "confirm", _l("Confirm"), May.CONFIRM_REPORTS, (ReportState.OPEN,), ReportState.CONFIRMED, gravity="main"
)
RECEIVE = Step(
    "receive",
    _l("Receive"),
    May.RECEIVE_REPORTS,
    (ReportState.CONFIRMED,),
    ReportState.RECEIVED,
    gravity="main",
)
SEND_BACK = Step(
    "send_back",
    _l("Send back"),
    May.RECEIVE_REPORTS,
    (ReportState.CONFIRMED, ReportState.RECEIVED),
    ReportState.OPEN,
    asks_reason=True,
)
TRANSITIONS = (CONFIRM, RECEIVE, SEND_BACK)


class DailyReport(Record, Scoped, Base):
    """The report of one unit for one day. There is no row until somebody confirms: silence is not zero.

    ``figures`` are frozen when it is confirmed ({figure code: value}), of what was from ``starts_at`` until
    ``cut_off_at``; ``computed_from`` says from what: the moment, the order's number, the head of the trail, and which
    reports below there were, each with its version (0: none). ``version`` counts confirmations and supplements. A
    report without anything to tell is ``is_nil`` by an act of its own. What is recorded later shows as a difference.
    """

    __tablename__ = "daily_report"
    __table_args__ = (
        UniqueConstraint("unit_id", "day"),
        *(Index(None, column, "day", "state") for column in PLACE_COLUMNS),
    )

    state: Mapped[ReportState] = mapped_column(choice(ReportState), default=ReportState.OPEN)
    day: Mapped[date]
    order_id: Mapped[int] = mapped_column(ForeignKey("order_.id"))
    figures: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    computed_from: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    cut_off_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=0)
    is_nil: Mapped[bool] = mapped_column(default=False)
    to_coordinate: Mapped[str] = mapped_column(String(500), default="")
    returned_because: Mapped[str] = mapped_column(String(500), default="")
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    first_confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    received_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    order: Mapped[Order] = relationship()
    supplements: Mapped[list["Supplement"]] = relationship(order_by="Supplement.id")

    @property
    def told(self) -> dict[str, int]:
        """What it says now: what was frozen, with what was sent in later since then."""
        said = dict(self.figures)
        for one in self.supplements:
            if one.version > self.computed_from.get("version", 0):
                said |= {code: new for code, (_old, new) in one.changes.items()}
        return said

    @property
    def is_late(self) -> bool:
        """Whether it was reported for the first time after its deadline."""
        return self.first_confirmed_at is not None and self.first_confirmed_at > self.due_at


class Supplement(Scoped, Base):
    """补报: what a report told once more: which figures changed, {code: [was, is]}, and why."""

    __tablename__ = "report_supplement"

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("daily_report.id"), index=True)
    version: Mapped[int]
    changes: Mapped[dict[str, list[int]]] = mapped_column(JSON, default=dict)
    reason: Mapped[str] = mapped_column(String(300), default="")
    is_late: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
