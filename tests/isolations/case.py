"""Isolations, as the conformance suite sees them."""

from enum import StrEnum
from typing import Any

from portal.isolations.kinds import IsolationState
from portal.isolations.models import TRANSITIONS, Isolation
from portal.workflow.states import Step
from tests.isolations import world
from tests.people import qian, sun, wang
from tests.workflows.cases import Blank, Case


def values() -> dict[str, Any]:
    world.order()
    return {"household_id": world.somebody().household_id}


def typed() -> dict[str, Any]:
    return {"kind": "home", "start_time": "09:30", "reason": "演示：外地返回"}


def in_state(state: StrEnum) -> int:
    world.order()
    return world.in_state(IsolationState(state))


def path(step: Step, isolation_id: int) -> tuple[str, dict[str, Any]]:
    data: dict[str, dict[str, Any]] = {"tell": {"signed": "person"}, "release": world.MEDIC}
    return f"/isolations/{isolation_id}/{step.name.replace('_', '-')}", data.get(step.name, {})


def prints() -> list[tuple[Any, str]]:
    released = in_state(IsolationState.RELEASED)
    return [
        (qian, f"/isolations/{released}/print-notice?as=page"),
        (qian, f"/isolations/{released}/print-log?as=page"),
        (wang, f"/isolations/{released}/print-release?as=page"),
    ]


CASE = Case(
    area="isolations",
    model=Isolation,
    transitions=TRANSITIONS,
    writer=wang,
    stranger=sun,
    form=Blank(button="Order isolation", values=values, typed=typed),
    in_state=in_state,
    path=path,
    taken_by={"tell": qian, "release": wang, "move_elsewhere": wang, "strike_out": wang},
    reason_field="words",
    prints=prints,
)
