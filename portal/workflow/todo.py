"""A line on Today: what somebody has to do now, one tap from being done."""

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, func, select

from portal.database import db
from portal.web.formats import moment
from portal.workflow.listing import MOST_COUNTED

OLDEST = _l("oldest %(when)s")


@dataclass(frozen=True)
class Todo:
    """``label`` says what (lazy or plain), ``url`` where it is done, ``count`` how many, ``note`` the oldest or why."""

    label: Any
    url: str
    count: int | None = None
    note: str = ""
    urgent: bool = False


def waiting(
    label: Any,
    url: str,
    since: Any,
    *conditions: ColumnElement[bool],
    urgent: bool,
    note: Any = OLDEST,
    most: int | None = MOST_COUNTED,
) -> Todo | None:
    """The line for the rows that wait, with how many, counted up to ``most``, and the oldest; None while none does.

    ``since`` is the column that says how long they have waited; ``note`` has a place for that: %(when)s.
    """
    count, oldest = how_many(select(since).where(*conditions).limit(most))
    if not count:
        return None
    return Todo(label, url, count, str(note) % {"when": moment(oldest)}, urgent)


def how_many(found: Select[*tuple[Any, ...]]) -> tuple[int, Any]:
    """How many rows a question of one column finds, and the least of them."""
    some = found.subquery()
    count, least = db.session.execute(select(func.count(), func.min(some.c[0]))).one()
    return count, least
