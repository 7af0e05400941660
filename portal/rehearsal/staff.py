"""The demo's teams: everybody whom the README names, and enough others that boards show teams and gaps."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from portal.access.policy import Role
from portal.accounts.models import Account, Appointment, Title
from portal.accounts.passwords import hash_password
from portal.clock import now, today
from portal.database import db
from portal.rehearsal.people import DEMO, Invented
from portal.units.models import Checkpoint, Unit

PASSWORD = "gridgate-demo"  # noqa: S105 (the README's, for invented people only)
STREET = "重阳街道"
COMMUNITY, OTHER_COMMUNITY = "豫苑社区", "建设路社区"
GROUP, GRID = "豫苑社区三组", "豫苑社区三组二格"
NORTH_GATE = "北门"
OTHER_GROUP, OTHER_GRID = "建设路社区一组", "建设路社区一组一格"


@dataclass(frozen=True)
class Player:
    """Somebody with a sign-in: name to sign in with, person, and appointments (role, title, unit, gate)."""

    sign_in_name: str
    name: str
    appointments: tuple[tuple[Role, Title, str | None, str | None], ...]


PLAYERS = (
    Player("li", "李主任", ((Role.OFFICE, Title.OFFICE_DIRECTOR, STREET, None),)),
    Player("hu", "胡副主任", ((Role.OFFICE, Title.OFFICE_STAFF, STREET, None),)),
    Player("wang", "王书记", ((Role.COMMANDER, Title.BRANCH_SECRETARY, COMMUNITY, None),)),
    Player(
        "zhao",
        "赵组长",
        (
            (Role.SHOCK_TEAM, Title.GROUP_LEADER, GROUP, None),
            (Role.GATEKEEPER, Title.PARTY_MEMBER, COMMUNITY, NORTH_GATE),
        ),
    ),
    Player("qian", "钱小梅", ((Role.GRID_MEMBER, Title.VOLUNTEER, GRID, None),)),
    Player("gu", "顾师傅", ((Role.GATEKEEPER, Title.GATE_STAFF, COMMUNITY, NORTH_GATE),)),
    Player("sun", "孙书记", ((Role.COMMANDER, Title.BRANCH_SECRETARY, OTHER_COMMUNITY, None),)),
    Player("an", "安督查", ((Role.AUDITOR, Title.SUPERVISOR, STREET, None),)),
    Player("root", "管理员", ((Role.ADMIN, Title.ADMINISTRATOR, None, None),)),
)

# Who else stands on the boards. What is missing here is a gap that the boards name.
TEAMS = (
    (Role.COMMANDER, Title.LIAISON_LEADER, COMMUNITY),
    (Role.COMMANDER, Title.FIRST_SECRETARY, COMMUNITY),
    (Role.SHOCK_TEAM, Title.COMMITTEE_MEMBER, GROUP),
    (Role.SHOCK_TEAM, Title.PARTY_MEMBER, GROUP),
    (Role.SHOCK_TEAM, Title.PARTY_MEMBER, GROUP),
    (Role.SHOCK_TEAM, Title.GROUP_LEADER, "豫苑社区一组"),
    (Role.SHOCK_TEAM, Title.COMMITTEE_MEMBER, "豫苑社区二组"),
    (Role.SHOCK_TEAM, Title.GROUP_LEADER, "豫苑社区二组"),
    (Role.GRID_MEMBER, Title.POSTED_CADRE, GRID),
    (Role.GRID_MEMBER, Title.RESIDENT, GRID),
    (Role.GRID_MEMBER, Title.VOLUNTEER, "豫苑社区三组一格"),
    (Role.GRID_MEMBER, Title.POSTED_CADRE, "豫苑社区一组一格"),
    (Role.GRID_MEMBER, Title.VOLUNTEER, "豫苑社区二组一格"),
    (Role.COMMANDER, Title.FIRST_SECRETARY, OTHER_COMMUNITY),
    (Role.SHOCK_TEAM, Title.GROUP_LEADER, OTHER_GROUP),
    (Role.GRID_MEMBER, Title.VOLUNTEER, OTHER_GRID),
)
OTHER_TEAM = tuple(
    f"demo{number}"
    for number, (_role, _title, unit) in enumerate(TEAMS, 1)
    if unit in (OTHER_GROUP, OTHER_GRID)
)


def appoint_everybody(invented: Invented) -> None:
    """Open all accounts. Only PLAYERS can sign in; the others have no password that anybody knows."""
    known = hash_password(PASSWORD)
    for player in PLAYERS:
        account = _account(player.sign_in_name, DEMO + player.name, known, player.appointments[0][2])
        for role, title, unit, gate in player.appointments:
            _appoint(account, role, title, unit, gate)
    for number, (role, title, unit) in enumerate(TEAMS, start=1):
        account = _account(f"demo{number}", invented.name(), "!", unit)
        account.phone = invented.phone()
        _appoint(account, role, title, unit, None)
    db.session.flush()


def _account(sign_in_name: str, name: str, password_hash: str, unit: str | None) -> Account:
    account = Account(
        sign_in_name=sign_in_name,
        name=name,
        unit_id=unit and unit_named(unit).id,
        password_hash=password_hash,
        created_at=now(),
    )
    db.session.add(account)
    return account


def _appoint(account: Account, role: Role, title: Title, unit: str | None, gate: str | None) -> None:
    account.appointments.append(
        Appointment(
            unit_id=unit and unit_named(unit).id,
            role=role,
            title=title,
            checkpoint_id=gate and gate_named(gate).id,
            since=today() - timedelta(days=10),
        )
    )


def unit_named(full_name: str) -> Unit:
    """A unit of the demo street."""
    street = select(Unit.id).where(Unit.code == "411722003").scalar_subquery()
    wanted = select(Unit).where(Unit.full_name == full_name, Unit.street_id == street)
    return db.session.scalars(wanted).one()


def gate_named(name: str) -> Checkpoint:
    """A gate of the demo's first community."""
    community = unit_named(COMMUNITY).id
    wanted = select(Checkpoint).where(Checkpoint.name == name, Checkpoint.community_id == community)
    return db.session.scalars(wanted).one()
