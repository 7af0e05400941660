"""Assessments, as the conformance suite sees them. They are asked by screening: no form makes one."""

from enum import StrEnum
from typing import Any

from portal.assessments.kinds import AssessmentState, Decision
from portal.assessments.models import TRANSITIONS, Assessment
from portal.workflow.states import Step
from tests.assessments import world
from tests.people import Person, li, qian, sun, wang, zhao
from tests.workflows.cases import Case

PATHS = {"no_measure": "decide"}


def in_state(state: StrEnum) -> int:
    world.order()
    return world.in_state(AssessmentState(state))


def path(step: Step, assessment_id: int) -> tuple[str, dict[str, Any]]:
    typed: dict[str, dict[str, Any]] = {
        "decide": {"decision": "home", "by": "two_hours", "executor": executor(assessment_id)},
        "no_measure": {"decision": "nothing"},
        "reassign": {"executor": str(world.acting(zhao).account_id)},
        "report_back": {"done": "已入户落实", "day": "2026-11-23", "time": "10:00"},
    }
    name = PATHS.get(step.name, step.name).replace("_", "-")
    return f"/assessments/{assessment_id}/{name}", typed.get(step.name, {})


def executor(_assessment_id: int) -> str:
    return str(world.acting(qian).account_id)


def prints() -> list[tuple[Person, str]]:
    world.order()
    referred = world.decided(Decision.HOSPITAL)
    return [(qian, f"/assessments/{referred}/print-referral?as=page"), (li, "/morning-brief/print?as=page")]


CASE = Case(
    area="assessments",
    model=Assessment,
    transitions=TRANSITIONS,
    writer=wang,
    stranger=sun,
    form=None,
    in_state=in_state,
    path=path,
    taken_by={
        "decide": li,
        "no_measure": li,
        "report_back": qian,
        "answer": qian,
        "reassign": wang,
        "send_back": li,
        "close": li,
        "supersede": li,
        "strike_out": li,
        "fall_away": li,
        "end_with": li,
    },
    reason_field="words",
    not_by_itself=frozenset({"answer", "fall_away", "end_with"}),
    prints=prints,
)
