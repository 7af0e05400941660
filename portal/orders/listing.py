"""The list of orders: columns, not rows; the newest first, twenty a page."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, or_, select

from portal.access.acting import may
from portal.access.policy import May
from portal.clock import now
from portal.orders import service
from portal.orders.models import Order, OrderState
from portal.orders.rules import Shown, shown_state
from portal.units.models import Unit
from portal.workflow import listing
from portal.workflow.listing import Link


class Show(StrEnum):
    """Which orders are listed."""

    IN_FORCE = "in_force"
    DRAFTS = "drafts"
    ENDED = "ended"

    @property
    def label(self) -> str:
        return str(SHOW_LABELS[self])


SHOW_LABELS = {Show.IN_FORCE: _l("In force"), Show.DRAFTS: _l("Drafts"), Show.ENDED: _l("Ended")}


@dataclass(frozen=True)
class Line:
    """One row of the list."""

    id: int
    number: str
    title: str
    unit: str
    shown: Shown
    effective_from: datetime
    ends_at: datetime


def filters(show: Show) -> list[Link]:
    """The filters to choose from: drafts only where orders are written."""
    shows = [one for one in Show if one is not Show.DRAFTS or may(May.WRITE_ORDERS)]
    return listing.filters("orders.index", shows, show, {})


def lines(show: Show, before: int | None) -> tuple[list[Line], int | None]:
    """One page of the list, and the ``before`` of the next page (None: there is none)."""
    columns = (
        Order.id,
        Order.number,
        Order.title,
        Order.state,
        Order.effective_from,
        Order.until,
        Order.ended_at,
    )
    found = (
        select(*columns, Unit.full_name)
        .join(Unit, Unit.id == Order.unit_id)
        .where(service.visible(), _which(show))
    )
    rows, following = listing.page_of(found, (Order.effective_from, Order.id), before)
    return [_line(row) for row in rows], following


def _which(show: Show) -> Any:
    if show is Show.DRAFTS:
        return Order.state == OrderState.DRAFT
    over = or_(Order.state == OrderState.ENDED, func.coalesce(Order.ended_at, Order.until) <= now())
    return (Order.state != OrderState.DRAFT) & (over if show is Show.ENDED else ~over)


def _line(row: Any) -> Line:
    return Line(
        id=row.id,
        number=row.number,
        title=row.title,
        unit=row.full_name,
        shown=shown_state(row.state, row.effective_from, row.until, row.ended_at, now()),
        effective_from=row.effective_from,
        ends_at=min(row.ended_at, row.until) if row.ended_at else row.until,
    )
