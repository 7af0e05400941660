"""What is to be done every day. Each area brings its own: ``area.contributes["daily"] = (function, …)``.

Every worker does it when it begins and after each midnight, so whatever is brought must be harmless twice a day and
beside another worker. Each is a transaction of its own over the whole installation, or several short ones.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from typing import Any

from flask import current_app

from portal.access.guard import contributed
from portal.access.scope import everywhere
from portal.clock import LOCAL, now, today
from portal.database import db
from portal.web.logs import log_failure

Work = Callable[[], Any]
AFTER_A_FAILURE = timedelta(hours=1)
NEXT = "daily_next"  # {name: when it is due again}, of this process


def do_what_is_due() -> None:
    """Between transactions only. What fails is noted in the log and tried again in an hour; the rest is done."""
    due_at: dict[str, datetime] = current_app.extensions.setdefault(NEXT, {})
    for name, work in _brought():
        if name not in due_at or due_at[name] <= now():
            due_at[name] = _midnight() if _is_done(work) else now() + AFTER_A_FAILURE


def _brought() -> Iterator[tuple[str, Work]]:
    for area, brought in contributed("daily"):
        for work in brought:
            yield f"{area}: {work.__module__}.{work.__name__}", work


def _midnight() -> datetime:
    return datetime.combine(today() + timedelta(days=1), time.min, LOCAL)


def _is_done(work: Work) -> bool:
    try:
        with everywhere(because="what is due every day is done for the whole installation"):
            work()
            db.session.commit()
    except Exception as error:  # noqa: BLE001 (whatever one of them does wrong, the others are done)
        log_failure(error)
        return False
    finally:
        db.session.rollback()
    return True
