"""The demo's places: the real county with its 487 units, groups, grids and gates below, and invented households."""

import random
from collections import Counter
from datetime import timedelta

from sqlalchemy import exists, select

from portal.access.acting import Level
from portal.access.policy import Role
from portal.accounts.models import Account, Appointment, Title
from portal.clock import now, today
from portal.config import ROOT
from portal.database import db
from portal.registry import service as registry
from portal.registry.identifiers import is_mans
from portal.registry.kinds import HouseholdKind, Stay
from portal.registry.models import Household
from portal.rehearsal.people import Invented
from portal.rehearsal.staff import COMMUNITY, GRID, STREET, unit_named
from portal.units import importing
from portal.units import service as units
from portal.units.models import Checkpoint, Unit

COUNTY_FILE = ROOT / "portal/units/data/shangcai-units.csv"
GROUPS = ("一组", "二组", "三组")
GRIDS = ("一格", "二格")
GATES = {COMMUNITY: ("北门", "东门")}
COMPOUNDS = ("3号院", "建业小区", "豫苑北街", "蔡都家园")
HOUSEHOLDS_IN_THE_GRID_SHOWN, HOUSEHOLDS_ELSEWHERE = 40, 3
HOUSEHOLDS_IN_A_BUILDING = 8
WORK = ("县医院护士", "重阳中学教师", "外出务工", "个体经营", "务农", "退休", "蔡都超市店员", "")
OTHER_SEED = 411722  # what is made with it leaves the names of the households as they are


def lay_out() -> None:
    """The real tree, and beneath each of the street's nine communities groups, grids and gates."""
    importing.import_file(COUNTY_FILE.read_bytes())
    db.session.flush()
    for community in communities():
        for name in GATES.get(community.full_name, ("大门",)):
            db.session.add(Checkpoint(name=name, unit_id=community.id, open_to_vehicles=True))
        for group_name in GROUPS:
            group = units.create_unit(community, Level.GROUP, group_name)
            for grid_name in GRIDS:
                units.create_unit(group, Level.GRID, grid_name)
    db.session.flush()


def publish_duty_phones(invented: Invented) -> None:
    """The numbers on the notice board of the community that the demo shows; one grid's is still missing."""
    community = unit_named(COMMUNITY)
    shown = select(Unit).where(Unit.community_id == community.id).order_by(Unit.id)
    for unit in db.session.scalars(shown).all()[:-1]:
        units.change_unit(unit, name=unit.name, duty_phone=invented.phone())


def communities() -> list[Unit]:
    """The street's communities, in the order of their codes."""
    street = unit_named(STREET)
    below = select(Unit).where(Unit.parent_id == street.id)
    return list(db.session.scalars(below.order_by(Unit.code)))


def settle_households(invented: Invented) -> None:
    """Households in every grid; the grid that the demo's grid member looks after has most.

    In the community that the demo shows some grids have one worker only: their households lack a deputy.
    """
    _staff_the_other_communities(Invented(OTHER_SEED))
    chance = random.Random(OTHER_SEED)  # noqa: S311 (invented people, not keys)
    street = unit_named(STREET)
    grids = select(Unit).where(Unit.street_id == street.id, Unit.level == Level.GRID).order_by(Unit.id)
    built: Counter[tuple[int | None, str]] = Counter()
    for grid in db.session.scalars(grids).all():
        count = HOUSEHOLDS_IN_THE_GRID_SHOWN if grid.full_name == GRID else HOUSEHOLDS_ELSEWHERE
        compound = COMPOUNDS[grid.id % len(COMPOUNDS)]
        before = built[grid.community_id, compound]
        for number in range(count):
            _settle(grid, (compound, before), number, invented, chance)
        built[grid.community_id, compound] += -(-count // HOUSEHOLDS_IN_A_BUILDING)
    db.session.flush()


def _staff_the_other_communities(invented: Invented) -> None:
    """A leader for every group and a member for every grid that has none, but not in the community shown."""
    for community in communities():
        if community.full_name != COMMUNITY:
            below = select(Unit).where(Unit.community_id == community.id, Unit.id != community.id)
            for unit in db.session.scalars(below.order_by(Unit.id)).all():
                _staff(unit, invented)
    db.session.flush()


def _staff(unit: Unit, invented: Invented) -> None:
    in_a_grid = unit.level is Level.GRID
    role = Role.GRID_MEMBER if in_a_grid else Role.SHOCK_TEAM
    title = Title.VOLUNTEER if in_a_grid else Title.GROUP_LEADER
    if db.session.scalar(select(exists().where(Appointment.unit_id == unit.id, Appointment.title == title))):
        return
    somebody = Account(
        sign_in_name=f"unit{unit.id}",
        name=invented.name(),
        unit_id=unit.id,
        password_hash="!",  # noqa: S106 (nobody signs in with it)
        created_at=now(),
    )
    since = today() - timedelta(days=10)
    somebody.appointments.append(Appointment(unit_id=unit.id, role=role, title=title, since=since))
    db.session.add(somebody)


def _settle(
    grid: Unit, place: tuple[str, int], number: int, invented: Invented, chance: random.Random
) -> Household:
    """``place``: the compound, and how many of its buildings belong to grids before this one."""
    compound, before = place
    household = registry.add_household(
        grid.id,
        compound=compound,
        building=str(before + 1 + number // HOUSEHOLDS_IN_A_BUILDING),
        stairwell=str(1 + number // 4 % 2),
        room=f"{1 + number % 4}0{1 + number % 2}",
        kind=chance.choice((*[HouseholdKind.OWNED] * 6, HouseholdKind.RENTED, HouseholdKind.SHOP)),
        note="有老人，敲门后请稍等" if number == 1 else "",
    )
    surname = invented.surname()
    for member in range(invented.members()):
        child = member > 1
        name, document = invented.name(surname if member != 1 else ""), invented.document()
        registry.add_resident(
            household,
            registry.Person(
                name=name,
                is_head=member == 0,
                relation=""
                if member == 0
                else "配偶"
                if member == 1
                else "子"
                if is_mans(document)
                else "女",
                document=document,
                phone=None if child else invented.phone(),
                work="" if child else chance.choice(WORK),
                stay=chance.choice((*[Stay.PERMANENT] * 6, Stay.FLOATING, Stay.AWAY)),
            ),
        )
    return household
