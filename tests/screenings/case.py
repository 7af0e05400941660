"""Rounds, as the conformance suite sees them."""

from enum import StrEnum
from typing import Any

from portal.screenings.kinds import RoundState
from portal.screenings.models import ROUND_TRANSITIONS, ScreeningRound
from portal.workflow.states import Step
from tests.people import sun, wang
from tests.screenings.world import order, round_in
from tests.workflows.cases import Blank, Case


def values() -> dict[str, Any]:
    order()
    return {}


def typed() -> dict[str, Any]:
    return {"name": "全员排查"}


def in_state(state: StrEnum) -> int:
    order()
    return round_in(RoundState(state))


def path(step: Step, round_id: int) -> tuple[str, dict[str, Any]]:
    return f"/screenings/{round_id}/{step.name.replace('_', '-')}", {}


CASE = Case(
    area="screenings",
    model=ScreeningRound,
    transitions=ROUND_TRANSITIONS,
    writer=wang,
    stranger=sun,
    form=Blank(button="Start the round", values=values, typed=typed),
    in_state=in_state,
    path=path,
    taken_by={step.name: wang for step in ROUND_TRANSITIONS},
    reason_field="words",
    prints=lambda: [(wang, f"/screenings/{in_state(RoundState.OPEN)}/print?as=page")],
)
