"""Migrations: from nothing to the models and back, with data, on the database of the run."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, select
from sqlalchemy.exc import DBAPIError

from portal import create_app
from portal.access.scope import everywhere
from portal.accounts.models import Account
from portal.audit import service as audit
from portal.database import Base, db
from tests import people
from tests.conftest import settings

ROOT = Path(__file__).resolve().parents[2]
VERSIONS = sorted((ROOT / "migrations/versions").glob("*.py"))


@pytest.fixture
def fresh(tmp_path: Path, empty_database: str) -> Iterator[Flask]:
    app = create_app(settings(tmp_path, empty_database))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def tables() -> set[str]:
    return set(inspect(db.engine).get_table_names()) - {"alembic_version"}


def test_migrations_are_numbered_in_one_line() -> None:
    numbers = [path.name[:4] for path in VERSIONS]
    assert numbers == [f"{number:04}" for number in range(1, len(numbers) + 1)]
    head = (ROOT / "migrations/versions/HEAD").read_text().strip()
    assert head == VERSIONS[-1].stem, (
        "write the newest migration's name into HEAD, so that two at once conflict"
    )
    for path in VERSIONS:
        assert re.fullmatch(r"\d{4}(_[a-z]+)+", path.stem), f"{path.name}: number, verb, noun"


def test_the_migrations_make_what_the_models_say(fresh: Flask) -> None:
    upgrade()
    assert tables() == set(Base.metadata.tables)
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_down_and_up_again_leaves_the_same(fresh: Flask) -> None:
    upgrade()
    before = shape()
    downgrade(revision="base")
    assert tables() == set()
    upgrade()
    assert shape() == before


def test_with_data_nothing_is_lost_and_the_trail_stays_closed(fresh: Flask) -> None:
    upgrade()
    people.settle()
    with everywhere(because="the test notes something"):
        audit.record("demo.load")
        db.session.commit()
    db.session.remove()
    upgrade()
    with everywhere(because="the test counts"):
        assert len(db.session.scalars(select(Account)).all()) == len(people.EVERYONE)
    db.session.remove()
    for statement in ("DELETE FROM audit_entry", "UPDATE audit_entry SET reason = 'x'"):
        with pytest.raises(DBAPIError, match="never changed"), db.engine.begin() as connection:
            connection.exec_driver_sql(statement)


def shape() -> dict[str, list[tuple[str, str]]]:
    """Every table with its columns and indexes."""
    found = inspect(db.engine)
    return {
        table: sorted(
            [(column["name"], str(column["type"])) for column in found.get_columns(table)]
            + [(str(index["name"]), "index") for index in found.get_indexes(table)]
        )
        for table in tables()
    }
