"""How figures are kept: what a transaction counts is gathered while it runs and written when it ends."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from flask import current_app, has_app_context
from sqlalchemy import ColumnElement, event, inspect
from sqlalchemy.orm import ORMExecuteState, SessionTransaction
from sqlalchemy.orm import Session as AnySession

from portal.access import counting as door
from portal.access.acting import Place
from portal.access.guard import contributed
from portal.access.scope import everywhere, place_of
from portal.clock import LOCAL, local, now
from portal.database import Session, db
from portal.workflow.figure_kinds import TO_THIS_DAY, Counting, Figure, figures, of_rows
from portal.workflow.models import Tally

KEPT, BEFORE, CUTS = "tallies", "tallies_before", "day_cuts"


@dataclass
class Gathered:
    """What a transaction has counted, (figure, unit, moment, how many more), and how much of it is written."""

    counted: list[tuple[str, int, datetime, int]] = field(default_factory=list)
    written: int = 0


class Uncounted(RuntimeError):
    """A way of writing that figures cannot follow. Change the rows, or take steps."""


def note(figure: Figure, unit_id: int, by: int, at: datetime) -> None:
    """So many more of a figure in a unit from a moment on, unless this transaction fails."""
    if by:
        _gathered(db.session()).counted.append((figure.code, unit_id, at, by))


def forget_cuts() -> None:
    """What parts a day has been changed within this transaction."""
    db.session().info.pop(CUTS, None)


def write(session: AnySession) -> None:
    """Add what was gathered so far to the rows of each unit."""
    gathered = _gathered(session)
    new = gathered.counted[gathered.written :]
    if not new:
        return
    known = figures()
    places = {unit_id: place_of(unit_id) for unit_id in {unit_id for _code, unit_id, _at, _by in new}}
    added: door.Added = {}
    for code, unit_id, at, by in new:
        moments = [_boundary(session, places[unit_id], at)]
        if known[code].counting is Counting.AT_ITS_END:
            moments.append(TO_THIS_DAY)
        for since in moments:
            added[unit_id, code, since] = added.get((unit_id, code, since), 0) + by
    gathered.written = len(gathered.counted)
    door.add(Tally, added, places)


def _gathered(session: AnySession) -> Gathered:
    found: Gathered = session.info.setdefault(KEPT, Gathered())
    return found


def _boundary(session: AnySession, place: Place, at: datetime) -> datetime:
    """The last boundary of the day that is not after the moment: a cut-off's own minute belongs to what follows."""
    day = local(at).date()
    cuts: dict[date, list[tuple[int, datetime]]] = session.info.setdefault(CUTS, {})
    if day not in cuts:
        cuts[day] = _cuts(day)
    midnight = datetime.combine(day, time(), LOCAL)
    passed = [cut for unit_id, cut in cuts[day] if unit_id in place.line and cut <= at]
    return max([midnight, *passed])


def _cuts(day: date) -> list[tuple[int, datetime]]:
    with everywhere(because="where a day is parted is decided by the orders for the unit that counts"):
        told = [cut for _area, cuts in contributed("day_cuts") for cut in cuts(day)]
    return [(unit_id, moment) for unit_id, moment in told if local(moment).date() == day]


# ── rows ─────────────────────────────────────────────────────────────────────────────────────────────────────────


_loading: set[tuple[type[Any], str]] = set()


def watched() -> dict[type[Any], list[Figure]]:
    """The figures that tell of rows, by model. Of what they look at, the value before a change is always known."""
    models = of_rows()
    for model, some in models.items():
        for name in {"unit_id", *(name for figure in some for name in figure.holds_of or ())}:
            if (model, name) not in _loading:
                _loading.add((model, name))
                event.listen(getattr(model, name), "set", _nothing, active_history=True)
    return models


def _nothing(*_what: object) -> None:
    """Only listened to so that what was before is loaded."""


@event.listens_for(Session, "after_flush")
def count_rows(session: AnySession, _context: Any) -> None:
    """Rows that have come to be what a figure tells of, or are so no longer, or have moved."""
    if not has_app_context() or "gatehouse" not in current_app.extensions:
        return
    models = watched()
    for row in session.new:
        for figure in models.get(type(row), ()):
            _count(figure, row, False, _is(row, figure))
    for row in session.dirty:
        for figure in models.get(type(row), ()):
            _count(figure, row, _was(row, figure), _is(row, figure))
    for row in session.deleted:
        for figure in models.get(type(row), ()):
            _count(figure, row, _was(row, figure), False)


def _count(figure: Figure, row: Any, was: bool, is_: bool) -> None:
    before, after = _before(row, "unit_id"), row.unit_id
    if figure.counting is Counting.ON_THE_DAY:
        if was != is_:
            unit_id = after if is_ else before
            note(figure, unit_id, figure.weighed(row) * (1 if is_ else -1), _dated(figure, row.__dict__.get))
    elif (was, before) != (is_, after):
        at = now()
        note(figure, before, -int(was), at)
        note(figure, after, int(is_), at)


def _is(row: Any, figure: Figure) -> bool:
    return all(getattr(row, name) in some for name, some in (figure.holds_of or {}).items())


def _was(row: Any, figure: Figure) -> bool:
    return all(_before(row, name) in some for name, some in (figure.holds_of or {}).items())


def _before(row: Any, name: str) -> Any:
    history = inspect(row).attrs[name].history
    return history.deleted[0] if history.deleted else getattr(row, name)


def _dated(figure: Figure, value: Any) -> datetime:
    return next((at for name in figure.dated_by if (at := value(name)) is not None), None) or now()


def count_inserted(model: type[Any], rows: list[dict[str, Any]]) -> None:
    """Rows written past the session, by ``access.bulk``: what is the same of many is noted once."""
    at = now()
    for figure in watched().get(model, ()):
        wanted = (figure.holds_of or {}).items()
        on_the_day = figure.counting is Counting.ON_THE_DAY
        counted: Counter[tuple[int, datetime]] = Counter()
        for row in rows:
            if all(door.value_of(model, row, name) in some for name, some in wanted):
                when = _dated(figure, row.get) if on_the_day and figure.dated_by else at
                counted[row["unit_id"], when] += figure.weighed(model(**row)) if figure.weight else 1
        for (unit_id, when), number in counted.items():
            note(figure, unit_id, number, when)


def count_moved(model: type[Any], which: ColumnElement[bool], to: Place) -> None:
    """Rows moved past the session, by ``access.moving``: they take their share of what stands now along."""
    at = now()
    for figure in watched().get(model, ()):
        if figure.counting is Counting.AT_ITS_END:
            moving = door.how_many(model, which & door.holding(model, figure.holds_of or {}))
            for unit_id, number in moving.items():
                note(figure, unit_id, -number, at)
                note(figure, to.unit_id, number, at)


@event.listens_for(Session, "do_orm_execute")
def count_deleted(state: ORMExecuteState) -> None:
    """Rows deleted by a statement; one that changes what a figure looks at cannot be followed."""
    if not (state.is_update or state.is_delete) or not has_app_context():
        return
    if "gatehouse" not in current_app.extensions or state.bind_mapper is None:
        return
    model: type[Any] = state.bind_mapper.class_
    statement: Any = state.statement
    for figure in watched().get(model, ()):
        looks_at = (figure.holds_of or {}).keys()
        if state.is_update:
            changed = {getattr(column, "key", column) for column in statement._values or {}}
            if changed & looks_at:
                raise Uncounted(f"{figure.code} tells of these rows: change them one by one")
            continue
        _count_gone(figure, model, statement)


def _count_gone(figure: Figure, model: type[Any], statement: Any) -> None:
    if figure.counting is not Counting.AT_ITS_END:
        raise Uncounted(f"{figure.code} tells of what happened: such rows are not deleted")
    db.session.flush()
    which = door.holding(model, figure.holds_of or {})
    for condition in statement._where_criteria:
        which = which & condition
    for unit_id, number in door.how_many(model, which).items():
        note(figure, unit_id, -number, now())


door.before_inserting.append(count_inserted)
door.before_moving.append(count_moved)


# ── with the transaction ─────────────────────────────────────────────────────────────────────────────────────────


@event.listens_for(Session, "before_commit")
def write_what_was_counted(session: AnySession) -> None:
    """Last of all, so that the rows on which many wait are held for a moment only."""
    if session.in_nested_transaction():
        return
    session.flush()
    write(session)


@event.listens_for(Session, "after_transaction_create")
def remember(session: AnySession, transaction: SessionTransaction) -> None:
    """How much was gathered before a savepoint."""
    if transaction.nested:
        gathered = _gathered(session)
        session.info.setdefault(BEFORE, {})[transaction] = len(gathered.counted), gathered.written


@event.listens_for(Session, "after_soft_rollback")
def give_back(session: AnySession, transaction: SessionTransaction) -> None:
    """What is rolled back was never counted."""
    if transaction in session.info.get(BEFORE, {}):
        gathered = _gathered(session)
        length, gathered.written = session.info[BEFORE].pop(transaction)
        del gathered.counted[length:]


@event.listens_for(Session, "after_transaction_end")
def forget(session: AnySession, transaction: SessionTransaction) -> None:
    """A transaction knows nothing of the next one."""
    if transaction.parent is None:
        for name in (KEPT, BEFORE, CUTS):
            session.info.pop(name, None)
