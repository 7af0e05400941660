"""Passes, as the conformance suite sees them."""

from enum import StrEnum
from itertools import count
from types import SimpleNamespace
from typing import Any

from flask import current_app

from portal.database import db
from portal.passes import service
from portal.passes.kinds import PassState
from portal.passes.models import TRANSITIONS, Pass
from portal.workflow.states import Step
from tests.factories import household, order_in_force, resident
from tests.passes.conftest import acting_as, asked, measures
from tests.people import li, qian, wang, wu, zhao
from tests.workflows.cases import Blank, Case

NAMES = count(1)
WAY = {  # state → who does what to come there, after qian has written the draft
    PassState.DRAFT: (),
    PassState.APPLIED: ("apply",),
    PassState.ENDORSED: ("apply", "endorse"),
    PassState.ISSUED: ("apply", "endorse", "issue"),
    PassState.SURRENDERED: ("apply", "endorse", "issue", "take_back"),
    PassState.REVOKED: ("apply", "endorse", "issue", "revoke"),
    PassState.REJECTED: ("apply", "endorse", "reject"),
}
DONE_BY = {"apply": qian, "endorse": zhao, "issue": wang, "take_back": qian, "revoke": wang, "reject": wang}
WITH_REASON = ("revoke", "reject")


def a_home() -> SimpleNamespace:
    """Another household with somebody in it, under an order in force."""
    order_in_force(measures=measures())
    home = household()
    return SimpleNamespace(home=home, zhang=resident(home, name=f"演示·张{next(NAMES)}", is_head=True))


def values() -> dict[str, Any]:
    return {"household_id": a_home().home.id}


def typed() -> dict[str, Any]:
    return {"purpose": "shopping"}


def in_state(state: StrEnum) -> int:
    street, app = a_home(), current_app._get_current_object()  # type: ignore[attr-defined]
    with acting_as(app, qian):
        pass_id = service.draft(asked(street)).id
    for verb in WAY[PassState(state)]:
        with acting_as(app, DONE_BY[verb]):
            why = ("按规定办理",) if verb in WITH_REASON else ()
            getattr(service, verb)(db.session.get_one(Pass, pass_id), *why)
    return pass_id


def path(step: Step, pass_id: int) -> tuple[str, dict[str, Any]]:
    return f"/passes/{pass_id}/{step.name.replace('_', '-')}", {}


CASE = Case(
    area="passes",
    model=Pass,
    transitions=TRANSITIONS,
    writer=qian,
    stranger=wu,
    form=Blank(button="Send for endorsement", values=values, typed=typed),
    in_state=in_state,
    path=path,
    taken_by={
        "apply": qian,
        "endorse": zhao,
        "issue": wang,
        "issue_at_once": li,
        "return_to_applicant": zhao,
        "return_to_team": wang,
        "reject": wang,
        "take_back": qian,
        "revoke": wang,
    },
    reason_field="words",
    prints=lambda: [(wang, f"/passes/{in_state(PassState.ISSUED)}/print?as=page&layout=a5")],
)
