"""What people decided about records that look the same: merged, with all that was changed by it, or told apart."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.access.scope import Scoped, place_indexes
from portal.clock import now
from portal.database import Base, UtcDateTime


class Merging(Scoped, Base):
    """One record merged into another of its table. Belongs to the unit of the one that was kept.

    ``filled`` names the fields that the one that was kept had from the other; ``newest`` is for each column that can
    name the record ("pass.resident_id") the highest id of its table then: what names it with a higher one is newer.
    """

    __tablename__ = "merging"
    __table_args__ = (Index(None, "record", "other_id"), *place_indexes("id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    record: Mapped[str] = mapped_column(String(40))
    kept_id: Mapped[int]
    other_id: Mapped[int]
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    by: Mapped[str] = mapped_column(String(60))
    filled: Mapped[list[str]] = mapped_column(JSON, default=list)
    newest: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    changes: Mapped[list["MergingChange"]] = relationship(
        back_populates="merging", order_by="MergingChange.id"
    )


class MergingChange(Scoped, Base):
    """One value that a merging changed in a row that hung on either record; plain values, as JSON has them."""

    __tablename__ = "merging_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    merging_id: Mapped[int] = mapped_column(ForeignKey("merging.id"), index=True)
    table: Mapped[str] = mapped_column("table_name", String(60))
    row_id: Mapped[int]
    attribute: Mapped[str] = mapped_column(String(60))
    before: Mapped[Any] = mapped_column(JSON)
    after: Mapped[Any] = mapped_column(JSON)

    merging: Mapped[Merging] = relationship(back_populates="changes")


class NotSame(Scoped, Base):
    """Two records that look the same and are not. Belongs to the unit of the one with the lower id.

    ``merging_id``: told apart from the other record of that merging, and so from the one that was kept.
    """

    __tablename__ = "not_same"
    __table_args__ = (UniqueConstraint("record", "low_id", "high_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    record: Mapped[str] = mapped_column(String(40))
    low_id: Mapped[int]
    high_id: Mapped[int]
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    merging_id: Mapped[int | None] = mapped_column(ForeignKey("merging.id"), index=True)
