"""No search reads a county: each way of asking begins at an index, on either database and at every level."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from flask import Flask, g
from sqlalchemy import event

from portal.access.acting import Level
from portal.access.bulk import insert_many
from portal.access.scope import everywhere, look_through
from portal.database import db
from portal.registry.duplicates import finding as pairs
from portal.registry.duplicates.finding import By
from portal.registry.models import Household, Resident
from portal.registry.searching import finding
from portal.registry.searching.understanding import understood
from portal.registry.service import Person, columns_of
from tests.passes.conftest import acting_as
from tests.people import li, qian, unit, wang

GRIDS = ("豫苑社区三组二格", "豫苑社区三组一格", "建设路社区一组一格")
PEOPLE = 6_000
# what is typed → the column that leads to the people or households it means
TYPED = {
    "张学敏": ("name", "name_rest_1", "name_rest_2", "name_rest_3"),
    "zhangxuemin": ("pinyin", "pinyin_too", "initials", "initials_too"),
    "zxm": ("pinyin", "pinyin_too", "initials", "initials_too"),
    "6021": ("phone_end", "document_end", "door"),
    "411722189903070011": ("document_index", "phone_index"),
    "3-2-401": ("door", "document_index", "phone_index"),
    "3号院3号楼2单元401": ("door", "document_index", "phone_index"),
}


@pytest.fixture
def crowd(app: Flask) -> None:
    """A few thousand people, so that PostgreSQL has a reason to use an index, and what it knows about them."""
    surnames, given = "赵钱孙李周吴郑王冯陈", "学敏强伟芳娜静丽军勇"
    with everywhere(because="the test fills a street"):
        units = [unit(name).id for name in GRIDS]
        homes = [
            {
                "unit_id": units[n % 3],
                "compound": "3号院",
                "building": str(n % 40),
                "stairwell": str(n % 4),
                "room": str(n),
            }
            for n in range(PEOPLE // 3)
        ]
        insert_many(Household, homes)
        people = [
            columns_of(
                Person(
                    name=surnames[n % 10] + given[n // 10 % 10] + given[n // 100 % 10],
                    phone=f"1540000{n:04d}",
                )
            )
            | {"unit_id": units[n % (PEOPLE // 3) % 3], "household_id": n % (PEOPLE // 3) + 1}
            for n in range(PEOPLE)
        ]
        insert_many(Resident, people)
        db.session.commit()
        if on_postgres():
            db.session.connection().exec_driver_sql("ANALYZE")
            db.session.commit()


def on_postgres() -> bool:
    return bool(db.engine.dialect.name == "postgresql")


@contextmanager
def plans(of: str = "household|resident") -> Iterator[list[str]]:
    """How the database answers what is asked of these tables inside. One without rows it may read as it likes."""
    asked = re.compile(rf"FROM ({of})\b")
    seen: list[str] = []

    def explain(_connection: Any, cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if not statement.startswith("SELECT") or not asked.search(statement):
            return
        how = "EXPLAIN " if on_postgres() else "EXPLAIN QUERY PLAN "
        cursor.execute(how + statement, parameters)
        seen.append("\n".join(str(row[-1]) for row in cursor.fetchall()))

    if on_postgres():  # whether an index can answer: here the street is the whole table
        db.session.connection().exec_driver_sql("SET LOCAL enable_seqscan = off")
    event.listen(db.engine, "before_cursor_execute", explain)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", explain)


def refuse_scans(plan: str) -> None:
    """Everything is reached through an index with a condition on it."""
    assert not re.search(r"(Seq Scan on|SCAN) (household|resident|pass)\b", plan), plan
    assert re.search(r"Index Cond|SEARCH", plan), plan


def begins_at(plan: str) -> set[str]:
    """The columns that the index conditions of a plan name, beside that of the place."""
    if on_postgres():
        conditions = " ".join(re.findall(r"Index Cond: (.*)", plan))
    else:
        conditions = " ".join(re.findall(r"SEARCH .*?\(([^)]*)\)", plan))
    return set(re.findall(r"[a-z_]+\d?", conditions.replace("_id=", "_id ="))) - {
        level.column for level in Level
    }


# Filling the street takes longer than all the questions: one test asks them all.
@pytest.mark.usefixtures("crowd")
def test_no_search_reads_everything(app: Flask) -> None:
    for person, typed in product((qian, wang, li), TYPED):
        with acting_as(app, person), plans() as seen:
            finding.find(typed)
        assert len(seen) > 2, (person, typed)
        for plan in seen:
            refuse_scans(plan)


@pytest.mark.usefixtures("crowd")
def test_in_a_large_place_a_search_begins_at_what_was_typed(app: Flask) -> None:
    for person, typed in product((wang, li), TYPED):
        meant = understood(typed)
        with acting_as(app, person):
            with plans() as seen:
                finding._first(finding.ways_to_people(meant))
            with plans() as doors:
                finding._first(iter([*finding.ways_to_households(meant)][:1] if meant.door else []))
        for plan in seen + doors:
            assert begins_at(plan) & set(TYPED[typed]), f"{person}, {typed}: {plan}"


@pytest.mark.usefixtures("crowd")
def test_in_a_county_an_address_is_looked_for_from_its_beginning(app: Flask) -> None:
    with acting_as(app, li):
        look_through(unit("上蔡县").place)
        g.acting = replace(g.acting, place=unit("上蔡县").place)
        with plans() as seen:
            finding._first(finding.ways_to_households(understood("3号院3号楼")))
    assert [begins_at(plan) & {"address_key"} for plan in seen] == [{"address_key"}], seen


@pytest.mark.usefixtures("crowd")
def test_probable_duplicates_are_read_in_the_order_of_an_index(app: Flask) -> None:
    for person, by in product((qian, wang, li), By):
        with acting_as(app, person), plans() as seen:
            pairs.pairs(by, "")
            pairs.pairs(by, "7-9")
        assert seen, (person, by)
        for plan in seen:
            if not on_postgres():
                refuse_scans(plan)
                assert "SCAN" not in plan, plan
