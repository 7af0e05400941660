"""What pages show of findings: one finding, its persons masked, and the findings of a patrol."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp
from markupsafe import Markup
from sqlalchemy import select

from portal.access.acting import may
from portal.access.policy import May
from portal.clock import now
from portal.database import db
from portal.patrols.findings import models
from portal.patrols.findings.basis import OPEN
from portal.patrols.findings.kinds import FindingState
from portal.patrols.findings.listing import STATE_LOOKS
from portal.patrols.findings.models import Finding
from portal.patrols.findings.places import AGAIN_WITHIN, earlier_at, places_known, times_found
from portal.patrols.findings.service import CANNOT_BE_NAMED
from portal.patrols.findings.texts import what_was_found
from portal.patrols.models import Patrol
from portal.web.page import part
from portal.workflow.record import Entry, entries_of
from portal.workflow.states import Step, steps_open

MOST_IN_A_PANEL = 50
MOST_PLACES = 12

STEP_WORDS: dict[str, Any] = {
    "find": _lp("what was done", "Found and persuaded"),
    models.RECORD_AGAIN.name: _lp("what was done", "Persuaded again, recorded"),
    models.GIVE_NOTICE.name: _lp("what was done", "Written notice given"),
    models.REFER.name: _lp("what was done", "Referred to the police"),
    models.REFER_AT_ONCE.name: _lp("what was done", "Referred to the police at once"),
    models.RECEIVE.name: _lp("what was done", "Receipt recorded"),
    models.SETTLE.name: _lp("what was done", "Settled"),
}
WAITS_FOR: dict[FindingState, tuple[Any, Any]] = {
    FindingState.REFERRED: (_l("Record the receipt"), _l("Waits for the police station's signature")),
}


def at_finding(finding: Finding) -> dict[str, Any]:
    """All that a finding's own page shows."""
    return {
        "finding": finding,
        "what": what_was_found(finding.kind, finding.kind_note),
        "look": STATE_LOOKS[finding.state],
        "earlier": earlier_at(finding),
        "persons": finding.persons,
        "may_name": may(May.LOG_PATROLS) and finding.state not in CANNOT_BE_NAMED,
        "entries": entries(finding),
        "steps": steps_to_take(finding),
    }


def steps_to_take(finding: Finding) -> list[Step]:
    """The steps open to the one acting now, the next rung first."""
    return sorted(steps_open(finding, models.LADDER), key=lambda step: step.gravity != "main")


def entries(finding: Finding) -> list[Entry]:
    """经过: the steps so far with their reasons, and the one that is waited for."""
    taken = entries_of(finding, STEP_WORDS)
    if waits := WAITS_FOR.get(finding.state):
        label, who = waits
        taken.append(Entry("nil", label, person=who))
    return taken


def places_offered(patrol: Patrol) -> list[str]:
    """What may be chosen as a place: the points of the patrol's route, and where something was found lately."""
    points = list(patrol.route.points) if patrol.route else []
    known = places_known(patrol.unit_id, now() - AGAIN_WITHIN)
    return list(dict.fromkeys([*points, *patrol.walked, *known]))[:MOST_PLACES]


def patrol_panel(patrol: Patrol) -> Markup | None:
    """The findings of a patrol, on its own page."""
    if not may(May.SEE_PATROLS):
        return None
    found = select(Finding).where(Finding.patrol_id == patrol.id).order_by(Finding.id.desc())
    findings = db.session.scalars(found.limit(MOST_IN_A_PANEL)).all()
    times = times_found(findings)
    return part(
        "findings/panel.html",
        patrol=patrol,
        findings=[
            (one, what_was_found(one.kind, one.kind_note), STATE_LOOKS[one.state], times[one.id])
            for one in findings
        ],
        may_add=may(May.LOG_PATROLS) and patrol.state in OPEN,
    )
