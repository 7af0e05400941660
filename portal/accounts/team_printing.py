"""网格公示牌: the notice board of a community, a group or a grid, with the teams of all three levels by title.

Hung up for everybody to read, so it tells names and the units' duty phones, and no private number. Gaps are lines to
fill in by hand.
"""

from dataclasses import dataclass
from datetime import date

from flask import Response, abort
from sqlalchemy import or_, select

from portal.access import scope
from portal.access.acting import Level, acting
from portal.access.scope import lies_in
from portal.accounts.models import TITLES, Title
from portal.accounts.team import BOARD_LEVELS, TEAM, Seat, seats
from portal.audit import service as audit
from portal.clock import today
from portal.database import db
from portal.printing.document import printed
from portal.printing.foot import Foot
from portal.printing.words import day_in_words
from portal.units.installation import foot
from portal.units.models import Unit

# As the office of 重阳街道 names them; paper is Chinese in both languages.
TEAM_NAMES = {
    Level.COMMUNITY: "一级　作战指挥部",
    Level.GROUP: "二级　先锋突击队",
    Level.GRID: "三级　网格员",
}
TITLE_NAMES = {
    Title.LIAISON_LEADER: "联系社区班子成员",
    Title.BRANCH_SECRETARY: "社区党支部书记",
    Title.FIRST_SECRETARY: "驻村第一书记",
    Title.COMMITTEE_MEMBER: "社区两委干部",
    Title.GROUP_LEADER: "居民小组长",
    Title.PARTY_MEMBER: "群众党员",
    Title.POSTED_CADRE: "驻村干部",
    Title.VOLUNTEER: "志愿服务队",
    Title.RESIDENT: "居民群众",
}


@dataclass(frozen=True)
class Row:
    """One unit: its name, for each title the names, and its duty phone. What is empty is written in by hand."""

    unit: str
    names: tuple[tuple[str, ...], ...]
    duty_phone: str


@dataclass(frozen=True)
class Band:
    """The teams of one level."""

    name: str
    titles: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Board:
    """What the notice board says."""

    unit: str
    bands: tuple[Band, ...]
    issuer: str
    issued_on: date
    foot: Foot

    @property
    def issued_on_in_words(self) -> str:
        """2026年11月23日"""
        return day_in_words(self.issued_on)


def print_board(unit: Unit) -> Response:
    """The board as the answer to a request, noted in the trail. 403 for a unit above, 404 where there is no board."""
    if unit.level not in BOARD_LEVELS:
        abort(404)
    if not scope.current().covers(unit):
        abort(403)
    audit.record("accounts.print_board", unit)
    return printed("accounts/board.html", board_of(unit), file_name=f"board-{unit.id}")


def board_of(unit: Unit) -> Board:
    """The board of a unit: its own team, those below it, and those above up to the community."""
    units = _units_on_the_board(unit)
    teams = seats(units)
    bands = (_band(level, [one for one in units if one.level == level], teams) for level in BOARD_LEVELS)
    return Board(
        unit=unit.full_name,
        bands=tuple(band for band in bands if band.rows),
        issuer=acting().unit_name or unit.full_name,
        issued_on=today(),
        foot=foot(with_unit=False),
    )


def _units_on_the_board(unit: Unit) -> list[Unit]:
    below = lies_in(Unit, unit.place)
    wanted = select(Unit).where(or_(Unit.id.in_(unit.place.line), below), Unit.level.in_(BOARD_LEVELS))
    wanted = wanted.where(or_(Unit.closed_at.is_(None), Unit.id == unit.id))
    return list(db.session.scalars(wanted.order_by(Unit.group_id, Unit.id)))


def _band(level: Level, units: list[Unit], teams: dict[int, tuple[Seat, ...]]) -> Band:
    titles = tuple(TITLE_NAMES[title] for title in TITLES[TEAM[level]])
    rows = tuple(
        Row(one.full_name, tuple(seat.names for seat in teams[one.id]), one.duty_phone) for one in units
    )
    return Band(TEAM_NAMES[level], titles, rows)
