"""How far a round is in each grid: a row a round and grid, kept in the transaction of what it counts.

So that a county's coverage is added up from its grids, however many households there are. Every change of a visit
through the session is counted by the listeners here; what moves or is new is counted again from the rows themselves.
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    ForeignKey,
    Index,
    UniqueConstraint,
    and_,
    event,
    func,
    inspect,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from portal.access.scope import PLACE_COLUMNS, Scoped, place_of
from portal.database import Base, db
from portal.registry.models import Household
from portal.screenings.kinds import Outcome, RoundState
from portal.screenings.models import ScreeningRound, Visit


class RoundTally(Scoped, Base):
    """One round in one grid. ``households`` is how many the grid has, as of the last visit or move there."""

    __tablename__ = "round_tally"
    __table_args__ = (
        UniqueConstraint("round_id", "unit_id"),
        *(Index(None, column, "round_id") for column in PLACE_COLUMNS),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("screening_round.id"))
    households: Mapped[int] = mapped_column(default=0)
    answered: Mapped[int] = mapped_column(default=0)
    nobody_home: Mapped[int] = mapped_column(default=0)
    refused: Mapped[int] = mapped_column(default=0)
    moved: Mapped[int] = mapped_column(default=0)
    people: Mapped[int] = mapped_column(default=0)
    marked: Mapped[int] = mapped_column(default=0)
    rechecks_drawn: Mapped[int] = mapped_column(default=0)
    rechecks_done: Mapped[int] = mapped_column(default=0)
    rechecks_differing: Mapped[int] = mapped_column(default=0)


ROW = RoundTally.__table__.c
VISIT, HOUSEHOLD = Visit.__table__.c, Household.__table__
_FIRST, _AGAIN = Visit.is_recheck.is_(False), Visit.is_recheck.is_(True)


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count(Visit.id).filter(condition)


# What each column counts, of the visits of a round in a grid.
COUNTED: dict[str, ColumnElement[int]] = {
    **{outcome.value: _count(and_(_FIRST, Visit.outcome == outcome)) for outcome in Outcome},
    "people": func.coalesce(func.sum(Visit.people).filter(_FIRST), 0),
    "marked": func.coalesce(func.sum(Visit.marked).filter(_FIRST), 0),
    "rechecks_drawn": _count(_AGAIN),
    "rechecks_done": _count(and_(_AGAIN, Visit.outcome == Outcome.ANSWERED)),
    "rechecks_differing": _count(and_(_AGAIN, Visit.differs)),
}
WHAT_COUNTS = (
    VISIT.round_id, VISIT.unit_id, VISIT.is_recheck, VISIT.outcome, VISIT.people, VISIT.marked, VISIT.differs,
)  # fmt: skip


# ── every change of a visit ──────────────────────────────────────────────────────────────────────────────────────


@event.listens_for(Visit, "before_update")
def remember(_mapper: object, connection: Connection, visit: Visit) -> None:
    """How the visit was counted until now."""
    vars(visit)["counted_as"] = _read(connection, VISIT.id == visit.id)


@event.listens_for(Visit, "after_insert")
@event.listens_for(Visit, "after_update")
def count(_mapper: object, connection: Connection, visit: Visit) -> None:
    """Take away what it was, add what it is."""
    before = vars(visit).pop("counted_as", ())
    _change(connection, before, _read(connection, VISIT.id == visit.id))


@event.listens_for(Household, "after_update")
def count_once(_mapper: object, connection: Connection, household: Household) -> None:
    """What is left with a household that turned out to be another one counts no more, until both are two again."""
    history = inspect(household).attrs.merged_into_id.history
    was, is_ = (any(ids or ()) for ids in (history.deleted, history.added))
    if was != is_:
        theirs = _read(connection, VISIT.household_id == household.id, also_merged=True)
        _change(connection, theirs if is_ else (), () if is_ else theirs)


def share(row: Any) -> dict[str, int]:
    """What one visit adds to each column: {column: number}."""
    if row["is_recheck"]:
        done = row["outcome"] is Outcome.ANSWERED
        return {"rechecks_drawn": 1, "rechecks_done": int(done), "rechecks_differing": int(row["differs"])}
    outcome = {row["outcome"].value: 1} if row["outcome"] else {}
    return outcome | {"people": row["people"], "marked": row["marked"]}


def _read(connection: Connection, which: ColumnElement[bool], *, also_merged: bool = False) -> Sequence[Any]:
    """The visits that count, as they are in the database."""
    found = select(*WHAT_COUNTS).where(which)
    if not also_merged:
        found = found.join(HOUSEHOLD, HOUSEHOLD.c.id == VISIT.household_id)
        found = found.where(HOUSEHOLD.c.merged_into_id.is_(None))
    return connection.execute(found).mappings().all()


def _change(connection: Connection, before: Sequence[Any], after: Sequence[Any]) -> None:
    changes: dict[tuple[int, int], dict[str, int]] = {}
    for rows, sign in ((before, -1), (after, 1)):
        for row in rows:
            change = changes.setdefault((row["round_id"], row["unit_id"]), {})
            for column, number in share(row).items():
                change[column] = change.get(column, 0) + sign * number
    for (round_id, unit_id), change in sorted(changes.items()):
        added = {column: ROW[column] + number for column, number in change.items() if number}
        if added:
            of_the_grid = (ROW.round_id == round_id, ROW.unit_id == unit_id)
            connection.execute(update(RoundTally).where(*of_the_grid).values(added))


# ── counted from the rows ────────────────────────────────────────────────────────────────────────────────────────


def begin(round_: ScreeningRound) -> None:
    """A row for every grid of the round that has households."""
    level = place_of(round_.unit_id).level.column
    grids = select(Household.unit_id, func.count(Household.id)).where(
        getattr(Household, level) == round_.unit_id
    )
    for unit_id, households in db.session.execute(grids.group_by(Household.unit_id)):
        db.session.add(RoundTally(round_id=round_.id, unit_id=unit_id, households=households))
    db.session.flush()


def keep_up(round_id: int, unit_id: int) -> None:
    """See that the grid has its row, and that it knows how many households there are now."""
    households = db.session.scalar(select(func.count(Household.id)).where(Household.unit_id == unit_id)) or 0
    here = (RoundTally.round_id == round_id, RoundTally.unit_id == unit_id)
    known = db.session.scalar(select(RoundTally.households).where(*here))
    if known is None:
        with suppress(IntegrityError), db.session.begin_nested():
            db.session.add(RoundTally(round_id=round_id, unit_id=unit_id))
        recount(round_id, unit_id)
    elif known != households:
        same = update(RoundTally).where(*here).values(households=households)
        db.session.execute(same.execution_options(synchronize_session=False))


def recount(round_id: int, unit_id: int) -> None:
    """Count a round in a grid anew."""
    db.session.flush()
    tally = db.session.scalars(
        select(RoundTally)
        .where(RoundTally.round_id == round_id, RoundTally.unit_id == unit_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    for column, number in counted(round_id, unit_id).items():
        setattr(tally, column, number)
    db.session.flush()


def counted(round_id: int, unit_id: int) -> dict[str, int]:
    """What the row of a round in a grid must say: {column: number}, from visits and households."""
    numbers = select(*(number.label(column) for column, number in COUNTED.items())).select_from(Visit)
    numbers = numbers.join(
        Household, Household.id == Visit.household_id
    )  # without what turned out to be another one
    found = (
        db.session.execute(numbers.where(Visit.round_id == round_id, Visit.unit_id == unit_id))
        .mappings()
        .one()
    )
    households = select(func.count(Household.id)).where(Household.unit_id == unit_id)
    return {**found, "households": db.session.scalar(households) or 0}


def keep_all_up() -> int:
    """Once a day: the households of every grid in the rounds under way, as imports write many. Returns how many."""
    under_way = select(ScreeningRound.id, ScreeningRound.unit_id).where(
        ScreeningRound.state == RoundState.OPEN
    )
    kept = 0
    for round_id, unit_id in db.session.execute(under_way).all():
        within = getattr(Household, place_of(unit_id).level.column) == unit_id
        for grid_id in db.session.scalars(select(Household.unit_id).where(within).distinct()).all():
            keep_up(round_id, grid_id)
            kept += 1
    return kept


def count_again(round_ids: Iterable[int], unit_ids: Iterable[int]) -> None:
    """After households have moved: in these grids, also in one that is new."""
    grids = sorted(set(unit_ids))
    for round_id in sorted(set(round_ids)):
        for unit_id in grids:
            keep_up(round_id, unit_id)
            recount(round_id, unit_id)


def open_rounds_over(unit_id: int) -> list[int]:
    """The rounds under way that hold a grid, as far as the one acting sees them."""
    line = place_of(unit_id).line
    found = select(ScreeningRound.id).where(
        ScreeningRound.state == RoundState.OPEN, ScreeningRound.unit_id.in_(line)
    )
    return list(db.session.scalars(found))
