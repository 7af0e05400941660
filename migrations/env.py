"""Alembic's environment: the application's own engine and models.

On SQLite a change of a table rebuilds it. With foreign keys on, that would delete the rows of its children and
drop its triggers: so they are off meanwhile, checked afterwards, and the triggers are written anew.
"""

from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy import Connection, Enum, inspect, text

from portal.audit import triggers
from portal.database import UtcDateTime

database = current_app.extensions["migrate"].db


def keep_out(_obj: Any, name: str | None, kind: str, _reflected: bool, _compare_to: Any) -> bool:
    """The job queue's own tables are not ours to migrate."""
    return not (kind == "table" and (name or "").startswith("huey_"))


def render(kind: str, item: Any, _context: Any) -> str | bool:
    """Write our own column types as what the database sees, so that a migration doesn't change with the code."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, Enum):
        return f"sa.String(length={item.length})"
    return False


def has_trail(connection: Connection) -> bool:
    return inspect(connection).has_table("audit_entry")


def run() -> None:
    with database.engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.commit()
        context.configure(
            connection=connection,
            target_metadata=database.metadata,
            include_object=keep_out,
            render_item=render,
            transactional_ddl=True,  # SQLite can, once it is told to BEGIN, which portal.database does
            **current_app.extensions["migrate"].configure_args,
        )
        with context.begin_transaction():
            if has_trail(connection):
                triggers.remove(connection)
            context.run_migrations()
            if has_trail(connection):
                triggers.install(connection)
        if sqlite:
            broken = connection.execute(text("PRAGMA foreign_key_check")).all()
            if broken:
                raise RuntimeError(f"rows without their parent after the migration: {broken[:5]}")
            connection.rollback()
            connection.exec_driver_sql("PRAGMA foreign_keys=ON")


run()
