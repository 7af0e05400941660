"""The tree: levels, names, codes, gates."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from portal.access.acting import Level
from portal.access.scope import OutOfScope, everywhere, look_through
from portal.audit.models import AuditEntry
from portal.database import db
from portal.units import rules, service
from portal.units.models import Checkpoint, Unit
from portal.web.errors import Refused
from tests.people import unit

pytestmark = pytest.mark.any_database

LEVELS = [None, *Level]


@pytest.fixture
def tree(app: Flask) -> Iterator[None]:
    """The tests' tree, with nothing hidden."""
    with app.test_request_context(), everywhere(because="the whole tree is tested"):
        yield
        db.session.rollback()


def last_entry() -> AuditEntry:
    return db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()


@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize("above", LEVELS)
def test_each_level_hangs_under_the_one_above_and_streets_may_stand_alone(
    level: Level, above: Level | None
) -> None:
    one_above = LEVELS[LEVELS.index(level) - 1]
    assert rules.may_hang_under(level, above) == (
        above == one_above or (level == Level.STREET and above is None)
    )


@pytest.mark.parametrize(
    ("level", "name", "above", "called"),
    [
        (Level.COUNTY, "上蔡县", "", "上蔡县"),
        (Level.STREET, "重阳街道", "上蔡县", "重阳街道"),
        (Level.COMMUNITY, "豫苑社区居委会", "重阳街道", "豫苑社区"),
        (Level.COMMUNITY, "黄埠社区居民委员会", "黄埠镇", "黄埠社区"),
        (Level.COMMUNITY, "新庄村民委员会", "黄埠镇", "新庄村"),
        (Level.COMMUNITY, "新庄村村委会", "黄埠镇", "新庄村"),
        (Level.COMMUNITY, "豫苑社区", "重阳街道", "豫苑社区"),
        (Level.GROUP, "三组", "豫苑社区", "豫苑社区三组"),
        (Level.GRID, "二格", "豫苑社区三组", "豫苑社区三组二格"),
    ],
)
def test_units_are_called_as_people_call_them(level: Level, name: str, above: str, called: str) -> None:
    assert rules.full_name(level, name, above) == called


@pytest.mark.parametrize(
    ("code", "level", "good"),
    [
        ("411722", Level.COUNTY, True),
        ("411722003", Level.STREET, True),
        ("411722003001", Level.COMMUNITY, True),
        ("41172200300", Level.COMMUNITY, False),
        ("011722003001", Level.COMMUNITY, False),
        ("4117２２", Level.COUNTY, False),
        ("411722003001", Level.GROUP, False),
        ("", Level.COUNTY, False),
    ],
)
def test_division_codes_have_the_length_of_their_level(code: str, level: Level, good: bool) -> None:
    assert rules.is_code(code, level) == good


def test_a_new_grid_belongs_to_everything_above_it(tree: None) -> None:
    grid = service.create_unit(unit("豫苑社区三组"), Level.GRID, "三格")
    assert grid.full_name == "豫苑社区三组三格"
    above = [unit(name).id for name in ("上蔡县", "重阳街道", "豫苑社区", "豫苑社区三组")]
    assert grid.place.line == (*above, grid.id)
    assert (last_entry().action, last_entry().subject_id) == ("units.create", grid.id)


def test_a_grid_cannot_hang_under_a_community(tree: None) -> None:
    with pytest.raises(ValueError, match="cannot hang"):
        service.create_unit(unit("豫苑社区"), Level.GRID, "一格")


def test_a_code_must_be_one_of_the_level_and_free(tree: None) -> None:
    street = unit("重阳街道")
    with pytest.raises(ValueError, match="no code"):
        service.create_unit(street, Level.COMMUNITY, "新社区", "41")
    with pytest.raises(Refused):
        service.create_unit(street, Level.COMMUNITY, "新社区", "411722003001")


def test_neighbours_have_different_names_and_others_may_have_the_same(tree: None) -> None:
    with pytest.raises(Refused):
        service.create_unit(unit("豫苑社区三组"), Level.GRID, "一格")
    service.create_unit(unit("豫苑社区"), Level.GROUP, "一组")  # 建设路社区 has one of this name
    service.create_unit(None, Level.STREET, "蔡都街道")
    with pytest.raises(Refused):
        service.create_unit(None, Level.STREET, "蔡都街道")


def test_what_lies_below_is_called_after_a_renamed_unit(tree: None) -> None:
    community = unit("豫苑社区")
    service.change_unit(community, name="豫园社区居委会", duty_phone="")
    db.session.flush()
    below = db.session.scalars(
        select(Unit.full_name).where(Unit.community_id == community.id).order_by(Unit.id)
    )
    assert list(below) == ["豫园社区", "豫园社区三组", "豫园社区三组二格", "豫园社区三组一格"]
    assert last_entry().details == {"was": "豫苑社区", "name": "豫园社区居委会"}


def test_changing_nothing_leaves_no_entry(tree: None) -> None:
    before = last_entry_id()
    service.change_unit(unit("豫苑社区"), name="豫苑社区", duty_phone="")
    assert last_entry_id() == before


def last_entry_id() -> int | None:
    db.session.flush()
    return db.session.scalars(select(AuditEntry.id).order_by(AuditEntry.id.desc()).limit(1)).first()


def test_a_unit_never_moves(tree: None) -> None:
    unit("豫苑社区三组二格").parent_id = unit("建设路社区一组").id
    with pytest.raises(RuntimeError, match="cannot move"):
        db.session.flush()


def test_a_commander_changes_only_what_lies_below(tree: None) -> None:
    street, community = unit("重阳街道"), unit("豫苑社区")
    look_through(community.place)
    service.create_unit(community, Level.GROUP, "四组")
    with pytest.raises(OutOfScope):
        service.change_unit(db.session.merge(street), name="别的街道", duty_phone="")
    db.session.rollback()


def test_a_gate_is_opened_changed_and_closed(tree: None) -> None:
    gate = service.create_checkpoint(unit("豫苑社区"), "东门", open_to_vehicles=True)
    assert gate.place_comes_from == unit("豫苑社区").id
    service.change_checkpoint(gate, name="东侧门", open_to_vehicles=False)
    service.close_checkpoint(gate, "施工")
    db.session.flush()
    assert (gate.name, gate.open_to_vehicles, gate.closed) == ("东侧门", False, True)
    actions = select(AuditEntry.action).where(
        AuditEntry.subject == "checkpoint", AuditEntry.subject_id == gate.id
    )
    assert list(db.session.scalars(actions.order_by(AuditEntry.id))) == [
        "checkpoints.create",
        "checkpoints.change",
        "checkpoints.close",
    ]


def test_open_gates_of_a_unit_have_different_names(tree: None) -> None:
    community = unit("豫苑社区")
    with pytest.raises(Refused):
        service.create_checkpoint(community, "北门")
    other = service.create_checkpoint(community, "南门")
    with pytest.raises(Refused):
        service.change_checkpoint(other, name="北门", open_to_vehicles=False)
    north = db.session.scalars(select(Checkpoint).where(Checkpoint.name == "北门")).one()
    service.close_checkpoint(north, "封闭")
    service.create_checkpoint(community, "北门")


def test_a_closed_gate_stays_closed(tree: None) -> None:
    gate = service.create_checkpoint(unit("豫苑社区"), "东门")
    service.close_checkpoint(gate, "施工")
    with pytest.raises(Refused):
        service.close_checkpoint(gate, "施工")
    with pytest.raises(Refused):
        service.change_checkpoint(gate, name="西门", open_to_vehicles=False)
