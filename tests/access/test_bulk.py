"""The door for many rows: it keeps the session's promises at every level, and it is worth having."""

import secrets
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from portal.access.bulk import insert_many, insert_many_returning
from portal.access.scope import OutOfScope, ScopeNotSet, everywhere, look_through, place_of
from portal.clock import now
from portal.database import db
from portal.registry.identifiers import DocumentType, synthetic_id
from portal.registry.models import Household, HouseholdRestriction, Resident
from portal.registry.restrictions import RestrictionKind
from portal.units.models import Unit
from tests import factories, people

HERE, BESIDE = "豫苑社区三组二格", "建设路社区一组一格"
LINE = ("上蔡县", "重阳街道", "豫苑社区", "豫苑社区三组", HERE)


def unit_id(name: str) -> int:
    return people.unit(name).id


def look(name: str) -> None:
    db.session.commit()
    look_through(place_of(unit_id(name)))


def residents_of(home: Household, count: int, **values: Any) -> list[dict[str, Any]]:
    return [
        {"household_id": home.id, "unit_id": home.unit_id, "name": f"演示·{number}"} | values
        for number in range(count)
    ]


def written(model: Any = Resident) -> int:
    with everywhere(because="the test counts"):
        return db.session.scalar(select(func.count(model.id))) or 0


@pytest.mark.parametrize("level", LINE)
def test_rows_below_are_written_with_their_place(app: Flask, level: str) -> None:
    home = factories.household(HERE)
    look(level)
    assert insert_many(Resident, residents_of(home, 7), chunk=3) == 7
    db.session.commit()
    columns = (
        Resident.county_id,
        Resident.street_id,
        Resident.community_id,
        Resident.group_id,
        Resident.grid_id,
    )
    assert {tuple(row) for row in db.session.execute(select(*columns))} == {tuple(map(unit_id, LINE))}


@pytest.mark.parametrize("level", LINE[2:])
def test_a_row_outside_is_refused_before_anything_of_its_chunk_is_written(app: Flask, level: str) -> None:
    look(level)
    rows = [{"unit_id": unit_id(HERE), "room": str(number)} for number in range(7)]
    rows[4]["unit_id"] = unit_id(BESIDE)
    with pytest.raises(OutOfScope, match="Household would be written outside"):
        insert_many(Household, rows, chunk=3)
    assert db.session.scalar(select(func.count(Household.id))) == 3, (
        "the first chunk is rolled back by its caller"
    )
    db.session.rollback()
    assert written(Household) == 0


def test_a_place_given_by_hand_is_not_believed(app: Flask) -> None:
    look(HERE)
    with pytest.raises(OutOfScope):
        insert_many(Household, [{"unit_id": unit_id(BESIDE), "grid_id": unit_id(HERE)}])


@pytest.mark.parametrize("level", LINE[2:])
def test_a_row_that_points_outside_is_refused(app: Flask, level: str) -> None:
    home, foreign = factories.household(HERE), factories.household(BESIDE)
    look(level)
    rows = residents_of(home, 3)
    rows[1]["household_id"] = foreign.id
    with pytest.raises(OutOfScope, match=r"Resident\.household_id leads outside"):
        insert_many(Resident, rows)
    db.session.rollback()
    assert written() == 0


def test_who_sees_everywhere_writes_everywhere_but_nothing_that_hangs_in_the_air(app: Flask) -> None:
    homes = [factories.household(grid) for grid in (HERE, BESIDE)]
    with everywhere(because="an administrator's import"):
        insert_many(Resident, [row for home in homes for row in residents_of(home, 2)])
        assert written() == 4
        with pytest.raises(IntegrityError):
            insert_many(Resident, residents_of(homes[0], 1, household_id=999_999))
        db.session.rollback()


def test_without_a_scope_nothing_is_written(app: Flask) -> None:
    look_through(None)
    with pytest.raises(ScopeNotSet):
        insert_many(Household, [{"unit_id": unit_id(HERE)}])


def test_rows_are_as_the_session_would_write_them(app: Flask) -> None:
    home = factories.household(HERE)
    look(HERE)
    document = synthetic_id("411722", 1)
    rows = residents_of(home, 3)
    rows[1] |= {"document": document, "document_type": DocumentType.PASSPORT, "left_at": now()}
    insert_many(Resident, rows)
    db.session.commit()
    plain, known, other = db.session.scalars(select(Resident).order_by(Resident.id))
    assert (known.document, known.document_type, known.left_at) == (
        document,
        DocumentType.PASSPORT,
        rows[1]["left_at"],
    )
    assert (plain.document, plain.document_type, plain.left_at) == (None, DocumentType.ID_CARD, None)
    assert plain.is_head is False
    assert plain.created_at.tzinfo is not None
    assert len({plain.seal_id, known.seal_id, other.seal_id}) == 3, (
        "every row is sealed under a name of its own"
    )


def test_listeners_of_the_model_are_called(app: Flask) -> None:
    look(HERE)
    insert_many(Household, [{"unit_id": unit_id(HERE), "building": "3号楼", "room": "201"}])
    by_hand = Household(unit_id=unit_id(HERE), building="3号楼", room="201")
    db.session.add(by_hand)
    db.session.flush()
    assert set(db.session.scalars(select(Household.address_key))) == {by_hand.address_key}


def test_ids_come_back_in_the_order_of_the_rows(app: Flask) -> None:
    look(HERE)
    rooms = [secrets.token_hex(4) for _ in range(50)]
    ids = insert_many_returning(
        Household, [{"unit_id": unit_id(HERE), "room": room} for room in rooms], chunk=20
    )
    found = dict(list(db.session.execute(select(Household.id, Household.room))))
    assert [found[id_] for id_ in ids] == rooms


def test_upper_rows_written_before_are_seen_by_those_that_point_to_them(app: Flask) -> None:
    look("豫苑社区")
    ids = insert_many_returning(Household, [{"unit_id": unit_id(HERE)}] * 3)
    given = {"unit_id": unit_id(HERE), "kind": RestrictionKind.RETURNEE, "since": now(), "source": "导入"}
    assert insert_many(HouseholdRestriction, [given | {"household_id": id_} for id_ in ids]) == 3


def test_what_does_not_fit_is_refused(app: Flask) -> None:
    look("重阳街道")
    with pytest.raises(TypeError, match="place from elsewhere"):
        insert_many(Unit, [{"name": "四组", "parent_id": unit_id("豫苑社区")}])
    with pytest.raises(TypeError, match="nickname"):
        insert_many(Household, [{"unit_id": unit_id(HERE), "nickname": "?"}])
    with pytest.raises(LookupError):
        insert_many(Household, [{"unit_id": 999_999}])
    assert insert_many(Household, []) == 0
