"""The lines that notices put on Today."""

from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l

from portal.access.acting import may
from portal.access.policy import May
from portal.notices import service
from portal.notices.listing import MOST_COUNTED, Show, waits_for_me, which
from portal.notices.models import Notice
from portal.workflow.todo import OLDEST, Todo, waiting

# who may do something about it, what it is, and whether it is urgent
LINES: tuple[tuple[May, Show, Any, bool], ...] = (
    (May.APPROVE_NOTICES, Show.SUBMITTED, _l("Notices to approve"), True),
    (May.WRITE_NOTICES, Show.APPROVED, _l("Notices to publish"), True),
    (May.WRITE_NOTICES, Show.RETURNED, _l("Notices returned to you"), True),
    (May.WRITE_NOTICES, Show.DRAFTS, _l("Draft notices"), False),
)


def todo() -> list[Todo]:
    """What waits for the one acting now, with how many and since when."""
    found = [_line(show, label, urgent) for need, show, label, urgent in LINES if may(need)]
    return [line for line in found if line is not None]


def _line(show: Show, label: Any, urgent: bool) -> Todo | None:
    url = url_for("notices.index", show=show.value)
    those = (service.writable(), which(show), *waits_for_me(show))
    note = OLDEST if urgent else ""
    return waiting(label, url, Notice.changed_at, *those, urgent=urgent, note=note, most=MOST_COUNTED)
