"""A unit's team by title on its page and on the notice board, gaps named."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask, g
from sqlalchemy import select
from werkzeug.exceptions import Forbidden, NotFound

from portal.access.acting import Acting, Level
from portal.access.policy import Role
from portal.access.scope import everywhere, look_through
from portal.accounts import team, team_printing
from portal.accounts.models import TITLES, Account, Appointment, Title
from portal.audit.models import AuditEntry
from portal.clock import now, today
from portal.database import db
from portal.printing.document import pdf
from portal.units import service as units
from portal.units.models import Unit
from tests.people import li, unit

pytestmark = pytest.mark.any_database


def appoint(name: str, title: Title, where: str, **values: Any) -> Account:
    """Somebody new, at work since yesterday."""
    role = next(role for role, titles in TITLES.items() if title in titles)
    account = Account(
        sign_in_name=name, name=name, password_hash="!", unit_id=unit(where).id, created_at=now()
    )
    since = today() - timedelta(days=1)
    account.appointments.append(
        Appointment(**{"unit_id": unit(where).id, "role": role, "title": title, "since": since, **values})
    )
    db.session.add(account)
    db.session.flush()
    return account


@pytest.fixture
def world(app: Flask) -> Iterator[None]:
    """Everything is visible, and a commander of the first community acts."""
    with (
        app.test_request_context(headers={"Cookie": "language=en"}),
        everywhere(because="teams are put together"),
    ):
        place = unit("豫苑社区").place
        g.acting = Acting(1, 1, "王书记", Role.COMMANDER, "", place, "豫苑社区")
        yield
        db.session.rollback()


def names(where: str) -> dict[Title, tuple[str, ...]]:
    found = unit(where)
    return {seat.title: seat.names for seat in team.seats([found])[found.id]}


@pytest.mark.parametrize(
    ("where", "titles"),
    [
        ("豫苑社区", [Title.LIAISON_LEADER, Title.BRANCH_SECRETARY, Title.FIRST_SECRETARY]),
        ("豫苑社区三组", [Title.COMMITTEE_MEMBER, Title.GROUP_LEADER, Title.PARTY_MEMBER]),
        ("豫苑社区三组二格", [Title.POSTED_CADRE, Title.VOLUNTEER, Title.RESIDENT]),
        ("重阳街道", [Title.OFFICE_DIRECTOR, Title.OFFICE_STAFF]),
    ],
)
def test_each_level_has_its_three_kinds_of_member(world: None, where: str, titles: list[Title]) -> None:
    assert list(names(where)) == titles


def test_every_title_of_a_team_is_on_the_board_in_chinese() -> None:
    titles = {title for level in team.BOARD_LEVELS for title in TITLES[team.TEAM[level]]}
    assert set(team_printing.TITLE_NAMES) == titles
    assert set(team_printing.TEAM_NAMES) == set(team.BOARD_LEVELS)


def test_those_in_office_today_are_named_and_gaps_stay_empty(world: None) -> None:
    appoint("甲", Title.FIRST_SECRETARY, "豫苑社区")
    appoint("乙", Title.FIRST_SECRETARY, "豫苑社区")
    appoint("去", Title.LIAISON_LEADER, "豫苑社区", until=today() - timedelta(days=1))
    appoint("来", Title.LIAISON_LEADER, "豫苑社区", since=today() + timedelta(days=1))
    appoint("关", Title.LIAISON_LEADER, "豫苑社区").disabled_at = now()
    appoint("他", Title.LIAISON_LEADER, "建设路社区")
    assert names("豫苑社区") == {
        Title.LIAISON_LEADER: (),
        Title.BRANCH_SECRETARY: ("演示·wang",),
        Title.FIRST_SECRETARY: ("甲", "乙"),
    }


def test_a_volunteer_at_a_gate_is_not_of_the_grids_team(world: None) -> None:
    gate = units.create_checkpoint(unit("豫苑社区三组二格"), "岗亭")
    appoint("门", Title.VOLUNTEER, "豫苑社区三组二格", role=Role.GATEKEEPER, checkpoint_id=gate.id)
    assert names("豫苑社区三组二格")[Title.VOLUNTEER] == ("演示·qian",)


def test_the_team_above_is_read_from_below(world: None) -> None:
    grid, community = unit("豫苑社区三组二格"), unit("豫苑社区")
    look_through(grid.place)
    assert team.seats([community])[community.id][1].names == ("演示·wang",)


def test_the_panel_names_gaps_and_escapes_names(world: None) -> None:
    appoint("<b>甲</b>", Title.FIRST_SECRETARY, "豫苑社区")
    panel = str(team.panel(unit("豫苑社区")))
    assert "&lt;b&gt;甲&lt;/b&gt;" in panel
    assert "Missing: Leader in charge of the community" in panel
    assert "Missing: Posted first secretary" not in panel


def test_above_the_community_only_those_who_are_there_are_named(world: None) -> None:
    panel = str(team.panel(unit("重阳街道")))
    assert "演示·li" in panel
    assert "Missing" not in panel
    assert team.panel(unit("上蔡县")) is None


def test_a_units_page_shows_its_team(visit: Callable[..., Any]) -> None:
    assert visit("units.show", as_=li, unit_id=unit("豫苑社区").id).has("Missing: Posted first secretary")


# ── the board ────────────────────────────────────────────────────────────────────────────────────────────────────


def rows(board: team_printing.Board) -> list[list[str]]:
    return [[row.unit for row in band.rows] for band in board.bands]


def test_a_board_shows_the_unit_what_lies_below_and_the_way_up_to_the_community(world: None) -> None:
    units.create_unit(unit("豫苑社区"), Level.GROUP, "四组")
    assert rows(team_printing.board_of(unit("豫苑社区"))) == [
        ["豫苑社区"],
        ["豫苑社区三组", "豫苑社区四组"],
        ["豫苑社区三组二格", "豫苑社区三组一格"],
    ]
    assert rows(team_printing.board_of(unit("豫苑社区三组二格"))) == [
        ["豫苑社区"],
        ["豫苑社区三组"],
        ["豫苑社区三组二格"],
    ]


def test_a_board_tells_names_and_duty_phones_and_no_private_number(world: None) -> None:
    appoint("甲", Title.FIRST_SECRETARY, "豫苑社区").phone = "13800001111"
    units.change_unit(unit("豫苑社区"), name="豫苑社区", duty_phone="0396-6921234")
    board = team_printing.board_of(unit("豫苑社区"))
    assert board.bands[0].rows[0].names == ((), ("演示·wang",), ("甲",))
    assert board.bands[0].rows[0].duty_phone == "0396-6921234"
    assert board.issuer == "豫苑社区"
    assert "13800001111" not in str(board)


def test_printing_a_board_is_noted(world: None) -> None:
    response = team_printing.print_board(unit("豫苑社区"))
    assert response.mimetype == "application/pdf"
    last = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    assert (last.action, last.subject_id) == ("accounts.print_board", unit("豫苑社区").id)


def test_a_board_is_printed_for_ones_own_place_only(world: None) -> None:
    street, community, group = unit("重阳街道"), unit("豫苑社区"), unit("豫苑社区三组")
    with pytest.raises(NotFound):
        team_printing.print_board(street)
    look_through(group.place)
    with pytest.raises(Forbidden):
        team_printing.print_board(db.session.get_one(Unit, community.id))


def test_a_large_board_goes_on_on_further_sheets(world: None) -> None:
    for number in range(40):
        units.create_unit(unit("豫苑社区三组"), Level.GRID, f"第{number}格")
    assert pdf("accounts/board.html", team_printing.board_of(unit("豫苑社区"))).startswith(b"%PDF")
