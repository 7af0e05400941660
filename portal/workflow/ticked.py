"""Rows of a list that somebody ticked, to do the same with all of them."""

from typing import TypeVar

from flask import abort, request
from flask_babel.speaklater import LazyString
from sqlalchemy import select

from portal.database import Base, db
from portal.web.errors import Refused

MOST_AT_ONCE = 50

Listed = TypeVar("Listed", bound=Base)


def ticked(model: type[Listed], field: str, *, none: LazyString, too_many: LazyString) -> list[Listed]:
    """The rows whose ids were posted in ``field``, in their order; 404 for any that isn't one's own.

    ``Refused`` with ``none`` where nothing was ticked, with ``too_many`` for more than ``MOST_AT_ONCE``.
    """
    ids = set(request.form.getlist(field, type=int))
    if not ids:
        raise Refused(none)
    if len(ids) > MOST_AT_ONCE:
        raise Refused(too_many)
    column = model.__table__.c.id
    rows = list(db.session.scalars(select(model).where(column.in_(ids)).order_by(column)))
    if len(rows) != len(ids):
        abort(404)
    return rows
