"""What the scope cannot filter it refuses, and what was seen through other eyes is gone when they change."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import (
    Select,
    column,
    delete,
    exists,
    func,
    insert,
    inspect,
    literal,
    literal_column,
    select,
    table,
    text,
    union,
    update,
)
from sqlalchemy import alias as plain_alias
from sqlalchemy import join as plain_join
from sqlalchemy.orm import Session, aliased, joinedload
from sqlalchemy.orm.exc import DetachedInstanceError, ObjectDeletedError

from portal.access import bypasses
from portal.access.bypasses import BypassesScope
from portal.access.scope import OutOfScope, ScopeNotSet, everywhere, look_through
from portal.clock import now
from portal.database import Base, db
from portal.orders.models import Order
from portal.registry.models import Household, Resident
from portal.units.models import Checkpoint, Unit
from portal.workflow.models import Counter
from tests.people import unit

pytestmark = pytest.mark.any_database

HOME, PERSON = Base.metadata.tables["household"], Base.metadata.tables["resident"]
MINE, FOREIGN, STREET = "豫苑社区三组二格", "建设路社区一组一格", "重阳街道"


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """Two households, one of them in another community, and an order of the street; wang's community looks."""
    with everywhere(because="the test's rows are made"):
        for name in (MINE, FOREIGN):
            home = new_home(unit(name).id, name)
            home.residents.append(Resident(unit_id=unit(name).id, name="甲", seal_id="0"))
            db.session.add(home)
        begins = now()
        db.session.add(
            Order(
                unit_id=unit(STREET).id,
                number="1",
                title="t",
                legal_basis="b",
                issued_by="i",
                effective_from=begins,
                until=begins + timedelta(days=1),
            )
        )
        db.session.commit()
        place = unit("豫苑社区").place
    look_through(place)
    yield db.session()
    db.session.rollback()


def new_home(unit_id: int | None, room: str = "x") -> Household:
    return Household(unit_id=unit_id, compound="", building="", stairwell="", room=room, address_note="")


def foreign_home() -> Household:
    with everywhere(because="the test looks beside the scope"):
        return db.session.scalars(select(Household).where(Household.room == FOREIGN)).one()


def mine() -> Household:
    return db.session.scalars(select(Household)).one()


# ── ways that no filter reaches ──────────────────────────────────────────────────────────────────────────────────

MAPPING: dict[str, Any] = {"id": 1, "room": "x"}

BYPASSES: dict[str, Callable[[Session], Any]] = {
    "text": lambda s: s.execute(text("select * from household")),
    "text_with_columns": lambda s: s.execute(text("select id from household").columns(column("id"))),
    "text_in_a_condition": lambda s: s.execute(select(Unit.id).where(text("1 in (select 1 from household)"))),
    "text_as_a_column": lambda s: s.execute(select(Unit.id, text("(select max(id) from household)"))),
    "literal_column": lambda s: s.execute(select(Unit.id, literal_column("(select max(id) from household)"))),
    "from_statement": lambda s: s.execute(select(Household).from_statement(select(HOME))),
    "table": lambda s: s.execute(select(HOME)),
    "column_of_a_table": lambda s: s.execute(select(HOME.c.id)),
    "count_of_a_table": lambda s: s.execute(select(func.count()).select_from(HOME)),
    "function_of_a_column": lambda s: s.execute(select(func.max(HOME.c.id))),
    "alias_of_a_table": lambda s: s.execute(select(HOME.alias().c.id)),
    "alias_of_an_alias": lambda s: s.execute(select(HOME.alias().alias().c.id)),
    "table_by_name": lambda s: s.execute(select(table("household", column("id")))),
    "column_by_name": lambda s: s.execute(select(column("id")).select_from(table("household"))),
    "join_to_a_table": lambda s: s.execute(select(Unit.id).join(HOME, HOME.c.unit_id == Unit.id)),
    "table_in_a_condition": lambda s: s.execute(select(Unit.id).where(HOME.c.room != "")),
    "table_in_an_order": lambda s: s.execute(select(Unit.id).order_by(HOME.c.room)),
    "table_in_exists": lambda s: s.execute(select(Unit.id).where(exists().where(HOME.c.unit_id == Unit.id))),
    "table_in_a_list": lambda s: s.execute(select(Unit.id).where(Unit.id.in_(select(HOME.c.unit_id)))),
    "table_in_a_subquery": lambda s: s.execute(select(select(HOME.c.id).subquery().c.id)),
    "table_in_a_common_table": lambda s: s.execute(select(select(HOME.c.id).cte().c.id)),
    "table_in_a_union": lambda s: s.execute(union(select(Unit.id), select(HOME.c.id))),
    "table_beside_an_entity": lambda s: s.execute(select(Household.id, PERSON.c.id)),
    "table_behind_its_entity": lambda s: s.execute(select(Household.id).select_from(HOME)),
    "same_table_inside": lambda s: s.execute(select(Household.id).where(Household.id.in_(select(HOME.c.id)))),
    "same_table_in_a_subquery": lambda s: s.execute(select(Household.id, select(HOME.c.id).subquery().c.id)),
    "same_table_in_exists": lambda s: s.execute(
        select(Household.id).where(exists().where(HOME.c.room != ""))
    ),
    "lateral_table": lambda s: s.execute(select(Unit.id, select(HOME.c.id).lateral().c.id)),
    "alias_of_a_mapped_table": lambda s: s.execute(select(aliased(Household, select(HOME).subquery()))),
    "table_as_a_value": lambda s: s.execute(select(func.count(HOME.table_valued()))),
    "table_sample": lambda s: s.execute(select(func.count()).select_from(HOME.tablesample(50))),
    "alias_of_sqlalchemy": lambda s: s.execute(select(plain_alias(Household).c.id)),
    "join_of_sqlalchemy": lambda s: s.execute(
        select(Household.id).select_from(
            plain_join(Household, Resident, Resident.household_id == Household.id)
        )
    ),
    "class_only_in_a_function": lambda s: s.execute(
        select(Household.id).where(func.coalesce(Resident.household_id, 0) == Household.id)
    ),
    "text_behind_a_question": lambda s: s.execute(
        select(Household.id).suffix_with("union select id from household")
    ),
    "insert": lambda s: s.execute(insert(Household).values(room="x")),
    "insert_many": lambda s: s.execute(insert(Household), [MAPPING]),
    "insert_into_the_table": lambda s: s.execute(insert(HOME).values(room="x")),
    "insert_from_a_question": lambda s: s.execute(insert(HOME).from_select(["id"], select(HOME.c.id))),
    "update_many_by_key": lambda s: s.execute(update(Household), [MAPPING]),
    "update_one_by_key": lambda s: s.execute(update(Household), MAPPING),
    "update_the_table": lambda s: s.execute(update(HOME).values(room="x")),
    "update_the_unit": lambda s: s.execute(update(Household).values(unit_id=unit(FOREIGN).id)),
    "update_the_place": lambda s: s.execute(update(Household).values({Household.grid_id: 1})),
    "update_the_place_by_name": lambda s: s.execute(update(Household).values({"grid_id": 1})),
    "update_beside_a_table": lambda s: s.execute(
        update(Unit).where(HOME.c.unit_id == Unit.id).values(name="x")
    ),
    "update_the_number": lambda s: s.execute(update(Household).values(id=1)),
    "update_a_foreign_key": lambda s: s.execute(update(Resident).values(household_id=1)),
    "update_where_another_class": lambda s: s.execute(
        update(Household).where(Resident.household_id == Household.id).values(room="x")
    ),
    "update_where_a_table": lambda s: s.execute(
        update(Household).where(PERSON.c.household_id == Household.id).values(room="x")
    ),
    "update_where_a_table_inside": lambda s: s.execute(
        update(Household).where(exists().where(PERSON.c.household_id == Household.id)).values(room="x")
    ),
    "update_where_text": lambda s: s.execute(update(Household).where(text("1=1")).values(room="x")),
    "update_by_the_core": lambda s: s.execute(
        update(Household).values(room="x"), execution_options={"dml_strategy": "core_only"}
    ),
    "delete_where_text": lambda s: s.execute(delete(Household).where(text("1=1"))),
    "delete_from_the_table": lambda s: s.execute(delete(HOME)),
    "delete_inside": lambda s: s.execute(select(delete(Order).returning(Order.id).cte())),
    "bulk_insert_mappings": lambda s: s.bulk_insert_mappings(inspect_household(), [MAPPING]),
    "bulk_update_mappings": lambda s: s.bulk_update_mappings(inspect_household(), [MAPPING]),
    "bulk_save_objects": lambda s: s.bulk_save_objects([new_home(1)]),
}


def inspect_household() -> Any:
    return Household.__mapper__


@pytest.mark.parametrize("name", BYPASSES)
def test_a_way_around_the_filter_is_refused_every_time(session: Session, name: str) -> None:
    for _time in range(2):
        with pytest.raises(BypassesScope):
            BYPASSES[name](session)


LOOK_LIKE: dict[str, Select[Any]] = {
    "table": select(Household),
    "column_of_a_table": select(Household.id),
    "count_of_a_table": select(func.count()).select_from(Household),
    "function_of_a_column": select(func.max(Household.id)),
    "alias_of_a_table": select(aliased(Household).id),
    "alias_of_sqlalchemy": select(aliased(Household).id),
    "table_in_a_subquery": select(select(Household.id).subquery().c.id),
    "table_in_exists": select(Unit.id).where(exists().where(Household.unit_id == Unit.id)),
}


@pytest.mark.parametrize("name", LOOK_LIKE)
def test_what_only_looks_like_a_question_that_was_let_through_is_refused(session: Session, name: str) -> None:
    for _time in range(2):
        session.execute(LOOK_LIKE[name]).all()
        with pytest.raises(BypassesScope):
            BYPASSES[name](session)


def test_questions_let_through_are_not_remembered_without_end(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bypasses, "MOST_REMEMBERED", 2)
    for asked in (Household.id, Household.room, Household.compound):
        session.execute(select(asked)).all()
    assert len(bypasses._harmless) <= 2


WITHOUT_EYES: dict[str, Callable[[Session], Any]] = {
    "select": lambda s: s.scalars(select(Household)).all(),
    "columns": lambda s: s.execute(select(Household.id)).all(),
    "count": lambda s: s.scalar(select(func.count()).select_from(Household)),
    "get": lambda s: s.get(Household, 1),
    "exists": lambda s: s.scalar(select(exists().where(Household.id > 0))),
    "inside": lambda s: s.scalar(select(select(func.max(Household.id)).scalar_subquery())),
    "union": lambda s: s.scalars(union(select(Household.id), select(Resident.id))).all(),
    "update": lambda s: s.execute(update(Household).values(room="x")),
    "delete": lambda s: s.execute(delete(Household)),
    "exists_beside_nothing": lambda s: s.scalar(select(literal(1)).where(exists().where(Household.id > 0))),
    "update_of_another_where_exists": lambda s: s.execute(
        update(Counter).where(exists().where(Household.id > 0)).values(last=1)
    ),
    "delete_of_another_where_in": lambda s: s.execute(
        delete(Counter).where(Counter.last.in_(select(Household.id)))
    ),
    "add": lambda s: (s.add(new_home(1)), s.flush()),
    **{name: BYPASSES[name] for name in ("text", "table", "table_by_name", "insert", "bulk_save_objects")},
}


@pytest.mark.parametrize("name", WITHOUT_EYES)
def test_nothing_is_readable_or_writable_before_anyone_looks(session: Session, name: str) -> None:
    look_through(None)
    with pytest.raises((ScopeNotSet, BypassesScope)):
        WITHOUT_EYES[name](session)


# ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_row_cannot_be_put_elsewhere(session: Session) -> None:
    with everywhere(because="the test needs its number"):
        elsewhere = unit(FOREIGN).id
    session.add(new_home(elsewhere))
    with pytest.raises(OutOfScope):
        session.flush()


def test_a_row_cannot_be_moved_elsewhere(session: Session) -> None:
    with everywhere(because="the test needs its number"):
        elsewhere = unit(FOREIGN).id
    mine().unit_id = elsewhere
    with pytest.raises(OutOfScope):
        session.flush()


def test_what_applies_from_above_can_be_read_but_not_changed(session: Session) -> None:
    order = session.scalars(select(Order)).one()
    order.title = "x"
    with pytest.raises(OutOfScope):
        session.flush()


def test_what_applies_from_above_cannot_be_deleted(session: Session) -> None:
    session.delete(session.scalars(select(Order)).one())
    with pytest.raises(OutOfScope):
        session.flush()


def test_a_foreign_row_that_was_kept_cannot_be_brought_back(session: Session) -> None:
    home = foreign_home()
    home.room = "x"
    with pytest.raises(OutOfScope):
        session.add(home)


def test_a_foreign_row_cannot_be_taken_by_writing_its_place(session: Session) -> None:
    home = foreign_home()
    own = mine()
    home.unit_id, home.community_id, home.group_id, home.grid_id = (
        own.unit_id,
        own.community_id,
        own.group_id,
        own.grid_id,
    )
    session.add(home)
    with pytest.raises(OutOfScope):
        session.flush()


def test_the_place_is_what_the_unit_says_whatever_was_written_into_it(session: Session) -> None:
    home = mine()
    before = home.group_id, home.grid_id
    home.group_id, home.grid_id = 1, 2
    session.flush()
    assert (home.group_id, home.grid_id) == before


def test_a_row_changed_after_a_commit_is_still_ones_own(session: Session) -> None:
    home = mine()
    session.commit()
    home.room = "changed"
    session.flush()
    assert session.scalars(select(Household.room)).all() == ["changed"]


def test_a_merge_does_not_reach_a_foreign_row(session: Session) -> None:
    foreign_id = foreign_home().id
    taken = new_home(mine().unit_id)
    taken.id = foreign_id
    session.merge(taken)
    with pytest.raises(Exception, match=r"UNIQUE|duplicate"):
        session.flush()


# ── other eyes ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_was_added_before_lifting_the_scope_is_judged_by_the_scope(session: Session) -> None:
    with everywhere(because="the test needs its number"):
        elsewhere = unit(FOREIGN).id
    session.add(new_home(elsewhere))
    with pytest.raises(OutOfScope), everywhere(because="something unrelated is looked up"):
        session.scalars(select(Household)).all()


def test_a_failure_under_the_lifted_scope_is_the_one_that_is_told(session: Session) -> None:
    def fail_half_way() -> None:
        with everywhere(because="something goes wrong half-way"):
            session.add(new_home(None))  # could not be written: it has no unit
            raise KeyError

    with pytest.raises(KeyError):
        fail_half_way()
    assert len(session.scalars(select(Household)).all()) == 1


def test_a_row_seen_under_the_lifted_scope_is_not_found_afterwards(session: Session) -> None:
    home = foreign_home()
    assert session.get(Household, home.id) is None
    assert home not in session
    with pytest.raises(DetachedInstanceError):
        assert home.residents


def test_a_relationship_filled_under_the_lifted_scope_is_asked_again_afterwards(session: Session) -> None:
    foreign_home_id = foreign_home().id
    home = mine()
    with everywhere(because="a stranger is housed here"):
        stranger = session.scalars(select(Resident).where(Resident.household_id == foreign_home_id)).one()
        stranger.household_id = home.id
        session.flush()
        session.expire(home)
        assert len(home.residents) == 2
    assert len(home.residents) == 1


def test_a_parent_seen_under_the_lifted_scope_is_asked_again_afterwards(session: Session) -> None:
    foreign_home_id = foreign_home().id
    person = mine().residents[0]
    with everywhere(because="the person is housed elsewhere"):
        person.household_id = foreign_home_id
        session.flush()
        session.expire(person)
        assert person.household.room == FOREIGN
    assert person.household is None


def test_the_lifted_scope_shows_everything_of_rows_that_were_loaded_before(session: Session) -> None:
    foreign_home_id = foreign_home().id
    person = session.scalars(select(Resident).options(joinedload(Resident.household))).one()
    with everywhere(because="the person is housed elsewhere"):
        person.household_id = foreign_home_id
        session.flush()
        session.expire(person, ["household"])
        assert person.household.room == FOREIGN


def test_lifting_the_scope_inside_a_lifted_scope_changes_nothing(session: Session) -> None:
    with everywhere(because="outer"):
        home = session.scalars(select(Household).where(Household.room == FOREIGN)).one()
        with everywhere(because="inner"):
            pass
        assert home in session
    assert home not in session


def test_the_scope_wants_a_reason_to_be_lifted(session: Session) -> None:
    with pytest.raises(ValueError, match="why"), everywhere(because=""):
        pass


def test_a_row_that_is_read_anew_is_read_in_the_scope(session: Session) -> None:
    with everywhere(because="the row is read anew only after the scope is back"):
        home = session.scalars(select(Household).where(Household.room == FOREIGN)).one()
        session.expire(home)
    for _ in range(2):
        with pytest.raises(ObjectDeletedError):
            assert home.room
    assert session.get(Household, inspect(home).identity[0]) is None


def test_two_places_in_turn_never_see_each_other(session: Session) -> None:
    for _ in range(3):
        for name in ("豫苑社区", "建设路社区", MINE, FOREIGN, STREET):
            look_through(place_of_name(name))
            seen = set(session.scalars(select(Household.room)))
            assert seen == {room for room in (MINE, FOREIGN) if room.startswith(name) or name == STREET}
            gates = set(session.scalars(select(Checkpoint.name)))
            assert gates == {
                gate for gate, at in (("北门", "豫苑社区"), ("东门", "建设路社区")) if name in (at, STREET)
            }


def place_of_name(name: str) -> Any:
    return unit(name).place
