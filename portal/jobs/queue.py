"""Huey wakes the workers. A message is the number of a job and nothing else; losing or doubling one does no harm."""

from collections.abc import Callable
from typing import Any

from flask import Flask, current_app, g
from huey import Huey, PostgresHuey, RedisHuey, SqliteHuey
from huey.serializer import SignedSerializer
from sqlalchemy import make_url

from portal.jobs.running import run
from portal.web.logs import log_failure


def init_app(app: Flask) -> None:
    """Publish what a request has started when its transaction is through."""
    app.extensions["after_commit"].append(publish_started)


def wake_for(job_id: int) -> None:
    """Wake a worker for this job once the present request is committed. Elsewhere the next sweep does."""
    g.setdefault("jobs_to_wake_for", []).append(job_id)


def publish_started() -> None:
    """Hand the request's jobs to the workers."""
    publish(g.pop("jobs_to_wake_for", []))


def publish(job_ids: list[int]) -> None:
    """Put the numbers into the queue. A queue that cannot be reached is no reason to fail: the sweep comes by."""
    if not job_ids:
        return
    try:
        waker = queue(current_app._get_current_object())  # type: ignore[attr-defined]
        for job_id in job_ids:
            waker.work_at(job_id)
    except Exception as error:  # noqa: BLE001 (each kind of queue has errors of its own)
        log_failure(error)
        forget_connection()


def is_empty() -> bool:
    """Whether no message is waiting."""
    return bool(queue(current_app._get_current_object()).huey.pending_count() == 0)  # type: ignore[attr-defined]


class Waker:
    """The queue of an application, and the one task that there is."""

    def __init__(self, app: Flask) -> None:
        self.asked_to_end = False
        self.huey = _huey(app)
        self.work_at: Callable[[int], Any] = self.huey.task(name="work_at")(
            lambda job_id: run(app, job_id, lambda: self.asked_to_end)
        )


def queue(app: Flask) -> Waker:
    """The application's queue; made when it is first needed, so that no connection is shared by a fork."""
    found: Waker = app.extensions.get("job_queue") or app.extensions.setdefault("job_queue", Waker(app))
    return found


def set_up() -> None:
    """Make the queue's own tables once, before anybody works: those who serve need not be allowed to."""
    queue(current_app._get_current_object())  # type: ignore[attr-defined]
    forget_connection()


def forget_connection() -> None:
    """Connect anew the next time."""
    if waker := current_app.extensions.get("job_queue"):
        waker.huey.storage.close()


def _huey(app: Flask) -> Huey:
    """SQLite in INSTANCE; PostgreSQL where the data is; Redis where JOB_QUEUE names it. Messages are signed."""
    secret = app.config["VAULT"].derive("job queue").hex()
    options = {"name": "gridgate", "results": False, "serializer": SignedSerializer(secret, "jobs")}
    address = app.config.get("JOB_QUEUE", "")
    if address.startswith(("redis:", "rediss:", "unix:")):
        return RedisHuey(url=address, **options)
    if address:
        raise ValueError("JOB_QUEUE is the address of a Redis server, or empty")
    database = make_url(app.config["SQLALCHEMY_DATABASE_URI"])
    if database.get_backend_name() == "postgresql":
        plain = database.set(drivername="postgresql")
        return PostgresHuey(dsn=plain.render_as_string(hide_password=False), **options)
    return SqliteHuey(filename=str(app.config["INSTANCE"] / "job-queue.db"), fsync=False, **options)
