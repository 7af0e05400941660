"""The lines of assessments on Today: what waits for the office, what is to be carried out, and where help is needed."""

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, or_, select

from portal.access.acting import acting, may
from portal.access.policy import May
from portal.assessments.listing import Show, holding
from portal.assessments.models import Assessment
from portal.clock import now
from portal.orders.hours import until_words
from portal.workflow.listing import MOST_COUNTED
from portal.workflow.todo import Todo, how_many

# who may do something about it, what it is, its words, and whether it is urgent before its deadline
LINES: tuple[tuple[May, Show, Any, bool], ...] = (
    (May.ASSESS, Show.WAITING, _l("Decide on key persons"), True),
    (May.CARRY_OUT, Show.MINE, _l("Decisions for you to carry out"), True),
    (
        May.TRANSFER_CASES,
        Show.LEFT,
        _l("Decisions whose executor has left: give them to somebody else"),
        True,
    ),
    (May.ASSESS, Show.REPORTED, _l("Decisions reported back, to be closed"), False),
)
OVERDUE = _l("Decisions not carried out in time: who needs help?")
BEING_DONE = _l("Decisions being carried out")  # for the commander, whose people do it


def todo() -> list[Todo]:
    """What waits for the one acting now."""
    lines = [_line(show, label, urgent=urgent) for who, show, label, urgent in LINES if may(who)]
    if may(May.TRANSFER_CASES):
        lines.append(_line(Show.OVERDUE, OVERDUE, of_others(), urgent=True))
        if not may(May.ASSESS):
            in_time = Assessment.due_at >= now()
            lines.append(_line(Show.DECIDED, BEING_DONE, of_others(), in_time, urgent=False))
    return [line for line in lines if line is not None]


def of_others() -> ColumnElement[bool]:
    """The condition that somebody else carries it out: one's own stand in a line of their own."""
    return or_(Assessment.executor_id.is_(None), Assessment.executor_id != acting().account_id)


def by_deadline(
    label: Any, url: str, due: Any, *conditions: ColumnElement[bool], urgent: bool
) -> Todo | None:
    """The line for the rows that have to be dealt with, with how many, and by when the first; None where none has."""
    count, first = how_many(select(due).where(*conditions).order_by(due).limit(MOST_COUNTED))
    if not count:
        return None
    words = {"when": until_words(first)}
    note = _("the first was due %(when)s", **words) if first < now() else _("the first by %(when)s", **words)
    return Todo(label, url, count, note, urgent)


def _line(show: Show, label: Any, *conditions: ColumnElement[bool], urgent: bool) -> Todo | None:
    url = url_for("assessments.index", show=show.value)
    return by_deadline(label, url, Assessment.due_at, holding(show), *conditions, urgent=urgent)
