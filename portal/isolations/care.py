"""五包一: who looks after an isolated person. Proposed from who answers for the household and who did it last."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, exists, or_, select

from portal.access.acting import Level
from portal.access.policy import Role
from portal.access.scope import place_of
from portal.accounts.models import Account, Appointment
from portal.audit import service as audit
from portal.clock import now, today
from portal.database import db
from portal.isolations.kinds import CarerRole
from portal.isolations.models import OPEN, Carer, Isolation
from portal.registry.models import Household
from portal.registry.serving import Worker, serving
from portal.workflow import states

# Who has no account here: whoever did it last in the community.
OUTSIDERS = (CarerRole.MEDIC, CarerRole.POLICE)
_AT_WORK = and_(Isolation.state.in_(OPEN), Carer.relieved_at.is_(None))
SERVES_AS = {CarerRole.CADRE: (Role.COMMANDER, Role.SHOCK_TEAM), CarerRole.GRID_MEMBER: (Role.GRID_MEMBER,)}


@dataclass(frozen=True)
class Named:
    """Somebody for the team. ``account_id`` None: somebody without an account here."""

    role: CarerRole
    name: str
    phone: str = ""
    account_id: int | None = None


@dataclass(frozen=True)
class Place:
    """One place of the team as it is shown: ``carer`` None is a gap, ``serves`` False somebody who has left."""

    role: CarerRole
    carer: Carer | None
    serves: bool

    @property
    def is_gap(self) -> bool:
        """Whether nobody looks after the person in this place."""
        return self.carer is None or not self.serves


def team_of(isolation: Isolation) -> list[Place]:
    """The five places of the team, gaps named."""
    present = {carer.role: carer for carer in isolation.team if carer.relieved_at is None}
    at_work = {worker.account_id for worker in serving(place_of(isolation.unit_id))}
    return [
        Place(role, carer, carer is None or carer.account_id is None or carer.account_id in at_work)
        for role in CarerRole
        for carer in [present.get(role)]
    ]


def choices(unit_id: int, role: CarerRole) -> list[Worker]:
    """Who serves at a place and can be the cadre or the grid member."""
    return [worker for worker in serving(place_of(unit_id)) if worker.role in SERVES_AS[role]]


def propose(household: Household) -> list[Named]:
    """Who would look after somebody of the household: nobody is asked again for what is known."""
    grid_member = next(
        (
            worker
            for worker in serving(place_of(household.unit_id))
            if worker.account_id == household.responsible_id
        ),
        None,
    )
    workers = {
        CarerRole.GRID_MEMBER: grid_member,
        CarerRole.CADRE: next(iter(choices(household.unit_id, CarerRole.CADRE)[::-1]), None),
    }
    found = [named_worker(role, worker) for role, worker in workers.items() if worker]
    return found + [named for role in OUTSIDERS if (named := _last_in_community(household, role))]


def named_worker(role: CarerRole, worker: Worker) -> Named:
    """A worker for a place of the team, with the phone of the account, as far as one sees it, or that of the unit."""
    phone = db.session.scalar(select(Account.phone).where(Account.id == worker.account_id)) or ""
    return Named(role, worker.name, phone or worker.duty_phone, worker.account_id)


def appoint(isolation: Isolation, team: Iterable[Named]) -> list[CarerRole]:
    """Give these people their places; whom they replace is relieved. Returns the places that changed."""
    wanted = {named.role: named for named in team}
    return [role for role in CarerRole if _give(isolation, role, wanted.get(role))]


def change(isolation: Isolation, team: Iterable[Named]) -> None:
    """The team is this one from now on."""
    states.lock(isolation)
    changed = appoint(isolation, team)
    if changed:
        audit.record("isolation.change_team", isolation, changed=[role.value for role in changed])


def relieve_who_left(appointment: Appointment) -> None:
    """An appointment has come to its end: who answers for the household now takes over, else the place is a gap."""
    if appointment.until is not None and appointment.until <= today():
        relieve(appointment.account_id)


def relieve_all_who_left() -> None:
    """The same for those whose last day has passed in the meantime."""
    named = select(Carer.account_id).join(Isolation, Isolation.id == Carer.isolation_id).where(_AT_WORK)
    for account_id in db.session.scalars(named.distinct()).all():
        if account_id is not None:
            relieve(account_id)


def relieve(account_id: int) -> None:
    """Somebody looks after nobody any more where they no longer serve; who follows is proposed as at the start."""
    theirs = select(Carer).join(Isolation, Isolation.id == Carer.isolation_id).where(_AT_WORK)
    for carer in db.session.scalars(theirs.where(Carer.account_id == account_id)).all():
        isolation = carer.isolation
        if account_id in {worker.account_id for worker in serving(place_of(isolation.unit_id))}:
            continue
        proposed = {named.role: named for named in propose(isolation.household)}
        _give(isolation, carer.role, proposed.get(carer.role))
        audit.record(
            "isolation.change_team", isolation, reason=_("The appointment ended"), changed=[carer.role.value]
        )


def has_a_gap() -> ColumnElement[bool]:
    """The condition that nobody among those who serve here looks after an isolated person, for lists."""
    return or_(
        *(
            ~exists().where(
                Carer.isolation_id == Isolation.id, Carer.role == role, Carer.relieved_at.is_(None)
            )
            for role in SERVES_AS
        )
    )


def _give(isolation: Isolation, role: CarerRole, named: Named | None) -> bool:
    present = next((one for one in isolation.team if one.role is role and one.relieved_at is None), None)
    if present and named and _says_the_same(present, named):
        return False
    if present:
        present.relieved_at = now()
    if named:
        isolation.team.append(
            Carer(
                unit_id=isolation.unit_id,
                household_id=isolation.household_id,
                role=role,
                name=named.name,
                phone=named.phone,
                account_id=named.account_id,
            )
        )
    return bool(present or named)


def _says_the_same(carer: Carer, named: Named) -> bool:
    return (carer.name, carer.phone, carer.account_id) == (named.name, named.phone, named.account_id)


def _last_in_community(household: Household, role: CarerRole) -> Named | None:
    """Who had this place last in the community of the household, as far as one sees."""
    place = place_of(household.unit_id)
    around = place.community_id or place.unit_id
    level = Level.COMMUNITY if place.community_id else place.level
    latest = (
        select(Carer.name, Carer.phone)
        .where(getattr(Carer, level.column) == around, Carer.role == role)
        .order_by(Carer.id.desc())
        .limit(1)
    )
    row = db.session.execute(latest).one_or_none()
    return Named(role, row.name, row.phone) if row else None
