"""The lines that transfers put on Today."""

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, and_, func, select

from portal.access.acting import acting, may
from portal.access.policy import May
from portal.assessments.kinds import AssessmentState
from portal.assessments.models import Assessment, Transfer
from portal.assessments.transfers.listing import Show, holding
from portal.database import db
from portal.web.formats import moment
from portal.workflow.listing import MOST_COUNTED
from portal.workflow.todo import Todo


def todo() -> list[Todo]:
    """What waits for the one acting now: cases to take over, and those that nobody took."""
    here = acting().place
    if here is None or not may(May.TRANSFER_CASES):
        return []
    ours = and_(holding(Show.TO_ANSWER), Transfer.unit_id == here.unit_id)
    still = select(Assessment.id).where(Assessment.state == AssessmentState.DECIDED)
    refused = and_(holding(Show.REFUSED), Transfer.assessment_id.in_(still))
    lines = (
        _line(Show.TO_ANSWER, _l("Cases handed over to you, to acknowledge"), ours, urgent=True),
        _line(Show.REFUSED, _l("Cases that the other side refused"), refused, urgent=True),
    )
    return [line for line in lines if line is not None]


def _line(show: Show, label: Any, waiting: ColumnElement[bool], *, urgent: bool) -> Todo | None:
    found = select(Transfer.changed_at).where(waiting).limit(MOST_COUNTED).subquery()
    count, oldest = db.session.execute(select(func.count(), func.min(found.c.changed_at))).one()
    if not count:
        return None
    note = _("oldest %(when)s", when=moment(oldest))
    return Todo(label, url_for("transfers.index", show=show.value), count, note, urgent)
