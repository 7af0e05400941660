"""A street or a county full of invented people, written in one go: groups, grids, workers, households, duties.

All in one transaction: a build that is broken off leaves nothing. Only one community at a time is in memory.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count as numbers
from itertools import islice
from math import ceil
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import exists, select

from portal.access.acting import Level
from portal.access.bulk import insert_many, insert_many_returning
from portal.access.policy import Role
from portal.access.scope import lies_in
from portal.accounts.models import Account, Appointment, Title
from portal.audit import service as audit
from portal.audit.models import AuditEntry
from portal.clock import now, today
from portal.database import db
from portal.registry import duties, needs
from portal.registry.models import Household, Resident, ResidentNeed
from portal.registry.service import Person, columns_of
from portal.rehearsal.population import Home, Population, Site
from portal.rehearsal.street import COUNTY_FILE
from portal.units import importing, rules
from portal.units.installation import is_demo, mark_as_demo
from portal.units.models import Unit

BUILD = "rehearsal.build"
# One grid member looks after about so many households; three grids are a residents' group of about 195.
HOUSEHOLDS_OF_A_GRID, GRIDS_OF_A_GROUP = 65, 3
NUMERALS = ("", *"一二三四五六七八九")
POSTS = {
    Level.COMMUNITY: (Role.COMMANDER, (Title.BRANCH_SECRETARY,)),
    Level.GROUP: (Role.SHOCK_TEAM, (Title.GROUP_LEADER,)),
    Level.GRID: (Role.GRID_MEMBER, (Title.VOLUNTEER, Title.POSTED_CADRE, Title.RESIDENT)),
}

Tell = Callable[[str, int], None]  # a community that has been written, and how many households it has


class NotBuilt(Exception):
    """The sentence says why nothing is built here."""


@dataclass
class Built:
    """What has been written, and the digest of all of it in plain: the same for the same seed."""

    households: int = 0
    people: int = 0
    workers: int = 0
    digest: str = ""


def build(code: str, households: int, *, seed: int, tell: Tell) -> Built:
    """Fill the street or the county with this division code. Afterwards every page says 演示.

    ``NotBuilt`` where real people may be registered, where a rehearsal has been built already, and for an unknown code.
    """
    _refuse_among_real_people()
    mark_as_demo()
    where = _unit(code)
    communities = _communities(where)
    population, built, digest = Population(seed), Built(), hashlib.sha256()
    shares = population.shares([community.full_name for community in communities], households)
    for community, share in zip(communities, shares, strict=True):
        if not share:
            continue
        grids = _lay_out(community, share)
        built.workers += _appoint([community, *_groups(grids), *(grid for grid, _site in grids)], population)
        built.people += _settle(list(_settled(grids, share, population, digest.update)))
        built.households += share
        db.session.expire_all()
        tell(community.full_name, share)
    built.digest = digest.hexdigest()
    audit.record("rehearsal.build", where, seed=seed, **vars(built))
    return built


def _refuse_among_real_people() -> None:
    at_work = exists().where(Appointment.role != Role.ADMIN)
    if not is_demo() and db.session.scalar(select(exists().where(Household.id > 0) | at_work)):
        raise NotBuilt(
            _("Real people may be registered here. Build the rehearsal in an installation of its own.")
        )
    if db.session.scalar(select(exists().where(AuditEntry.action == BUILD))):
        raise NotBuilt(
            _("A rehearsal has been built here already. Build the next one in another installation.")
        )


def _unit(code: str) -> Unit:
    """The street or county; the real county is loaded where there is no tree yet."""
    if not db.session.scalar(select(exists().where(Unit.id > 0))):
        importing.import_file(COUNTY_FILE.read_bytes())
        db.session.flush()
    found = db.session.scalars(select(Unit).where(Unit.code == code)).one_or_none()
    if found is None or found.level not in (Level.COUNTY, Level.STREET):
        raise NotBuilt(_("There is no street or county with the code %(code)s.", code=code))
    return found


def _communities(where: Unit) -> Sequence[Unit]:
    below = select(Unit).where(Unit.level == Level.COMMUNITY, Unit.closed_at.is_(None))
    here = lies_in(Unit, where.place)
    return db.session.scalars(below.where(here).order_by(Unit.code, Unit.id)).all()


def _lay_out(community: Unit, households: int) -> list[tuple[Unit, Site]]:
    """As many groups and grids as so many households need; those that are there already are used."""
    wanted = ceil(households / HOUSEHOLDS_OF_A_GRID)
    groups = _below(community, Level.GROUP, "组", ceil(wanted / GRIDS_OF_A_GROUP))
    grids = []
    for number, group in enumerate(groups):
        of_this = min(GRIDS_OF_A_GROUP, wanted - number * GRIDS_OF_A_GROUP)
        for place, grid in enumerate(_below(group, Level.GRID, "格", of_this)):
            grids.append((grid, Site(community.full_name, number, place)))
    return grids


def _below(parent: Unit, level: Level, word: str, count: int) -> list[Unit]:
    there = {unit.name: unit for unit in db.session.scalars(select(Unit).where(Unit.parent_id == parent.id))}
    names = (f"{numeral(number)}{word}" for number in numbers(1))
    open_ = (name for name in names if name not in there or there[name].closed_at is None)
    units = []
    for name in islice(open_, count):
        unit = there.get(name)
        if unit is None:
            full_name = rules.full_name(level, name, parent.full_name)
            unit = Unit(level=level, name=name, parent_id=parent.id, full_name=full_name)
            db.session.add(unit)
        units.append(unit)
    db.session.flush()
    return units


def numeral(number: int) -> str:
    """一, 十二, 二十, 九十九: 1 to 99; larger ones in figures."""
    tens, ones = divmod(number, 10)
    if tens > 9:
        return str(number)
    before = "" if tens == 0 else "十" if tens == 1 else f"{NUMERALS[tens]}十"
    return f"{before}{NUMERALS[ones]}"


def _groups(grids: list[tuple[Unit, Site]]) -> list[Unit]:
    ids = sorted({grid.parent_id for grid, _site in grids if grid.parent_id})
    return list(db.session.scalars(select(Unit).where(Unit.id.in_(ids)).order_by(Unit.id)))


def _appoint(units: list[Unit], population: Population) -> int:
    """Somebody for each unit, with an account to which nobody has a password. Returns how many."""
    accounts = []
    for unit in units:
        name, phone = population.worker()
        about = {"sign_in_name": f"rehearsal-{unit.id}", "name": name, "phone": phone, "password_hash": "!"}
        accounts.append(about | {"unit_id": unit.id, "created_at": now()})
    account_ids = insert_many_returning(Account, accounts)
    insert_many(
        Appointment,
        (
            {"account_id": account_id, "unit_id": unit.id, "since": today()} | _post(unit)
            for account_id, unit in zip(account_ids, units, strict=True)
        ),
    )
    return len(accounts)


def _post(unit: Unit) -> dict[str, Any]:
    role, titles = POSTS[unit.level]
    return {"role": role, "title": titles[unit.id % len(titles)]}


def _settled(
    grids: list[tuple[Unit, Site]], households: int, population: Population, note: Callable[[bytes], object]
) -> Iterator[tuple[Unit, Home]]:
    """The households of the grids, shared out evenly. Everything written is noted in plain."""
    for number, (grid, site) in enumerate(grids):
        share = households * (number + 1) // len(grids) - households * number // len(grids)
        homes = list(population.homes(site, share))
        note(repr((grid.full_name, homes)).encode())
        yield from ((grid, home) for home in homes)


def _settle(settled: list[tuple[Unit, Home]]) -> int:
    """Write households, and who answers for them. Returns how many people there are."""
    household_ids = insert_many_returning(Household, (_household(*one) for one in settled))
    people = [
        (grid.id, household_id, person, needed)
        for household_id, (grid, home) in zip(household_ids, settled, strict=True)
        for person, needed in home.people
    ]
    resident_ids = insert_many_returning(Resident, (_resident(*one) for one in people))
    order_id, _asked = needs.asked_at(settled[0][0].id)
    about = (
        {"unit_id": grid_id, "household_id": household_id, "resident_id": resident_id, "need": need}
        for resident_id, (grid_id, household_id, _person, needed) in zip(resident_ids, people, strict=True)
        for need in needed
    )
    insert_many(ResidentNeed, (row | {"order_id": order_id} for row in about))
    of_grid: dict[int, list[int]] = {}
    for household_id, (grid, _home) in zip(household_ids, settled, strict=True):
        of_grid.setdefault(grid.id, []).append(household_id)
    for grid_id, ids in of_grid.items():
        duties.take_up(grid_id, ids)
    return len(people)


def _household(grid: Unit, home: Home) -> dict[str, Any]:
    return {name: value for name, value in vars(home).items() if name != "people"} | {"unit_id": grid.id}


def _resident(grid_id: int, household_id: int, person: Person, _needed: object) -> dict[str, Any]:
    return columns_of(person) | {"unit_id": grid_id, "household_id": household_id}
