"""The demo's places: the real county with its 487 units, groups, grids and gates below, and invented households."""

from sqlalchemy import select

from portal.access.acting import Level
from portal.config import ROOT
from portal.database import db
from portal.registry import service as registry
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
HOUSEHOLDS_IN_THE_GRID_SHOWN, HOUSEHOLDS_ELSEWHERE = 24, 3


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
    """Households in every grid; the grid that the demo's grid member looks after has most."""
    street = unit_named(STREET)
    grids = select(Unit).where(Unit.street_id == street.id, Unit.level == Level.GRID).order_by(Unit.id)
    for grid in db.session.scalars(grids).all():
        shown = grid.full_name == GRID
        for number in range(HOUSEHOLDS_IN_THE_GRID_SHOWN if shown else HOUSEHOLDS_ELSEWHERE):
            _settle(grid, number, invented)
    db.session.flush()


def _settle(grid: Unit, number: int, invented: Invented) -> Household:
    compound = COMPOUNDS[grid.id % len(COMPOUNDS)]
    household = registry.add_household(
        grid.id,
        compound=compound,
        building=str(1 + number // 8),
        stairwell=str(1 + number // 4 % 2),
        room=f"{1 + number % 4}0{1 + number % 2}",
    )
    surname = invented.surname()
    for member in range(invented.members()):
        child = member > 1
        registry.add_resident(
            household,
            registry.Person(
                name=invented.name(surname if member != 1 else ""),
                is_head=member == 0,
                document=invented.document(),
                phone=None if child else invented.phone(),
            ),
        )
    return household
