"""An import, its file, what its rows would do or have done, and the words of headings that people have explained."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.access.scope import Scoped
from portal.clock import now
from portal.database import Base, UtcDateTime, choice
from portal.registry.importing.kinds import Choice, ImportState, Outcome, Why
from portal.vault import Sealed, new_seal_id


class RegistryImport(Scoped, Base):
    """One sheet of one file, by one account. It belongs to where that account acted.

    ``columns`` are the headings as they were found: [{index, label, field, could_be, examples}], the examples
    masked. ``mapping`` is what they mean: {index: field, "" for not needed}. ``grid_to`` is the grid of rows that
    name none.
    """

    __tablename__ = "registry_import"
    __table_args__ = (Index(None, "digest"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    appointment_id: Mapped[int] = mapped_column(ForeignKey("appointment.id"))
    state: Mapped[ImportState] = mapped_column(choice(ImportState), default=ImportState.READING)
    digest: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    sheet: Mapped[str] = mapped_column(String(60), default="")
    sheets: Mapped[list[str]] = mapped_column(JSON, default=list)
    columns: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    mapping: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    is_mapped: Mapped[bool] = mapped_column(default=False)
    grid_to: Mapped[int | None]
    counts: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    remarks: Mapped[list[str]] = mapped_column(JSON, default=list)
    refusal: Mapped[str] = mapped_column(String(400), default="")
    renewed: Mapped[bool] = mapped_column(default=False)
    job_id: Mapped[int | None]
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def rows(self) -> int:
        """How many rows the preview has."""
        return sum(self.count(one) for one in Outcome)

    def count(self, outcome: Outcome) -> int:
        """How many rows do this."""
        return self.counts.get(outcome.value, 0)


class ImportFile(Scoped, Base):
    """The file, sealed, until the import is confirmed or has expired; then only its wrong rows, for a day."""

    __tablename__ = "registry_import_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("registry_import.id"), index=True, unique=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class ImportRow(Scoped, Base):
    """What a person of the file, or a home without people, would do; after the confirm what it has done.

    ``number`` is the row's in Excel, ``home`` the home's in the file. ``told`` is sealed JSON: before the confirm
    what the row says, what was there before and what is wrong; afterwards only what was there before.
    ``stood`` is a keyed digest of what the preview rests on; after the confirm of what was written.
    """

    __tablename__ = "registry_import_row"
    __table_args__ = (Index(None, "import_id", "outcome", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("registry_import.id"), index=True)
    number: Mapped[int]
    home: Mapped[int]
    outcome: Mapped[Outcome] = mapped_column(choice(Outcome))
    why: Mapped[Why | None] = mapped_column(choice(Why))
    choice: Mapped[Choice | None] = mapped_column(choice(Choice))
    household_id: Mapped[int | None]
    resident_id: Mapped[int | None]
    made_household: Mapped[bool] = mapped_column(default=False)
    stood: Mapped[str] = mapped_column(String(32), default="")
    told_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    seal_id: Mapped[str] = mapped_column(String(32), default=new_seal_id)
    told = Sealed()


class ImportWord(Scoped, Base):
    """What a heading means in the sheets of a unit, as a person has said. ``field`` is empty for "not needed"."""

    __tablename__ = "registry_import_word"
    __table_args__ = (UniqueConstraint("unit_id", "word"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    word: Mapped[str] = mapped_column(String(120))
    field: Mapped[str] = mapped_column(String(40))
