"""``flask --app wsgi …``: everything that is done from a terminal."""

import os

import click
from flask import Flask, current_app
from flask_migrate import upgrade
from sqlalchemy import select

from portal.access.scope import everywhere
from portal.accounts.administrator import create_administrator
from portal.accounts.models import Account
from portal.audit.cli import commands as audit_commands
from portal.database import db, learn_sizes
from portal.jobs import queue
from portal.rehearsal import demo
from portal.rehearsal.cli import commands as rehearsal_commands
from portal.units.cli import commands as units_commands
from portal.units.installation import is_demo
from portal.workflow import once


def init_app(app: Flask) -> None:
    """Add the commands."""
    for command in (init, audit_commands, units_commands, rehearsal_commands):
        app.cli.add_command(command)


@click.command()
@click.option(
    "--demo/--empty", "with_demo", default=False, help="Load the demo street into an empty database."
)
def init(with_demo: bool) -> None:
    """Create or upgrade the database; fill an empty one. Safe to run at every start."""
    if db.engine.dialect.name == "sqlite":
        with db.engine.connect() as connection:
            # Kept in the file: set here once, because two workers setting it at the same time would collide.
            connection.connection.dbapi_connection.execute("PRAGMA journal_mode=WAL")  # type: ignore[union-attr]
    upgrade()
    queue.set_up()
    with everywhere(because="an empty database is told from a used one by its accounts"):
        empty = db.session.scalars(select(Account.id).limit(1)).first() is None
        if empty and with_demo and current_app.config["DEMO_ALLOWED"]:
            demo.load()
        elif empty:
            _tell_administrator(*create_administrator())
        once.forget_old()
        db.session.commit()
    learn_sizes()
    scheme = "https" if os.environ.get("TLS_CERTIFICATE") else "http"
    click.echo(f"{scheme}://{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}")
    if is_demo():
        click.echo(demo.sign_ins())


def _tell_administrator(name: str, password: str) -> None:
    click.echo(f"管理员 Administrator: {name}\n一次性密码 One-time password: {password}")
