"""What the pages about rounds show."""

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from portal.access import scope
from portal.access.acting import Place
from portal.clock import now
from portal.database import db
from portal.screenings import coverage, listing, models, service
from portal.screenings.models import AffectedArea, ScreeningRound
from portal.units.models import Unit
from portal.workflow.record import Entry, entries_of
from portal.workflow.states import steps_open

STEP_LABELS = {
    "set_up": _l("Set up"),
    "close": _l("Round closed"),
    "call_off": _l("Round called off"),
}
STEP_LOOKS = {"set_up": "nil", "call_off": "no"}


def at_round(round_: ScreeningRound, own: Place) -> dict[str, Any]:
    """All that a round's own page shows."""
    place = coverage.shown_place(round_, own, None)
    covers = scope.current().covers(round_)
    return about(round_) | {
        "covered": coverage.of(round_, place),
        "found": coverage.found_by_category(round_),
        "areas": areas_of(round_),
        "entries": entries(round_),
        "steps": steps_open(round_, models.ROUND_TRANSITIONS) if covers else [],
        "asks": service.asks_of(round_),
        "at_grid": place.level.value == "grid",
    }


def about(round_: ScreeningRound) -> dict[str, Any]:
    """What every page about a round says on top."""
    return {
        "round_": round_,
        "shown": listing.shown(round_, now()),
        "unit": db.session.get_one(Unit, round_.unit_id).full_name,
        "over": service.is_over(round_, now()),
    }


def at_coverage(round_: ScreeningRound, place: Place) -> dict[str, Any]:
    """How far the round is at a place and right below it."""
    parts = coverage.parts(round_, place)
    return about(round_) | {
        "looked_at": db.session.get_one(Unit, place.unit_id),
        "covered": coverage.total(parts) if parts else coverage.of(round_, place),
        "parts": parts,
        "found": coverage.found_by_category(round_),
        "at": now(),
    }


def areas_of(round_: ScreeningRound) -> list[str]:
    """The names of the areas that a round is about."""
    found = select(AffectedArea.name).where(AffectedArea.id.in_(round_.area_ids or [0]))
    return list(db.session.scalars(found.order_by(AffectedArea.id)))


def entries(round_: ScreeningRound) -> list[Entry]:
    """经过: the steps so far with their reasons."""
    return entries_of(round_, STEP_LABELS, STEP_LOOKS)
