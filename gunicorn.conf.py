"""How Gridgate is served: read by gunicorn from the folder it starts in."""

import os
import ssl
import time
from collections.abc import Callable
from pathlib import Path

from cryptography.x509 import load_pem_x509_certificate
from gunicorn.arbiter import Arbiter
from gunicorn.config import Config

HOST = os.environ.get("HOST", "127.0.0.1")
PORT = os.environ.get("PORT", "8000")

bind = f"[{HOST}]:{PORT}" if ":" in HOST else f"{HOST}:{PORT}"

# TLS without a proxy: a file with certificate and key, or the key in a file of its own.
certfile = os.environ.get("TLS_CERTIFICATE") or None
keyfile = os.environ.get("TLS_KEY") or None
RENEW_BEFORE = 30  # days

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

_contexts: dict[int, ssl.SSLContext] = {}  # one a process, so that phones resume their sessions


def ssl_context(_config: Config, make: Callable[[], ssl.SSLContext]) -> ssl.SSLContext:
    """TLS 1.2 or newer; a renewed certificate is taken up without a restart."""
    written = Path(str(certfile)).stat().st_mtime_ns
    context = _contexts.get(written)
    if context is None:
        context = make()
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        _contexts.clear()
        _contexts[written] = context
    return context


def days_left(certificate: str) -> int:
    """Until the certificate ends."""
    ends = load_pem_x509_certificate(Path(certificate).read_bytes()).not_valid_after_utc
    return int((ends.timestamp() - time.time()) // (24 * 60 * 60))


def when_ready(server: Arbiter) -> None:
    """Say where the site is once it really listens."""
    scheme = "https" if certfile else "http"
    print(f"网格通 Gridgate: {scheme}://{bind}  (Ctrl-C 停止 stops)", flush=True)  # noqa: T201
    if certfile and (days := days_left(certfile)) < RENEW_BEFORE:
        print(  # noqa: T201
            f"https 证书还有 {days} 天到期。The certificate ends in {days} days.\n"
            "  .venv/bin/flask --app wsgi gate certificate",
            flush=True,
        )
