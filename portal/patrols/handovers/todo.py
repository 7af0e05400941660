"""The lines that hand-overs put on Today."""

from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, and_

from portal.access.acting import acting, may
from portal.access.policy import May
from portal.patrols.handovers.kinds import HandoverSide
from portal.patrols.handovers.listing import Show, condition
from portal.patrols.handovers.models import Handover
from portal.workflow.todo import Todo, waiting


def todo() -> list[Todo]:
    """What waits for the one acting now: an answer to the neighbours, or a dispute to settle with them."""
    here = acting().place
    if here is None:
        return []
    lines = []
    if may(May.TAKE_OVER):
        ours = and_(condition(Show.TO_ANSWER), Handover.unit_id == here.unit_id)
        lines.append(_line(Show.TO_ANSWER, _l("Hand-overs to acknowledge"), ours, urgent=True))
    if may(May.HAND_OVER):
        given = and_(condition(Show.DISPUTED), Handover.side == HandoverSide.GIVEN)
        lines.append(_line(Show.DISPUTED, _l("Hand-overs disputed by the neighbours"), given, urgent=False))
    return [line for line in lines if line is not None]


def _line(show: Show, label: Any, those: ColumnElement[bool], *, urgent: bool) -> Todo | None:
    url = url_for("handovers.index", show=show.value)
    return waiting(label, url, Handover.changed_at, those, urgent=urgent)
