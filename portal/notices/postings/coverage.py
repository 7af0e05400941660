"""Where notices hang and where they do not: per street, community or grid, with what is missing first."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from flask import url_for
from markupsafe import Markup
from sqlalchemy import func, select

from portal.access.acting import Level, acting, may
from portal.access.policy import May
from portal.database import db
from portal.notices.models import Notice
from portal.notices.postings.kinds import PostingState
from portal.notices.postings.listing import Narrowed
from portal.notices.postings.models import Posting
from portal.notices.rules import ISSUED
from portal.units.models import Unit
from portal.web.page import part

COUNTED = (PostingState.TO_TAKE_DOWN, PostingState.TORN, PostingState.TO_HANG, PostingState.HANGING)
DIVIDED_BY = {
    None: Level.STREET,
    Level.COUNTY: Level.STREET,
    Level.STREET: Level.COMMUNITY,
    Level.COMMUNITY: Level.GRID,
    Level.GROUP: Level.GRID,
    Level.GRID: Level.GRID,
}
MOST_IN_A_PANEL = 5


@dataclass(frozen=True)
class Covered:
    """How notices hang in one unit: how many places are in each state. ``unit_id`` None: in all of them.

    ``own`` are the places of the unit itself, without those of the units below.
    """

    unit_id: int | None
    name: str
    numbers: dict[PostingState, int]
    own: bool = False

    @property
    def missing(self) -> int:
        """Where something has to be done."""
        return sum(self.numbers[state] for state in COUNTED if state is not PostingState.HANGING)

    @property
    def wanted(self) -> int:
        """At how many places a notice in force should hang."""
        return sum(
            self.numbers[state] for state in (PostingState.HANGING, PostingState.TORN, PostingState.TO_HANG)
        )


def coverage(narrow: Narrowed) -> list[Covered]:
    """A line for each unit one step below what is asked for, where most is missing first. Two questions.

    Without a notice: of all that is published, and of what is still to be taken down.
    """
    level = DIVIDED_BY[_level(narrow)]
    # Places of a community or a group are in no grid: they stand under their own unit.
    own = level is Level.GRID
    column = Posting.unit_id if own else getattr(Posting, level.column)
    rows = db.session.execute(
        select(column.label("unit_id"), Posting.state, func.count().label("places"))
        .where(Posting.state.in_(COUNTED), *narrow.conditions)
        .group_by(column, Posting.state)
    ).all()
    numbers: dict[int, dict[PostingState, int]] = defaultdict(lambda: dict.fromkeys(COUNTED, 0))
    for row in rows:
        numbers[row.unit_id][row.state] = row.places
    units = db.session.execute(select(Unit.id, Unit.full_name).where(Unit.id.in_(numbers)))
    lines = [Covered(unit.id, unit.full_name, numbers[unit.id], own) for unit in units]
    return sorted(lines, key=lambda line: (-line.missing, line.unit_id))


def total(lines: list[Covered]) -> Covered:
    """All lines in one."""
    return Covered(None, "", {state: sum(line.numbers[state] for line in lines) for state in COUNTED})


def notice_panel(notice: Notice) -> Markup | None:
    """How far a published notice hangs, on its own page; nothing for one that was never to hang."""
    if notice.state not in ISSUED or not may(May.SEE_NOTICES):
        return None
    narrow = Narrowed(notice=notice)
    lines = coverage(narrow)
    if not lines:
        return None
    return part(
        "postings/panel.html",
        notice=notice,
        all=total(lines),
        lines=[line for line in lines if line.missing][:MOST_IN_A_PANEL],
        states=COUNTED,
        address=address(narrow),
    )


def address(narrow: Narrowed) -> Any:
    """Where the records behind a figure are: ``address(line, state)``."""

    def of(line: Covered, state: PostingState) -> str:
        asked = (
            narrow.asked | ({"unit": line.unit_id} if line.unit_id else {}) | ({"own": 1} if line.own else {})
        )
        return url_for("postings.index", show=state.value, **asked)

    return of


def _level(narrow: Narrowed) -> Level | None:
    if narrow.unit is not None:
        return narrow.unit.level
    place = acting().place
    return place.level if place else None
