"""What jobs put on Today: results to be fetched, and work that failed."""

from flask import url_for
from flask_babel import gettext as _

from portal.clock import now
from portal.database import db
from portal.jobs.kinds import label_of
from portal.jobs.models import Job, JobState
from portal.jobs.service import my_jobs
from portal.web.formats import moment
from portal.workflow.todo import Todo


def todo() -> list[Todo]:
    """One's own finished work whose file waits, and failed work that can still be resumed."""
    ended = my_jobs().where(Job.fetched_at.is_(None), Job.expires_at > now())
    waiting = ended.where(Job.result.is_not(None) | (Job.state == JobState.FAILED)).order_by(Job.id)
    return [_line(job) for job in db.session.scalars(waiting)]


def _line(job: Job) -> Todo:
    url = url_for("jobs.show", job_id=job.id)
    if job.state is JobState.FAILED:
        return Todo(_("Not finished: %(work)s", work=label_of(job.kind)), url, urgent=True)
    until = _("until %(when)s", when=moment(job.expires_at)) if job.expires_at else ""
    return Todo(_("Fetch the result: %(work)s", work=label_of(job.kind)), url, note=until)
