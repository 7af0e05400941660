"""The worker's own process, killed and ended at any moment: nothing is lost and nothing is done twice."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.access.scope import everywhere
from portal.config import ROOT
from portal.database import db, expect_writing
from portal.jobs import files
from portal.jobs.models import Job, JobState
from portal.registry.models import Household
from tests.jobs.conftest import row

KILLS = 20
JOBS, STEPS = 4, 120


def environment(app: Flask) -> dict[str, str]:
    return {
        **os.environ,
        "INSTANCE": str(app.config["INSTANCE"]),
        "DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"],
    }


@pytest.fixture
def new_worker(app: Flask) -> Iterator[Callable[..., int]]:
    """Starts a worker whose leases last so many seconds and tells its process number.

    All that still live are killed in the end. One that is to be killed should not be waited for long; one that is to
    come to its end must not lose its lease on a busy machine.
    """
    command = [sys.executable, "-m", "tests.jobs.served"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=ROOT, env=environment(app), **pipes) as breeder:
        assert breeder.stdin
        assert breeder.stdout
        born: list[int] = []

        def begin(lease: float = 0.4) -> int:
            breeder.stdin.write(f"{lease}\n")
            breeder.stdin.flush()
            born.append(int(breeder.stdout.readline()))
            return born[-1]

        yield begin
        for pid in born:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


@pytest.fixture(autouse=True)
def as_it_is_served(app: Flask) -> None:
    """Readers beside the writer, as ``flask init`` sets it."""
    if db.engine.dialect.name == "sqlite":
        db.session.remove()
        with db.engine.connect() as connection:
            connection.connection.dbapi_connection.execute("PRAGMA journal_mode=WAL")  # type: ignore[union-attr]


def looked_up(question: Any) -> list[Any]:
    """What stands there now, without keeping any writer waiting."""
    db.session.rollback()
    expect_writing(False)
    try:
        with everywhere(because="the test looks"):
            return list(db.session.execute(question))
    finally:
        db.session.rollback()
        expect_writing(None)


def written() -> list[tuple[str, str]]:
    """The job and the step of every household that there is."""
    return [tuple(one) for one in looked_up(select(Household.compound, Household.room))]


def under_way() -> bool:
    return any(not state.has_ended for (state,) in looked_up(select(Job.state)))


def wait(for_what: Callable[[], object], *workers: int) -> None:
    """Until it is so, as long as these live."""
    while not for_what():
        assert all(map(lives, workers)), "a worker has died by itself"
        time.sleep(0.01)


def lives(pid: int) -> bool:
    with suppress(ProcessLookupError):
        os.kill(pid, 0)
        return True
    return False


@pytest.mark.slow
def test_twenty_killed_workers_lose_nothing_and_double_nothing(
    app: Flask, start: Any, new_worker: Callable[[], int]
) -> None:
    chance = random.Random(4)
    jobs = [start("households", count=STEPS, pause=0.005) for _ in range(JOBS)]
    for _ in range(KILLS):
        before, pid = len(written()), new_worker()
        wait(lambda before=before: len(written()) > before, pid)
        time.sleep(chance.random() * 0.05)
        assert under_way(), "give them more to do"
        os.kill(pid, signal.SIGKILL)
        wait(lambda pid=pid: not lives(pid))
    wait(lambda: not under_way(), new_worker())
    assert [row(job).state for job in jobs] == [JobState.DONE] * JOBS
    counted = Counter(written())
    assert set(counted) == {(f"job {job}", str(number)) for job in jobs for number in range(STEPS)}
    assert set(counted.values()) == {1}, "done twice"
    for job in map(row, jobs):
        folder = files.root() / job.folder
        wait(lambda job=job, folder=folder: [path.name for path in folder.iterdir()] == [job.result])
        assert b"".join(files.content(folder / (job.result or ""))) == b"part 0\npart 1\npart 2\n"


def test_a_second_worker_is_harmless(app: Flask, start: Any, new_worker: Callable[[], int]) -> None:
    jobs = [start("households", count=20) for _ in range(6)]
    workers = [new_worker(), new_worker()]
    wait(lambda: not under_way(), *workers)
    assert all(map(lives, workers))
    assert Counter(written()) == {(f"job {job}", str(number)): 1 for job in jobs for number in range(20)}


@pytest.mark.parametrize("asked", [signal.SIGINT, signal.SIGTERM], ids=lambda asked: asked.name)
def test_a_worker_that_is_asked_to_end_finishes_its_step_and_hands_on(
    app: Flask, start: Any, asked: Any
) -> None:
    job_id = start("households", count=10_000)
    command = [sys.executable, "-m", "flask", "--app", "tests.jobs.served", "jobs", "work"]
    with subprocess.Popen(command, cwd=ROOT, env=environment(app), stderr=subprocess.PIPE) as process:
        wait(written, process.pid)
        process.send_signal(asked)
        said = process.communicate()[1].decode()
    assert process.returncode == 0, said
    assert "The worker has ended" in said
    job = row(job_id)
    assert (job.state, job.lease_owner) == (JobState.QUEUED, None)
    assert 0 < job.done == len(written()) < 10_000
