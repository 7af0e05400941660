"""How far a round is in each grid: a row a round and grid, kept in the transaction of what it counts.

So that a county's coverage is added up from its grids, however many households there are. Every change of a visit
through the session is counted by the listeners here; what moves is counted again from the rows themselves. How many
households there are to screen is what the daily report keeps of each grid, until the round is closed.
"""

from collections import Counter
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

from portal.access.acting import Level, Place
from portal.access.bulk import insert_many
from portal.access.counting import raising
from portal.access.scope import PLACE_COLUMNS, Scoped, lies_in, place_of
from portal.database import Base, db
from portal.registry.models import Household
from portal.screenings.kinds import Outcome, RoundState
from portal.screenings.models import ScreeningRound, Visit
from portal.workflow import tallying
from portal.workflow.figures import TO_THIS_DAY, By
from portal.workflow.models import Tally

IN_THE_REGISTRY = "registry.households"  # the figure of the daily report


class RoundTally(Scoped, Base):
    """One round in one grid. ``households`` is how many the grid had when the round was closed; until then 0."""

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


ROW, ROUND = RoundTally.__table__.c, ScreeningRound.__table__.c
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
    *(VISIT[column] for column in PLACE_COLUMNS), VISIT.round_id, VISIT.unit_id,
    VISIT.is_recheck, VISIT.outcome, VISIT.people, VISIT.marked, VISIT.differs,
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
        closed = select(ROUND.id).where(
            ROUND.state != RoundState.OPEN, ROUND.changed_at >= household.created_at
        )
        here = (ROW.unit_id == household.unit_id, ROW.round_id.in_(closed))
        one_less = ROW.households + (-1 if is_ else 1)
        connection.execute(update(RoundTally).where(*here).values(households=one_less))


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
    changes: dict[tuple[int, int], Counter[str]] = {}
    where: dict[tuple[int, int], dict[str, Any]] = {}
    for rows, sign in ((before, -1), (after, 1)):
        for row in rows:
            of_the_grid = row["round_id"], row["unit_id"]
            where[of_the_grid] = {column: row[column] for column in (*PLACE_COLUMNS, "round_id", "unit_id")}
            change = changes.setdefault(of_the_grid, Counter())
            change.update({column: sign * number for column, number in share(row).items()})
    for of_the_grid, change in sorted(changes.items()):
        added = {column: number for column, number in change.items() if number}
        if added:
            statement = raising(RoundTally, connection, ("round_id", "unit_id"), added)
            connection.execute(statement, where[of_the_grid] | dict.fromkeys(COUNTED, 0) | added)


# ── households to screen ─────────────────────────────────────────────────────────────────────────────────────────


def households(rounds: Sequence[ScreeningRound], place: Place, by: By) -> Counter[int | None]:
    """应排查: the households of rounds at a place, each round by itself: {unit id: number}.

    Of a round under way as many as there are now: one that was just written, imported, taken back or moved counts.
    """
    closed = [one for one in rounds if one.state is not RoundState.OPEN]
    found = _standing([one for one in rounds if one.state is RoundState.OPEN], place, by)
    return found + _kept(RoundTally.households, closed, place, by) if closed else found


def answered(rounds: Sequence[ScreeningRound], place: Place, by: By) -> Counter[int | None]:
    """Those of them that have answered."""
    return _kept(RoundTally.answered, rounds, place, by)


def _kept(column: Any, rounds: Sequence[ScreeningRound], place: Place, by: By) -> Counter[int | None]:
    here = lies_in(RoundTally, place)
    found = select(by(RoundTally), func.sum(column)).where(
        here, RoundTally.round_id.in_([one.id for one in rounds])
    )
    rows = db.session.execute(found.group_by(by(RoundTally)))
    return Counter({row[0]: int(row[1]) for row in rows})


def _standing(rounds: Sequence[ScreeningRound], place: Place, by: By) -> Counter[int | None]:
    """Of what the daily report keeps: of each grid a number, with what this transaction has changed."""
    db.session.flush()
    tallying.write(db.session())
    found, units = Counter[int | None](), dict[Level, Counter[int]]()
    for one in rounds:
        units.setdefault(place_of(one.unit_id).level, Counter())[one.unit_id] += 1
    for level, times in units.items():
        holder = getattr(Tally, level.column)
        there = select(holder, by(Tally), func.sum(Tally.value)).where(
            Tally.figure == IN_THE_REGISTRY,
            Tally.since == TO_THIS_DAY,
            lies_in(Tally, place),
            holder.in_(times),
        )
        for unit_id, part_id, number in db.session.execute(there.group_by(holder, by(Tally))):
            found[part_id] += times[unit_id] * int(number)
    return found


def keep_households(round_: ScreeningRound) -> None:
    """The round is over: what comes to a grid from now on was never to be screened in it."""
    numbers = dict(_standing([round_], place_of(round_.unit_id), lambda model: model.unit_id))
    for tally in db.session.scalars(select(RoundTally).where(RoundTally.round_id == round_.id)):
        tally.households = numbers.pop(tally.unit_id, 0)
    untouched = {unit_id: number for unit_id, number in numbers.items() if number}
    insert_many(
        RoundTally,
        ({"round_id": round_.id, "unit_id": unit, "households": many} for unit, many in untouched.items()),
    )


# ── counted from the rows ────────────────────────────────────────────────────────────────────────────────────────


def see_to_row(round_id: int, unit_id: int) -> None:
    """So that the grid can be counted again."""
    here = (RoundTally.round_id == round_id, RoundTally.unit_id == unit_id)
    if db.session.scalar(select(RoundTally.id).where(*here)) is None:
        with suppress(IntegrityError), db.session.begin_nested():
            db.session.add(RoundTally(round_id=round_id, unit_id=unit_id))


def count_again(round_ids: Iterable[int], unit_ids: Iterable[int]) -> None:
    """After households have moved: in these grids, also in one that is new."""
    grids = sorted(set(unit_ids))
    for round_id in sorted(set(round_ids)):
        for unit_id in grids:
            see_to_row(round_id, unit_id)
            recount(round_id, unit_id)


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
    # without what turned out to be another one
    numbers = numbers.join(Household, Household.id == Visit.household_id)
    numbers = numbers.where(Visit.round_id == round_id, Visit.unit_id == unit_id)
    there = select(func.count(Household.id)).where(
        Household.unit_id == unit_id, Household.created_at <= ScreeningRound.changed_at
    )
    there = there.join(ScreeningRound, ScreeningRound.id == round_id)
    closed = there.where(ScreeningRound.state != RoundState.OPEN)
    return {**db.session.execute(numbers).mappings().one(), "households": db.session.scalar(closed) or 0}
