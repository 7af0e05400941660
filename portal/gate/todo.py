"""What gates put on Today for those who command."""

from flask import url_for
from flask_babel import gettext as _

from portal.access.acting import may
from portal.access.policy import May
from portal.clock import now
from portal.gate import listing, outside
from portal.gate.devices import matching, phones
from portal.web.formats import minutes, moment
from portal.workflow.todo import OLDEST, Todo


def todo() -> list[Todo]:
    """Who has not come back in time, doubtful passes, forgotten ones to be matched, phones to ask after."""
    if not may(May.REVOKE_PASSES):
        return []
    late = list(outside.late(now()))
    doubts = listing.doubts()
    found = []
    if doubts:
        latest = doubts[0].doubts[0]
        note = _("%(what)s, %(gates)s", what=latest.event.label, gates=latest.gates)
        found.append(_line(_("Doubtful passes: look into them"), len(doubts), note))
    if to_match := matching.waiting():
        oldest = str(OLDEST) % {"when": moment(to_match[0].at)}
        found.append(_line(_("Forgotten passes: say whose they were"), len(to_match), oldest))
    if worries := phones.to_ask_after():
        found.append(_line(_("Phones of gates: ask after them"), len(worries), worries[0].name))
    if failed := phones.refused():
        found.append(_line(_("Events of gates that could not be recorded"), len(failed), failed[0].phone))
    if late:
        longest = _("the longest %(length)s", length=minutes(max(late)))
        found.append(_line(_("Overdue outside: ask after them"), len(late), longest))
    return found


def _line(label: str, count: int, note: str) -> Todo:
    return Todo(label, url_for("gates.index"), count=count, note=note, urgent=True)
