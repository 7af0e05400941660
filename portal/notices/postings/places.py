"""The list of posting places, and the units that may get one."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, tuple_

from portal.access.acting import Level, acting
from portal.access.scope import lies_in
from portal.database import db
from portal.notices.postings.models import PostingPlace
from portal.notices.postings.plan import LEVELS
from portal.units.models import Unit

PAGE = 40
MOST_TO_CHOOSE_FROM = 150  # a community with its groups and grids


@dataclass(frozen=True)
class Choices:
    """Either ``units`` (id, name) that may get a place, or the ``communities`` below which to look."""

    units: list[tuple[int, str]]
    communities: list[tuple[int, str]]


def lines(after: int | None) -> tuple[list[Any], int | None]:
    """A page of (id, unit, name), and the ``after`` of the next page (None: there is none)."""
    found = (
        select(PostingPlace.id, Unit.full_name.label("unit"), PostingPlace.name)
        .join(Unit, Unit.id == PostingPlace.unit_id)
        .where(~PostingPlace.closed)
    )
    order = (PostingPlace.community_id, PostingPlace.unit_id, PostingPlace.id)
    last = db.session.get(PostingPlace, after) if after else None
    if last is not None:
        found = found.where(tuple_(*order) > tuple_(last.community_id, last.unit_id, last.id))
    rows = list(db.session.execute(found.order_by(*order).limit(PAGE + 1)))
    return rows[:PAGE], rows[PAGE - 1].id if len(rows) > PAGE else None


def choices(under: int | None) -> Choices:
    """What to choose from below a unit of one's own; None: below the unit that one acts for."""
    unit = db.get_or_404(Unit, under) if under else None
    place, mine = unit.place if unit else acting().place, acting().place
    wanted = select(Unit.id, Unit.full_name).order_by(Unit.community_id, Unit.group_id, Unit.id)
    for here in (place, mine):  # of what applies from above one sees the unit, but nothing is written there
        if here is not None:
            wanted = wanted.where(lies_in(Unit, here))
    of_places = wanted.where(Unit.level.in_(LEVELS)).limit(MOST_TO_CHOOSE_FROM + 1)
    found = [(row.id, row.full_name) for row in db.session.execute(of_places)]
    if len(found) <= MOST_TO_CHOOSE_FROM or (place and place.level in LEVELS):
        return Choices(found, [])
    communities = db.session.execute(wanted.where(Unit.level == Level.COMMUNITY))
    return Choices([], [(row.id, row.full_name) for row in communities])
