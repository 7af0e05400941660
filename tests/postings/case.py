"""Postings, as the conformance suite sees them."""

from enum import StrEnum
from typing import Any

from portal.notices.postings.kinds import PostingState
from portal.notices.postings.models import POSTING_STEPS, Posting
from portal.workflow.states import Step
from tests.people import qian, wu, zhao
from tests.postings.world import posting
from tests.workflows.cases import Case


def in_state(state: StrEnum) -> int:
    return posting(PostingState(state)).id


def path(step: Step, posting_id: int) -> tuple[str, dict[str, Any]]:
    return f"/postings/{posting_id}/{step.name.replace('_', '-')}", {}


CASE = Case(
    area="postings",
    model=Posting,
    transitions=POSTING_STEPS,
    writer=qian,
    stranger=wu,
    form=None,
    in_state=in_state,
    path=path,
    taken_by={"hang": qian, "report_torn": zhao, "take_down": qian},
)
