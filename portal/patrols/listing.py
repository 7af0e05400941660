"""The list of patrols: filters, pages of twenty, the newest first. Columns, not rows."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, and_, not_, select, true

from portal.access.acting import acting, may
from portal.access.policy import May
from portal.clock import now
from portal.database import db
from portal.patrols.kinds import PatrolKind, PatrolState
from portal.patrols.models import Patrol, PatrolRoute
from portal.patrols.rules import NOT_BACK_AFTER, SHOWN_LABELS, Shown, shown_state
from portal.units.models import Unit
from portal.web.formats import clock_time
from portal.workflow import listing
from portal.workflow.listing import Link

MY_DRAFTS = 5


class Show(StrEnum):
    """The filters, what needs action first."""

    NOT_BACK = "not_back"
    DRAFTS = "drafts"
    SENT = "sent"
    BOUNDARY = "boundary"
    ALL = "all"

    @property
    def label(self) -> str:
        return str(SHOW_LABELS[self])


SHOW_LABELS = {
    Show.NOT_BACK: SHOWN_LABELS[Shown.NOT_BACK],
    Show.DRAFTS: _l("Not handed in"),
    Show.SENT: SHOWN_LABELS[Shown.SENT],
    Show.BOUNDARY: _l("At the boundary"),
    Show.ALL: _l("All"),
}
COUNTED = (Show.NOT_BACK, Show.DRAFTS)  # what somebody has to act on


@dataclass(frozen=True)
class Line:
    """One row of the list."""

    id: int
    where: str
    kind: PatrolKind
    unit: str
    leader: str
    started_at: datetime
    until: str
    shown: Shown


def chosen(text: str | None) -> Show:
    """The filter asked for, or all."""
    return Show(text) if text in list(Show) else Show.ALL


def filters(show: Show) -> list[Link]:
    """The filters to choose from. What is empty is left out."""
    return listing.filters("patrols.index", Show, show, counts())


def counts() -> dict[Show, int]:
    """How many wait for somebody."""
    return listing.count_each({show: select(Patrol.id).where(holding(show)) for show in COUNTED})


def holding(show: Show) -> ColumnElement[bool]:
    """The condition of one filter."""
    if show is Show.ALL:
        return true()
    if show is Show.BOUNDARY:
        return Patrol.kind == PatrolKind.BOUNDARY
    if show is Show.SENT:
        return Patrol.state == PatrolState.SENT
    draft = Patrol.state == PatrolState.DRAFT
    not_back = and_(Patrol.ended_at.is_(None), Patrol.started_at < now() - NOT_BACK_AFTER)
    return and_(draft, not_back) if show is Show.NOT_BACK else and_(draft, not_(not_back))


def lines(show: Show, before: int | None) -> tuple[list[Line], int | None]:
    """One page, and the ``before`` of the next page (None: there is none)."""
    found = _patrols().where(holding(show))
    rows, following = listing.page_of(found, (Patrol.changed_at, Patrol.id), before)
    return [_line(row) for row in rows], following


def my_drafts() -> list[Line]:
    """What the one acting now is writing, the newest first."""
    if not may(May.LOG_PATROLS):
        return []
    mine = and_(Patrol.state == PatrolState.DRAFT, Patrol.created_by_id == acting().account_id)
    rows = db.session.execute(_patrols().where(mine).order_by(Patrol.id.desc()).limit(MY_DRAFTS)).all()
    return [_line(row) for row in rows]


def _patrols() -> Any:
    columns = (
        Patrol.id,
        Patrol.kind,
        Patrol.state,
        Patrol.where,
        Patrol.leader,
        Patrol.started_at,
        Patrol.ended_at,
    )
    return (
        select(*columns, PatrolRoute.name, Unit.full_name)
        .join(Unit, Unit.id == Patrol.unit_id)
        .outerjoin(PatrolRoute, PatrolRoute.id == Patrol.route_id)
    )


def _line(row: Any) -> Line:
    return Line(
        id=row.id,
        where=row.name or row.where,
        kind=row.kind,
        unit=row.full_name,
        leader=row.leader,
        started_at=row.started_at,
        until=clock_time(row.ended_at) if row.ended_at else "",
        shown=shown_state(row.state, row.started_at, row.ended_at, now()),
    )
