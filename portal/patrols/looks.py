"""What the pages about one patrol show: facts, steps, and the panels of other areas."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import ngettext, pgettext
from markupsafe import Markup
from sqlalchemy import select

from portal.access.guard import contributed
from portal.clock import now
from portal.database import db
from portal.patrols import models, service
from portal.patrols.kinds import PatrolState
from portal.patrols.models import Patrol
from portal.patrols.rules import minutes_late, shown_state
from portal.units.models import Unit
from portal.web.formats import minutes
from portal.workflow.record import entries_of
from portal.workflow.states import steps_open

LATE_FROM = 5  # minutes
STEP_LABELS = {
    "set_out": _l("Set out"),
    "send": _l("Handed in"),
    "break_off": _l("Ended without finishing"),
    "strike_out": _l("Struck out"),
    "correct": _l("Correction begun"),
    "give_way": _l("Corrected by another log"),
}
STEP_LOOKS = {"break_off": "no", "strike_out": "no", "give_way": "look", "set_out": "nil", "correct": "nil"}


def late_words(late: int) -> str:
    """8 minutes late; empty for what nobody would call late."""
    return pgettext("round", "%(length)s late", length=minutes(late)) if late >= LATE_FROM else ""


def at_patrol(patrol: Patrol) -> dict[str, Any]:
    """All that a patrol's own page shows."""
    return about(patrol) | {
        "entries": entries_of(patrol, STEP_LABELS, STEP_LOOKS),
        "steps": steps_open(patrol, models.TRANSITIONS),
        "lacks": service.missing(patrol) if patrol.state is PatrolState.DRAFT else [],
        "corrects": db.session.get(Patrol, patrol.corrects_id) if patrol.corrects_id else None,
        "corrected_by": correction_of(patrol),
        "can_be_corrected": patrol.state in models.GIVE_WAY.from_states,
        "points": points_passed(patrol),
        "passed": passed_words(patrol),
        "panels": panels(patrol),
        "team": db.session.get_one(Unit, patrol.unit_id).full_name,
    }


def at_log(patrol: Patrol) -> dict[str, Any]:
    """What stands around a log that is being written."""
    return about(patrol) | {"panels": panels(patrol)}


def about(patrol: Patrol) -> dict[str, Any]:
    """What every page about one patrol says on top, and what somebody should look at."""
    late = minutes_late(patrol.round_at, patrol.started_at) if patrol.round_at else 0
    return {
        "patrol": patrol,
        "shown": shown_state(patrol.state, patrol.started_at, patrol.ended_at, now()),
        "place": place_words(patrol),
        "late": late_words(late),
        "length": minutes(patrol.ended_at - patrol.started_at) if patrol.ended_at else "",
        "overlapping": service.others_led(patrol) if patrol.state is not PatrolState.VOID else [],
        "place_words": place_words,
    }


def place_words(patrol: Patrol) -> str:
    """The route's name, or the area."""
    return patrol.route.name if patrol.route else patrol.where


def points_passed(patrol: Patrol) -> list[tuple[str, bool]]:
    """The points of the route, each passed or not, then those beside it."""
    further = [name for name in patrol.walked if name not in patrol.points]
    return [(name, name in patrol.walked) for name in patrol.points] + [(name, True) for name in further]


def passed_words(patrol: Patrol) -> str:
    """3 of 5 points passed"""
    passed = len(patrol.walked)
    return ngettext(
        "%(num)s point passed, of %(all)s",
        "%(num)s points passed, of %(all)s",
        passed,
        all=len(points_passed(patrol)),
    )


def correction_of(patrol: Patrol) -> Patrol | None:
    """The log that corrects this one, or is being written to do so."""
    found = select(Patrol).where(
        Patrol.corrects_id == patrol.id, Patrol.state.not_in((PatrolState.VOID, PatrolState.BROKEN_OFF))
    )
    return db.session.scalars(found.order_by(Patrol.id.desc()).limit(1)).first()


def panels(patrol: Patrol) -> Sequence[Markup]:
    """What the rooms of this area show on a patrol's page: ``patrol_panel(patrol)`` of each."""
    drawn = (draw(patrol) for _area, draw in contributed("patrol_panel"))
    return [panel for panel in drawn if panel]
