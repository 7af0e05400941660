"""What every form workflow shares: the steps taken, figures of the day, forms sent once, numbers without gaps."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.access.scope import PLACE_COLUMNS, Scoped
from portal.database import Base, UtcDateTime


class StepTaken(Scoped, Base):
    """One step of one record: who took it, when, from which state to which, and why. Never changed."""

    __tablename__ = "step_taken"
    __table_args__ = (Index(None, "record", "record_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    record: Mapped[str] = mapped_column(String(40))
    record_id: Mapped[int]
    step: Mapped[str] = mapped_column(String(40))
    from_state: Mapped[str] = mapped_column(String(32))
    to_state: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    by: Mapped[str] = mapped_column(String(60))
    by_unit: Mapped[str] = mapped_column(String(200))
    by_role: Mapped[str] = mapped_column(String(32))
    reason: Mapped[str] = mapped_column(String(500), default="")


class Tally(Scoped, Base):
    """How often something happened in a unit since a boundary of the day until the next one: midnight, or a cut-off.

    Of figures that tell how many there are, the row with ``since`` TO_THIS_DAY holds how many there are now, and the
    others by how much that has changed. Written by ``figures`` alone, in the transaction of what is counted.
    """

    __tablename__ = "tally"
    __table_args__ = tuple(Index(None, column, "since") for column in PLACE_COLUMNS)

    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True, index=True)
    figure: Mapped[str] = mapped_column(String(40), primary_key=True)
    since: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
    value: Mapped[int] = mapped_column(BigInteger)


class SentOnce(Base):
    """A form that has been taken: sending it again leads to the same place and writes nothing."""

    __tablename__ = "sent_once"

    token: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    location: Mapped[str] = mapped_column(String(500), default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Counter(Base):
    """The last number given out for one series of numbers."""

    __tablename__ = "counter"

    series: Mapped[str] = mapped_column(String(60), primary_key=True)
    last: Mapped[int]
