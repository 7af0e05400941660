"""Grids redrawn: households moved to another grid, a grid split, two merged. One action each, in one transaction.

Everything that belongs to a household follows it, in one statement a table. Whoever answers for households that come
to another grid, and serves only in the old one, is appointed to the new one as well: nobody answers for what he
cannot see.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import exists, or_, select

from portal.access.acting import Level, Place, acting
from portal.access.guard import contributed
from portal.access.moving import move_many
from portal.access.policy import Role
from portal.accounts import service as accounts
from portal.accounts.models import Appointment
from portal.accounts.rules import Post, may_give
from portal.accounts.service import Appointed
from portal.audit import service as audit
from portal.clock import now, today
from portal.database import db
from portal.registry import duties
from portal.registry.kinds import Duty
from portal.registry.models import (
    Household,
    HouseholdRestriction,
    Resident,
    ResidentNeed,
    Responsibility,
)
from portal.registry.serving import Worker, serving, standing_order
from portal.units import service as units
from portal.units.models import Checkpoint, Unit
from portal.web.errors import Refused

BELONGINGS = (Resident, ResidentNeed, Responsibility, HouseholdRestriction)
NOTHING_TO_SPLIT = _l("Tick what the new grid is made of, and leave something in the old one.")
SAME_GRID = _l("Choose another grid of the same community.")
NOTHING_TO_MOVE = _l("Tick the households that move.")
GRID_IS_CLOSED = _l("This grid has been closed.")
HAS_GATES = _l("This grid has open checkpoints. Close them first.")


def move(household_ids: Sequence[int], grid: Unit, reason: str = "") -> None:
    """Move households to another grid with all that belongs to them. The caller writes the trail."""
    _refuse_closed(grid)
    rehome(household_ids, grid.place)
    duties.settle_in(grid.id, household_ids, reason)


def rehome(household_ids: Iterable[int], to: Place) -> None:
    """Give households and all that belongs to them, in every area, the place of another grid.

    ``on_households_move(ids, place)`` of the areas above takes along what hangs on the households there.
    """
    for ids in duties.chunks(household_ids):
        move_many(Household, Household.__table__.c.id.in_(ids), to)
        for model in BELONGINGS:
            move_many(model, model.__table__.c.household_id.in_(ids), to)
        for _area, follow in contributed("on_households_move"):
            follow(ids, to)


def who_comes_along(household_ids: Iterable[int], old: Unit, new: Place | None) -> list[Worker]:
    """Who answers for these households and would not serve where they come to (None: to a grid yet to be made)."""
    there = {worker.account_id for worker in serving(new)} if new else set()
    members = [worker for worker in serving(old.place) if worker.role is Role.GRID_MEMBER]
    holders: set[int | None] = set()
    for ids in duties.chunks(household_ids):
        rows = select(Household.responsible_id, Household.deputy_id).where(Household.id.in_(ids)).distinct()
        holders |= {account for row in db.session.execute(rows) for account in row}
    mine = acting().account_id
    return [one for one in members if one.account_id in holders - there and one.account_id != mine]


def split(grid: Unit, name: str, household_ids: Sequence[int], reason: str) -> Unit:
    """Make a new grid beside this one and move these households there. Returns the new grid."""
    _refuse_closed(grid)
    if not household_ids or len(set(household_ids)) == how_many(grid):
        raise Refused(NOTHING_TO_SPLIT)
    if not _are_all_in(grid, household_ids):
        raise Refused(NOTHING_TO_SPLIT)
    along = who_comes_along(household_ids, grid, None)
    new = units.create_unit(db.session.get_one(Unit, grid.parent_id), Level.GRID, name)
    for worker in along:
        _appoint_too(worker, grid, new)
    move(household_ids, new, reason)
    audit.record("registry.split_grid", grid, reason=reason, new=new.id, households=len(set(household_ids)))
    return new


def transfer(grid: Unit, into: Unit, household_ids: Sequence[int], reason: str) -> None:
    """Move some or all of a grid's households to another grid of its community, which has its own people."""
    _refuse_another_community(grid, into)
    _refuse_closed(into)
    if not household_ids or not _are_all_in(grid, household_ids):
        raise Refused(NOTHING_TO_MOVE)
    move_with_help(grid, into, household_ids, reason)
    moved = len(set(household_ids))
    audit.record("registry.move_households", grid, reason=reason, into=into.id, households=moved)


def move_with_help(grid: Unit, into: Unit, household_ids: Sequence[int], reason: str = "") -> None:
    """Move households to a grid; where that lacks people, who answers now is appointed there. No trail of its own."""
    for worker in who_helps_out(household_ids, grid, into):
        _appoint_too(worker, grid, into)
    move(household_ids, into, reason)


def who_helps_out(household_ids: Iterable[int], grid: Unit, into: Unit) -> list[Worker]:
    """Who answers for these households and comes along, because the grid that takes them lacks people.

    Nobody, where the one acting may not appoint: then the alarm names the hole.
    """
    enough = len(standing_order(serving(into.place))) >= len(Duty)
    if enough or not may_give(acting(), Post(into.place, Role.GRID_MEMBER)):
        return []
    return who_comes_along(household_ids, grid, into.place)


def merge(grid: Unit, into: Unit, reason: str) -> int:
    """Move all of a grid's households and its members to another grid, and close it. Returns how many households."""
    _refuse_closed(grid)
    _refuse_closed(into)
    _refuse_another_community(grid, into)
    if db.session.scalar(select(exists().where(Checkpoint.unit_id == grid.id, ~Checkpoint.closed))):
        raise Refused(HAS_GATES)
    there = {worker.account_id for worker in serving(into.place)}
    for worker in serving(grid.place):
        if worker.role is Role.GRID_MEMBER and worker.account_id not in there | {acting().account_id}:
            _appoint_too(worker, grid, into)
    ids = db.session.scalars(select(Household.id).where(Household.unit_id == grid.id)).all()
    move(ids, into, reason)
    _end_appointments(grid, reason)
    grid.closed_at = now()
    audit.record("registry.merge_grids", grid, reason=reason, into=into.id, households=len(ids))
    return len(ids)


def _appoint_too(worker: Worker, old: Unit, new: Unit) -> None:
    """The same work in another grid, until the same day."""
    ends = select(Appointment.until).where(
        Appointment.account_id == worker.account_id,
        Appointment.unit_id == old.id,
        Appointment.role == worker.role,
        or_(Appointment.until.is_(None), Appointment.until > today()),
    )
    until = db.session.scalars(ends.order_by(Appointment.id).limit(1)).one()
    post = Post(new.place, worker.role)
    accounts.appoint(worker.account_id, Appointed(post, worker.title, None, today(), until))


def _end_appointments(grid: Unit, reason: str) -> None:
    """Nobody works in a grid that is closed."""
    yesterday = today() - timedelta(days=1)
    theirs = select(Appointment).where(
        Appointment.unit_id == grid.id,
        Appointment.role == Role.GRID_MEMBER,
        or_(Appointment.until.is_(None), Appointment.until > yesterday),
    )
    for appointment in db.session.scalars(theirs.order_by(Appointment.id)).all():
        accounts.end_appointment(appointment, yesterday, reason)


def how_many(grid: Unit) -> int:
    """How many households a grid has."""
    return len(db.session.scalars(select(Household.id).where(Household.unit_id == grid.id)).all())


def _are_all_in(grid: Unit, household_ids: Sequence[int]) -> bool:
    here = select(Household.id).where(Household.unit_id == grid.id)
    return all(
        len(db.session.scalars(here.where(Household.id.in_(ids))).all()) == len(ids)
        for ids in duties.chunks(household_ids)
    )


def _refuse_another_community(grid: Unit, into: Unit) -> None:
    if grid.id == into.id or grid.community_id != into.community_id or into.level is not Level.GRID:
        raise Refused(SAME_GRID)


def _refuse_closed(grid: Unit) -> None:
    if grid.closed_at is not None:
        raise Refused(GRID_IS_CLOSED)
