"""Working at one job, whatever happens meanwhile."""

from collections.abc import Callable

from flask import Flask
from flask_babel import gettext as _
from sqlalchemy.exc import OperationalError

from portal.database import db, expect_writing
from portal.jobs import leases
from portal.jobs.kinds import kinds
from portal.jobs.leases import Lease, LeaseLost
from portal.jobs.models import JobState
from portal.jobs.owner import act_as_owner
from portal.jobs.rules import MOST_TRIES
from portal.jobs.task import Paused, Stopped, Task
from portal.web.errors import Refused
from portal.web.logs import log_failure


def run(app: Flask, job_id: int, asked_to_end: Callable[[], bool] = lambda: False) -> None:
    """Work at the job if it is due. Comes back when it has ended, was stopped, or the worker is asked to end."""
    with app.app_context():
        lease = leases.take(job_id)
        if lease is None:
            return
        try:
            with leases.kept_alive(app, lease):
                state, error = _attempt(lease, asked_to_end)
                expect_writing(None)
                db.session.remove()
                _write_down(lease, state, error)
        finally:
            expect_writing(None)
            db.session.remove()


def _attempt(lease: Lease, asked_to_end: Callable[[], bool]) -> tuple[JobState | None, str]:
    """The state to be written down (None: that is done already, or no longer ours to do) and what went wrong."""
    task = Task(lease, asked_to_end)
    try:
        task.only_look()
        act_as_owner(lease)
        if lease.tries > MOST_TRIES:
            return JobState.FAILED, _(
                "The work was broken off %(times)s times at this point.", times=MOST_TRIES
            )
        kinds()[lease.kind].work(task)
        task.finish()
    except Stopped:
        return JobState.STOPPED, ""
    except Paused:
        return JobState.QUEUED, ""
    except LeaseLost:
        return None, ""
    except Refused as refusal:
        return JobState.FAILED, str(refusal.sentence)
    except OperationalError as error:  # the database was away or too busy: once more
        log_failure(error)
        return JobState.QUEUED, ""
    except Exception as error:  # noqa: BLE001 (whatever a kind does wrong, its owner is told, and the worker lives on)
        log_failure(error)
        return JobState.FAILED, _("Something went wrong on our side")
    return None, ""


def _write_down(lease: Lease, state: JobState | None, error: str) -> None:
    if state is JobState.QUEUED:
        leases.give_back(lease)
    elif state is not None:
        leases.end(lease, state, error=error[:300])
