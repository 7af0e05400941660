"""Long lists are made in the background: whole, once, and gone after a day."""

import hashlib
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.access.bulk import insert_many
from portal.access.scope import everywhere
from portal.audit.models import AuditEntry
from portal.clock import now
from portal.database import db
from portal.exports import service
from portal.jobs import files, queue, running, sweeping
from portal.jobs.models import Job, JobState
from portal.registry.models import Resident
from tests import factories
from tests.exports.workbooks import above, margins, table
from tests.jobs.conftest import change, row
from tests.people import li, sun, wang

PEOPLE = 5000


@pytest.fixture
def app(app: Flask) -> Iterator[Flask]:
    """The application with an empty queue."""
    queue.queue(app).huey.flush()
    yield app
    app.extensions.pop("job_queue").huey.storage.close()


@pytest.fixture
def street(app: Flask) -> int:
    """A household with five thousand people: how many rows there are is all that counts here."""
    home = factories.household()
    with everywhere(because="the test makes many rows"):
        insert_many(
            Resident,
            (
                {"unit_id": home.unit_id, "household_id": home.id, "name": f"演示·第{number:04d}"}
                for number in range(PEOPLE)
            ),
        )
        db.session.commit()
    return home.id


def begin(visit: Callable[..., Any], **values: Any) -> int:
    page = visit("exports.make", as_=wang, name="residents").send("Export as Excel", **values)
    return int(page.url.rstrip("/").rpartition("/")[2])


def work(app: Flask, job_id: int, asked_to_end: Callable[[], bool] = lambda: False) -> Job:
    db.session.rollback()
    db.session.remove()
    running.run(app, job_id, asked_to_end)
    return row(job_id)


def trail(action: str) -> list[AuditEntry]:
    with everywhere(because="the test looks"):
        db.session.expire_all()
        return list(db.session.scalars(select(AuditEntry).where(AuditEntry.action == action)))


def fetched(post: Callable[..., Any], job_id: int) -> bytes:
    content: bytes = post("jobs.download", as_=wang, job_id=job_id, status=200).data
    return content


@pytest.mark.any_database
def test_five_thousand_rows(app: Flask, visit: Any, post: Any, street: int) -> None:
    job_id = begin(visit, content="full", why="report")
    [begun] = trail("export.begin")
    assert begun.reason == "Report asked for by the level above"
    assert not trail("export.make"), "nothing has left yet"
    job = work(app, job_id)
    assert job.state is JobState.DONE, job.error
    content = fetched(post, job_id)
    names = [line["姓名"] for line in table(content)]
    assert names == [f"演示·第{number:04d}" for number in range(PEOPLE)]
    [made] = trail("export.make")
    assert made.details["digest"] == hashlib.sha256(content).hexdigest()
    assert (made.details["rows"], made.details["number"]) == (PEOPLE, "2026-00001")
    assert "2026-00001" in margins(content)[0]
    assert f"共 {PEOPLE} 行" in above(content)


@pytest.mark.any_database
def test_what_was_read_lies_sealed(app: Flask, visit: Any, street: int) -> None:
    job_id = begin(visit, content="full", why="report")
    parts = 0

    def after_three_parts() -> bool:
        nonlocal parts
        parts += 1
        return parts > 4

    job = work(app, job_id, after_three_parts)
    assert job.state is JobState.QUEUED
    laid = [path.read_bytes() for path in files.folder(job.folder).iterdir()]
    assert laid
    assert not any("演示".encode() in content for content in laid)


def test_a_worker_that_ends_loses_and_doubles_nothing(app: Flask, visit: Any, post: Any, street: int) -> None:
    job_id = begin(visit)
    asked = 0

    def now_and_then() -> bool:
        nonlocal asked
        asked += 1
        return asked % 7 == 0

    for _time in range(20):
        if work(app, job_id, now_and_then).state.has_ended:
            break
    job = row(job_id)
    assert job.state is JobState.DONE, job.error
    content = fetched(post, job_id)
    assert len(table(content)) == PEOPLE
    [made] = trail("export.make")
    assert made.details["digest"] == hashlib.sha256(content).hexdigest()


def test_the_file_expires(app: Flask, visit: Any, post: Any, street: int) -> None:
    job_id = begin(visit)
    work(app, job_id)
    change(job_id, expires_at=now() - timedelta(minutes=1))
    sweeping.sweep()
    post("jobs.download", as_=wang, job_id=job_id, status=409)


def test_nobody_else_fetches_it(app: Flask, visit: Any, post: Any, street: int) -> None:
    job_id = begin(visit)
    work(app, job_id)
    for person in (sun, li):
        post("jobs.download", as_=person, job_id=job_id, status=404)


@pytest.mark.any_database
def test_up_to_two_thousand_rows_are_made_at_once(app: Flask, visit: Any) -> None:
    home = factories.household()
    with everywhere(because="the test makes many rows"):
        rows = [{"unit_id": home.unit_id, "household_id": home.id, "name": "演示·多"}] * service.MOST_AT_ONCE
        insert_many(Resident, rows)
        db.session.commit()
    response = visit("exports.make", as_=wang, name="residents").send("Export as Excel", status=200)
    assert len(table(response.data)) == service.MOST_AT_ONCE
