"""What a unit's page shows: the way to it, what lies directly below, its gates."""

from dataclasses import dataclass

from sqlalchemy import select

from portal.access.acting import Level
from portal.database import db
from portal.units.models import Checkpoint, Unit

PAGE = 40


@dataclass(frozen=True)
class Child:
    """A unit directly below."""

    id: int
    name: str
    level: Level
    code: str


def children(unit_id: int | None, *, after: int | None) -> tuple[list[Child], int | None]:
    """A page of what lies directly below (None: at the top), and the ``after`` of the next page. Not what is closed."""
    below = select(Unit.id, Unit.name, Unit.level, Unit.code).where(
        Unit.parent_id == unit_id, Unit.closed_at.is_(None)
    )
    if after is not None:
        below = below.where(Unit.id > after)
    rows = db.session.execute(below.order_by(Unit.id).limit(PAGE + 1)).all()
    shown = [Child(row.id, row.name, row.level, row.code or "") for row in rows[:PAGE]]
    return shown, shown[-1].id if len(rows) > PAGE else None


def way_to(unit: Unit) -> list[Unit]:
    """The units above, from the top down, as far as they are visible."""
    above = select(Unit).where(Unit.id.in_(unit.place.line[:-1]))
    return sorted(db.session.scalars(above), key=lambda higher: unit.place.line.index(higher.id))


def open_gates(unit_id: int) -> list[Checkpoint]:
    """The unit's own checkpoints that are open."""
    own = select(Checkpoint).where(Checkpoint.unit_id == unit_id, ~Checkpoint.closed)
    return list(db.session.scalars(own.order_by(Checkpoint.id)))
