"""The tree: county › street › community › group › grid. And the places in it: checkpoints."""

from sqlalchemy import Connection, ForeignKey, String, UniqueConstraint, event
from sqlalchemy.orm import Mapped, mapped_column, relationship, synonym
from sqlalchemy.orm.attributes import set_committed_value

from portal.access.acting import Level, Place
from portal.access.scope import PLACE_COLUMNS, AppliesBelow, Scoped
from portal.database import Base, choice


class Unit(AppliesBelow, Base):
    """A unit of the tree. Its place columns hold its own id at its own level and its ancestors' above.

    ``full_name`` is how people say it: 豫苑社区三组二格, from the community down.
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
    unit_id = synonym("id")  # type: ignore[assignment]

    parent: Mapped["Unit | None"] = relationship(remote_side=[id], foreign_keys=[parent_id])

    @property
    def place_comes_from(self) -> int | None:
        return self.parent_id  # its own id is added to the place when the database has given it

    @property
    def place(self) -> Place:
        return Place(self.id, self.level, **{column: getattr(self, column) for column in PLACE_COLUMNS})


class Checkpoint(Scoped, Base):
    """A gate where passes are checked. ``number`` is what a pass code names it by, unique in the installation."""

    __tablename__ = "checkpoint"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    open_to_vehicles: Mapped[bool] = mapped_column(default=False)
    closed: Mapped[bool] = mapped_column(default=False)


@event.listens_for(Unit, "after_insert")
def name_own_level(_mapper: object, connection: Connection, unit: Unit) -> None:
    """Only now does a unit know its id: write it into its own level's column."""
    table = Unit.__table__
    connection.execute(table.update().where(table.c.id == unit.id).values({unit.level.column: unit.id}))
    set_committed_value(unit, unit.level.column, unit.id)
