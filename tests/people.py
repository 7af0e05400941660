"""The people of the tests. Everybody knows them; nobody needs a fixture to be introduced.

::

    installation          root  (administrator)
    上蔡县
    └ 重阳街道            li    (office)   an (auditor)
      ├ 豫苑社区          wang  (commander)            北门: gu (gatekeeper)
      │ └ 三组            zhao  (shock team)
      │   └ 二格          qian  (grid member)
      └ 建设路社区        sun   (commander)            东门: he (gatekeeper)
        └ 一组            zhou  (shock team)
          └ 一格          wu    (grid member)          strangers to wang and hers
"""

from dataclasses import dataclass
from datetime import date

from argon2 import PasswordHasher
from sqlalchemy import select

from portal.access.acting import Level
from portal.access.policy import Role
from portal.access.scope import everywhere
from portal.accounts.models import Account, Appointment, Title
from portal.clock import now
from portal.database import db
from portal.units.models import Checkpoint, Unit

PASSWORD = "gridgate-demo"
PASSWORD_HASH = PasswordHasher(memory_cost=8, time_cost=1, parallelism=1).hash(PASSWORD)  # at the tests' cost


@dataclass(frozen=True)
class Person:
    """A name to sign in with, what the person is, and where."""

    sign_in_name: str
    role: Role
    title: Title
    unit: str | None
    gate: str | None = None

    def __str__(self) -> str:
        return self.sign_in_name


li = Person("li", Role.OFFICE, Title.OFFICE_DIRECTOR, "重阳街道")
an = Person("an", Role.AUDITOR, Title.SUPERVISOR, "重阳街道")
wang = Person("wang", Role.COMMANDER, Title.BRANCH_SECRETARY, "豫苑社区")
zhao = Person("zhao", Role.SHOCK_TEAM, Title.GROUP_LEADER, "豫苑社区三组")
qian = Person("qian", Role.GRID_MEMBER, Title.VOLUNTEER, "豫苑社区三组二格")
gu = Person("gu", Role.GATEKEEPER, Title.GATE_STAFF, "豫苑社区", gate="北门")
sun = Person("sun", Role.COMMANDER, Title.BRANCH_SECRETARY, "建设路社区")
zhou = Person("zhou", Role.SHOCK_TEAM, Title.GROUP_LEADER, "建设路社区一组")
wu = Person("wu", Role.GRID_MEMBER, Title.VOLUNTEER, "建设路社区一组一格")
he = Person("he", Role.GATEKEEPER, Title.GATE_STAFF, "建设路社区", gate="东门")
root = Person("root", Role.ADMIN, Title.ADMINISTRATOR, None)

STRANGERS = {wang: sun, zhao: zhou, qian: wu, gu: he}  # who has the same role beside
EVERYONE = (li, an, wang, zhao, qian, gu, sun, zhou, wu, he, root)
AT_WORK = (li, an, wang, zhao, qian, gu, root)  # one of each role, on one line of the tree

TREE = (
    # full name, name, level, code, parent
    ("上蔡县", "上蔡县", Level.COUNTY, "411722", None),
    ("重阳街道", "重阳街道", Level.STREET, "411722003", "上蔡县"),
    ("豫苑社区", "豫苑社区", Level.COMMUNITY, "411722003001", "重阳街道"),
    ("豫苑社区三组", "三组", Level.GROUP, None, "豫苑社区"),
    ("豫苑社区三组二格", "二格", Level.GRID, None, "豫苑社区三组"),
    ("豫苑社区三组一格", "一格", Level.GRID, None, "豫苑社区三组"),
    ("建设路社区", "建设路社区", Level.COMMUNITY, "411722003002", "重阳街道"),
    ("建设路社区一组", "一组", Level.GROUP, None, "建设路社区"),
    ("建设路社区一组一格", "一格", Level.GRID, None, "建设路社区一组"),
)
GATES = (("北门", "豫苑社区"), ("东门", "建设路社区"))


def settle() -> None:
    """Write the tree, the gates and everybody's account and appointment."""
    with everywhere(because="the tests' world is made"):
        for full_name, name, level, code, parent in TREE:
            above = unit(parent) if parent else None
            db.session.add(
                Unit(full_name=full_name, name=name, level=level, code=code, parent_id=above and above.id)
            )
            db.session.flush()
        for name, community in GATES:
            db.session.add(Checkpoint(name=name, unit_id=unit(community).id))
        db.session.flush()
        for person in EVERYONE:
            _appoint(person)
        db.session.commit()


def _appoint(person: Person) -> None:
    unit_id = unit(person.unit).id if person.unit else None
    gate = (
        db.session.scalar(select(Checkpoint.id).where(Checkpoint.name == person.gate))
        if person.gate
        else None
    )
    account = Account(
        sign_in_name=person.sign_in_name,
        name=f"演示·{person.sign_in_name}",
        unit_id=unit_id,
        password_hash=PASSWORD_HASH,
        created_at=now(),
    )
    account.appointments.append(
        Appointment(
            unit_id=unit_id, role=person.role, title=person.title, checkpoint_id=gate, since=date(2020, 1, 1)
        )
    )
    db.session.add(account)


def unit(full_name: str) -> Unit:
    """A unit of the tests' tree, whatever the scope."""
    with everywhere(because="tests look units up by name"):
        return db.session.scalars(select(Unit).where(Unit.full_name == full_name)).one()
