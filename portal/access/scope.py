"""Every row belongs to a unit, and whoever acts sees the rows of that unit and below. Enforced in the session.

The filter is one equality on one column: each row carries the ids of its place at every level. Rows that come
from above (``AppliesBelow``) are readable on the whole line from the top to the bottom through one's own unit.
Without a scope nothing is readable: that is an error, not "everything".
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ForeignKey, Index, Table, event, inspect, or_, select
from sqlalchemy.orm import Mapped, ORMExecuteState, mapped_column, with_loader_criteria

from portal.access import bypasses
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
    for row in list(session):  # a row that is in the session already answers without asking the database
        if isinstance(row, _Placed) and (scope is None or not scope.shows(row)):
            session.expunge(row)
    for row in list(session):
        state = inspect(row)
        state.load_options = ()  # or a relationship would be loaded with the other eyes' condition
        filled = state.mapper.relationships.keys() & state.dict.keys()
        if filled and state.persistent:
            session.expire(row, filled)  # what the other eyes saw


def place_of(unit_id: int) -> Place:
    """The place of a unit, scope or not; LookupError for an unknown one."""
    unit = _unit_table()
    row = db.session.connection().execute(select(unit).where(unit.c.id == unit_id)).mappings().one_or_none()
    if row is None:
        raise LookupError(f"no unit {unit_id}")
    return Place(unit_id, Level(row["level"]), **{column: row[column] for column in PLACE_COLUMNS})


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
    if scope.place is None or state.is_column_load:
        return  # a refresh reads by primary key a row that ``tripwire`` checks again
    level, here = scope.place.level, scope.place.unit_id
    if state.is_update or state.is_delete:
        _only_write_ones_own(state, level, here)
    state.statement = state.statement.options(
        with_loader_criteria(Scoped, _WITHIN[level](here), include_aliases=True),
        with_loader_criteria(AppliesBelow, _ON_THE_LINE[level](here, scope.place.line), include_aliases=True),
    )


def _only_write_ones_own(state: ORMExecuteState, level: Level, here: int) -> None:
    """What applies from above is read here, but not written."""
    statement: Any = state.statement
    if state.bind_mapper and issubclass(target := state.bind_mapper.class_, _Placed):
        state.statement = statement.where(getattr(target, level.column) == here)


@event.listens_for(_Placed, "load", propagate=True)
def tripwire(row: _Placed, context: Any) -> None:
    """Whatever way a row came in, it is looked at once more."""
    if context is not None:  # None: ``merge`` has made a new row, which is judged when it is flushed
        _check_shown(row, context.session)


@event.listens_for(_Placed, "refresh", propagate=True)
def tripwire_on_refresh(row: _Placed, context: Any, _attributes: Any) -> None:
    _check_shown(row, context.session)


def _check_shown(row: _Placed, session: Any) -> None:
    scope: Scope | None = session.info.get("scope")
    if scope is None or not scope.shows(row):
        raise OutOfScope(f"a row of {type(row).__name__} outside the scope was loaded")


# ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────────


@event.listens_for(Session, "before_flush")
def only_writes_in_scope(session: Session, _context: Any, _instances: Any) -> None:
    """Fill the place of every row from its unit, and refuse rows outside the scope, before and after."""
    changed = [row for row in (*session.new, *session.dirty, *session.deleted) if isinstance(row, _Placed)]
    if not changed:
        return
    scope: Scope | None = session.info.get("scope")
    if scope is None:
        raise ScopeNotSet("rows are written before anyone said where")
    for row in changed:
        if row not in session.new and session.is_modified(row) and not _was_covered(row, scope):
            raise OutOfScope(f"{type(row).__name__} does not belong to this scope")
        if row not in session.deleted:
            _fill_place(session, row)
        if (row in session.new or session.is_modified(row) or row in session.deleted) and not scope.covers(
            row
        ):
            raise OutOfScope(f"{type(row).__name__} would be written outside the scope")


def _was_covered(row: _Placed, scope: Scope) -> bool:
    if scope.place is None:
        return True
    history = inspect(row).attrs[scope.place.level.column].load_history()
    before = history.deleted or history.unchanged
    return bool(before) and before[0] == scope.place.unit_id


def _fill_place(session: Session, row: _Placed) -> None:
    attributes = inspect(row).attrs
    decisive = {"unit_id", *PLACE_COLUMNS} & set(attributes.keys())
    if row not in session.new and not any(attributes[name].history.has_changes() for name in decisive):
        return
    place = None if row.place_comes_from is None else place_of(row.place_comes_from)
    for column in PLACE_COLUMNS:
        setattr(row, column, place and getattr(place, column))
