"""However many households a county has: a list reads its grid, a coverage its tallies, and asks no more for more."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from portal.database import db
from portal.screenings.kinds import Category, Outcome
from tests.people import li, qian, unit, wang
from tests.screenings.world import GRID, family, key_person, knock, marked, order, screening

Visit = Callable[..., Any]
WHOLE = ("household", "visit", "visit_1", "resident", "key_person", "person_check")


@contextmanager
def asked() -> Iterator[list[tuple[str, Any]]]:
    """Every statement with what it was given."""
    heard: list[tuple[str, Any]] = []

    def hear(_connection: Any, _cursor: Any, statement: str, given: Any, *_more: Any) -> None:
        heard.append((statement, given))

    event.listen(db.engine, "before_cursor_execute", hear)
    try:
        yield heard
    finally:
        event.remove(db.engine, "before_cursor_execute", hear)


@pytest.fixture
def street(app: Flask) -> Any:
    """A round with some doors open, some closed."""
    order()
    homes = [family(2) for _number in range(8)]
    made = screening(li, rechecks=2)
    for home in homes[:4]:
        knock(made, home, marked=marked(home, category=Category.RETURNED))
    knock(made, homes[4], outcome=Outcome.NOBODY_HOME)
    return made


def pages(round_: Any) -> list[tuple[Any, str]]:
    lists = [
        f"/visits/{round_.id}?show={show}"
        for show in ("to_visit", "mine", "retries", "answered", "rechecks", "all")
    ]
    return [
        *((qian, path) for path in lists),
        *((person, f"/screenings/{round_.id}/coverage") for person in (li, wang, qian)),
        (li, "/screenings/"),
        (li, "/key-persons/"),
        (li, "/key-persons/?show=waiting"),
        (qian, "/"),
        (li, "/"),
    ]


def test_no_page_reads_all_households_or_all_visits(visit: Visit, street: Any) -> None:
    if db.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL reads small tables whole, and rightly so")
    read_whole = []
    for person, path in pages(street):
        with asked() as heard:
            visit(path, as_=person)
        with db.engine.connect() as connection:
            for statement, given in heard:
                if statement.startswith("SELECT"):
                    plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given)
                    lines = [row[3] for row in plan]
                    read_whole += [
                        (path, line)
                        for line in lines
                        if line.split()[:2] in [["SCAN", table] for table in WHOLE]
                    ]
    assert read_whole == []


def test_more_households_ask_no_more_questions(visit: Visit, street: Any) -> None:
    def questions() -> list[int]:
        found = []
        for person, path in pages(street):
            with asked() as heard:
                visit(path, as_=person)
            found.append(len(heard))
        return found

    questions()
    before = questions()
    for _number in range(9):
        home = family(3)
        knock(street, home)
        key_person(home=home)
    family(3, room="9999")
    assert questions() == pytest.approx(before, abs=2)


def test_a_list_of_a_grid_never_asks_beyond_it(visit: Visit, street: Any) -> None:
    with asked() as heard:
        visit(f"/visits/{street.id}?grid={unit(GRID).id}", as_=wang)
    lists = [statement for statement, _given in heard if "ORDER BY household.address_key" in statement]
    assert lists
    assert all("household.grid_id = " in statement for statement in lists)
