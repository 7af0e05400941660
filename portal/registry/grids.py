"""Choosing a grid: straight away where there are few, else step by step down the tree."""

from dataclasses import dataclass

from sqlalchemy import select

from portal.access.acting import Level, acting
from portal.access.scope import lies_in
from portal.database import db
from portal.units.models import Unit

MOST_TO_CHOOSE_FROM = 60


@dataclass(frozen=True)
class Choices:
    """Either ``grids`` (id, name) to choose from, or the ``units`` below which to look."""

    grids: list[tuple[int, str]]
    units: list[tuple[int, str]]


def choices(under: int | None) -> Choices:
    """What to choose from below a unit of one's own; None: below the unit that one acts for."""
    unit = db.session.get(Unit, under) if under else None
    place = unit.place if unit else acting().place
    grids = select(Unit.id, Unit.full_name).where(Unit.level == Level.GRID, Unit.closed_at.is_(None))
    grids = grids.order_by(Unit.full_name, Unit.id)
    if place is not None:
        grids = grids.where(lies_in(Unit, place))
    found = [(row.id, row.full_name) for row in db.session.execute(grids.limit(MOST_TO_CHOOSE_FROM + 1))]
    below = _children(place.unit_id if place else None) if len(found) > MOST_TO_CHOOSE_FROM else []
    return Choices([] if below else found, below)


def _children(unit_id: int | None) -> list[tuple[int, str]]:
    children = select(Unit.id, Unit.full_name).where(Unit.parent_id == unit_id, Unit.level != Level.GRID)
    return [(row.id, row.full_name) for row in db.session.execute(children.order_by(Unit.code, Unit.id))]


def around(grid_id: int) -> list[tuple[int, str]]:
    """The grids to which a household may be moved: those of its community that one acts for."""
    grid = db.session.get_one(Unit, grid_id)
    near = select(Unit.id, Unit.full_name).where(
        Unit.level == Level.GRID, Unit.community_id == grid.community_id, Unit.closed_at.is_(None)
    )
    place = acting().place
    if place is not None:
        near = near.where(lies_in(Unit, place))
    return [(row.id, row.full_name) for row in db.session.execute(near.order_by(Unit.full_name, Unit.id))]
