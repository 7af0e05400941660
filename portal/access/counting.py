"""The one door for counting: numbers that many transactions add to at once, each kept in a row of its unit.

A row is never read to be changed: the database adds, so that of many writers none is lost. What a transaction adds is
written in one order of the rows, so that no two wait for each other.

The other doors for many rows at once tell here what they are about to do, because the session never sees it.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Insert, Table, and_, func, inspect, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from portal.access.acting import Place
from portal.access.scope import PLACE_COLUMNS, OutOfScope, Scope, _Placed, current
from portal.database import apart, db

Values = Mapping[str, tuple[Any, ...]]
Added = dict[tuple[int, str, datetime], int]  # (unit, what is counted, since when): how many more

MENDING = 0x74616C79  # "taly": the advisory lock of whoever mends
before_moving: list[Callable[[type[_Placed], ColumnElement[bool], Place], None]] = []
before_inserting: list[Callable[[type[_Placed], list[dict[str, Any]]], None]] = []


def add(
    model: type[_Placed], added: Added, places: Mapping[int, Place], apart_on: Connection | None = None
) -> None:
    """Raise (or lower) the rows of ``model``, whose key is unit_id, figure and since; what isn't there begins at 0.

    To be called when all else of the transaction is written: from here on others wait for these rows.
    """
    rows = [
        {
            "unit_id": unit_id,
            "figure": figure,
            "since": since,
            "value": value,
            **{column: getattr(places[unit_id], column) for column in PLACE_COLUMNS},
        }
        for (unit_id, figure, since), value in sorted(added.items())
        if value
    ]
    if rows:
        connection = apart_on or db.session.connection()
        statement = raising(model, connection, ("unit_id", "figure", "since"), ("value",))
        connection.execute(statement, rows)


def raising(
    model: type[_Placed], connection: Connection, key: Iterable[str], numbers: Iterable[str]
) -> Insert:
    """The statement that writes rows, and raises these numbers of the rows that have their key already."""
    table: Table = inspect(model).local_table
    dialect: Any = sqlite if connection.dialect.name == "sqlite" else postgresql
    beginning = dialect.insert(table)
    raised: Insert = beginning.on_conflict_do_update(
        index_elements=[table.c[name] for name in key],
        set_={name: table.c[name] + beginning.excluded[name] for name in numbers},
    )
    return raised


def refuse_stranger(place: Place) -> None:
    """``OutOfScope`` for a unit whose rows the one acting now may not write."""
    here = current().place
    if here is not None and not here.holds(place):
        raise OutOfScope(f"figures of unit {place.unit_id} would be written outside the scope")


def holding(model: type[_Placed], values: Values) -> ColumnElement[bool]:
    """The condition that the attributes of a row have one of these values each; None is one, too."""
    columns = inspect(model).columns
    return and_(True, *(_one_of(columns[name], some) for name, some in values.items()))


def how_many(model: type[_Placed], which: ColumnElement[bool], scope: Scope | None = None) -> dict[int, int]:
    """Unit → how many rows of it the condition holds for, within the scope (None: the one in force)."""
    table: Table = inspect(model).local_table
    counted = select(table.c.unit_id, func.count()).where(which).group_by(table.c.unit_id)
    here = (scope or current()).place
    if here is not None:
        counted = counted.where(table.c[here.level.column] == here.unit_id)
    return {row[0]: row[1] for row in db.session.connection().execute(counted)}


def drift(
    model: type[_Placed],
    which: ColumnElement[bool],
    tally: type[_Placed],
    key: tuple[str, datetime],
    units: Iterable[int] | None = None,
    apart_on: Connection | None = None,
) -> dict[int, int]:
    """Unit → how many rows more than its tally (figure, since) says; of these units only, or of all.

    One question, so that both are of one moment.
    """
    table: Any = inspect(model).local_table
    kept: Any = inspect(tally).local_table
    there = select(table.c.unit_id, func.count().label("number")).where(which).group_by(table.c.unit_id)
    told = select(kept.c.unit_id, -kept.c.value).where(kept.c.figure == key[0], kept.c.since == key[1])
    if units is not None:
        there, told = there.where(table.c.unit_id.in_(units)), told.where(kept.c.unit_id.in_(units))
    both = there.union_all(told).subquery()
    number = func.sum(both.c.number)
    differing = select(both.c.unit_id, number).group_by(both.c.unit_id).having(number != 0)
    connection = apart_on or db.session.connection()
    return {unit_id: int(by) for unit_id, by in connection.execute(differing)}


def mend(
    model: type[_Placed],
    which: ColumnElement[bool],
    tally: type[_Placed],
    key: tuple[str, datetime],
    places: Mapping[int, Place],
) -> int:
    """Make the tallies of these units say what there is, in a small transaction of its own. Returns how many did not.

    One at a time, and counted there: what two have seen to be missing is added once.
    """
    with apart() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(select(func.pg_advisory_xact_lock(MENDING)))
        missing = drift(model, which, tally, key, places, connection)
        add(tally, {(unit_id, *key): by for unit_id, by in missing.items()}, places, connection)
    return len(missing)


def tell_of_rows(model: type[_Placed], rows: list[dict[str, Any]]) -> None:
    """Rows ({attribute: value}) are about to be written past the session."""
    for told in before_inserting:
        told(model, rows)


def tell_of_moving(model: type[_Placed], which: ColumnElement[bool], to: Place) -> None:
    """The rows that the condition holds for are about to be given another place past the session."""
    for told in before_moving:
        told(model, which, to)


def value_of(model: type[_Placed], row: Mapping[str, Any], name: str) -> Any:
    """What an attribute of such a row will be."""
    if name in row:
        return row[name]
    default = inspect(model).columns[name].default
    return getattr(default, "arg", None) if default is not None and default.is_scalar else None


def _one_of(column: Any, values: Iterable[Any]) -> ColumnElement[bool]:
    some = [value for value in values if value is not None]
    found = column.in_(some)
    return or_(column.is_(None), found) if len(some) < len(tuple(values)) else found
