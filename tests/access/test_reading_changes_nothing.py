"""Who only looks changes nothing: every page × every role, the whole database before and after."""

import hashlib
import sqlite3
from collections.abc import Callable
from itertools import count, islice, product
from typing import Any

import pytest
from flask import Flask, url_for
from sqlalchemy import Table, select
from werkzeug.routing import Rule

from portal.access.policy import Role
from portal.database import Base, db
from tests.factories import household, resident, restriction
from tests.page import Browser
from tests.people import AT_WORK, Person, li, wang
from tests.workflows.cases import cases

NOTED_IN_PASSING = {("sign_in", "seen_at")}
TABLES = {
    "import": "registry_import",
    "order": "order_",
    "entry": "audit_entry",
    "person": "finding_person",
    "restriction": "household_restriction",
    "check": "health_check",
    "device": "gate_device",
    "event": "gate_arrival",
    "area": "affected_area",
    "report": "daily_report",
    "round": "screening_round",
    "route": "patrol_route",
    "upload": "uploaded_tree",
}
WORDS = {
    "role": [str(role) for role in Role],
    "field": ["document", "phone"],
    "area_name": ["passes"],
    "name": ["residents", "households"],
    "what": ["people", "households"],
    "one_id": [1],
    "other_id": [2],
}
PAGES_OF_A_RULE = 2  # that a page opens in every state is tested in tests/workflows


@pytest.fixture
def lived_in(app: Flask) -> Flask:
    """Every workflow's records in every state, and what hangs on a household."""
    home = household()
    resident(home)
    restriction(home)
    for case in cases():
        for state in case.model.__table__.c.state.type.enum_class:
            case.in_state(state)
    return app


def dump() -> dict[str, str]:
    """A digest of each table's rows, without what may be noted in passing."""
    db.session.rollback()
    connection = db.session.connection()
    digests = {
        table.name: _digest(connection.execute(_rows(table)).all()) for table in Base.metadata.sorted_tables
    }
    db.session.rollback()
    return digests


def commits() -> Callable[[], int]:
    """Another number whenever somebody has committed: then a dump is worth its time. PostgreSQL does not say."""
    if db.engine.dialect.name != "sqlite":
        return count().__next__
    watching = sqlite3.connect(str(db.engine.url.database))
    return lambda: int(watching.execute("PRAGMA data_version").fetchone()[0])


def _rows(table: Table) -> Any:
    columns = [column for column in table.columns if (table.name, column.name) not in NOTED_IN_PASSING]
    return select(*columns).order_by(*table.primary_key.columns)


def _digest(rows: Any) -> str:
    return hashlib.sha256(repr(rows).encode()).hexdigest()


def pages(app: Flask, rule: Rule) -> list[str]:
    """Addresses of a rule, with the numbers of rows that exist."""
    names = sorted(rule.arguments)
    with app.test_request_context():
        values = islice(product(*map(_values, names)), PAGES_OF_A_RULE)
        return [url_for(rule.endpoint, **dict(zip(names, some, strict=True))) for some in values]


def _values(name: str) -> list[Any]:
    known = name.removesuffix("_id")
    table = Base.metadata.tables.get(TABLES.get(known, known))
    if name in WORDS or table is None:
        return WORDS.get(name, ["x"])
    newest = select(table.c.id).order_by(table.c.id.desc()).limit(PAGES_OF_A_RULE)
    found = list(db.session.connection().scalars(newest))
    db.session.rollback()
    return found or [1]


def looked_at(app: Flask) -> list[Rule]:
    return [
        rule
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and rule.endpoint != "static"
    ]


@pytest.mark.any_database
def test_looking_at_a_page_changes_nothing(lived_in: Flask, desk: Browser) -> None:
    addresses = {rule.rule: pages(lived_in, rule) for rule in looked_at(lived_in)}
    for person in AT_WORK:  # one test: making the records takes longer than looking at them
        look_at_everything(desk, person, addresses)


def test_every_page_opens_on_either_database(lived_in: Flask, desk: Browser) -> None:
    addresses = [pages(lived_in, rule)[0] for rule in looked_at(lived_in)]
    for person in (li, wang):
        client = desk.client(person)
        broken = [url for url in addresses if client.get(url).status_code >= 500]
        assert not broken, f"{person} sees errors at {broken}"


def look_at_everything(desk: Browser, person: Person, addresses: dict[str, list[str]]) -> None:
    """Open every page as this person; fail where a table has changed."""
    client = desk.client(person)
    before, opened, commit = dump(), 0, commits()
    unchanged = commit()
    for rule, urls in addresses.items():
        answers = [client.get(url).status_code for url in urls]
        if (present := commit()) != unchanged:
            after, unchanged = dump(), present
            changed = {name for name in before if before[name] != after[name]}
            assert not changed, f"{person} looked at {rule}, and these tables changed: {changed}"
        assert max(answers) < 500, f"{person} looked at {rule} and got {answers}"
        opened += 200 in answers
    assert opened > 1, f"{person} could open nothing but the first page"


def test_a_change_would_be_noticed(app: Flask) -> None:
    before, commit = dump(), commits()
    unchanged = commit()
    assert commit() == unchanged or db.engine.dialect.name == "postgresql"
    home = household()
    resident(home)
    assert commit() != unchanged
    after = dump()
    assert {name for name in before if before[name] != after[name]} == {"household", "resident", "tally"}
