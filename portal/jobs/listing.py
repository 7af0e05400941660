"""How jobs read: in the list, and the words under the bar."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from portal.database import db
from portal.jobs.models import Job, JobState
from portal.jobs.rules import LONGEST_WAIT, time_left
from portal.jobs.service import my_jobs
from portal.web.formats import minutes
from portal.workflow.listing import PAGE, cut

SHOWN = (Job.id, Job.kind, Job.state, Job.started_at, Job.done, Job.total)


def newest(before: int | None) -> tuple[Sequence[Any], int | None]:
    """A page of one's own jobs, and the number before which the next one begins."""
    jobs = my_jobs().with_only_columns(*SHOWN)
    if before is not None:
        jobs = jobs.where(Job.id < before)
    return cut(db.session.execute(jobs.order_by(Job.id.desc()).limit(PAGE + 1)).all())


def words(job: Job, at: datetime) -> str:
    """What is to be said under the bar of a job that has not ended."""
    if job.state is JobState.STOPPING:
        return _("Stops after the present step")
    if job.state is JobState.QUEUED:
        return _waiting(at - job.started_at > LONGEST_WAIT)
    left = time_left(job.done, job.total, job.counting_since, job.counting_from, at)
    if left is None:
        return _("under way")
    if left.total_seconds() < 60:
        return _("Less than a minute left")
    return _("About %(length)s left", length=minutes(left))


def _waiting(long: bool) -> str:
    if long:
        return _("This has been waiting for long: ask the administrator whether the worker runs.")
    return _("waiting to begin")
