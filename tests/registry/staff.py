"""More people for the grids of the tests' community."""

from datetime import date
from itertools import count

from sqlalchemy import select

from portal.access.acting import Level
from portal.access.policy import Role
from portal.access.scope import everywhere
from portal.accounts.models import Account, Appointment, Title
from portal.clock import now
from portal.database import db
from portal.units.models import Unit
from tests import people

NUMBERS = count(1)
HERE, BESIDE, ELSEWHERE = "豫苑社区三组二格", "豫苑社区三组一格", "建设路社区一组一格"


def account(sign_in_name: str) -> int:
    """The account of one of the tests' people."""
    with everywhere(because="the test looks"):
        return db.session.scalars(select(Account.id).where(Account.sign_in_name == sign_in_name)).one()


def hire(
    unit: str,
    role: Role = Role.GRID_MEMBER,
    title: Title = Title.VOLUNTEER,
    *,
    since: date = date(2026, 1, 1),
    until: date | None = None,
) -> int:
    """Somebody else with an appointment at a unit. Returns the account."""
    number = next(NUMBERS)
    with everywhere(because="the test makes people"):
        unit_id = people.unit(unit).id
        somebody = Account(
            sign_in_name=f"hired{number}",
            name=f"演示·同事{number}",
            unit_id=unit_id,
            password_hash="!",
            created_at=now(),
        )
        appointment = Appointment(unit_id=unit_id, role=role, title=title, since=since, until=until)
        somebody.appointments.append(appointment)
        db.session.add(somebody)
        db.session.commit()
        return somebody.id


def new_grid(name: str, group: str = "豫苑社区三组") -> str:
    """Another grid in a group. Returns its full name."""
    with everywhere(because="the test makes a grid"):
        above = people.unit(group)
        db.session.add(Unit(name=name, full_name=f"{group}{name}", level=Level.GRID, parent_id=above.id))
        db.session.commit()
    return f"{group}{name}"
