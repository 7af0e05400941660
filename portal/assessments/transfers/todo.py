"""The lines that transfers put on Today."""

from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import aliased

from portal.access.acting import acting, may
from portal.access.policy import May
from portal.assessments.kinds import AssessmentState
from portal.assessments.models import Assessment, Transfer
from portal.assessments.todo import by_deadline
from portal.assessments.transfers.listing import Show, holding
from portal.clock import now
from portal.workflow.todo import Todo


def todo() -> list[Todo]:
    """What waits for the one acting now: cases to take over, and those that nobody took.

    What a unit below does not answer in time waits for those above it as well; who is above both sides is told of
    the giver's.
    """
    here = acting().place
    if here is None or not may(May.TRANSFER_CASES):
        return []
    given = aliased(Transfer)
    seen = exists().where(given.pair == Transfer.pair, given.is_giving)
    ours = or_(Transfer.unit_id == here.unit_id, and_(Transfer.due_at < now(), ~seen))
    lines = (
        _line(Show.TO_ANSWER, _l("Cases handed over, to acknowledge"), ours, urgent=True),
        _line(Show.LATE, _l("Cases that the other side has not answered in time"), urgent=True),
        _line(Show.REFUSED, _l("Cases that the other side refused"), still_here(), urgent=True),
    )
    return [line for line in lines if line is not None]


def still_here() -> ColumnElement[bool]:
    """The condition that the case of a transfer is still to be handed over, and was not given elsewhere since."""
    later = aliased(Transfer)
    again = exists().where(later.assessment_id == Transfer.assessment_id, later.id > Transfer.id)
    decided = select(Assessment.id).where(Assessment.state == AssessmentState.DECIDED)
    return and_(Transfer.assessment_id.in_(decided), ~again)


def _line(show: Show, label: Any, *conditions: ColumnElement[bool], urgent: bool) -> Todo | None:
    url = url_for("transfers.index", show=show.value)
    return by_deadline(label, url, Transfer.due_at, holding(show), *conditions, urgent=urgent)
