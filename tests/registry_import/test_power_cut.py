"""Real workers, killed in the middle of the write or racing one another: all of a sheet is written once, or nothing."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from portal.access.scope import everywhere
from portal.audit.models import AuditEntry
from portal.database import db
from portal.jobs.models import Job
from portal.registry.importing.kinds import ImportState
from portal.registry.importing.models import ImportFile, ImportRow, RegistryImport
from portal.registry.models import Household, Resident, Responsibility
from tests.jobs.conftest import app as _app  # noqa: F401 (its queue is empty)
from tests.jobs.test_worker import as_it_is_served, lives, looked_up, new_worker, wait  # noqa: F401
from tests.page import Browser
from tests.people import qian, wang
from tests.registry_import.sheets import HEADINGS, row, send
from tests.registry_import.test_at_once import work  # noqa: F401
from tests.spreadsheets.makers import large

MANY = 3000
AT_LEAST_A_JOB = 620
PAUSES = (0.1, 0.25, 0.4)  # seconds from the moment when a worker has taken up the job


def people(count: int, *, backwards: bool = False) -> bytes:
    """Two to a door; backwards the same in another file."""
    rows = [row(f"演示·人{n}", n, room=str(n // 2)) for n in range(count)]
    return large([HEADINGS, *(rows[::-1] if backwards else rows)])


def prepared(desk: Browser, look: Callable[[], Job], person: Any, content: bytes) -> None:
    """Send it, look at it, confirm it; nobody works yet."""
    page = send(desk, person, content)
    look()
    desk.visit(page.url, as_=person).send("Confirm the import")
    with everywhere(because="the workers live by the real clock, the tests do not"):
        for found in db.session.scalars(select(RegistryImport)):
            found.expires_at = datetime(2999, 1, 1, tzinfo=UTC)
        db.session.commit()
    db.session.remove()


def count(model: Any) -> int:
    return int(looked_up(select(func.count(model.id)))[0][0])


def jobs() -> list[Any]:
    return looked_up(select(Job.state, Job.tries).where(Job.kind == "registry.import_confirm"))


def all_ended() -> bool:
    return all(job.state.has_ended for job in jobs())


@pytest.fixture(autouse=True)
def by_the_calendar(app: Flask) -> Iterator[None]:
    """Workers are processes of their own and live today: what tests wrote on their own morning is old to them, and
    a preview that is old is swept away."""
    with time_machine.travel(time_machine.escape_hatch.datetime.datetime.now(UTC)):
        yield


def states() -> list[ImportState]:
    return [state for (state,) in looked_up(select(RegistryImport.state).order_by(RegistryImport.id))]


@pytest.mark.slow
def test_killed_in_the_middle_of_the_write_nothing_is_half_written(
    desk: Browser,
    work: Callable[[], Job],  # noqa: F811
    new_worker: Callable[..., int],  # noqa: F811
) -> None:
    prepared(desk, work, qian, people(MANY))
    for times, pause in enumerate(PAUSES, start=1):
        pid = new_worker()
        wait(lambda times=times: jobs()[0].tries == times, pid)
        time.sleep(pause)
        os.kill(pid, signal.SIGKILL)
        wait(lambda pid=pid: not lives(pid))
        assert states() == [ImportState.CONFIRMING], "give it more to do"
        assert (count(Resident), count(Household), count(ImportRow)) == (0, 0, MANY)
    wait(all_ended, new_worker(lease=30))
    assert states() == [ImportState.DONE]
    assert (count(Resident), count(Household), count(ImportRow)) == (MANY, MANY // 2, MANY)
    assert count(ImportFile) == 0
    answers = select(func.count(Responsibility.household_id)).where(Responsibility.duty == "responsible")
    assert looked_up(answers)[0][0] == MANY // 2
    entries = select(AuditEntry.details).where(AuditEntry.action == "registry.import")
    assert [details["new"] for (details,) in looked_up(entries)] == [MANY]


def test_two_workers_write_the_same_people_once(
    desk: Browser,
    work: Callable[[], Job],  # noqa: F811
    new_worker: Callable[..., int],  # noqa: F811
) -> None:
    prepared(desk, work, qian, people(AT_LEAST_A_JOB))
    page = send(desk, wang, people(AT_LEAST_A_JOB, backwards=True))
    work()
    desk.visit(page.url, as_=wang).send("Confirm the import")
    db.session.remove()
    assert states() == [ImportState.CONFIRMING] * 2
    workers = [new_worker(lease=30), new_worker(lease=30)]
    wait(all_ended, *workers)
    assert sorted(states()) == [ImportState.DONE, ImportState.PREVIEW]
    assert (count(Resident), count(Household)) == (AT_LEAST_A_JOB, AT_LEAST_A_JOB // 2)
    renewed = select(RegistryImport.counts).where(RegistryImport.state == ImportState.PREVIEW)
    assert looked_up(renewed)[0][0]["same"] == AT_LEAST_A_JOB
