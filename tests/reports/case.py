"""Daily reports, as the conformance suite sees them."""

from enum import StrEnum
from typing import Any

from portal.reports.kinds import ReportState
from portal.reports.models import TRANSITIONS, DailyReport
from portal.workflow.states import Step
from tests.people import qian, unit, wu, zhao
from tests.reports.world import GRID, made, order, row
from tests.workflows.cases import Case


def in_state(state: StrEnum) -> int:
    order()
    return made(ReportState(state))


def path(step: Step, report_id: int) -> tuple[str, dict[str, Any]]:
    if step.name == "confirm":
        return f"/reports/confirm?unit={unit(GRID).id}&day={row(report_id).day.isoformat()}", {}
    return f"/reports/{report_id}/{step.name.replace('_', '-')}", {}


CASE = Case(
    area="reports",
    model=DailyReport,
    transitions=TRANSITIONS,
    writer=qian,
    stranger=wu,
    form=None,
    in_state=in_state,
    path=path,
    taken_by={"confirm": qian, "receive": zhao, "send_back": zhao},
    reason_field="words",
    prints=lambda: [
        (in_state(ReportState.CONFIRMED) and zhao, f"/reports/print?unit={unit(GRID).id}&as=page")
    ],
)
