"""The one door for writing many rows at once: an import of a street would take the session minutes and gigabytes.

The door keeps the session's promises, a chunk at a time, before anything of the chunk is written:

- Every row's place is filled from its ``unit_id``, whatever the row says itself, and a row outside the scope is
  ``OutOfScope``.
- The keys behind a model's many-to-one relationships lead to rows that the scope shows: one question a chunk for
  each. As in the session, a unit is judged by the row's place, accounts are not judged, a foreign key without a
  relationship is a note that nobody follows, and whoever sees everywhere is not asked.
- Rows are made by their class: ``Sealed`` attributes are sealed, validators and listeners to ``before_insert`` are
  called, columns have their defaults.

What it does not do: no row comes into the session, so relationships are given by their keys; listeners to
``after_insert`` are not called; and rows of the same chunk cannot point to one another: write the upper rows first.
The trail is the caller's: one entry with how many and the digest of what was read.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from sqlalchemy import Insert, inspect
from sqlalchemy import insert as insert_into

from portal.access import counting, pointers
from portal.access.acting import Place
from portal.access.scope import PLACE_COLUMNS, OutOfScope, Scope, _Placed, current, place_of
from portal.database import db

CHUNK = 1000
Row = dict[str, Any]


def insert_many(model: type[_Placed], rows: Iterable[Mapping[str, Any]], *, chunk: int = CHUNK) -> int:
    """Write the rows ({attribute: value}) within the present transaction. Returns how many.

    ``OutOfScope`` for the first row that may not be written here, LookupError for an unknown unit, TypeError for an
    attribute that the model does not have: the transaction is then to be rolled back.
    """
    written = 0
    for values in _chunks(model, rows, chunk):
        db.session.connection().execute(_into(model), values)
        written += len(values)
    return written


def insert_many_returning(
    model: type[_Placed], rows: Iterable[Mapping[str, Any]], *, chunk: int = CHUNK
) -> list[int]:
    """The same, somewhat slower, and tells the new ids in the order of the rows: for what others will point to."""
    ids: list[int] = []
    statement = _into(model).returning(inspect(model).primary_key[0], sort_by_parameter_order=True)
    for values in _chunks(model, rows, chunk):
        ids += db.session.connection().scalars(statement, values)
    return ids


def _into(model: type[_Placed]) -> Insert:
    return insert_into(inspect(model).local_table)


def _chunks(model: type[_Placed], rows: Iterable[Mapping[str, Any]], size: int) -> Iterator[list[Row]]:
    """The rows as they will be written: complete, placed, sealed and judged. Keys are names of columns."""
    if model.place_comes_from is not _Placed.place_comes_from:
        raise TypeError(f"{model.__name__} has its place from elsewhere: use the session")
    scope, places = current(), dict[int, Place]()
    db.session.flush()
    waiting = iter(rows)
    while taken := [_made(model, row, places) for row in islice(waiting, size)]:
        _refuse_strangers(model, taken, scope)
        counting.tell_of_rows(model, taken)
        yield _even(model, taken)


def _made(model: type[_Placed], row: Mapping[str, Any], places: dict[int, Place]) -> Row:
    """What the row's own class makes of it: {attribute: value}."""
    made, mapper = model(**row), inspect(model)
    mapper.dispatch.before_insert(mapper, db.session.connection(), inspect(made))
    unit_id = made.place_comes_from
    if unit_id is not None and unit_id not in places:
        places[unit_id] = place_of(unit_id)
    place = None if unit_id is None else places[unit_id]
    values = {name: value for name, value in vars(made).items() if name in mapper.columns}
    return values | {column: None if place is None else getattr(place, column) for column in PLACE_COLUMNS}


def _refuse_strangers(model: type[_Placed], rows: list[Row], scope: Scope) -> None:
    if scope.place is None:
        return
    if any(row[scope.place.level.column] != scope.place.unit_id for row in rows):
        raise OutOfScope(f"{model.__name__} would be written outside the scope")
    if pointer := pointers.dangling_among(inspect(model), rows):
        raise OutOfScope(f"{model.__name__}.{pointer} leads outside the scope")


def _even(model: type[_Placed], rows: list[Row]) -> list[Row]:
    """All rows with the same columns: what only some of them name has its default in the others, or nothing."""
    columns = inspect(model).columns
    named = {name: columns[name].default for name in {name for row in rows for name in row}}
    return [
        {columns[name].name: row[name] if name in row else _value(default) for name, default in named.items()}
        for row in rows
    ]


def _value(default: Any) -> Any:
    if default is None:
        return None
    return default.arg(None) if default.is_callable else default.arg
