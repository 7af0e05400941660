"""What pages show of hand-overs: one of them, and those of a patrol."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp
from markupsafe import Markup
from sqlalchemy import select

from portal.access.acting import acting, may
from portal.access.policy import May
from portal.database import db
from portal.patrols.findings.basis import OPEN
from portal.patrols.handovers import models
from portal.patrols.handovers.kinds import HandoverSide, HandoverState
from portal.patrols.handovers.listing import STATE_LOOKS, side_words, state_words
from portal.patrols.handovers.models import Handover
from portal.patrols.kinds import PatrolKind
from portal.patrols.models import Patrol
from portal.units.models import Unit
from portal.web.page import part
from portal.workflow.record import entries_of
from portal.workflow.states import Step, steps_open

MOST_IN_A_PANEL = 20
OF_SIDE = {
    HandoverSide.GIVEN: (models.ACKNOWLEDGE_ON_PAPER, models.WITHDRAW),
    HandoverSide.RECEIVED: (models.ACKNOWLEDGE, models.DISPUTE),
}
STEP_WORDS: dict[str, Any] = {
    "give": _lp("what was done", "Handed over"),
    "take_over": _lp("what was done", "Handed over"),
    models.ACKNOWLEDGE.name: _lp("what was done", "Acknowledged"),
    models.DISPUTE.name: _lp("what was done", "Disputed"),
    models.ACKNOWLEDGE_ON_PAPER.name: _lp("what was done", "Signed sheet recorded"),
    models.WITHDRAW.name: _lp("what was done", "Withdrawn"),
}
STEP_LOOKS = {models.DISPUTE.name: "no", models.WITHDRAW.name: "no"}


def at_handover(handover: Handover) -> dict[str, Any]:
    """All that a hand-over's own page shows."""
    steps = steps_to_take(handover)
    return {
        "handover": handover,
        "unit": db.session.get_one(Unit, handover.unit_id).full_name,
        "side": side_words(handover.side, handover.neighbour),
        "state": state_words(handover.state, handover.side),
        "look": STATE_LOOKS[handover.state],
        "waits": waits(handover) if steps else "",
        "entries": entries_of(handover, STEP_WORDS, STEP_LOOKS),
        "steps": steps,
    }


def steps_to_take(handover: Handover) -> list[Step]:
    """The steps of this side that the one acting now may take; nobody answers what they gave themselves."""
    own = handover.created_by_id == acting().account_id
    if own and handover.side is HandoverSide.RECEIVED:
        return []
    return steps_open(handover, OF_SIDE[handover.side])


def waits(handover: Handover) -> Any:
    """What is waited for, in words; nothing where it is done."""
    if handover.state is HandoverState.DISPUTED and handover.side is HandoverSide.GIVEN:
        return _l("The other side disputes it. Settle it by telephone, then have it signed or withdraw it.")
    if handover.state is not HandoverState.GIVEN:
        return ""
    if handover.side is HandoverSide.RECEIVED:
        return _l("Make sure that it is so, then acknowledge or dispute it.")
    if handover.neighbour_id:
        return _l("The other side works with this portal and sees it there. Paper is possible, too.")
    return _l("The other side does not work with this portal. Print the sheet and have it signed.")


def patrol_panel(patrol: Patrol) -> Markup | None:
    """The hand-overs of a boundary patrol, on its own page."""
    if patrol.kind is not PatrolKind.BOUNDARY or not may(May.SEE_PATROLS):
        return None
    found = select(Handover).where(Handover.patrol_id == patrol.id).order_by(Handover.id.desc())
    return part(
        "handovers/panel.html",
        patrol=patrol,
        handovers=[(one, STATE_LOOKS[one.state]) for one in db.session.scalars(found.limit(MOST_IN_A_PANEL))],
        may_add=may(May.HAND_OVER) and patrol.state in OPEN,
    )
