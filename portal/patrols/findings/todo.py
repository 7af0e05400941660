"""The lines that findings put on Today: only what somebody must do."""

from datetime import timedelta
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, and_

from portal.access.acting import may
from portal.access.policy import May
from portal.clock import now
from portal.patrols.findings.kinds import FindingState
from portal.patrols.findings.listing import Show
from portal.patrols.findings.models import Finding
from portal.patrols.findings.places import found_again_since_notice
from portal.workflow.todo import Todo, waiting

A_SHEET_COMES_BACK_WITHIN = timedelta(hours=24)


def todo() -> list[Todo]:
    """What waits for the one acting now, with how many and since when."""
    if not may(May.REFER_TO_POLICE):
        return []
    late = and_(
        Finding.state == FindingState.REFERRED, Finding.referred_at < now() - A_SHEET_COMES_BACK_WITHIN
    )
    again = and_(Finding.state == FindingState.NOTICED, found_again_since_notice())
    lines = (
        _line(Show.REFERRED, _l("Referral sheets without receipt"), late, Finding.referred_at),
        _line(Show.NOTICED, _l("Found again after a written notice"), again, Finding.noticed_at),
    )
    return [line for line in lines if line is not None]


def _line(show: Show, label: Any, those: ColumnElement[bool], since: Any) -> Todo | None:
    return waiting(label, url_for("findings.index", show=show.value), since, those, urgent=True)
