"""The tree: county › street › community › group › grid. And the places in it: checkpoints."""

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Connection, ForeignKey, LargeBinary, String, UniqueConstraint, event, inspect
from sqlalchemy.orm import Mapped, mapped_column, relationship, synonym
from sqlalchemy.orm.attributes import set_committed_value

from portal.access.acting import Level, Place
from portal.access.scope import PLACE_COLUMNS, AppliesBelow, Scoped
from portal.database import Base, UtcDateTime, choice

LEVEL_LABELS: dict[Level, Any] = {
    Level.COUNTY: _l("County"),
    Level.STREET: _l("Street or township"),
    Level.COMMUNITY: _l("Community"),
    Level.GROUP: _l("Residents' group"),
    Level.GRID: _l("Grid"),
}


class Unit(AppliesBelow, Base):
    """A unit of the tree. Its place columns hold its own id at its own level and its ancestors' above.

    ``name`` is its own (二格), ``full_name`` is how people say it, from the community down: 豫苑社区三组二格.
    One that was merged into another stays, closed, for the records.
    """

    __tablename__ = "unit"
    __table_args__ = (UniqueConstraint("parent_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    level: Mapped[Level] = mapped_column(choice(Level))
    name: Mapped[str] = mapped_column(String(60))
    full_name: Mapped[str] = mapped_column(String(200), default="")
    code: Mapped[str | None] = mapped_column(String(12), unique=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    duty_phone: Mapped[str] = mapped_column(String(40), default="")
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    unit_id = synonym("id")

    parent: Mapped["Unit | None"] = relationship(remote_side=[id], foreign_keys=[parent_id])

    @property
    def place_comes_from(self) -> int | None:
        return self.parent_id  # its own id is added to the place when the database has given it

    @property
    def place(self) -> Place:
        return Place(self.id, self.level, **{column: getattr(self, column) for column in PLACE_COLUMNS})

    @property
    def level_label(self) -> str:
        return str(LEVEL_LABELS[self.level])


class Checkpoint(Scoped, Base):
    """A gate (卡点) where passes are checked. A pass code names it by its id. Closed ones stay, for the records.

    ``neighbour`` is the township across the boundary, of a gate that stands at one.
    """

    __tablename__ = "checkpoint"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    open_to_vehicles: Mapped[bool] = mapped_column(default=False)
    neighbour: Mapped[str] = mapped_column(String(40), default="", server_default="")
    closed: Mapped[bool] = mapped_column(default=False)


class UploadedTree(Scoped, Base):
    """A file of units between its preview and its import. Belongs to the whole installation; nothing personal."""

    __tablename__ = "uploaded_tree"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)  # type: ignore[assignment]
    account_id: Mapped[int]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    content: Mapped[bytes] = mapped_column(LargeBinary)


@event.listens_for(Unit, "after_insert")
def name_own_level(_mapper: object, connection: Connection, unit: Unit) -> None:
    """Only now does a unit know its id: write it into its own level's column."""
    table = Base.metadata.tables["unit"]
    connection.execute(table.update().where(table.c.id == unit.id).values({unit.level.column: unit.id}))
    set_committed_value(unit, unit.level.column, unit.id)


@event.listens_for(Unit, "before_update")
def stay_in_place(_mapper: object, _connection: object, unit: Unit) -> None:
    """A unit never moves: all rows of its subtree carry its place. Close it and open another instead."""
    attributes = inspect(unit).attrs
    if attributes.parent_id.history.has_changes() or attributes.level.history.has_changes():
        raise RuntimeError(f"unit {unit.id} cannot move")
