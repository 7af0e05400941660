"""gunicorn as it is served, on a port of its own, ended by its process."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

from portal.config import ROOT
from tests.load.client import ask_once, request

STARTS_WITHIN = 60  # seconds
REAL = "wsgi:app"
EMPTY = "tests.load.served:empty()"
WITHOUT_QUEUE = "tests.load.served:without_queue()"


@contextmanager
def serving(app: str, folder: Path, url: str, *, workers: int) -> Iterator[int]:
    """Yields the port of ``app``, served with the portal's own gunicorn.conf.py."""
    port = _free_port()
    settings = {
        "INSTANCE": str(folder),
        "DATABASE_URL": url,
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "WEB_CONCURRENCY": str(workers),
        "SECOND_FACTOR": "0",
    }
    command = [sys.executable, "-m", "gunicorn", app]
    with (
        (folder / f"{port}.log").open("w") as log,
        subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, **settings}, stdout=log, stderr=subprocess.STDOUT
        ) as server,
    ):
        try:
            _wait_for(port, server)
            yield port
        finally:
            server.send_signal(signal.SIGTERM)
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    until = monotonic() + STARTS_WITHIN
    while monotonic() < until and server.poll() is None:
        try:
            ask_once(port, request("/"))
            return
        except (ConnectionRefusedError, ConnectionResetError):
            sleep(0.05)
    raise RuntimeError("the server did not start")
