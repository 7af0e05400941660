"""What a worker does every few seconds: wake for what was not published or whose worker died, and tidy up.

Once a day it also does what the areas bring for that.
"""

from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, or_, select

from portal.clock import now
from portal.database import apart
from portal.jobs import daily, files, queue
from portal.jobs.leases import JOB, due
from portal.jobs.models import RESUMABLE, JobState
from portal.jobs.rules import KEPT

MOST_AT_ONCE = 1000


def sweep() -> None:
    """Safe to run at any time, in any number of workers at once."""
    folders = files.all_folders()  # before asking which are needed: a new one cannot be taken for an old one
    with apart() as connection:
        settle_stopped(connection)
        expire(connection)
        waiting = connection.scalars(
            select(JOB.c.id).where(due()).order_by(JOB.c.id).limit(MOST_AT_ONCE)
        ).all()
        needed = set(
            connection.scalars(select(JOB.c.folder).where(JOB.c.folder.in_(folders), _needs_files()))
        )
    for folder in set(folders) - needed:
        files.remove(folder)
    if waiting and queue.is_empty():  # else the workers have enough to do, and these are in there
        queue.publish(list(waiting))
    daily.do_what_is_due()


def settle_stopped(connection: Connection) -> None:
    """A job whose worker died while it was to stop is stopped."""
    died = and_(JOB.c.state == JobState.STOPPING, JOB.c.lease_until < now())
    over = {"ended_at": now(), "expires_at": now() + KEPT, "lease_owner": None, "lease_until": None}
    _write(connection, died, state=JobState.STOPPED, **over)


def expire(connection: Connection) -> None:
    """Results, and what would be needed to resume, last for a day."""
    over = and_(or_(JOB.c.result.is_not(None), JOB.c.state.in_(RESUMABLE)), JOB.c.expires_at < now())
    _write(connection, over, state=JobState.EXPIRED, result=None)


def _needs_files() -> ColumnElement[bool]:
    return or_(
        JOB.c.state.not_in((JobState.DONE, JobState.EXPIRED)),
        and_(JOB.c.state == JobState.DONE, JOB.c.result.is_not(None)),
    )


def _write(connection: Connection, which: ColumnElement[bool], **values: Any) -> None:
    connection.execute(JOB.update().where(which).values(values))
