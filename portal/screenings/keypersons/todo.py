"""The lines of key persons on Today: whose record lacks what is asked first, and whose is to be closed.

Who waits for a decision is told by assessments.
"""

from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l

from portal.access.acting import acting, may
from portal.access.policy import May, Role
from portal.screenings.keypersons.listing import Show, holding
from portal.screenings.models import KeyPerson
from portal.workflow.todo import OLDEST, Todo, waiting

COMPLETES = (Role.GRID_MEMBER, Role.SHOCK_TEAM)


def todo() -> list[Todo]:
    """What waits for the one acting now."""
    lines = []
    if may(May.ASSESS):
        lines.append(_line(Show.TO_CLOSE, _l("Key persons to close: the measure is over"), note=""))
    if may(May.SCREEN) and acting().role in COMPLETES:
        lines.append(_line(Show.INCOMPLETE, _l("Key persons to complete")))
    return [line for line in lines if line]


def _line(show: Show, label: Any, note: Any = OLDEST) -> Todo | None:
    address = url_for("keypersons.index", show=show.value)
    return waiting(label, address, KeyPerson.changed_at, holding(show), urgent=False, note=note)
