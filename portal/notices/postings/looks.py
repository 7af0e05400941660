"""What the pages about one posting, and about the places of a unit, show."""

from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from sqlalchemy import select

from portal.access import scope
from portal.access.acting import may
from portal.access.policy import May
from portal.database import db
from portal.notices.postings.kinds import PostingState
from portal.notices.postings.listing import LOOKS
from portal.notices.postings.models import DROP, POSTING_STEPS, RECALL, Posting, PostingPlace
from portal.notices.postings.plan import LEVELS
from portal.units.models import Unit
from portal.web.page import part
from portal.workflow.record import Entry, entries_of
from portal.workflow.states import steps_open

STEP_WORDS = {step.name: step.label for step in (*POSTING_STEPS, RECALL, DROP)}
STEP_LOOKS = {step.name: LOOKS[PostingState(step.to)] for step in (*POSTING_STEPS, RECALL, DROP)}
WAITS_FOR = {
    PostingState.TO_HANG: _l("To be hung up"),
    PostingState.TORN: _l("To be hung up again"),
    PostingState.TO_TAKE_DOWN: _l("To be taken down"),
}


def at_posting(posting: Posting) -> dict[str, Any]:
    """All that a posting's own page shows."""
    return {
        "posting": posting,
        "look": LOOKS[posting.state],
        "unit": db.session.get_one(Unit, posting.unit_id),
        "notice_url": url_for("notices.show", notice_id=posting.notice_id),
        "entries": entries(posting),
        "steps": steps_open(posting, POSTING_STEPS),
    }


def entries(posting: Posting) -> list[Entry]:
    """经过: when it was planned, the steps so far, and the one that is waited for."""
    shown = [
        Entry("nil", _l("Planned"), posting.created_at),
        *entries_of(posting, STEP_WORDS, STEP_LOOKS),
    ]
    if waits := WAITS_FOR.get(posting.state):
        shown.append(Entry("look", waits))
    return shown


def unit_panel(unit: Unit) -> Markup | None:
    """Where notices hang, on the unit's page."""
    if unit.level not in LEVELS or not may(May.SEE_NOTICES) or not scope.current().covers(unit):
        return None
    return part("postings/unit_panel.html", unit=unit, places=open_places(unit.id))


def open_places(unit_id: int) -> list[PostingPlace]:
    """The unit's own posting places."""
    own = select(PostingPlace).where(PostingPlace.unit_id == unit_id, ~PostingPlace.closed)
    return list(db.session.scalars(own.order_by(PostingPlace.id)))
