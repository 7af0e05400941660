"""The one door for moving many rows to another unit at once: thousands of households with all that hangs on them.

One statement a table. The unit moved to lies within the scope, and so does every row that moves: what a condition
finds outside stays where it is.
"""

from typing import Any

from sqlalchemy import ColumnElement, CursorResult, inspect
from sqlalchemy import update as change

from portal.access import counting
from portal.access.acting import Place
from portal.access.scope import PLACE_COLUMNS, OutOfScope, _Placed, current
from portal.database import db


def move_many(model: type[_Placed], which: ColumnElement[bool], to: Place) -> int:
    """Give the rows of ``model`` that ``which`` holds for the place ``to``. Returns how many.

    ``OutOfScope`` where the place is none of one's own.
    """
    here = current().place
    if here is not None and not here.holds(to):
        raise OutOfScope(f"{model.__name__} would be moved outside the scope")
    db.session.flush()
    counting.tell_of_moving(model, which, to)
    table = inspect(model).local_table
    moving = change(table).where(which).values(unit_id=to.unit_id, **_columns(to))
    if here is not None:
        moving = moving.where(table.c[here.level.column] == here.unit_id)
    moved: CursorResult[Any] = db.session.connection().execute(moving)
    for row in list(db.session().identity_map.values()):
        if isinstance(row, model):
            db.session.expire(row)
    return moved.rowcount


def _columns(place: Place) -> dict[str, int | None]:
    return {column: getattr(place, column) for column in PLACE_COLUMNS}
