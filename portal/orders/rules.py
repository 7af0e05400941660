"""What an order is worth at a moment. No database, no clock of its own."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp

from portal.orders.models import STATE_LABELS, OrderState

ENDS_SOON = timedelta(days=3)


class Shown(StrEnum):
    """The state that people see. ``look`` is its class: ``ok``, ``look`` or ``nil``."""

    DRAFT = "draft"
    NOT_YET = "not_yet"
    IN_FORCE = "in_force"
    ENDS_SOON = "ends_soon"
    LAPSED = "lapsed"
    REPLACED = "replaced"
    ENDED = "ended"

    @property
    def label(self) -> str:
        return str(SHOWN_LABELS[self])

    @property
    def look(self) -> str:
        return SHOWN_LOOKS.get(self, "nil")


SHOWN_LABELS = {
    Shown.DRAFT: STATE_LABELS[OrderState.DRAFT],
    Shown.NOT_YET: _lp("order", "Not yet in force"),
    Shown.IN_FORCE: STATE_LABELS[OrderState.IN_FORCE],
    Shown.ENDS_SOON: _lp("order", "Ends soon"),
    Shown.LAPSED: _lp("order", "Ended by itself"),
    Shown.REPLACED: _lp("order", "Replaced"),
    Shown.ENDED: _l("Ended"),
}
SHOWN_LOOKS = {Shown.IN_FORCE: "ok", Shown.ENDS_SOON: "look", Shown.NOT_YET: "look"}


def shown_state(
    state: OrderState, effective_from: datetime, until: datetime, ended_at: datetime | None, at: datetime
) -> Shown:
    """The state at ``at``. An order that was replaced keeps its stored state and has ``ended_at``."""
    if state is OrderState.DRAFT:
        return Shown.DRAFT
    if state is OrderState.ENDED:
        return Shown.ENDED
    if ended_at is not None and ended_at <= at:
        return Shown.REPLACED
    if until <= at:
        return Shown.LAPSED
    if at < effective_from:
        return Shown.NOT_YET
    return Shown.ENDS_SOON if until - at <= ENDS_SOON else Shown.IN_FORCE


def decides(begins: Sequence[tuple[datetime, int]], line: Sequence[int]) -> int:
    """Which of several orders decides: index of the one that began last, of equals that of the nearest unit.

    ``begins`` are (effective_from, unit id), ``line`` the units from the top down to the place.
    """
    return max(range(len(begins)), key=lambda one: (begins[one][0], line.index(begins[one][1])))
