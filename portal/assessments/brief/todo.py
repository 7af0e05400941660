"""The line of the morning brief on Today: in the morning, while an order is in force."""

from flask import url_for
from flask_babel import lazy_gettext as _l

from portal.access.acting import acting, may
from portal.access.policy import May
from portal.clock import local, now
from portal.orders.service import orders_in_force
from portal.workflow.todo import Todo

NOON = 12


def todo() -> list[Todo]:
    """The brief, for those who lead."""
    is_morning = local(now()).hour < NOON
    if not is_morning or acting().place is None or not may(May.TRANSFER_CASES) or not orders_in_force(now()):
        return []
    return [Todo(_l("Morning brief"), url_for("brief.index"))]
