"""Every row belongs to a unit, and whoever acts sees the rows of that unit and below. Enforced in the session.

The filter is one equality on one column: each row carries the ids of its place at every level. Rows that come
from above (``AppliesBelow``) are readable on the whole line from the top to the bottom through one's own unit.
Without a scope nothing is readable: that is an error, not "everything".
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Index, Table, event, inspect, or_, select
from sqlalchemy.orm import Mapped, ORMExecuteState, mapped_column, with_loader_criteria

from portal.access import bypasses, pointers
from portal.access.acting import Level, Place
from portal.database import Base, Session, db

PLACE_COLUMNS = tuple(level.column for level in Level)


class ScopeNotSet(RuntimeError):
    """Scoped rows were touched before anyone said whose eyes we look through."""


class OutOfScope(RuntimeError):
    """A row outside the scope was about to be read or written."""


class _Placed:
    """The place columns, filled from ``unit_id`` when the row is flushed."""

    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    county_id: Mapped[int | None] = mapped_column()
    street_id: Mapped[int | None] = mapped_column()
    community_id: Mapped[int | None] = mapped_column()
    group_id: Mapped[int | None] = mapped_column()
    grid_id: Mapped[int | None] = mapped_column()

    @property
    def place_comes_from(self) -> int | None:
        """The unit whose place this row has."""
        return self.unit_id


class Scoped(_Placed):
    """A row that its own unit and the units above it see."""


class AppliesBelow(_Placed):
    """A row that its own unit, those above and those below see: orders, rules, notices, the tree itself."""


def place_indexes(*columns: str) -> tuple[Index, ...]:
    """One index per level in the order in which lists are read: ``*place_indexes("changed_at", "id")``."""
    return tuple(Index(None, column, *columns) for column in PLACE_COLUMNS)


@dataclass(frozen=True)
class Scope:
    """Whose eyes: a place, or everywhere."""

    place: Place | None

    def covers(self, row: _Placed) -> bool:
        """Whether the row may be written."""
        return self.place is None or getattr(row, self.place.level.column) == self.place.unit_id

    def shows(self, row: _Placed) -> bool:
        """Whether the row may be read."""
        if self.place is None or self.covers(row):
            return True
        return isinstance(row, AppliesBelow) and row.unit_id in self.place.line


EVERYWHERE = Scope(None)


def look_through(place: Place | None) -> None:
    """From here on the session shows this place; ``None`` shows nothing at all."""
    db.session.flush()
    _set(None if place is None else Scope(place))


def look_everywhere(*, because: str) -> None:
    """From here on the session shows all places: for those who are appointed to the whole installation."""
    db.session.flush()
    _set(EVERYWHERE if because else None)


@contextmanager
def everywhere(*, because: str) -> Iterator[None]:
    """Lift the scope. ``because`` is for the reader and for ``tests/access``, which lists every use."""
    if not because:
        raise ValueError("say why the scope is lifted")
    db.session.flush()  # what was written before is judged by the scope that it was written under
    before = db.session().info.get("scope")
    _set(EVERYWHERE)
    try:
        yield
        db.session.flush()  # and what is written here by this one
    finally:
        _set(before)


def current() -> Scope:
    """The scope in force; ``ScopeNotSet`` where there is none."""
    scope: Scope | None = db.session().info.get("scope")
    if scope is None:
        raise ScopeNotSet(
            "say first whose eyes we look through: look_through(place) or everywhere(because=…)"
        )
    return scope


def _set(scope: Scope | None) -> None:
    session = db.session()
    if session.info.get("scope") == scope:
        return
    session.info["scope"] = scope
    for row in session.new:  # what is not flushed by now was left by a failure
        session.expunge(row)
    _forget_strangers(session)
    for row in list(session):
        state = inspect(row)
        state.load_options = ()  # or a relationship would be loaded with the other eyes' condition
        filled = state.mapper.relationships.keys() & state.dict.keys()
        if filled and state.persistent:
            session.expire(row, filled)  # what the other eyes saw


def _forget_strangers(session: Any) -> None:
    """A row that is in the session already answers without asking the database."""
    scope: Scope | None = session.info.get("scope")
    for row in session.identity_map.values():
        if isinstance(row, _Placed) and not _seems_shown(row, scope):
            session.expunge(row)


def _seems_shown(row: _Placed, scope: Scope | None) -> bool:
    """Whether the scope shows the row. One whose place isn't loaded is asked for again, in the scope."""
    if scope is None or scope.place is None:
        return scope is not None
    return scope.place.level.column not in row.__dict__ or scope.shows(row)


def place_of(unit_id: int) -> Place:
    """The place of a unit, scope or not; LookupError for an unknown one."""
    unit = _unit_table()
    row = db.session.connection().execute(select(unit).where(unit.c.id == unit_id)).mappings().one_or_none()
    if row is None:
        raise LookupError(f"no unit {unit_id}")
    return Place(unit_id, Level(row["level"]), **{column: row[column] for column in PLACE_COLUMNS})


def lies_in(model: Any, place: Place) -> ColumnElement[bool]:
    """The condition that a row lies in a place, or below it."""
    return getattr(model, place.level.column) == place.unit_id  # type: ignore[no-any-return]


def _unit_table() -> Table:
    return Base.metadata.tables["unit"]


# ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────────

# One lambda a level: SQLAlchemy caches a criterion by its code, so none may choose its column at run time.
_WITHIN: dict[Level, Callable[[int], Any]] = {
    Level.COUNTY: lambda here: lambda cls: cls.county_id == here,
    Level.STREET: lambda here: lambda cls: cls.street_id == here,
    Level.COMMUNITY: lambda here: lambda cls: cls.community_id == here,
    Level.GROUP: lambda here: lambda cls: cls.group_id == here,
    Level.GRID: lambda here: lambda cls: cls.grid_id == here,
}
_ON_THE_LINE: dict[Level, Callable[[int, tuple[int, ...]], Any]] = {
    Level.COUNTY: lambda here, line: lambda cls: or_(cls.county_id == here, cls.unit_id.in_(line)),
    Level.STREET: lambda here, line: lambda cls: or_(cls.street_id == here, cls.unit_id.in_(line)),
    Level.COMMUNITY: lambda here, line: lambda cls: or_(cls.community_id == here, cls.unit_id.in_(line)),
    Level.GROUP: lambda here, line: lambda cls: or_(cls.group_id == here, cls.unit_id.in_(line)),
    Level.GRID: lambda here, line: lambda cls: or_(cls.grid_id == here, cls.unit_id.in_(line)),
}


@event.listens_for(Session, "do_orm_execute")
def only_rows_in_scope(state: ORMExecuteState) -> None:
    """Put the scope's condition on every statement, and refuse those that it cannot reach."""
    if not state.is_relationship_load and not state.is_column_load:
        bypasses.refuse(state)
    scope: Scope | None = state.session.info.get("scope")
    if scope is None:
        if any(issubclass(mapper.class_, _Placed) for mapper in bypasses.mappers_in(state.statement)):
            raise ScopeNotSet(str(state.statement))
        return
    if scope.place is None:
        return
    level, here = scope.place.level, scope.place.unit_id
    if state.is_column_load or not state.is_select:
        _narrow_further(state, scope.place)
    state.statement = state.statement.options(
        with_loader_criteria(Scoped, _WITHIN[level](here), include_aliases=True),
        with_loader_criteria(AppliesBelow, _ON_THE_LINE[level](here, scope.place.line), include_aliases=True),
    )


def _narrow_further(state: ORMExecuteState, place: Place) -> None:
    """SQLAlchemy puts no criteria on reloading a row; and what applies from above is read here, but not written."""
    statement: Any = state.statement
    if state.bind_mapper and issubclass(target := state.bind_mapper.class_, _Placed):
        condition = lies_in(target, place)
        if state.is_column_load and issubclass(target, AppliesBelow):
            condition = or_(condition, target.unit_id.in_(place.line))
        state.statement = statement.where(condition)


@event.listens_for(_Placed, "load", propagate=True)
def tripwire(row: _Placed, context: Any) -> None:
    """Whatever way a row came in, it is looked at once more."""
    if context is not None:  # None: ``merge`` has made a new row, which is judged when it is flushed
        _check_shown(row, context.session)


@event.listens_for(_Placed, "refresh", propagate=True)
def tripwire_on_refresh(row: _Placed, context: Any, _attributes: Any) -> None:
    _check_shown(row, context.session)


@event.listens_for(Session, "detached_to_persistent")
def tripwire_on_return(session: Any, row: Any) -> None:
    """A row that was read through other eyes, kept, and is added to the session."""
    if isinstance(row, _Placed):
        _check_shown(row, session)


@event.listens_for(Session, "after_soft_rollback")
def forget_what_came_back(session: Any, _transaction: Any) -> None:
    """A rollback brings deleted rows back into the session, whoever saw and deleted them."""
    _forget_strangers(session)


def _check_shown(row: _Placed, session: Any) -> None:
    if not _seems_shown(row, session.info.get("scope")):
        raise OutOfScope(f"a row of {type(row).__name__} outside the scope was loaded")


# ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────────


@event.listens_for(Session, "before_flush")
def only_writes_in_scope(session: Session, _context: Any, _instances: Any) -> None:
    """Fill the place of every row from its unit, and refuse rows outside the scope, before and after."""
    written = [row for row in (*session.new, *session.dirty, *session.deleted) if _is_written(session, row)]
    if not written:
        return
    scope: Scope | None = session.info.get("scope")
    if scope is None:
        raise ScopeNotSet("rows are written before anyone said where")
    for row in written:
        if row not in session.new and not _was_covered(row, scope):
            raise OutOfScope(f"{type(row).__name__} does not belong to this scope")
        if row not in session.deleted:
            _fill_place(session, row)
            if scope.place and (pointer := pointers.dangling(session, row)):
                raise OutOfScope(f"{type(row).__name__}.{pointer} leads outside the scope")
        if not scope.covers(row):
            raise OutOfScope(f"{type(row).__name__} would be written outside the scope")


def _is_written(session: Session, row: Any) -> bool:
    """Not where only a collection of its children has changed."""
    if not isinstance(row, _Placed):
        return False
    return row not in session.dirty or session.is_modified(row, include_collections=False)


def _was_covered(row: _Placed, scope: Scope) -> bool:
    if scope.place is None:
        return True
    history = inspect(row).attrs[scope.place.level.column].load_history()
    before = history.deleted or history.unchanged
    return bool(before) and before[0] == scope.place.unit_id


def _fill_place(session: Session, row: _Placed) -> None:
    if row not in session.new and not inspect(row).attrs.unit_id.history.has_changes():
        by_hand = [column for column in PLACE_COLUMNS if inspect(row).attrs[column].history.has_changes()]
        if by_hand:
            session.expire(row, by_hand)  # the place follows the unit
        return
    place = None if row.place_comes_from is None else place_of(row.place_comes_from)
    for column in PLACE_COLUMNS:
        setattr(row, column, place and getattr(place, column))
