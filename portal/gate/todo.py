"""What gates put on Today for those who command."""

from flask import url_for
from flask_babel import gettext as _

from portal.access.acting import may
from portal.access.policy import May
from portal.clock import now
from portal.gate import listing, outside
from portal.web.formats import minutes
from portal.workflow.todo import Todo


def todo() -> list[Todo]:
    """Who has not come back in time, and passes that left twice without coming back."""
    if not may(May.REVOKE_PASSES):
        return []
    late = list(outside.late(now()))
    copies = listing.copies()
    found = []
    if copies:
        found.append(_line(_("Passes that left twice: look into them"), len(copies), copies[0].gate))
    if late:
        longest = _("the longest %(length)s", length=minutes(max(late)))
        found.append(_line(_("Overdue outside: ask after them"), len(late), longest))
    return found


def _line(label: str, count: int, note: str) -> Todo:
    return Todo(label, url_for("gates.index"), count=count, note=note, urgent=True)
