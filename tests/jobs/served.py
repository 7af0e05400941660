"""The application with the tests' kinds of work, for the worker's command: ``flask --app tests.jobs.served jobs work``.

``python -m tests.jobs.served`` makes workers without starting anew each time: one for every line that it reads (the
seconds of its leases), whose process number it writes.
"""

import os
import signal
import sys
from pathlib import Path

from portal import create_app
from portal.jobs import worker
from tests.conftest import settings
from tests.jobs.work import KINDS

app = create_app(
    settings(Path(os.environ["INSTANCE"]), os.environ["DATABASE_URL"])
    | {"JOB_SWEEP_SECONDS": 0.1, "JOB_THREADS": 2}
)
app.blueprints["jobs"].contributes["job"] = KINDS  # type: ignore[attr-defined]


def breed() -> None:
    """Fork before anything is opened, so that no worker shares a connection with another."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for them
    for line in sys.stdin:
        if child := os.fork():
            print(child, flush=True)
        else:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            app.config["JOB_LEASE_SECONDS"] = float(line)
            with app.app_context():
                worker.work_until_asked_to_end(app)
            os._exit(0)


if __name__ == "__main__":
    breed()
