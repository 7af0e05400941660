"""Transfers, as the conformance suite sees them: given to the neighbours, or outside, where paper answers."""

from enum import StrEnum
from typing import Any

from portal.assessments.kinds import TransferState
from portal.assessments.models import TRANSFERRING, Transfer
from portal.workflow.states import Step
from tests.assessments import world as assessments
from tests.people import sun, wang, zhou
from tests.transfers import world
from tests.workflows.cases import Blank, Case

OF_THE_OTHER_SIDE = ("acknowledge", "refuse")
ON_PAPER = {"by": "演示·值守员", "day": "2026-11-23", "time": "10:00"}


def values() -> dict[str, Any]:
    assessments.order()
    return {"assessment_id": world.decided()}


def in_state(state: StrEnum) -> int:
    assessments.order()
    return world.in_state(TransferState(state))


def path(step: Step, transfer_id: int) -> tuple[str, dict[str, Any]]:
    """The other side answers on its own row."""
    row_id = world.mirror_of(transfer_id) if step.name in OF_THE_OTHER_SIDE else transfer_id
    return f"/transfers/{row_id}/{step.name.replace('_', '-')}", {}


CASE = Case(
    area="transfers",
    model=Transfer,
    transitions=TRANSFERRING,
    writer=wang,
    stranger=zhou,
    form=Blank(
        button="Hand the case over", values=values, typed=lambda: {"to": "邵店镇", "facts": world.FACTS}
    ),
    in_state=in_state,
    path=path,
    taken_by={
        "acknowledge": sun,
        "refuse": sun,
        "answered_on_paper": wang,
        "refused_on_paper": wang,
        "withdraw": wang,
    },
    reason_field="words",
    not_by_itself=frozenset({"answered_on_paper", "refused_on_paper"}),
)
