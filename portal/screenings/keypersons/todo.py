"""The line of key persons on Today: whose record lacks what is asked first. Who waits is told by assessments."""

from flask import url_for
from flask_babel import lazy_gettext as _l

from portal.access.acting import acting, may
from portal.access.policy import May, Role
from portal.screenings.keypersons.listing import Show, holding
from portal.screenings.models import KeyPerson
from portal.workflow.todo import Todo, waiting

COMPLETES = (Role.GRID_MEMBER, Role.SHOCK_TEAM)


def todo() -> list[Todo]:
    """What waits for the one acting now."""
    if not may(May.SCREEN) or acting().role not in COMPLETES:
        return []
    address = url_for("keypersons.index", show=Show.INCOMPLETE.value)
    label = _l("Key persons to complete")
    line = waiting(label, address, KeyPerson.changed_at, holding(Show.INCOMPLETE), urgent=False)
    return [line] if line else []
