"""What is done with jobs by those who start them. Nobody sees anybody else's, wherever they stand."""

from pathlib import Path
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, select

from portal.access.acting import acting
from portal.audit import service as audit
from portal.clock import now
from portal.database import db
from portal.jobs import files, queue
from portal.jobs.kinds import kinds
from portal.jobs.models import RESUMABLE, Job, JobState
from portal.jobs.rules import KEPT
from portal.web.errors import Refused

GONE = _l("The file is no longer there. Start the work again.")
CANNOT_RESUME = _l("This cannot be resumed any more.")
HAS_ENDED = _l("This has ended already.")


def start(kind: str, **arguments: Any) -> Job:
    """Put long work on its way, within the present transaction. ``arguments``: plain values, nothing personal."""
    kinds()[kind]  # KeyError for what no area brings
    who = acting()
    job = Job(
        unit_id=who.place.unit_id if who.place else None,
        account_id=who.account_id,
        appointment_id=who.appointment_id,
        kind=kind,
        arguments=arguments,
    )
    db.session.add(job)
    db.session.flush()
    audit.record("job.start", job, kind=kind)
    queue.wake_for(job.id)
    return job


def my_jobs() -> Select[Any]:
    """The jobs that the one acting now has started under this appointment."""
    who = acting()
    return select(Job).where(Job.account_id == who.account_id, Job.appointment_id == who.appointment_id)


def mine(job_id: int) -> Job | None:
    """One of them."""
    job: Job | None = db.session.scalars(my_jobs().where(Job.id == job_id)).one_or_none()
    return job


def stop(job: Job) -> None:
    """Stop after the step under way. What is done stays done."""
    db.session.refresh(job, with_for_update=True)
    if job.state.has_ended:
        raise Refused(HAS_ENDED)
    if job.state is JobState.QUEUED:
        job.state, job.ended_at, job.expires_at = JobState.STOPPED, now(), now() + KEPT
    else:
        job.state = JobState.STOPPING
    audit.record("job.stop", job, kind=job.kind, done=job.done)


def resume(job: Job) -> None:
    """Go on where it stopped or failed."""
    db.session.refresh(job, with_for_update=True)
    if job.state not in RESUMABLE:
        raise Refused(CANNOT_RESUME)
    job.state, job.tries, job.error = JobState.QUEUED, 0, ""
    job.ended_at = job.expires_at = None
    audit.record("job.resume", job, kind=job.kind, done=job.done)
    queue.wake_for(job.id)


def fetch(job: Job) -> Path:
    """The path of the result. ``Refused`` when it has expired."""
    path = files.root() / job.folder / job.result if job.result else None
    if path is None or not path.exists() or (job.expires_at and job.expires_at < now()):
        raise Refused(GONE)
    job.fetched_at = now()
    audit.record("job.download", job, kind=job.kind)
    return path
