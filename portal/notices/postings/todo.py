"""The lines that postings put on Today."""

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from portal.access.acting import acting, may
from portal.access.policy import COMMAND, May
from portal.clock import now
from portal.database import db
from portal.notices.postings.kinds import PostingState
from portal.notices.postings.listing import LATE, Show
from portal.notices.postings.models import Posting
from portal.web.formats import moment
from portal.workflow.todo import Todo, waiting

# For those who walk: the state, what it is, and whether it is urgent.
LINES: tuple[tuple[PostingState, Any, bool], ...] = (
    (PostingState.TO_TAKE_DOWN, _l("Notices to take down"), True),
    (PostingState.TORN, _l("Notices torn down, to hang again"), True),
    (PostingState.TO_HANG, _l("Notices to hang"), False),
)


def todo() -> list[Todo]:
    """What waits here for who walks; for who commands, what does not hang a day after it was published."""
    if not may(May.POST_NOTICES):
        return []
    if acting().role in COMMAND:
        late = _late()
        return [late] if late else []
    found = {state: (count, oldest) for state, count, oldest in db.session.execute(_waiting())}
    return [
        Todo(
            label,
            url_for("postings.index", show=state.value),
            found[state][0],
            _("oldest %(when)s", when=moment(found[state][1])),
            urgent,
        )
        for state, label, urgent in LINES
        if state in found
    ]


def _waiting() -> Any:
    states = [state for state, _label, _urgent in LINES]
    return (
        select(Posting.state, func.count(), func.min(Posting.changed_at))
        .where(Posting.state.in_(states))
        .group_by(Posting.state)
    )


def _late() -> Todo | None:
    return waiting(
        _l("Places where a notice does not hang after a day"),
        url_for("postings.index", show=Show.LATE.value),
        Posting.created_at,
        Posting.state == PostingState.TO_HANG,
        Posting.created_at <= now() - LATE,
        urgent=False,
        most=None,
    )
