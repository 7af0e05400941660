"""A unit's team by title, gaps named: on the unit's page, and as the notice board that hangs in the community.

Who serves where is public, it hangs on the wall: so the team of a unit that somebody sees is read whole, also that of
the units above. Private telephone numbers are not.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup
from sqlalchemy import or_, select

from portal.access import scope
from portal.access.acting import Level
from portal.access.policy import Role
from portal.access.scope import everywhere
from portal.accounts.models import TITLES, Account, Appointment, Title
from portal.clock import today
from portal.database import db
from portal.units.models import Unit
from portal.web.page import part

TEAM = {
    Level.COUNTY: Role.OFFICE,
    Level.STREET: Role.OFFICE,
    Level.COMMUNITY: Role.COMMANDER,
    Level.GROUP: Role.SHOCK_TEAM,
    Level.GRID: Role.GRID_MEMBER,
}
BOARD_LEVELS = (Level.COMMUNITY, Level.GROUP, Level.GRID)


@dataclass(frozen=True)
class Seat:
    """One title of a team, and who has it; nobody is a gap."""

    title: Title
    names: tuple[str, ...]


def seats(units: Iterable[Unit]) -> dict[int, tuple[Seat, ...]]:
    """The team of each unit by unit id: every title that its level has, in the order of the model."""
    levels = {unit.id: unit.level for unit in units}
    names = _names(set(levels))
    return {
        unit_id: tuple(Seat(title, tuple(names[unit_id, title])) for title in TITLES[TEAM[level]])
        for unit_id, level in levels.items()
    }


def _names(unit_ids: set[int]) -> dict[tuple[int, Title], list[str]]:
    day = today()
    in_force = (
        select(Appointment.unit_id, Appointment.title, Account.name)
        .join(Account)
        .where(
            Appointment.unit_id.in_(unit_ids),
            Appointment.role.in_(set(TEAM.values())),
            Appointment.since <= day,
            or_(Appointment.until.is_(None), Appointment.until >= day),
            Account.disabled_at.is_(None),
        )
    )
    found: dict[tuple[int, Title], list[str]] = defaultdict(list)
    with everywhere(because="who serves where hangs on the wall for everybody to read"):
        for row in db.session.execute(in_force.order_by(Appointment.since, Appointment.id)):
            found[row.unit_id, row.title].append(row.name)
    return found


def panel(unit: Unit) -> Markup | None:
    """The team on the unit's page. Gaps are named where the model asks for somebody of each kind."""
    on_board = unit.level in BOARD_LEVELS
    shown = [seat for seat in seats([unit])[unit.id] if seat.names or on_board]
    if not shown:
        return None
    return part(
        "accounts/team.html",
        unit=unit,
        seats=shown,
        may_print=on_board and scope.current().covers(unit),
    )
