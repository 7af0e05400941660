"""How Gridgate is served: read by gunicorn from the folder it starts in."""

import os

from gunicorn.arbiter import Arbiter

HOST = os.environ.get("HOST", "127.0.0.1")
PORT = os.environ.get("PORT", "8000")

bind = f"[{HOST}]:{PORT}" if ":" in HOST else f"{HOST}:{PORT}"

# Threads, because phones on slow lines would hold a whole process each.
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY") or len(os.sched_getaffinity(0)))
threads = 8
preload_app = False  # connections and locks must not be shared by fork
keepalive = 75  # longer than a reverse proxy's 60 s, so that the proxy closes first
graceful_timeout = 30

# The heartbeat file must not wait for a disk.
MEMORY = "/dev/shm"  # noqa: S108 (gunicorn makes its own file there)
worker_tmp_dir = MEMORY if os.access(MEMORY, os.W_OK) else None

accesslog = None  # addresses and paths tell who was where; the audit trail keeps what must be kept
loglevel = "warning"
control_socket_disable = True


def when_ready(server: Arbiter) -> None:
    """Say where the site is once it really listens."""
    print(f"网格通 Gridgate: http://{bind}  (Ctrl-C 停止 stops)", flush=True)  # noqa: T201
