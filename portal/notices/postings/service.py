"""The verbs of postings and of the places where notices hang."""

from collections.abc import Iterable

from flask_babel import gettext as _
from sqlalchemy import exists, select

from portal.audit import service as audit
from portal.database import db
from portal.notices.postings import plan
from portal.notices.postings.models import HANG, REPORT_TORN, TAKE_DOWN, Posting, PostingPlace
from portal.units.models import Unit
from portal.web.errors import Refused
from portal.workflow.states import Step, take


def hang(posting: Posting) -> None:
    """It hangs at its place."""
    take(posting, HANG)


def report_torn(posting: Posting) -> None:
    """It hangs no longer: torn down, gone, not to be read any more."""
    take(posting, REPORT_TORN)


def take_down(posting: Posting) -> None:
    """The notice is over, and it has been taken down."""
    take(posting, TAKE_DOWN)


def several(postings: Iterable[Posting], step: Step) -> int:
    """Take the step with all of them that are still waiting for it. Returns how many: somebody may have been faster."""
    waiting = [posting for posting in postings if posting.state in step.from_states]
    for posting in waiting:
        take(posting, step)
    return len(waiting)


def add_place(unit: Unit, name: str) -> PostingPlace:
    """A new place of a community, group or grid, flushed. ``Refused`` where an open one of the unit has the name.

    ValueError for a unit above: nothing hangs at a county or a street.
    """
    if unit.level not in plan.LEVELS:
        raise ValueError(f"nothing hangs at a {unit.level}")
    _refuse_taken_name(unit.id, name)
    place = PostingPlace(unit_id=unit.id, name=name)
    db.session.add(place)
    db.session.flush()
    audit.record("posting_place.create", place, name=name)
    return place


def rename_place(place: PostingPlace, name: str) -> None:
    """Call a place something else. What hangs there keeps the name under which it was to be hung."""
    _refuse_closed(place)
    if name == place.name:
        return
    _refuse_taken_name(place.unit_id, name)
    before, place.name = place.name, name
    audit.record("posting_place.change", place, was=before, name=name)


def close_place(place: PostingPlace, reason: str) -> None:
    """Nothing hangs here any more: what does is to be taken down, what should is dropped."""
    _refuse_closed(place)
    place.closed = True
    moved = plan.end(Posting.place_id == place.id)
    audit.record("posting_place.close", place, reason=reason, **moved)


def name_is_taken(unit_id: int, name: str) -> bool:
    """Whether an open place of the unit has the name."""
    same = exists().where(PostingPlace.unit_id == unit_id, PostingPlace.name == name, ~PostingPlace.closed)
    return bool(db.session.scalar(select(same)))


def _refuse_taken_name(unit_id: int, name: str) -> None:
    if name_is_taken(unit_id, name):
        raise Refused(_("There is a posting place called %(name)s here already.", name=name))


def _refuse_closed(place: PostingPlace) -> None:
    if place.closed:
        raise Refused(_("This posting place is closed."))
