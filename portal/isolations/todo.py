"""The lines that isolation puts on Today: fever first, missed checks, what has lost its order, who can go free."""

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from portal.access.acting import Level, acting, may
from portal.access.policy import May
from portal.clock import now
from portal.database import db
from portal.isolations import standing
from portal.isolations.listing import Filters, Show, offered
from portal.isolations.models import Isolation
from portal.orders.hours import until_words
from portal.web.formats import moment
from portal.workflow.listing import MOST_COUNTED, PAGE
from portal.workflow.todo import Todo, how_many

# who may do something about it, what it is, its words, what tells since when, and whether it is urgent
LINES: tuple[tuple[May, Show, Any, Any, bool], ...] = (
    (
        May.CARE_FOR_ISOLATED,
        Show.FEVER,
        _l("Isolated people with fever or symptoms"),
        Isolation.alarm_since,
        True,
    ),
    (May.CARE_FOR_ISOLATED, Show.MISSED, _l("Health checks missed"), Isolation.next_cut_off, True),
    (May.RELEASE_ISOLATED, Show.NO_ORDER, _l("Isolations without an order in force"), None, True),
    (May.CARE_FOR_ISOLATED, Show.TO_TELL, _l("Isolated people to be told"), Isolation.created_at, False),
    (May.CARE_FOR_ISOLATED, Show.TO_SIGN, _l("Notices to be signed for"), Isolation.told_at, False),
    (May.RELEASE_ISOLATED, Show.OVER, _l("Isolations whose days are complete"), Isolation.ends_at, False),
    (May.RELEASE_ISOLATED, Show.TEAM_GAPS, _l("Care teams without a cadre or grid member"), None, False),
    (May.CARE_FOR_ISOLATED, Show.DUE, _l("Health checks due today"), None, False),
)


def todo() -> list[Todo]:
    """What waits for the one acting now: of those that they see, until somebody has acted."""
    if not may(May.CARE_FOR_ISOLATED):
        return []
    filters, shows = Filters(now()), offered()
    lines = [_line(filters, *line[1:]) for line in LINES if may(line[0]) and line[1] in shows]
    if not may(May.RELEASE_ISOLATED):
        lines.append(_lacking(filters))
    return [line for line in lines if line is not None]


def _line(filters: Filters, show: Show, label: Any, since: Any, urgent: bool) -> Todo | None:
    column = Isolation.ends_at if since is None else since
    count, oldest = how_many(select(column).where(filters.of(show)).limit(MOST_COUNTED))
    if not count:
        return None
    return Todo(label, _where(show), count, _note(show, oldest), urgent)


def _where(show: Show) -> str:
    """The list; in a grid, all that is due on one page."""
    place = acting().place
    if show is Show.DUE and place is not None and place.level is Level.GRID:
        return url_for("isolations.enter_all")
    return url_for("isolations.index", show=show.value)


def _lacking(filters: Filters) -> Todo | None:
    """For those who release nobody, but bring what a release lacks."""
    over = select(Isolation).where(filters.of(Show.OVER)).order_by(Isolation.ends_at).limit(PAGE)
    waiting = [
        one
        for one in db.session.scalars(over)
        if not all(condition.is_met for condition in standing.conditions(one, filters.at))
    ]
    if not waiting:
        return None
    label, note = _l("Days complete, release still lacks something"), _note(Show.OVER, waiting[0].ends_at)
    return Todo(label, url_for("isolations.index", show=Show.OVER.value), len(waiting), note)


def _note(show: Show, oldest: Any) -> str:
    if show is Show.NO_ORDER:
        return _("release them, or place them under a new order")
    if show in (Show.DUE, Show.TEAM_GAPS):
        return ""
    told = until_words(oldest) if show is Show.OVER else moment(oldest)
    return _("oldest %(when)s", when=told)
