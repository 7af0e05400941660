"""Worksheets 工作表: what was printed, where its codes lead, and what was keyed, by whom and when."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.access.scope import AppliesBelow, Scoped, place_indexes
from portal.clock import now
from portal.database import Base, UtcDateTime
from portal.vault import Sealed, new_seal_id
from portal.worksheets.codes import sheet_code


class Worksheet(AppliesBelow, Base):
    """One sheet for a unit. Nothing personal: those below see it, too, and of its rows only their own.

    ``columns`` are the names of the columns as printed, ``part`` is what of the list (the kind's choice).
    """

    __tablename__ = "worksheet"
    __table_args__ = (*place_indexes("id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(unique=True)
    kind: Mapped[str] = mapped_column(String(60))
    part: Mapped[str] = mapped_column(String(60))
    columns: Mapped[list[str]] = mapped_column(JSON)
    rows: Mapped[int]
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    made_by: Mapped[str] = mapped_column(String(60))

    @property
    def code(self) -> str:
        """The number as it stands on paper."""
        return sheet_code(self.number)


class WorksheetRow(Scoped, Base):
    """A row of a sheet: its code and whom it is about, in the place that this had when the sheet was made."""

    __tablename__ = "worksheet_row"
    __table_args__ = (UniqueConstraint("worksheet_id", "place"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    worksheet_id: Mapped[int] = mapped_column(ForeignKey("worksheet.id"))
    place: Mapped[int]
    code: Mapped[str] = mapped_column(String(4))
    subject_id: Mapped[int]


class WorksheetEntry(Scoped, Base):
    """A value keyed for a row and a column. A later one for the same stands beside it: nothing is changed or lost."""

    __tablename__ = "worksheet_entry"
    __table_args__ = (Index(None, "worksheet_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    worksheet_id: Mapped[int] = mapped_column(ForeignKey("worksheet.id"))
    row_id: Mapped[int] = mapped_column(ForeignKey("worksheet_row.id"), index=True)
    column: Mapped[str] = mapped_column(String(40))
    value_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    seal_id: Mapped[str] = mapped_column(String(32), default=new_seal_id)
    value = Sealed()
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    by: Mapped[str] = mapped_column(String(60))
