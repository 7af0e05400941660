"""Who serves where a household is, and so can answer for it; and the standing order of a grid."""

from dataclasses import dataclass

from sqlalchemy import or_, select

from portal.access.acting import Level, Place
from portal.access.policy import Role
from portal.access.scope import everywhere
from portal.accounts.models import Account, Appointment, Title
from portal.clock import today
from portal.database import db
from portal.units.models import Unit

SERVE = {Role.GRID_MEMBER: Level.GRID, Role.SHOCK_TEAM: Level.GROUP, Role.COMMANDER: Level.COMMUNITY}


@dataclass(frozen=True)
class Worker:
    """Somebody at work in a grid or above it. ``duty_phone`` is that of the unit, as it stands on its board."""

    account_id: int
    name: str
    role: Role
    title: Title
    unit_id: int | None
    unit_name: str
    duty_phone: str

    @property
    def in_standing_order(self) -> bool:
        """Grid members, and after them the group's leader, answer for new households."""
        return self.role is Role.GRID_MEMBER or self.title is Title.GROUP_LEADER


def serving(place: Place) -> list[Worker]:
    """Who can answer for households of a place: the nearest first, at each level who has been there longest.

    Not who serves for the last day today: nothing more is given to somebody who leaves.
    """
    day = today()
    at_work = (
        select(
            Account.id,
            Account.name,
            Appointment.role,
            Appointment.title,
            Appointment.unit_id,
            Unit.full_name,
            Unit.duty_phone,
        )
        .join(Appointment, Appointment.account_id == Account.id)
        .join(Unit, Unit.id == Appointment.unit_id)
        .where(
            Appointment.unit_id.in_(place.line),
            Appointment.role.in_(SERVE),
            Appointment.since <= day,
            or_(Appointment.until.is_(None), Appointment.until > day),
            Account.disabled_at.is_(None),
        )
        .order_by(Appointment.since, Appointment.id)
    )
    with everywhere(because="who answers for a household also serves in the units above it"):
        rows = db.session.execute(at_work).all()
    nearest_first = sorted(rows, key=lambda row: list(SERVE).index(row.role))
    workers = {row.id: Worker(*row) for row in reversed(nearest_first)}
    return list(reversed(workers.values()))


def standing_order(workers: list[Worker]) -> list[int]:
    """The accounts that take over in turn: the grid's members, then the group's leader."""
    return [worker.account_id for worker in workers if worker.in_standing_order]


def names_of(account_ids: set[int | None]) -> dict[int, str]:
    """What the accounts are called, wherever they belong."""
    named = select(Account.id, Account.name).where(Account.id.in_(account_ids - {None}))
    with everywhere(because="who answers for a household is told to whoever sees the household"):
        return {row.id: row.name for row in db.session.execute(named)}
