"""The visit list of a grid in a round, as people walk. No household has a row in it before somebody has knocked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Row, and_, exists, func, or_, select, true
from sqlalchemy.orm import aliased

from portal.access.acting import Level, Place, acting
from portal.access.scope import lies_in, place_of
from portal.clock import now
from portal.database import db
from portal.registry.addresses import address_of
from portal.registry.models import ADDRESS, Household, Resident
from portal.screenings.kinds import Outcome
from portal.screenings.models import ScreeningRound, Visit
from portal.workflow.listing import PAGE, page_of


class Show(StrEnum):
    """What the list can be narrowed to."""

    TO_VISIT = "to_visit"
    MINE = "mine"
    RETRIES = "retries"
    ANSWERED = "answered"
    RECHECKS = "rechecks"
    ALL = "all"

    @property
    def label(self) -> str:
        return str(SHOW_LABELS[self])


SHOW_LABELS = {
    Show.TO_VISIT: _l("To visit"),
    Show.MINE: _l("Of these mine"),
    Show.RETRIES: _l("Try again"),
    Show.ANSWERED: _l("Answered"),
    Show.RECHECKS: _l("Second visits"),
    Show.ALL: _l("All"),
}


@dataclass(frozen=True)
class Line:
    """A household of the list. ``head`` is shown masked. ``outcome`` None: nobody has knocked yet.

    ``for_others``: a second visit to a household for which the one acting answered at the first.
    """

    id: int
    address: str
    head: str
    people: int
    outcome: Outcome | None
    tries: int
    last_at: datetime | None
    retry_at: datetime | None
    differs: bool
    for_others: bool

    @property
    def look(self) -> str:
        """The class of the state."""
        return {None: "nil", Outcome.ANSWERED: "ok"}.get(self.outcome, "look")


def grid_of(place: Place, asked_for: int | None) -> Place | None:
    """The grid whose list is shown: one's own, or the one asked for below one's own unit; None: choose one first."""
    if place.level is Level.GRID:
        return place
    if asked_for is None:
        return None
    try:
        grid = place_of(asked_for)
    except LookupError:
        return None
    return grid if grid.level is Level.GRID and place.holds(grid) else None


def chosen(text: str | None) -> Show:
    """The filter asked for, or what is to be visited."""
    return Show(text) if text in list(Show) else Show.TO_VISIT


def lines(
    round_: ScreeningRound, grid: Place, show: Show, after: int | None
) -> tuple[list[Line], int | None]:
    """One page as people walk, and the ``after`` of the next one (None: there is none)."""
    found, visit = _of(round_, grid, show)
    walk = (Household.address_key, Household.id)
    rows, following = page_of(found.where(condition(show, visit)), walk, after, upwards=True)
    return _lines(rows), following


def due(round_: ScreeningRound, grid: Place) -> list[Line]:
    """Where somebody is to knock again by now, the earliest hour first."""
    found, visit = _of(round_, grid, Show.RETRIES)
    found = found.where(visit.outcome != Outcome.ANSWERED, visit.retry_at <= now())
    return _lines(db.session.execute(found.order_by(visit.retry_at, visit.id).limit(PAGE)).all())


def condition(show: Show, visit: Any) -> ColumnElement[bool]:
    """What a filter holds."""
    untouched: ColumnElement[bool] = visit.id.is_(None)
    held: dict[Show, ColumnElement[bool]] = {
        Show.TO_VISIT: untouched,
        Show.MINE: and_(untouched, Household.responsible_id == acting().account_id),
        Show.RETRIES: visit.outcome != Outcome.ANSWERED,
        Show.ANSWERED: visit.outcome == Outcome.ANSWERED,
        Show.RECHECKS: visit.id.is_not(None),
        Show.ALL: true(),
    }
    return held[show]


def due_counts(round_ids: Sequence[int], grid: Place) -> dict[int, int]:
    """How many households of a grid are to be tried again by now: {round id: number}."""
    return _counts(
        Visit.grid_id == grid.unit_id,
        Visit.round_id.in_(round_ids),
        Visit.is_recheck.is_(False),
        Visit.outcome.in_([one for one in Outcome if one is not Outcome.ANSWERED]),
        Visit.retry_at <= now(),
    )


def rechecks_open(round_ids: Sequence[int], place: Place) -> dict[int, int]:
    """How many second visits wait below a place for somebody else than who was there first: {round id: number}."""
    return _counts(
        lies_in(Visit, place),
        Visit.round_id.in_(round_ids),
        Visit.is_recheck.is_(True),
        or_(Visit.outcome.is_(None), Visit.outcome != Outcome.ANSWERED),
        ~_was_there_first(Visit),
    )


def _was_there_first(visit: Any) -> ColumnElement[bool]:
    """The condition that the one acting now was at the first visit to the household of this one."""
    first = aliased(Visit)
    return exists().where(
        first.round_id == visit.round_id,
        first.household_id == visit.household_id,
        first.is_recheck.is_(False),
        first.by_id == acting().account_id,
    )


def _counts(*which: ColumnElement[bool]) -> dict[int, int]:
    found = select(Visit.round_id, func.count(Visit.id)).where(*which).group_by(Visit.round_id)
    return {row[0]: row[1] for row in db.session.execute(found)}


def ids_of(round_: ScreeningRound, place: Place, most: int, *, with_answered: bool) -> Sequence[int]:
    """The households of a place in a round, as people walk; without those that have answered unless asked for."""
    visit: Any = aliased(Visit)
    within = place_of(round_.unit_id)
    found = select(Household.id).where(
        lies_in(Household, place),
        lies_in(Household, within),
    )
    if not with_answered:
        found = found.outerjoin(visit, _theirs(visit, round_, again=False))
        found = found.where(or_(visit.id.is_(None), visit.outcome != Outcome.ANSWERED))
    return db.session.scalars(found.order_by(Household.address_key, Household.id).limit(most)).all()


def _of(round_: ScreeningRound, grid: Place, show: Show) -> tuple[Any, Any]:
    visit: Any = aliased(Visit)
    for_others = and_(visit.is_recheck, _was_there_first(visit)).label("for_others")
    columns = (visit.outcome, visit.tries, visit.last_at, visit.retry_at, visit.differs, for_others)
    found = select(Household.id, *ADDRESS, *columns).outerjoin(
        visit, _theirs(visit, round_, again=show is Show.RECHECKS)
    )
    return found.where(Household.grid_id == grid.unit_id), visit


def _theirs(visit: Any, round_: ScreeningRound, *, again: bool) -> ColumnElement[bool]:
    return and_(visit.household_id == Household.id, visit.round_id == round_.id, visit.is_recheck.is_(again))


def _lines(rows: Sequence[Row[Any]]) -> list[Line]:
    people = _people([row.id for row in rows])
    return [
        Line(
            id=row.id,
            address=address_of(row),
            head=next(iter(people.get(row.id, [])), ""),
            people=len(people.get(row.id, [])),
            outcome=row.outcome,
            tries=row.tries or 0,
            last_at=row.last_at,
            retry_at=row.retry_at,
            differs=bool(row.differs),
            for_others=bool(row.for_others),
        )
        for row in rows
    ]


def _people(ids: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    living = select(Resident.household_id, Resident.name).where(
        Resident.household_id.in_(ids or [0]), Resident.left_at.is_(None)
    )
    for household_id, name in db.session.execute(living.order_by(Resident.is_head.desc(), Resident.id)):
        found.setdefault(household_id, []).append(name)
    return found
