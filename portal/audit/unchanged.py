"""A page that has not changed is not sent again: every change leaves an audit entry, so the last one is the version.

The minute is part of the stamp too, because pages tell how long ago things were.
"""

from flask import Flask, g, request
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from portal.audit.models import AuditEntry
from portal.clock import now
from portal.database import db
from portal.web.headers import conditional

LAST_ENTRY = select(func.max(AuditEntry.__table__.c.id))


def init_app(app: Flask) -> None:
    """Ask after the guard has let the request in."""
    app.before_request(answer_if_unchanged)


def answer_if_unchanged() -> ResponseReturnValue | None:
    """304 where the browser already has this page as the one acting now would see it."""
    if request.method != "GET" or g.get("acting") is None or request.endpoint is None:
        return None
    version = db.session.connection().scalar(LAST_ENTRY)
    return conditional(f"{g.sign_in_id}:{g.acting.appointment_id}:{version}:{now():%Y%m%d%H%M}")
