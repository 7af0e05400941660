"""``flask --app wsgi jobs work``: the process beside the web that does the long work. Any number may run."""

import signal
import time
from typing import Any

import click
from flask import Flask, current_app
from sqlalchemy.exc import SQLAlchemyError

from portal.database import db
from portal.jobs import queue
from portal.jobs.area import area
from portal.jobs.sweeping import sweep
from portal.web.logs import log_failure

ENDS = (signal.SIGINT, signal.SIGTERM)
LONGEST_SLEEP = 2.0  # seconds until a message in SQLite is noticed
TICK = 0.1


@area.cli.command("work")
def work() -> None:
    """Do long work until Ctrl-C or SIGTERM; the steps under way are finished first."""
    work_until_asked_to_end(current_app._get_current_object())  # type: ignore[attr-defined]
    click.echo("任务进程已停止 The worker has ended.", err=True)


def work_until_asked_to_end(app: Flask) -> None:
    """Within the application's context and the process's main thread, which hears the signals."""
    waker = queue.queue(app)
    consumer = waker.huey.create_consumer(
        workers=app.config.get("JOB_THREADS", 2), periodic=False, max_delay=LONGEST_SLEEP
    )
    consumer.start()

    def end(_signal: int, _frame: Any) -> None:
        waker.asked_to_end = True
        signal.signal(signal.SIGINT, signal.default_int_handler)  # asked a second time: at once

    for asked in ENDS:
        signal.signal(asked, end)
    try:
        _watch(waker, consumer)
    finally:
        consumer.stop(graceful=True)


def _watch(waker: queue.Waker, consumer: Any) -> None:
    every, last = current_app.config.get("JOB_SWEEP_SECONDS", 10), float("-inf")
    while not waker.asked_to_end:
        if time.monotonic() - last >= every:
            last = time.monotonic()
            _sweep_and_look(consumer)
        time.sleep(TICK)


def _sweep_and_look(consumer: Any) -> None:
    consumer.check_worker_health()
    try:
        sweep()
    except (SQLAlchemyError, OSError) as error:  # the next one may find the database again
        log_failure(error)
    except Exception as error:  # noqa: BLE001 (the queue's own errors: each kind of queue has others)
        log_failure(error)
        queue.forget_connection()
    finally:
        db.session.remove()
