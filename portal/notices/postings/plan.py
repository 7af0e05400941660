"""What should hang where: one posting for each place within a notice's audience, and their end with the notice.

A unit without units below it (a grid, or a village without grids) that has no place of its own gets one posting at a
conspicuous place. Thousands of postings come and go at once: their beginning and their end leave one entry in the
trail, on the notice. The step that ends each one is written down; that they came with the notice needs none.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, select, update

from portal.access import scope
from portal.access.acting import Level, acting
from portal.access.scope import PLACE_COLUMNS, lies_in
from portal.audit import service as audit
from portal.clock import now
from portal.database import db
from portal.notices.kinds import NoticeState
from portal.notices.models import Notice
from portal.notices.postings.kinds import PostingState
from portal.notices.postings.models import DROP, RECALL, Posting, PostingPlace
from portal.units.models import Unit
from portal.workflow.models import StepTaken
from portal.workflow.states import Step

LEVELS = (Level.COMMUNITY, Level.GROUP, Level.GRID)  # whose units have places
# Written on paper and remembered with the posting, so it is Chinese in both languages.
CONSPICUOUS = {Level.COMMUNITY: "社区内醒目处", Level.GROUP: "小组内醒目处", Level.GRID: "网格内醒目处"}
OVER = (PostingState.TAKEN_DOWN, PostingState.DROPPED)
ENDS = ((PostingState.HANGING, RECALL), (PostingState.TO_HANG, DROP), (PostingState.TORN, DROP))


@dataclass(frozen=True)
class Spot:
    """Where something hangs. ``line`` are the ids from the top of the tree down to its unit."""

    unit_id: int
    place_id: int | None
    name: str
    line: tuple[int, ...]


def hang_everywhere(notice: Notice) -> int:
    """Plan the postings of a notice that has just been published. Returns how many."""
    return _plan(notice, _missing([notice]))


def call_back(notice: Notice) -> int:
    """A notice has been withdrawn or replaced: what hangs is to be taken down, the rest is dropped."""
    moved = end(Posting.notice_id == notice.id)
    audit.record("posting.recall", notice, **moved)
    return sum(moved.values())


def end(*conditions: ColumnElement[bool]) -> dict[str, Any]:
    """End the open postings that the conditions name, in bulk: how many by the name of the step."""
    return {
        step.name: sum(_move(step, state, conditions) for state, its_end in ENDS if its_end is step)
        for step in (RECALL, DROP)
    }


def count_missing() -> int:
    """How many places within the scope the current notices have no posting for."""
    return sum(len(spots) for spots in _missing(current_notices()).values())


def catch_up() -> int:
    """Bring current notices to places that are new since. Returns how many postings were added.

    Where a unit got its first place of its own, nobody has to look for a conspicuous one any more.
    """
    notices = list(db.session.scalars(_current().with_for_update()))
    missing = _missing(notices)
    added = sum(_plan(notice, missing) for notice in notices if missing[notice.id])
    with_places = {spot.unit_id for spots in missing.values() for spot in spots if spot.place_id}
    if with_places:
        end(
            Posting.unit_id.in_(with_places),
            Posting.place_id.is_(None),
            Posting.state == PostingState.TO_HANG,
        )
    return added


def current_notices() -> list[Notice]:
    """What is published, as far as the one acting now sees it."""
    return list(db.session.scalars(_current()))


def _current() -> Any:
    return select(Notice).where(Notice.state == NoticeState.PUBLISHED).order_by(Notice.id)


def _plan(notice: Notice, missing: dict[int, list[Spot]]) -> int:
    spots = missing[notice.id]
    who, at = acting(), now()
    db.session.add_all(
        Posting(
            unit_id=spot.unit_id,
            notice_id=notice.id,
            place_id=spot.place_id,
            place=spot.name,
            created_by_id=who.account_id,
            created_at=at,
            changed_at=at,
        )
        for spot in spots
    )
    db.session.flush()
    audit.record("posting.plan", notice, unit_id=_where(notice), places=len(spots))
    return len(spots)


def _where(notice: Notice) -> int:
    """Where the entry belongs: to the notice's unit, or to one's own where somebody below adds places."""
    place = acting().place
    return notice.unit_id if place is None or scope.current().covers(notice) else place.unit_id


def _move(step: Step, from_state: PostingState, conditions: Iterable[ColumnElement[bool]]) -> int:
    who, at = acting(), now()
    moving = (
        update(Posting)
        .where(*conditions, Posting.state == from_state)
        .values(state=step.to, changed_at=at)
        .returning(Posting.id, Posting.unit_id)
        .execution_options(synchronize_session=False)
    )
    moved = db.session.execute(moving).all()
    db.session.add_all(
        StepTaken(
            unit_id=row.unit_id,
            record=Posting.__tablename__,
            record_id=row.id,
            step=step.name,
            from_state=from_state,
            to_state=step.to,
            at=at,
            account_id=who.account_id,
            by=who.name,
            by_unit=who.unit_name,
            by_role=who.role,
        )
        for row in moved
    )
    return len(moved)


def _missing(notices: Sequence[Notice]) -> dict[int, list[Spot]]:
    """For each notice the spots of its audience that have no open posting of it, in the order in which people walk."""
    if not notices:
        return {}
    spots = sorted(_spots(), key=lambda spot: (spot.line, spot.name))
    taken = _taken([notice.id for notice in notices])
    return {
        notice.id: [
            spot
            for spot in spots
            if _is_for(notice, spot) and (notice.id, spot.unit_id, spot.place_id) not in taken
        ]
        for notice in notices
    }


def _is_for(notice: Notice, spot: Spot) -> bool:
    return not set(notice.audience or [notice.unit_id]).isdisjoint(spot.line)


def _taken(notice_ids: list[int]) -> set[tuple[int, int, int | None]]:
    open_ones = select(Posting.notice_id, Posting.unit_id, Posting.place_id).where(
        Posting.notice_id.in_(notice_ids), Posting.state.not_in(OVER)
    )
    return {(row.notice_id, row.unit_id, row.place_id) for row in db.session.execute(open_ones)}


def _spots() -> Iterator[Spot]:
    """Every open place within the scope, and the conspicuous ones of units at the foot of the tree without any."""
    units = {row.id: row for row in db.session.execute(_within(select(*_unit_columns()), Unit))}
    places = db.session.execute(
        _within(select(PostingPlace.id, PostingPlace.unit_id, PostingPlace.name), PostingPlace).where(
            ~PostingPlace.closed
        )
    ).all()
    for place in places:
        yield Spot(place.unit_id, place.id, place.name, _line(units[place.unit_id]))
    has_something = {place.unit_id for place in places} | {unit.parent_id for unit in units.values()}
    for unit in units.values():
        if unit.id not in has_something:
            yield Spot(unit.id, None, CONSPICUOUS[unit.level], _line(unit))


def _unit_columns() -> list[Any]:
    return [Unit.id, Unit.parent_id, Unit.level, *(getattr(Unit, column) for column in PLACE_COLUMNS)]


def _within(question: Any, model: type[Unit] | type[PostingPlace]) -> Any:
    """Only what lies at or below the place of the scope; of the tree, communities and below."""
    place = scope.current().place
    if place is not None:
        question = question.where(lies_in(model, place))
    return question.where(Unit.level.in_(LEVELS)) if model is Unit else question


def _line(unit: Any) -> tuple[int, ...]:
    return tuple(i for column in PLACE_COLUMNS if (i := getattr(unit, column)) is not None)
