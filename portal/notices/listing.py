"""The list of notices: what waits first, then what is in force; columns, not rows; pages of twenty."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp
from sqlalchemy import ColumnElement, select

from portal.access.acting import acting, may
from portal.access.policy import May
from portal.notices import rules, service
from portal.notices.kinds import STATE_LABELS, NoticeKind, NoticeState
from portal.notices.models import Notice, number_of
from portal.units.models import Unit
from portal.workflow import listing
from portal.workflow.listing import Link

MOST_COUNTED = 99


class Show(StrEnum):
    """The filters, what needs action first. Field people have the last two."""

    SUBMITTED = "submitted"
    APPROVED = "approved"
    RETURNED = "returned"
    DRAFTS = "drafts"
    PUBLISHED = "published"
    ENDED = "ended"

    @property
    def label(self) -> str:
        return str(SHOW_LABELS[self])


SHOW_LABELS: dict[Show, Any] = {
    Show.SUBMITTED: _lp("notice", "Waits for approval"),
    Show.APPROVED: _lp("notice", "Approved, to be published"),
    Show.RETURNED: _l("Returned"),
    Show.DRAFTS: _l("Drafts"),
    Show.PUBLISHED: _lp("notice", "In force"),
    Show.ENDED: _l("Ended"),
}
WAITING = (Show.SUBMITTED, Show.APPROVED, Show.RETURNED, Show.DRAFTS)
ENDED_STATES = (NoticeState.REPLACED, NoticeState.WITHDRAWN)


@dataclass(frozen=True)
class Line:
    """One row of the list."""

    id: int
    title: str
    number: str
    kind: NoticeKind
    unit: str
    look: str
    state: str
    when: datetime


def chosen(asked: str | None) -> Show:
    """The filter asked for; else what waits for the one acting now, else what is in force."""
    if asked in list(Show) and Show(asked) in shows():
        return Show(asked)
    if not may(May.WRITE_NOTICES):
        return Show.PUBLISHED
    numbers = counts(mine=True)
    return next((show for show in WAITING if numbers[show]), Show.PUBLISHED)


def shows() -> list[Show]:
    """What the one acting now can choose."""
    return [show for show in Show if show not in WAITING or may(May.WRITE_NOTICES)]


def filters(show: Show) -> list[Link]:
    """The filters to choose from; what waits is left out while there is nothing."""
    numbers = counts() if may(May.WRITE_NOTICES) else {}
    return listing.filters("notices.index", shows(), show, numbers)


def lines(show: Show, before: int | None) -> tuple[list[Line], int | None]:
    """One page, the newest first, and the ``before`` of the next page (None: there is none).

    What a unit above has published for others only is left out, so that a page may be shorter.
    """
    columns = (Notice.id, Notice.title, Notice.kind, Notice.state, Notice.code, Notice.year, Notice.serial)
    found = (
        select(*columns, Notice.changed_at, Notice.returned_because, Notice.audience, Unit.full_name)
        .add_columns(service.writable().label("ours"))
        .join(Unit, Unit.id == Notice.unit_id)
        .where(service.visible(), which(show))
    )
    rows, following = listing.page_of(found, (Notice.changed_at, Notice.id), before)
    place = acting().place
    line = place.line if place else ()
    return [_line(row) for row in rows if row.ours or rules.is_for(row.audience, line)], following


def counts(*, mine: bool = False) -> dict[Show, int]:
    """How many of those that wait there are, at most MOST_COUNTED of each; ``mine``: for the one acting now."""
    waiting = {
        show: select(Notice.id).where(service.writable(), which(show), *(waits_for_me(show) if mine else ()))
        for show in WAITING
    }
    return listing.count_each(waiting, MOST_COUNTED)


def waits_for_me(show: Show) -> Sequence[ColumnElement[bool]]:
    """Of those that wait: what others wrote for whoever approves, what is one's own unit's for whoever writes."""
    who = acting()
    if show is Show.SUBMITTED:
        others = Notice.created_by_id != who.account_id, Notice.changed_by_id != who.account_id
        return others if may(May.APPROVE_NOTICES) else (Notice.id.is_(None),)
    own_unit = () if who.place is None else (Notice.unit_id == who.place.unit_id,)
    if show in (Show.RETURNED, Show.DRAFTS):
        return *own_unit, Notice.created_by_id == who.account_id
    return own_unit


def which(show: Show) -> ColumnElement[bool]:
    """The condition of one filter."""
    if show is Show.SUBMITTED:
        return Notice.state == NoticeState.SUBMITTED
    if show is Show.APPROVED:
        return Notice.state == NoticeState.APPROVED
    if show is Show.PUBLISHED:
        return Notice.state == NoticeState.PUBLISHED
    if show is Show.ENDED:
        return Notice.state.in_(ENDED_STATES)
    returned = Notice.returned_because != "" if show is Show.RETURNED else Notice.returned_because == ""
    return (Notice.state == NoticeState.DRAFT) & returned


def _line(row: Any) -> Line:
    returned = row.state is NoticeState.DRAFT and row.returned_because
    return Line(
        id=row.id,
        title=row.title,
        number=number_of(row.code, row.year, row.serial),
        kind=row.kind,
        unit=row.full_name,
        look="look" if returned else rules.LOOKS.get(row.state, "nil"),
        state=Show.RETURNED.label if returned else str(STATE_LABELS[row.state]),
        when=row.changed_at,
    )
