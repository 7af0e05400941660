"""Kinds of long work that only the tests have, and a worker at hand."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask, g
from sqlalchemy import select

from portal.access.acting import Acting
from portal.access.scope import everywhere, look_everywhere, look_through, place_of
from portal.accounts.models import Account, Appointment
from portal.database import db
from portal.jobs import queue, running, service
from portal.jobs.kinds import JobKind
from portal.jobs.models import Job
from portal.jobs.task import Task
from tests.jobs.work import KINDS
from tests.page import Browser
from tests.people import Person, wang


@pytest.fixture
def app(app: Flask) -> Iterator[Flask]:
    """The application, which also knows the tests' own kinds. Its queue is empty."""
    area = app.blueprints["jobs"]
    area.contributes["job"] = dict(KINDS)  # type: ignore[attr-defined]
    queue.queue(app).huey.flush()
    yield app
    del area.contributes["job"]  # type: ignore[attr-defined]
    app.extensions.pop("job_queue").huey.storage.close()  # on PostgreSQL its tables go with the database


@pytest.fixture
def kind(app: Flask) -> Callable[[Callable[[Task], None]], str]:
    """Registers some work under a name of its own."""

    def register(work: Callable[[Task], None]) -> str:
        app.blueprints["jobs"].contributes["job"][work.__name__] = JobKind("Count sheep", work)  # type: ignore[attr-defined]
        return work.__name__

    return register


@pytest.fixture
def start(app: Flask, desk: Browser) -> Callable[..., int]:
    """Starts a job as somebody, past the pages, and tells its number."""

    def begin(name: str, *, as_: Person = wang, **arguments: Any) -> int:
        db.session.rollback()
        with app.app_context():
            act(as_)
            job = service.start(name, **arguments)
            db.session.commit()
            return job.id

    return begin


def act(person: Person) -> None:
    """Act as this person in the present context."""
    with everywhere(because="the test finds its player"):
        appointment = db.session.scalars(
            select(Appointment).join(Account).where(Account.sign_in_name == person.sign_in_name)
        ).first()
        assert appointment is not None
        place = place_of(appointment.unit_id) if appointment.unit_id else None
        g.acting = Acting(
            appointment.account_id, appointment.id, str(person), person.role, "", place, person.unit or ""
        )
    if place is None:
        look_everywhere(because="an administrator acts")
    else:
        look_through(place)


@pytest.fixture
def work(app: Flask) -> Callable[[int], Job]:
    """Works at a job as the worker does, in a thread's context of its own, and shows the row afterwards."""

    def do(job_id: int, asked_to_end: Callable[[], bool] = lambda: False) -> Job:
        db.session.rollback()
        db.session.remove()
        running.run(app, job_id, asked_to_end)
        return row(job_id)

    return do


def row(job_id: int) -> Job:
    """The job as it stands now."""
    with everywhere(because="the test looks"):
        db.session.rollback()
        db.session.expire_all()
        job = db.session.get_one(Job, job_id)
        db.session.refresh(job)
        db.session.expunge(job)
        db.session.rollback()
    return job


def change(job_id: int, **values: Any) -> None:
    """Turn the row as if time had passed or a worker had died."""
    with everywhere(because="the test arranges"):
        job = db.session.get_one(Job, job_id)
        for name, value in values.items():
            setattr(job, name, value)
        db.session.commit()
        db.session.expunge(job)
