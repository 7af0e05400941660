"""Findings, as the conformance suite sees them."""

from enum import StrEnum
from typing import Any

from portal.patrols.findings.kinds import FindingState
from portal.patrols.findings.models import LADDER, Finding
from portal.workflow.states import Step
from tests.findings.world import a_finding, a_patrol
from tests.people import qian, wang, wu, zhao
from tests.workflows.cases import Blank, Case

REFERRED = {"station": "重阳派出所", "facts": "经过", "basis": "依据"}
NEEDED = {
    "give_notice": {"facts": "经过", "basis": "依据", "asks": "请散去。"},
    "refer": REFERRED,
    "refer_at_once": REFERRED,
    "receive": {"receiver": "演示·周警官", "at": "10:00"},
}


def path(step: Step, finding_id: int) -> tuple[str, dict[str, Any]]:
    return f"/findings/{finding_id}/{step.name.replace('_', '-')}", NEEDED.get(step.name, {})


def in_state(state: StrEnum) -> int:
    return a_finding(FindingState(state))


CASE = Case(
    area="findings",
    model=Finding,
    transitions=LADDER,
    writer=qian,
    stranger=wu,
    form=Blank(
        button="Save",
        values=lambda: {"patrol_id": a_patrol()},
        typed=lambda: {"kind": "gathering", "place": "3号院东门"},
    ),
    in_state=in_state,
    path=path,
    taken_by={
        "record_again": qian,
        "give_notice": zhao,
        "refer": wang,
        "refer_at_once": wang,
        "receive": wang,
        "settle": qian,
    },
    reason_field="words",
    prints=lambda: [
        (zhao, f"/findings/{a_finding(FindingState.NOTICED)}/notice"),
        (wang, f"/findings/{a_finding(FindingState.REFERRED)}/referral"),
    ],
)
