"""Writing the trail: in the transaction of what it tells of, sealed without a gap whoever writes at the same time."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from portal.access.scope import everywhere
from portal.audit import chain, proof, triggers
from portal.audit import service as audit
from portal.audit.models import AuditEntry
from portal.database import Base, db
from tests.audit.conftest import ENTRIES, Tamper, write_entries
from tests.people import unit

TABLE = Base.metadata.tables["audit_entry"]
WRITERS, EACH = 8, 12


def sealed() -> list[tuple[int, str]]:
    """(position, action) in the order of the chain."""
    db.session.remove()
    with db.engine.connect() as connection:
        rows = connection.execute(select(TABLE.c.position, TABLE.c.action).order_by(TABLE.c.position))
        return [tuple(row) for row in rows]


def test_writers_at_the_same_time_leave_no_gap(app: Flask) -> None:
    unit_ids = [unit(name).id for name in ("豫苑社区三组二格", "建设路社区")]
    db.session.remove()

    def write(writer: int) -> None:
        for number in range(EACH):
            with app.app_context(), everywhere(because="the test writes a trail"):
                audit.record(f"test.writer{writer}", unit_id=unit_ids[writer % 2], number=number)
                if number % 4 == 3:
                    db.session.rollback()
                else:
                    db.session.commit()

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(write, range(WRITERS)))
    written = WRITERS * EACH * 3 // 4
    assert [position for position, _action in sealed()] == list(range(1, written + 1))
    assert list(proof.verify()) == []
    assert chain.noted_head().position == written


def test_what_is_rolled_back_leaves_nothing(trail: None) -> None:
    with everywhere(because="the test writes a trail"):
        audit.record("test.undone")
        db.session.flush()
        db.session.rollback()
        audit.record("test.done")
        db.session.commit()
    assert sealed()[-2:] == [(ENTRIES, f"test.step{ENTRIES - 1}"), (ENTRIES + 1, "test.done")]
    assert list(proof.verify()) == []


def test_a_commit_that_fails_notes_no_head(trail: None, monkeypatch: pytest.MonkeyPatch) -> None:
    noted = chain.noted_head()
    with everywhere(because="the test writes a trail"):
        audit.record("test.lost")
        with monkeypatch.context() as broken:
            broken.setattr(db.engine.dialect, "do_commit", fail)
            with pytest.raises(ConnectionError):
                db.session.commit()
        db.session.rollback()
    assert chain.noted_head() == noted
    assert len(sealed()) == ENTRIES
    assert list(proof.verify()) == []


def fail(_connection: object) -> None:
    raise ConnectionError("the line is dead")


def test_entries_of_an_inner_transaction_are_sealed_or_gone_with_it(app: Flask) -> None:
    with everywhere(because="the test writes a trail"):
        with db.session.begin_nested():
            audit.record("test.kept")
        with db.session.begin_nested() as inner:
            audit.record("test.dropped")
            inner.rollback()
        with db.session.begin_nested() as outer:
            with db.session.begin_nested():
                audit.record("test.dropped inside")
            outer.rollback()
        audit.record("test.last")
        db.session.commit()
    assert sealed() == [(1, "test.kept"), (2, "test.last")]
    assert list(proof.verify()) == []


def test_many_entries_of_one_transaction_are_all_sealed(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chain, "SEALED_AT_ONCE", 10)
    with everywhere(because="the test writes a trail"):
        for number in range(35):
            audit.record("test.many", number=number)
        db.session.commit()
    assert [position for position, _action in sealed()] == list(range(1, 36))


def test_entries_that_were_left_unsealed_are_sealed_by_the_next_one(tamper: Tamper) -> None:
    tamper(f"UPDATE audit_entry SET position = NULL, digest = NULL WHERE position = {ENTRIES}")
    chain.head_file().unlink()
    assert list(proof.verify()) == []
    write_entries(1)
    assert [position for position, _action in sealed()] == list(range(1, ENTRIES + 2))
    assert list(proof.verify()) == []


def test_an_entry_knows_who_acted_and_where(app: Flask) -> None:
    with everywhere(because="the test writes a trail"):
        community = unit("豫苑社区")
        by_subject = audit.record("test.subject", community)
        by_unit = audit.record("test.unit", community, unit_id=unit("豫苑社区三组").id)
        nowhere = audit.record("test.nowhere")
        db.session.flush()
        assert (by_subject.subject, by_subject.subject_id, by_subject.unit_id) == (
            "unit",
            community.id,
            community.id,
        )
        assert by_unit.group_id == by_unit.unit_id
        assert (nowhere.unit_id, nowhere.county_id) == (None, None)
        db.session.rollback()


def test_details_that_are_not_plain_are_refused(app: Flask) -> None:
    with everywhere(because="the test writes a trail"):
        audit.record("test.object", row=object())
        with pytest.raises(TypeError):
            db.session.flush()
        db.session.rollback()


# ── nobody edits history ─────────────────────────────────────────────────────────────────────────────────────────


def last() -> AuditEntry:
    return db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()


def test_the_portal_does_not_change_an_entry(trail: None) -> None:
    with everywhere(because="the test tries to change the trail"):
        last().reason = "another"
        with pytest.raises(RuntimeError, match="cannot be changed"):
            db.session.flush()
        db.session.rollback()


def test_the_portal_does_not_delete_an_entry(trail: None) -> None:
    with everywhere(because="the test tries to change the trail"):
        db.session.delete(last())
        with pytest.raises(RuntimeError, match="cannot be changed"):
            db.session.flush()
        db.session.rollback()


@pytest.fixture
def guarded(trail: None) -> None:
    """The database's own triggers, as the migration makes them."""
    with db.engine.begin() as connection:
        triggers.remove(connection)
        triggers.install(connection)


COLUMNS = [column.name for column in TABLE.columns]


def lets_through(columns: list[str], which: str) -> list[str]:
    """The columns that could be changed past the portal."""
    changed = []
    for column in columns:
        value = "1000" if column == "id" else "NULL"
        try:
            with db.engine.begin() as connection:
                connection.exec_driver_sql(f"UPDATE audit_entry SET {column} = {value} WHERE {which}")
            changed.append(column)
        except DBAPIError as refusal:
            changed += [] if triggers.REFUSAL in str(refusal) else [column]
    return changed


def test_the_database_refuses_a_change_of_any_column(guarded: None) -> None:
    assert lets_through(COLUMNS, "position = 3") == []


def test_an_entry_cannot_be_changed_while_it_waits_for_its_place(guarded: None) -> None:
    with db.engine.begin() as connection:
        triggers.remove(connection)
        connection.exec_driver_sql("UPDATE audit_entry SET position = NULL, digest = NULL WHERE position = 3")
        triggers.install(connection)
    filled_in_later = ["position", "digest"]
    assert lets_through(COLUMNS, "position IS NULL") == filled_in_later


def test_the_database_refuses_a_deletion(guarded: None) -> None:
    with pytest.raises(DBAPIError, match=triggers.REFUSAL), db.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM audit_entry WHERE position = 3")


def test_the_database_refuses_to_empty_the_table(guarded: None) -> None:
    statement = "DELETE FROM audit_entry" if db.engine.dialect.name == "sqlite" else "TRUNCATE audit_entry"
    with pytest.raises(DBAPIError, match=triggers.REFUSAL), db.engine.begin() as connection:
        connection.exec_driver_sql(statement)


def test_the_portal_writes_and_seals_under_the_triggers(guarded: None) -> None:
    write_entries(2)
    assert len(sealed()) == ENTRIES + 2
    assert list(proof.verify()) == []
