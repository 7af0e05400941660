"""Who works at a job. Every word about it is one conditional UPDATE: whoever's lease is gone changes nothing.

These are written past the scope and in small transactions of their own: a worker works for everybody.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast

from flask import Flask, current_app
from sqlalchemy import ColumnElement, Table, and_, or_, update
from sqlalchemy.exc import SQLAlchemyError

from portal.clock import now
from portal.database import apart, db
from portal.jobs.models import Job, JobState
from portal.jobs.rules import KEPT
from portal.vault import new_seal_id
from portal.web.logs import log_failure

JOB = cast(Table, Job.__table__)
AT_WORK = (JobState.RUNNING, JobState.STOPPING)


class LeaseLost(Exception):
    """Another worker has the job by now: what was begun is rolled back."""


@dataclass
class Lease:
    """The right to work at a job, and the job as it was when the right was given."""

    job_id: int
    owner: str
    account_id: int
    appointment_id: int
    kind: str
    tries: int
    folder: str
    arguments: dict[str, Any]
    reached: dict[str, int]
    checkpoint: dict[str, Any]
    outcome: list[str]

    def held(self, job: Any = JOB.c) -> ColumnElement[bool]:
        """Whether it still holds, said of the table or of the class."""
        return and_(job.id == self.job_id, job.lease_owner == self.owner, job.state.in_(AT_WORK))


def length() -> timedelta:
    """How long a worker may be silent before it counts as dead."""
    return timedelta(seconds=current_app.config.get("JOB_LEASE_SECONDS", 30))


def due() -> ColumnElement[bool]:
    """Jobs to be taken up: new ones, and those whose worker died."""
    return or_(
        JOB.c.state == JobState.QUEUED,
        and_(JOB.c.state == JobState.RUNNING, JOB.c.lease_until < now()),
    )


def take(job_id: int) -> Lease | None:
    """Begin to work at a job; None if it isn't due, or another one was faster."""
    owner = new_seal_id()
    taking = (
        JOB.update()
        .where(JOB.c.id == job_id, due())
        .values(
            state=JobState.RUNNING, lease_owner=owner, lease_until=now() + length(), tries=JOB.c.tries + 1
        )
    )
    columns = (
        "account_id",
        "appointment_id",
        "kind",
        "tries",
        "folder",
        "arguments",
        "reached",
        "checkpoint",
    )
    with apart() as connection:
        row = connection.execute(
            taking.returning(*(JOB.c[name] for name in (*columns, "outcome")))
        ).mappings()
        taken = row.one_or_none()
    return Lease(job_id=job_id, owner=owner, **taken) if taken else None


def note_in_the_step(lease: Lease, **progress: Any) -> JobState:
    """Write progress into the session's transaction, with what the step has written. Returns RUNNING or STOPPING."""
    noted = update(Job).where(lease.held(Job)).values(_alive(progress)).returning(Job.state)
    return _still_held(db.session.scalar(noted.execution_options(synchronize_session=False)))


def note(lease: Lease, **progress: Any) -> JobState:
    """The same in a transaction of its own, for what the session only looks at."""
    with apart() as connection:
        noted = JOB.update().where(lease.held()).values(_alive(progress)).returning(JOB.c.state)
        return _still_held(connection.scalar(noted))


def _alive(progress: dict[str, Any]) -> dict[str, Any]:
    return {"lease_until": now() + length(), **progress}


def _still_held(state: JobState | None) -> JobState:
    if state is None:
        raise LeaseLost
    return state


def give_back(lease: Lease) -> None:
    """The worker ends: the job waits for the next one."""
    _write(lease, state=JobState.QUEUED, lease_owner=None, lease_until=None)


def end(lease: Lease, state: JobState, **values: Any) -> bool:
    """The job is over: DONE, STOPPED or FAILED. False if the lease was lost."""
    at = now()
    over = {"state": state, "ended_at": at, "expires_at": at + KEPT, "lease_owner": None, "lease_until": None}
    return _write(lease, **over | values)


def _write(lease: Lease, **values: Any) -> bool:
    with apart() as connection:
        return connection.execute(JOB.update().where(lease.held()).values(values)).rowcount == 1


@contextmanager
def kept_alive(app: Flask, lease: Lease) -> Iterator[None]:
    """Renew the lease beside the work, which may sit long over one step."""
    over = threading.Event()
    pulse = threading.Thread(
        target=_beat, args=(app, lease, over), name=f"lease of job {lease.job_id}", daemon=True
    )
    pulse.start()
    try:
        yield
    finally:
        over.set()
        pulse.join()


def _beat(app: Flask, lease: Lease, over: threading.Event) -> None:
    with app.app_context():
        while not over.wait(length().total_seconds() / 3):
            try:
                note(lease)
            except LeaseLost:
                return
            except SQLAlchemyError as error:  # the database is away: if it stays away the lease runs out
                log_failure(error)
