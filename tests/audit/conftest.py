"""A trail with entries in it, and somebody who gets at the table past the portal."""

from collections.abc import Callable

import pytest
from flask import Flask

from portal.access.scope import everywhere
from portal.audit import service as audit
from portal.audit import triggers
from portal.database import db
from tests.people import unit

ENTRIES, IN_ONE_TRANSACTION = 8, 4
Tamper = Callable[..., None]


def write_entries(count: int) -> None:
    """Entries as requests write them, a few in each transaction."""
    with everywhere(because="the test writes a trail"):
        units = (unit("豫苑社区三组二格").id, unit("建设路社区").id)
        for number in range(count):
            about = {"unit_id": units[number % 2], "account_id": 5, "reason": f"因为{number}"}
            audit.record(f"test.step{number}", unit("豫苑社区"), **about, number=number)
            if number % IN_ONE_TRANSACTION == IN_ONE_TRANSACTION - 1:
                db.session.commit()
        db.session.commit()
    db.session.remove()


@pytest.fixture
def trail(app: Flask) -> None:
    """Eight entries, sealed; positions 1 to 8."""
    write_entries(ENTRIES)


@pytest.fixture
def tamper(trail: None) -> Tamper:
    """``tamper("UPDATE audit_entry SET …")`` by somebody who may do anything to the database, but has no key."""

    def run(*statements: str) -> None:
        db.session.remove()
        with db.engine.begin() as connection:
            triggers.remove(connection)
            for statement in statements:
                connection.exec_driver_sql(statement)

    return run
