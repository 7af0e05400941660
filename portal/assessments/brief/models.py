"""What the nightly look through all records found, and when it looked."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.access.scope import AppliesBelow, Scoped, place_indexes
from portal.assessments.brief.kinds import Kind
from portal.database import Base, UtcDateTime, choice


class Doubt(Scoped, Base):
    """Two records of a table, or one, that cannot be quite true, as they were last night.

    It belongs to the lowest unit that holds both. Whoever shows it asks the records once more: what was put right in
    the meantime is not shown. No foreign keys: a note that nobody follows. ``other_id`` 0: it is about one record.
    """

    __tablename__ = "doubt"
    __table_args__ = (UniqueConstraint("kind", "record_id", "other_id"), *place_indexes("kind", "record_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[Kind] = mapped_column(choice(Kind))
    record_id: Mapped[int]
    other_id: Mapped[int] = mapped_column(default=0)


class DoubtsSought(AppliesBelow, Base):
    """When everything below the top unit of a tree was last looked through: one row a tree."""

    __tablename__ = "doubts_sought"
    __table_args__ = (UniqueConstraint("unit_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
