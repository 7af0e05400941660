"""Whatever is done to the trail past the portal is found, on both databases."""

import json
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.access.scope import everywhere
from portal.audit import chain, proof
from portal.audit import service as audit
from portal.audit.chain import Head
from portal.audit.proof import Fault
from portal.database import Base, db
from tests.audit.conftest import ENTRIES, Tamper, write_entries

TABLE = Base.metadata.tables["audit_entry"]
WHOLE = 3  # an entry that has something in every column
ELSEWHERE = {
    "id": "1000",
    "unit_id": "(SELECT min(id) FROM unit)",
    "at": "'2019-12-31 00:00:00.000000'",
    "subject_id": "4711",
    "account_id": "4711",
    "details": "'{\"number\": 99}'",
    "position": "1000",
    **dict.fromkeys(("county_id", "street_id", "community_id", "group_id", "grid_id"), "4711"),
}


def found() -> list[tuple[Fault, int, int]]:
    """Every problem: what, from which position, until which."""
    db.session.remove()
    return [(problem.fault, problem.position, problem.until) for problem in proof.verify()]


def head() -> Head:
    with db.engine.connect() as connection:
        return chain.head(connection)


def test_an_untouched_trail_is_whole(trail: None) -> None:
    assert found() == []
    assert head() == chain.noted_head()
    assert head().position == ENTRIES


def test_an_empty_trail_is_whole(app: Flask) -> None:
    assert found() == []


def rows() -> list[dict[str, Any]]:
    with db.engine.connect() as connection:
        return [dict(row) for row in connection.execute(TABLE.select().order_by(TABLE.c.id)).mappings()]


def put_back(before: list[dict[str, Any]]) -> None:
    with db.engine.begin() as connection:
        connection.execute(TABLE.delete())
        connection.execute(TABLE.insert(), before)


def test_a_change_in_any_column_is_found(tamper: Tamper) -> None:
    before, unseen = rows(), []
    for column in (column.name for column in TABLE.columns):
        for position in (1, 4, ENTRIES):
            value = ELSEWHERE.get(column, "'x'")
            tamper(f"UPDATE audit_entry SET {column} = {value} WHERE position = {position}")
            unseen += [] if found() else [(column, position)]
            put_back(before)
    assert unseen == []
    assert found() == []


def test_emptying_any_column_is_found(tamper: Tamper) -> None:
    before, unseen = rows(), []
    for column in (column.name for column in TABLE.columns if column.nullable):
        tamper(f"UPDATE audit_entry SET {column} = NULL WHERE position = {WHOLE}")
        unseen += [] if found() else [column]
        put_back(before)
    assert unseen == []


def test_a_changed_entry_is_named(tamper: Tamper) -> None:
    tamper("UPDATE audit_entry SET reason = '' WHERE position = 4")
    assert found() == [(Fault.FORGED, 4, 4)]


def test_values_that_no_entry_ever_held_are_found(tamper: Tamper) -> None:
    if db.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL does not let a column hold another type")
    tamper("UPDATE audit_entry SET details = '{' WHERE position = 2")
    tamper("UPDATE audit_entry SET at = 'yesterday' WHERE position = 3")
    tamper("UPDATE audit_entry SET at = replace(at, ' ', 'T') WHERE position = 4")
    tamper("UPDATE audit_entry SET mac = x'00' WHERE position = 5")
    tamper("UPDATE audit_entry SET position = 'six' WHERE position = 6")
    assert {fault for fault, _from, _until in found()} == {Fault.FORGED, Fault.REMOVED, Fault.MOVED}


def test_a_removed_entry_leaves_a_gap(tamper: Tamper) -> None:
    tamper("DELETE FROM audit_entry WHERE position = 1", "DELETE FROM audit_entry WHERE position IN (4, 5)")
    assert found() == [(Fault.REMOVED, 1, 1), (Fault.REMOVED, 4, 5)]


def test_a_gap_that_was_closed_is_found(tamper: Tamper) -> None:
    tamper(
        "DELETE FROM audit_entry WHERE position = 4",
        *(
            f"UPDATE audit_entry SET position = {later - 1} WHERE position = {later}"
            for later in range(5, ENTRIES + 1)
        ),
    )
    assert (Fault.MOVED, 4, 4) in found()
    assert (Fault.CUT_OFF, ENTRIES, ENTRIES) in found()


def test_a_tail_that_was_cut_off_is_found(tamper: Tamper) -> None:
    tamper("DELETE FROM audit_entry WHERE position > 6")
    assert found() == [(Fault.CUT_OFF, 7, ENTRIES)]


def test_a_trail_that_was_emptied_is_found(tamper: Tamper) -> None:
    tamper("DELETE FROM audit_entry")
    assert found() == [(Fault.CUT_OFF, 1, ENTRIES)]


def test_a_tail_that_was_cut_off_is_found_after_more_was_written(tamper: Tamper) -> None:
    tamper("DELETE FROM audit_entry WHERE position > 6")
    write_entries(3)
    assert found() == [(Fault.REMOVED, 7, ENTRIES)]
    assert head().position == ENTRIES + 3


def test_a_head_on_paper_shows_that_the_noted_head_was_lost_too(tamper: Tamper) -> None:
    printed = head()
    tamper("DELETE FROM audit_entry WHERE position > 6")
    chain.head_file().unlink()
    write_entries(4)
    assert found() == []
    db.session.remove()
    assert [problem.fault for problem in proof.verify(printed)] == [Fault.REPLACED]


def test_a_trail_written_elsewhere_does_not_overwrite_the_noted_head(tamper: Tamper) -> None:
    noted = chain.head_file().read_text()
    tamper("DELETE FROM audit_entry WHERE position > 6")
    chain.head_file().unlink()  # as on another machine that shares the database
    write_entries(4)
    chain.head_file().write_text(noted)
    write_entries(1)
    assert chain.head_file().read_text() == noted
    assert found() == [(Fault.REPLACED, ENTRIES, ENTRIES)]


def test_a_noted_head_that_cannot_be_read_does_not_stop_anything(trail: None) -> None:
    chain.head_file().write_text("{")
    write_entries(1)
    assert chain.noted_head() == head()


def test_exchanged_positions_are_found(tamper: Tamper) -> None:
    tamper(
        "UPDATE audit_entry SET position = 1000 WHERE position = 3",
        "UPDATE audit_entry SET position = 3 WHERE position = 5",
        "UPDATE audit_entry SET position = 5 WHERE position = 1000",
    )
    assert {(Fault.MOVED, 3, 3), (Fault.MOVED, 5, 5)} <= set(found())


def test_exchanged_contents_are_found(tamper: Tamper) -> None:
    tamper(
        "UPDATE audit_entry SET reason = (SELECT reason FROM audit_entry WHERE position = 3) WHERE position = 5",
        "UPDATE audit_entry SET mac = (SELECT mac FROM audit_entry WHERE position = 3) WHERE position = 5",
    )
    assert found() == [(Fault.FORGED, 5, 5)]


COLUMNS = ", ".join(
    column.name for column in TABLE.columns if column.name not in ("id", "uid", "position", "digest")
)


def copy_of(position: int, uid: str) -> str:
    return (
        f"INSERT INTO audit_entry (id, uid, {COLUMNS}) SELECT 1000, '{uid}', {COLUMNS} "
        f"FROM audit_entry WHERE position = {position}"
    )


def test_an_inserted_entry_is_found_before_and_after_the_portal_seals_it(tamper: Tamper) -> None:
    tamper(copy_of(4, "forged"))
    assert found() == [(Fault.FORGED, 0, 0)]
    write_entries(1)
    assert {fault for fault, _from, _until in found()} == {Fault.FORGED}
    assert head().position == ENTRIES + 2


def test_an_entry_inserted_with_a_position_is_found(tamper: Tamper) -> None:
    tamper(
        copy_of(4, "forged"),
        f"UPDATE audit_entry SET position = {ENTRIES + 1}, digest = 'x' WHERE id = 1000",
    )
    assert found() == [(Fault.FORGED, ENTRIES + 1, ENTRIES + 1)]
    write_entries(1)
    assert (Fault.FORGED, ENTRIES + 1, ENTRIES + 1) in found()


def test_a_far_position_does_not_drown_the_report(tamper: Tamper) -> None:
    tamper(copy_of(4, "forged"), "UPDATE audit_entry SET position = 2000000000, digest = 'x' WHERE id = 1000")
    assert found() == [
        (Fault.REMOVED, ENTRIES + 1, 1_999_999_999),
        (Fault.FORGED, 2_000_000_000, 2_000_000_000),
    ]


def test_a_true_copy_is_found_although_nothing_in_it_was_changed(tamper: Tamper) -> None:
    tamper(
        "ALTER TABLE audit_entry RENAME TO audit_before",
        "CREATE TABLE audit_entry AS SELECT * FROM audit_before",
        copy_of(4, "x"),
        "UPDATE audit_entry SET uid = (SELECT uid FROM audit_entry WHERE position = 4) WHERE id = 1000",
    )
    assert found() == [(Fault.COPIED, 0, 0)]
    with db.engine.begin() as connection:
        chain.seal(connection)
    assert found() == [(Fault.COPIED, 0, 0)]


def test_two_entries_at_one_position_are_found(tamper: Tamper) -> None:
    tamper(
        "ALTER TABLE audit_entry RENAME TO audit_before",
        "CREATE TABLE audit_entry AS SELECT * FROM audit_before",
        "UPDATE audit_entry SET position = 4 WHERE position = 5",
        "UPDATE audit_entry SET position = -1 WHERE position = 6",
    )
    assert {(Fault.MOVED, 4, 4), (Fault.REMOVED, 5, 6), (Fault.MOVED, 0, 0)} <= set(found())


def test_a_trail_signed_with_another_key_is_found(
    app: Flask, trail: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config["VAULT"]._derived, "audit entries", bytes(32))
    assert [fault for fault, _from, _until in found()] == [Fault.FORGED] * ENTRIES


def test_a_long_trail_is_read_in_pieces(trail: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proof, "READ_AT_ONCE", 3)
    assert found() == []


CHANGES = st.tuples(st.sampled_from(TABLE.columns.keys()), st.integers(1, ENTRIES))


@given(st.lists(CHANGES, min_size=1, max_size=4))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_changes_anywhere_together_are_found(tamper: Tamper, changes: list[tuple[str, int]]) -> None:
    before = rows()
    for column, position in changes:
        value = "1000 + id" if column in ("id", "position") else ELSEWHERE.get(column, "'x' || id")
        tamper(f"UPDATE audit_entry SET {column} = {value} WHERE id = {before[position - 1]['id']}")
    assert found()
    put_back(before)
    assert found() == []


def test_what_is_signed_is_read_back_as_it_was_signed(app: Flask) -> None:
    odd = {
        "text": "𠅤 \"' \\ \u2028",
        "many": [1, 2.5, None, True],
        "inner": {"b": 1, "a": {"c": []}},
        "big": 2**53,
    }
    with everywhere(because="the test writes a trail"):
        entry = audit.record("test.odd", reason="行\n二", **odd)
        db.session.commit()
        assert entry.details == json.loads(json.dumps(odd))
        entry_id = entry.id
        proved = proof.proof_of(entry_id)
    assert proved.holds
    assert proved.position == 1
    assert found() == []


def test_one_entry_is_proved_by_itself(tamper: Tamper) -> None:
    tamper(
        "UPDATE audit_entry SET reason = '' WHERE position = 4", "DELETE FROM audit_entry WHERE position = 6"
    )
    holds = {row["position"]: proof.proof_of(row["id"]).holds for row in rows()}
    assert holds == {1: True, 2: True, 3: True, 4: False, 5: True, 7: False, 8: True}
