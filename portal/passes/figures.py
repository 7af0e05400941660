"""What the daily report says of passes: issued, in use, ended."""

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp
from sqlalchemy import and_, or_

from portal.passes import models
from portal.passes.kinds import PassState
from portal.passes.models import Pass
from portal.workflow.figures import Counting, Figure, counted

HEADING = _l("Passes")
ONCE_ISSUED = (PassState.ISSUED, PassState.REVOKED, PassState.SURRENDERED)


def in_use(at: datetime) -> Any:
    """The condition that a pass could be used at that moment: issued by then, not over, not ended."""
    return and_(
        Pass.state.in_(ONCE_ISSUED),
        Pass.issued_at <= at,
        Pass.valid_from <= at,
        Pass.valid_until > at,
        or_(Pass.ended_at.is_(None), Pass.ended_at > at),
        or_(Pass.series_ends_at.is_(None), Pass.series_ends_at > at),
    )


FIGURES = (
    Figure(
        "passes.issued",
        _lp("figures", "Issued"),
        HEADING,
        model=Pass,
        steps=(models.ISSUE.name, models.ISSUE_AT_ONCE.name, models.SUCCEED.name),
        unit="张",
        order=400,
    ),
    Figure(
        "passes.in_use",
        _lp("figures", "In use"),
        HEADING,
        Counting.AT_ITS_END,
        unit="张",
        order=401,
        **counted(Pass, in_use),
    ),
    Figure(
        "passes.ended",
        _lp("figures", "Ended"),
        HEADING,
        model=Pass,
        steps=(models.REVOKE.name, models.TAKE_BACK.name, models.GIVE_WAY.name),
        unit="张",
        order=402,
    ),
)
