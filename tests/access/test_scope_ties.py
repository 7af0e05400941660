"""Where rows are tied to others, come back by themselves, or were kept: the scope holds there too."""

from collections.abc import Iterator
from threading import Thread
from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.exc import ObjectDeletedError

from portal.access.scope import OutOfScope, ScopeNotSet, everywhere, look_through
from portal.database import db
from portal.orders.models import Measure, Order
from portal.registry.models import Household, Resident
from portal.units.models import Unit
from tests.factories import household, order_in_force, resident
from tests.people import unit

MINE, FOREIGN = "豫苑社区三组二格", "建设路社区一组一格"

NOWHERE = dict.fromkeys(("compound", "building", "stairwell", "room", "address_note"), "")


@pytest.fixture
def ids(app: Flask) -> Iterator[SimpleNamespace]:
    """Numbers of rows here and in the other community; wang's community looks."""
    mine, foreign = household(MINE), household(FOREIGN)
    found = SimpleNamespace(
        mine=mine.id,
        foreign=foreign.id,
        person=resident(mine).id,
        stranger=resident(foreign).id,
        grid=mine.unit_id,
        foreign_grid=foreign.unit_id,
        order=order_in_force("重阳街道", measures={("passes", "household"): {}}).id,
        foreign_order=order_in_force("建设路社区").id,
    )
    look_through(unit("豫苑社区").place)
    yield found
    db.session.rollback()


def newcomer(ids: SimpleNamespace, household_id: int) -> Resident:
    return Resident(unit_id=ids.grid, household_id=household_id, name="甲", seal_id="0")


# ── foreign keys ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_new_row_belongs_to_a_visible_one(ids: SimpleNamespace) -> None:
    db.session.add(newcomer(ids, ids.mine))
    db.session.flush()
    db.session.add(newcomer(ids, ids.foreign))
    with pytest.raises(OutOfScope, match="household_id"):
        db.session.flush()


def test_a_row_is_not_tied_to_an_invisible_one_later(ids: SimpleNamespace) -> None:
    db.session.get_one(Resident, ids.person).household_id = ids.foreign
    with pytest.raises(OutOfScope, match="household_id"):
        db.session.flush()


def test_whether_an_invisible_row_exists_is_not_told(ids: SimpleNamespace) -> None:
    said = []
    for number in (ids.foreign, 999_999):
        with pytest.raises(OutOfScope) as refused, db.session.begin_nested():
            db.session.add(newcomer(ids, number))
        said.append(str(refused.value))
    assert said[0] == said[1]


def test_a_row_may_be_tied_to_one_that_applies_from_above(ids: SimpleNamespace) -> None:
    db.session.add(Measure(unit_id=ids.grid, order_id=ids.order, area="passes", item="x", parameters={}))
    db.session.flush()
    db.session.add(
        Measure(unit_id=ids.grid, order_id=ids.foreign_order, area="passes", item="x", parameters={})
    )
    with pytest.raises(OutOfScope, match="order_id"):
        db.session.flush()


def test_a_row_seen_elsewhere_is_not_brought_in_by_a_relationship(ids: SimpleNamespace) -> None:
    with everywhere(because="the test looks beside the scope"):
        foreign = db.session.get_one(Household, ids.foreign)
    with pytest.raises(OutOfScope):
        db.session.get_one(Resident, ids.person).household = foreign


def test_ties_given_as_numbers_cost_nothing_when_the_row_is_at_hand(ids: SimpleNamespace) -> None:
    home = db.session.get_one(Household, ids.mine)
    asked: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    db.session.add(newcomer(ids, home.id))
    db.session.flush()
    assert not [statement for statement in asked if statement.startswith("SELECT household")]


def test_a_row_from_above_takes_children_without_being_written(ids: SimpleNamespace) -> None:
    street_order = db.session.get_one(Order, ids.order)
    street_order.measures.append(Measure(unit_id=ids.grid, area="passes", item="own", parameters={}))
    db.session.flush()
    assert "own" in [measure.item for measure in street_order.measures]


# ── rows that come back ──────────────────────────────────────────────────────────────────────────────────────────


def test_a_rollback_does_not_bring_a_foreign_row_back(ids: SimpleNamespace) -> None:
    with everywhere(because="the test deletes beside the scope"):
        stranger = db.session.get_one(Resident, ids.stranger)
        savepoint = db.session.begin_nested()
        db.session.delete(stranger)
    savepoint.rollback()
    assert db.session.get(Resident, ids.stranger) is None
    assert stranger not in db.session


def test_a_deleted_row_is_gone_when_the_scope_comes_back(ids: SimpleNamespace) -> None:
    with everywhere(because="the test deletes beside the scope"):
        stranger = db.session.get_one(Resident, ids.stranger)
        db.session.commit()
        table = Resident.__table__
        db.session.connection().execute(table.delete().where(table.c.id == ids.stranger))
    assert db.session.get(Resident, ids.stranger) is None
    with pytest.raises(ObjectDeletedError):
        assert stranger.name


def test_a_refresh_reads_related_rows_in_the_scope(ids: SimpleNamespace) -> None:
    with everywhere(because="the test houses a stranger"):
        db.session.get_one(Resident, ids.stranger).household_id = ids.mine
    asked = select(Household).where(Household.id == ids.mine).options(joinedload(Household.residents))
    home = db.session.scalars(asked).unique().one()
    db.session.refresh(home)
    assert [person.id for person in home.residents] == [ids.person]


def test_the_scope_comes_back_after_a_failed_flush(ids: SimpleNamespace) -> None:
    def fail() -> None:
        with everywhere(because="the test writes a number twice"):
            db.session.get_one(Household, ids.foreign)
            db.session.add(Household(id=ids.mine, unit_id=ids.foreign_grid, **NOWHERE))
            db.session.flush()

    with pytest.raises(IntegrityError):
        fail()
    db.session.rollback()
    assert list(db.session.scalars(select(Household.id))) == [ids.mine]


def test_a_row_of_ones_own_outlives_a_commit_under_the_lifted_scope(ids: SimpleNamespace) -> None:
    home = db.session.get_one(Household, ids.mine)
    with everywhere(because="the test commits"):
        db.session.commit()
    home.room = "changed"
    db.session.flush()
    assert db.session.scalar(select(Household.room)) == "changed"


def test_a_unit_keeps_its_place_whatever_is_written_into_it(ids: SimpleNamespace) -> None:
    grid = db.session.get_one(Unit, ids.grid)
    grid.grid_id = None
    grid.name = "二格"
    db.session.flush()
    assert grid.grid_id == grid.id


# ── other sessions ───────────────────────────────────────────────────────────────────────────────────────────────


def test_another_thread_sees_nothing_before_it_says_whose_eyes(app: Flask, ids: SimpleNamespace) -> None:
    told: list[object] = []

    def look() -> None:
        with app.app_context():
            try:
                told.append(db.session.scalars(select(Household.id)).all())
            except ScopeNotSet as refusal:
                told.append(type(refusal))

    db.session.rollback()
    thread = Thread(target=look)
    thread.start()
    thread.join()
    assert told == [ScopeNotSet]


def test_a_new_session_sees_nothing_before_it_is_told_whose_eyes(ids: SimpleNamespace) -> None:
    db.session.remove()
    with pytest.raises(ScopeNotSet):
        db.session.get(Household, ids.mine)
