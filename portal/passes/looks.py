"""What a page about a pass shows: facts, checks, steps so far, and what can be done now."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import pgettext
from sqlalchemy import select

from portal.access.acting import may
from portal.access.policy import May
from portal.clock import now
from portal.database import db
from portal.passes import describing, models, objections, offers, wording
from portal.passes.kinds import Kind, PassState, Shown
from portal.passes.models import STEP_WORDS, TRANSITIONS, Pass
from portal.passes.quota import Allowance, overdue
from portal.passes.rules import suspending
from portal.passes.standing import allowance_now, own_rule, pass_facts, shown_state, shown_states
from portal.web.formats import minutes, moment
from portal.web.page import part
from portal.workflow.record import Entry, entries_of
from portal.workflow.states import Step, steps_open

DECIDED_ON = (models.ENDORSE, models.ISSUE, models.ISSUE_AT_ONCE)
PASSES_IN_A_PANEL = 10
STEP_LOOKS = {
    models.REJECT.name: "no",
    models.REVOKE.name: "no",
    models.GIVE_WAY.name: "no",
    models.RETURN_TO_APPLICANT.name: "look",
    models.RETURN_TO_TEAM.name: "look",
}
WAITS_FOR = {
    PassState.DRAFT: (_l("Send for endorsement"), _l("Waits for the applicant")),
    PassState.APPLIED: (_l("Endorse"), _l("Waits for the shock team")),
    PassState.ENDORSED: (_l("Issue"), _l("Waits for the command post")),
}


@dataclass(frozen=True)
class Check:
    """Something to look at before deciding. ``look`` is its class: ``ok``, ``look`` or ``no``."""

    look: str
    word: Any
    sentence: str


def at_pass(pass_: Pass) -> dict[str, Any]:
    """All that a pass's own page shows."""
    at = now()
    return {
        "held": pass_,
        "shown": shown_state(pass_, at),
        "rule": describing.in_short(own_rule(pass_)),
        "gates": offers.gate_names(pass_.checkpoint_ids),
        "checks": checks(pass_, at),
        "entries": entries(pass_),
        "steps": steps_to_take(pass_),
        "own": pass_.state in (PassState.APPLIED, PassState.ENDORSED) and objections.is_own(pass_),
        "replaces": db.session.get(Pass, pass_.replaces_id) if pass_.replaces_id else None,
        "successor": successor(pass_),
        "ends": wording.end_of(pass_.valid_until),
    }


def successor(pass_: Pass) -> Pass | None:
    """The pass that replaces this one, or is applied for to do so."""
    open_states = (*objections.ON_THEIR_WAY, PassState.ISSUED, PassState.REVOKED, PassState.SURRENDERED)
    found = select(Pass).where(Pass.replaces_id == pass_.id, Pass.state.in_(open_states))
    return db.session.scalars(found.order_by(Pass.id.desc()).limit(1)).first()


def steps_to_take(pass_: Pass) -> list[Step]:
    """The steps that the one acting now may take, without those that decide on one's own application."""
    own = objections.is_own(pass_)
    return [step for step in steps_open(pass_, TRANSITIONS) if not (own and step in DECIDED_ON)]


def checks(pass_: Pass, at: datetime) -> list[Check]:
    """What whoever decides looks at: hours and trips, restrictions, late returns."""
    if pass_.state not in (PassState.APPLIED, PassState.ENDORSED, PassState.ISSUED):
        return []
    found = _about_restrictions(pass_, at)
    if all(check.look != "no" for check in found):
        found.insert(0, _about_trips(allowance_now(pass_, at)))
    rule = own_rule(pass_)
    for trip in pass_facts(pass_, at).trips[-1:]:
        late = overdue(trip, rule, at)
        if late is not None:
            sentence = _("Was %(late)s late (%(when)s)", late=minutes(late), when=moment(trip.out_at))
            found.append(Check("look", _l("Look again"), sentence))
    return found


def entries(pass_: Pass) -> list[Entry]:
    """经过: the steps so far with their reasons, and the one that is waited for."""
    taken = entries_of(pass_, STEP_WORDS, STEP_LOOKS)
    if waits := WAITS_FOR.get(pass_.state):
        label, who = waits
        taken.append(Entry("nil", label, person=who))
    return taken


def household_steps(household: Any) -> list[tuple[str, str]]:
    """What can be begun on a household's page: (url, label)."""
    if not may(May.APPLY_FOR_PASSES):
        return []
    return [(url_for("passes.new", household_id=household.id), _("Apply for a pass"))]


def household_panel(household: Any) -> str | None:
    """The passes of a household, on its own page."""
    if not may(May.SEE_PASSES):
        return None
    latest = select(Pass).where(Pass.household_id == household.id).order_by(Pass.id.desc())
    passes = db.session.scalars(latest.limit(PASSES_IN_A_PANEL)).all()
    shown = shown_states(passes, now())
    issued = sum(pass_.state is PassState.ISSUED for pass_ in passes)
    lines = list(zip(passes, shown, strict=True))
    return part("passes/panel.html", household=household, lines=lines, issued=issued)


def about_today(offer: offers.Offer) -> Check | None:
    """What stands on top of an application: whether somebody of the household may set out now."""
    allowance = offer.allowance
    return _about_trips(allowance) if allowance else None


def _about_trips(allowance: Allowance) -> Check:
    last = (
        _("Last out %(when)s.", when=moment(allowance.last.out_at))
        if allowance.last
        else _("Not out lately.")
    )
    if allowance.why_not is None:
        return Check("ok", _l("May go out today"), last)
    following = _("Next time: %(when)s.", when=moment(allowance.next_at)) if allowance.next_at else ""
    return Check("look", wording.HEADLINES[allowance.why_not], " ".join(filter(None, (last, following))))


def _about_restrictions(pass_: Pass, at: datetime) -> list[Check]:
    if pass_.household_id is None:
        return []
    facts = pass_facts(pass_, at)
    present = [
        one
        for one in facts.standing.restrictions
        if one.since <= at and (one.until is None or one.until > at)
    ]
    if not present:
        return [Check("ok", _l("No restriction"), _("The household is not isolated or restricted."))]
    stops = suspending(facts.standing, facts.rule, at) is not None
    names = pgettext("between items", ", ").join(dict.fromkeys(one.kind.label for one in present))
    if stops:
        return [Check("no", Shown.SUSPENDED.label, names)]
    return [Check("look", _l("Look again"), names)]


def kind_choices(offer: offers.Offer) -> list[tuple[Kind, bool]]:
    """The kinds that can be applied for here, and which is being applied for."""
    kinds = offers.kinds_offered(offer.unit_id, with_household=offer.household is not None)
    return [(kind, kind is offer.kind) for kind in kinds]
