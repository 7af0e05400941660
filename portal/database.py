"""The database: one request is one transaction, on SQLite and on PostgreSQL alike.

SQLite takes one writer at a time. Writers stand in line at a lock file and open with BEGIN IMMEDIATE,
so that none fails half-way; readers are never in the way of anybody.
"""

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from flask import Flask, Response, current_app, g, has_request_context, request
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as FlaskSession
from sqlalchemy import Connection, DateTime, Dialect, Engine, Enum, MetaData, TypeDecorator, event
from sqlalchemy.orm import DeclarativeBase

READ_ONLY_METHODS = ("GET", "HEAD", "OPTIONS")
SQLITE_SETTINGS = ("foreign_keys=ON", "synchronous=FULL", "busy_timeout=15000", "trusted_schema=OFF")


class Base(DeclarativeBase):
    """Every model inherits this and names its table."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Session(FlaskSession):
    """The session whose rows are scoped: ``portal.access.scope`` listens to it."""


db = SQLAlchemy(model_class=Base, session_options={"class_": Session})
migrate = Migrate(render_as_batch=True, compare_type=True)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: aware in Python, UTC in the database. A moment without a zone is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value and (value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC))


def choice(kind: type[StrEnum]) -> Enum:
    """The column type of an enum, stored by value as text."""
    return Enum(
        kind,
        native_enum=False,
        length=32,
        create_constraint=False,
        values_callable=lambda k: [m.value for m in k],
    )


def init_app(app: Flask) -> None:
    """Bind the database and finish every request with a commit or a rollback."""
    db.init_app(app)
    migrate.init_app(app, db, directory=str(app.config["MIGRATIONS"]))
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            _prepare_sqlite(db.engine)
    app.extensions["after_commit"] = []  # callables, each in a transaction of its own
    app.after_request(_finish)


def keep_despite_refusal() -> None:
    """Commit this request's writes although it answers with an error: a failed sign-in still counts."""
    g.keep_despite_refusal = True


def _finish(response: Response) -> Response:
    if response.status_code >= 400 and not g.get("keep_despite_refusal"):
        db.session.rollback()
        return response
    db.session.commit()
    for hook in current_app.extensions["after_commit"]:
        hook()
    return response


_writing: ContextVar[bool | None] = ContextVar("writing", default=None)


def will_write() -> bool:
    """Whether the transaction about to begin may write: all do, except for requests that only look."""
    if (told := _writing.get()) is not None:
        return told
    return not (has_request_context() and request.method in READ_ONLY_METHODS)


def expect_writing(told: bool | None) -> None:
    """Say whether the transactions that this thread begins from now on may write; None: as ever.

    Long work that only looks must not keep the writers waiting.
    """
    _writing.set(told)


@contextmanager
def apart() -> Iterator[Connection]:
    """A small write transaction of its own, for what must be noted although the request only looks."""
    token = _writing.set(True)
    try:
        with db.engine.begin() as connection:
            yield connection
    finally:
        _writing.reset(token)


def _prepare_sqlite(engine: Engine) -> None:
    path = engine.url.database
    queue = WriteQueue(f"{path}.queue") if path and path != ":memory:" else None

    @event.listens_for(engine, "connect")
    def settings(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # pysqlite must not begin by itself: ``begin`` below does
        for setting in SQLITE_SETTINGS:
            connection.execute(f"PRAGMA {setting}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if not will_write():
            connection.exec_driver_sql("BEGIN")
            return
        if queue:
            queue.enter(connection.info)
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    @event.listens_for(engine, "checkin")
    def leave(_connection: Any, record: Any) -> None:
        if queue:
            queue.leave(record.info)


class WriteQueue:
    """Writers of all threads and processes stand in line at a lock file, first come, first served.

    A connection stands in line from its BEGIN until it is handed back, which is after its COMMIT.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._mine = threading.local()

    def enter(self, connection_info: dict[Any, Any]) -> None:
        """Wait for the turn; RuntimeError if this thread is already writing (it would wait for itself)."""
        if "write_queue" in connection_info:
            return
        if getattr(self._mine, "writing", False):
            raise RuntimeError("this thread has a write transaction open already")
        lock = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(lock, fcntl.LOCK_EX)
        self._mine.writing = True
        connection_info["write_queue"] = lock

    def leave(self, connection_info: dict[Any, Any]) -> None:
        """Let the next one in. Nothing to do for a reader."""
        lock = connection_info.pop("write_queue", None)
        if lock is not None:
            self._mine.writing = False
            os.close(lock)


def learn_sizes() -> None:
    """Let the planner know how the tables are filled. SQLite never looks by itself; PostgreSQL does after a minute.

    Without, a list of twenty households reads all people of a county. Between transactions only.
    """
    with db.engine.begin() as connection:
        if db.engine.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA analysis_limit=1000")
        connection.exec_driver_sql("ANALYZE")
