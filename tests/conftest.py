"""One application for the run, the same small world before every test, on SQLite or on PostgreSQL.

``DATABASE_URL`` names a PostgreSQL server (``./test postgres`` starts one); without it SQLite is used.
"""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import time_machine
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import create_engine, event, text
from sqlalchemy.engine import make_url

from portal import create_app
from portal.clock import LOCAL
from portal.config import ROOT
from portal.database import db
from portal.jobs import queue
from portal.vault import Vault
from tests import people
from tests.page import ApartClient, Browser
from tests.postgres import keep_world

# What people are told depends on the hour: tests live through one morning, whenever they run.
A_MORNING = datetime(2026, 11, 23, 10, 0, tzinfo=LOCAL)
SERVER = os.environ.get("DATABASE_URL", "")
# A slow machine is no failure.
hypothesis.settings.register_profile(
    "unhurried", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("unhurried")


def settings(folder: Path, database_url: str) -> dict[str, Any]:
    """What the tests' application is configured with."""
    vault = Vault(folder / "secret.key")
    return {
        "TESTING": True,
        "INSTANCE": folder,
        "MIGRATIONS": ROOT / "migrations",
        "VAULT": vault,
        "SECRET_KEY": vault.derive("session cookies").hex(),
        "SQLALCHEMY_DATABASE_URI": database_url,
        "HOST": "127.0.0.1",
        "SECOND_FACTOR": False,
        "DEMO_ALLOWED": True,
        "TRUSTED_PROXIES": 0,
        "SESSION_COOKIE_NAME": "sid",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "MAX_CONTENT_LENGTH": 5 * 1024 * 1024,
        "WTF_CSRF_TIME_LIMIT": None,
        "SESSION_IDLE_MINUTES": 60,
        "SESSION_HOURS": 12,
        "PASSWORD_COST": (8, 1),
    }


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What touches no database of the run needs to run on one only."""
    for item in items:
        if not {"gridgate", "empty_database"} & set(getattr(item, "fixturenames", ())):
            item.add_marker("any_database")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Debian's Chromium, without sandbox (tests run as root) and without calling home."""
    return {
        **browser_type_launch_args,
        "executable_path": shutil.which("chromium"),
        "args": [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-background-networking",
        ],
    }


@pytest.fixture(scope="session")
def database_url(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> str:
    """A database for this worker alone."""
    if not SERVER:
        return f"sqlite:///{tmp_path_factory.mktemp('database')}/gridgate.db"
    name = f"gridgate_test_{worker_id}"
    on_server(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)', f'CREATE DATABASE "{name}"')
    return make_url(SERVER).set(database=name).render_as_string(hide_password=False)


def on_server(*statements: str) -> None:
    """Run statements that no transaction may hold."""
    engine = create_engine(SERVER, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


@pytest.fixture
def empty_database(tmp_path: Path, worker_id: str) -> Iterator[str]:
    """The address of a database without a table in it."""
    if not SERVER:
        yield f"sqlite:///{tmp_path}/empty.db"
        return
    name = f"gridgate_test_{worker_id}_empty"
    on_server(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)', f'CREATE DATABASE "{name}"')
    yield make_url(SERVER).set(database=name).render_as_string(hide_password=False)
    on_server(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def gridgate(tmp_path_factory: pytest.TempPathFactory, database_url: str) -> Flask:
    """The application, its database migrated and the people settled in it."""
    app = create_app(settings(tmp_path_factory.mktemp("instance"), database_url))
    app.test_client_class = ApartClient
    with app.app_context():
        if not SERVER:
            event.listen(db.engine, "connect", not_for_keeps)
        upgrade()
        queue.set_up()
        people.settle()
        db.session.remove()
        db.engine.dispose()
    return app


def not_for_keeps(connection: sqlite3.Connection, _record: object) -> None:
    """Nobody minds what a power cut would leave of a test's database: don't wait for the disk."""
    connection.execute("PRAGMA synchronous=OFF")


@pytest.fixture(scope="session")
def restore(gridgate: Flask, database_url: str) -> Callable[[], None]:
    """What puts the world back as it was."""
    if SERVER:
        with gridgate.app_context():
            return keep_world(database_url, let_go=db.engine.dispose)
    file = Path(make_url(database_url).database or "")
    world = file.with_suffix(".world")
    shutil.copy(file, world)

    def copy_back() -> None:
        for leftover in (f"{file}-wal", f"{file}-shm"):
            Path(leftover).unlink(missing_ok=True)
        shutil.copy(world, file)

    return copy_back


@pytest.fixture
def app(gridgate: Flask, restore: Callable[[], None]) -> Iterator[Flask]:
    """The application in the same world as every other test finds it, its context pushed."""
    restore()
    for leftover in gridgate.config["INSTANCE"].glob("audit.head*"):
        leftover.unlink()
    with time_machine.travel(A_MORNING), gridgate.app_context():
        yield gridgate
        db.session.remove()
        if not SERVER:  # the file is copied over
            db.engine.dispose()


@pytest.fixture
def desk(app: Flask) -> Browser:
    """The test client that nags: ``desk.visit("passes.index", as_=wang)``."""
    return Browser(app)


@pytest.fixture
def visit(desk: Browser) -> Callable[..., Any]:
    """``visit("passes.index", as_=wang)`` → a page."""
    return desk.visit


@pytest.fixture
def post(desk: Browser) -> Callable[..., Any]:
    """``post("passes.take", as_=wang, pass_id=7, step="issue", data={…})`` → the page it leads to."""
    return desk.post
