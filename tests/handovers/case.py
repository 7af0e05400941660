"""Hand-overs, as the conformance suite sees them: from the giver's side, answered by the other."""

from enum import StrEnum
from typing import Any

from portal.patrols.handovers.kinds import HandoverState
from portal.patrols.handovers.models import HANDING_OVER, Handover
from portal.workflow.states import Step
from tests.handovers.world import a_handover, boundary_patrol, mirror_of
from tests.people import sun, zhao, zhou
from tests.workflows.cases import Blank, Case

OF_THE_OTHER_SIDE = ("acknowledge", "dispute")


def in_state(state: StrEnum) -> int:
    return a_handover(HandoverState(state))


def path(step: Step, handover_id: int) -> tuple[str, dict[str, Any]]:
    """The other side answers on its own row."""
    row_id = mirror_of(handover_id) if step.name in OF_THE_OTHER_SIDE else handover_id
    typed = {"by": "演示·孙某", "at": "10:00"} if step.name == "acknowledge_on_paper" else {}
    return f"/handovers/{row_id}/{step.name.replace('_', '-')}", typed


CASE = Case(
    area="handovers",
    model=Handover,
    transitions=HANDING_OVER,
    writer=zhao,
    stranger=zhou,
    form=Blank(
        button="Hand over",
        values=lambda: {"patrol_id": boundary_patrol()},
        typed=lambda: {"place": "东沟桥", "people": "3", "facts": "外来3人，已劝返。"},
    ),
    in_state=in_state,
    path=path,
    taken_by={"acknowledge": sun, "dispute": sun, "acknowledge_on_paper": zhao, "withdraw": zhao},
    reason_field="words",
)
