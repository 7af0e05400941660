"""The lines that passes put on Today."""

from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l

from portal.access.acting import may
from portal.access.policy import May
from portal.clock import now
from portal.passes.listing import Filters, Show
from portal.passes.models import Pass
from portal.workflow.todo import OLDEST, Todo, waiting

# who may do something about it, what it is, and whether it is urgent
LINES: tuple[tuple[May, Show, Any, bool], ...] = (
    (May.APPLY_FOR_PASSES, Show.RETURNED, _l("Passes returned to you"), True),
    (May.ENDORSE_PASSES, Show.APPLIED, _l("Passes to endorse"), True),
    (May.ISSUE_PASSES, Show.ENDORSED, _l("Passes to issue"), True),
    (May.APPLY_FOR_PASSES, Show.EXPIRING, _l("Passes expiring"), False),
)


def todo() -> list[Todo]:
    """What waits for the one acting now, with how many and since when."""
    return [
        line
        for need, show, label, urgent in LINES
        if may(need) and (line := _line(show, label, urgent)) is not None
    ]


def _line(show: Show, label: Any, urgent: bool) -> Todo | None:
    url = url_for("passes.index", show=show.value)
    note = OLDEST if urgent else ""
    return waiting(label, url, Pass.changed_at, Filters(now()).of(show), urgent=urgent, note=note)
