"""The lines of key persons on Today: who waits for a decision, and whose record lacks what is asked first."""

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from portal.access.acting import acting, may
from portal.access.policy import May, Role
from portal.database import db
from portal.screenings.keypersons.listing import Show, holding
from portal.screenings.models import KeyPerson
from portal.web.formats import moment
from portal.workflow.listing import MOST_COUNTED
from portal.workflow.todo import Todo

COMPLETES = (Role.GRID_MEMBER, Role.SHOCK_TEAM)


def todo() -> list[Todo]:
    """What waits for the one acting now."""
    lines = []
    if may(May.ASSESS):
        lines.append(_line(Show.WAITING, _l("Key persons waiting for a decision"), urgent=True))
    if may(May.SCREEN) and acting().role in COMPLETES:
        lines.append(_line(Show.INCOMPLETE, _l("Key persons to complete"), urgent=False))
    return [line for line in lines if line is not None]


def _line(show: Show, label: object, *, urgent: bool) -> Todo | None:
    waiting = select(KeyPerson.changed_at).where(holding(show)).limit(MOST_COUNTED).subquery()
    count, oldest = db.session.execute(select(func.count(), func.min(waiting.c.changed_at))).one()
    if not count:
        return None
    note = _("the oldest: %(when)s", when=moment(oldest))
    return Todo(label, url_for("keypersons.index", show=show.value), count, note, urgent=urgent)
