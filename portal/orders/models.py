"""Orders 指令: the legal basis on which every measure hangs, with an end, and the measures they switch on."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.access.policy import May
from portal.access.scope import AppliesBelow, place_indexes
from portal.database import Base, UtcDateTime, choice
from portal.workflow.record import Record
from portal.workflow.states import Step


class OrderState(StrEnum):
    """What is stored. Whether an order is in force at a moment follows from its hours: ``Order.in_force``."""

    DRAFT = "draft"
    IN_FORCE = "in_force"
    ENDED = "ended"

    @property
    def label(self) -> str:
        return str(STATE_LABELS[self])


STATE_LABELS = {
    OrderState.DRAFT: _l("Draft"),
    OrderState.IN_FORCE: _l("In force"),
    OrderState.ENDED: _l("Ended"),
}

PUT_IN_FORCE = Step(
    "put_in_force",
    _l("Put in force"),
    May.WRITE_ORDERS,
    (OrderState.DRAFT,),
    OrderState.IN_FORCE,
    gravity="main",
)
END = Step(
    "end",
    _l("End the order"),
    May.WRITE_ORDERS,
    (OrderState.IN_FORCE,),
    OrderState.ENDED,
    asks_reason=True,
    gravity="destroys",
)
TRANSITIONS = (PUT_IN_FORCE, END)


class Order(Record, AppliesBelow, Base):
    """An order: from an hour until an hour, for a unit and everything below it.

    ``until`` is what the order says and never moves; ``ended_at`` is when it was ended or replaced before that.
    """

    __tablename__ = "order_"
    __table_args__ = (
        CheckConstraint("effective_from < until", name="ends_after_it_begins"),
        *place_indexes("until"),
    )

    state: Mapped[OrderState] = mapped_column(choice(OrderState), default=OrderState.DRAFT)
    number: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(120))
    legal_basis: Mapped[str] = mapped_column(Text)
    issued_by: Mapped[str] = mapped_column(String(120))
    effective_from: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("order_.id"))

    measures: Mapped[list["Measure"]] = relationship(back_populates="order", order_by="Measure.id")

    @property
    def ends_at(self) -> datetime:
        """When it stops applying, as far as is known."""
        return self.until if self.ended_at is None else min(self.ended_at, self.until)

    def in_force(self, at: datetime) -> bool:
        """Whether it applied at that moment; also true of the past of an order that has ended since."""
        return self.state != OrderState.DRAFT and self.effective_from <= at < self.ends_at


class Measure(AppliesBelow, Base):
    """What an order switches on: the area that knows it, the item (a pass kind …) and its parameters as data."""

    __tablename__ = "measure"
    __table_args__ = (UniqueConstraint("order_id", "area", "item"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("order_.id"))
    area: Mapped[str] = mapped_column(String(40))
    item: Mapped[str] = mapped_column(String(40))
    parameters: Mapped[dict[str, Any]] = mapped_column(JSON)

    order: Mapped[Order] = relationship(back_populates="measures")
