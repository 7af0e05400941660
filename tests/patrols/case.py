"""Patrols, as the conformance suite sees them."""

from enum import StrEnum
from typing import Any

from portal.patrols.kinds import PatrolState
from portal.patrols.models import TRANSITIONS, Patrol
from portal.workflow.states import Step
from tests.patrols.world import order, patrol
from tests.people import zhao, zhou
from tests.workflows.cases import Blank, Case


def values() -> dict[str, Any]:
    order()
    return {}


def typed() -> dict[str, Any]:
    return {"where": "3号院周边", "start_time": "09:30", "leader": "演示·赵组长"}


def in_state(state: StrEnum) -> int:
    order()
    return patrol(PatrolState(state))


def path(step: Step, patrol_id: int) -> tuple[str, dict[str, Any]]:
    return f"/patrols/{patrol_id}/{step.name.replace('_', '-')}", {}


CASE = Case(
    area="patrols",
    model=Patrol,
    transitions=TRANSITIONS,
    writer=zhao,
    stranger=zhou,
    form=Blank(button="Begin the log", values=values, typed=typed),
    in_state=in_state,
    path=path,
    taken_by={step.name: zhao for step in TRANSITIONS},
    reason_field="words",
    prints=lambda: [(zhao, f"/patrols/{in_state(PatrolState.SENT)}/print?as=page")],
)
