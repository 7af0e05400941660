"""How many households have somebody who answers for them: a number that everyone sees."""

from dataclasses import dataclass

from flask import url_for
from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from sqlalchemy import func, or_, select

from portal.access import scope
from portal.access.acting import Level, may
from portal.access.policy import May
from portal.access.scope import everywhere, lies_in, place_of
from portal.accounts.models import Account, Appointment
from portal.clock import today
from portal.database import db
from portal.registry import duties
from portal.registry.models import UNCOVERED, Household
from portal.registry.serving import names_of, serving
from portal.units.models import Unit
from portal.web.page import part
from portal.workflow.todo import Todo

MOST_COUNTED = 1000


@dataclass(frozen=True)
class Coverage:
    """Of a unit's households, how many have a responsible person, and how many a deputy."""

    households: int
    responsible: int
    deputies: int


@dataclass(frozen=True)
class Lapsed:
    """Somebody who answers for households and does not serve there (any more)."""

    account_id: int
    name: str
    households: int


def of(unit: Unit) -> Coverage:
    """The coverage of a unit, with all that lies below it."""
    here = lies_in(Household, unit.place)
    total = db.session.scalar(select(func.count(Household.id)).where(here)) or 0
    holes = select(
        func.count(Household.id).filter(Household.responsible_id.is_(None)),
        func.count(Household.id).filter(Household.deputy_id.is_(None)),
    ).where(here, UNCOVERED)
    nobody, no_deputy = db.session.execute(holes).one()
    return Coverage(total, total - nobody, total - no_deputy)


def panel(unit: Unit) -> Markup | None:
    """The coverage on the unit's page, and what can be done about it."""
    if not may(May.SEE_REGISTRY) or not scope.current().covers(unit) or unit.closed_at is not None:
        return None
    return part(
        "registry/coverage.html",
        unit=unit,
        coverage=of(unit),
        is_grid=unit.level is Level.GRID,
        number=format_decimal,
    )


def todo() -> list[Todo]:
    """The alarm: households without anybody, and people who answer for households where they no longer serve."""
    if not may(May.ASSIGN_RESPONSIBILITY):
        return []
    lines = []
    holes = select(Household.responsible_id).where(UNCOVERED).limit(MOST_COUNTED)
    found = db.session.scalars(holes).all()
    if found:
        address = url_for("registry.index", show="uncovered")
        label = _l("Households without a responsible person or deputy")
        lines.append(Todo(label, address, len(found), _without(found.count(None)), urgent=True))
    if gone := lapsed():
        label = _l("People who answer for households and no longer serve there")
        lines.append(Todo(label, url_for("registry.lapsed"), len(gone), urgent=True))
    return lines


def _without(nobody: int) -> str:
    if not nobody:
        return ""
    return ngettext("%(num)s has nobody responsible", "%(num)s have nobody responsible", nobody)


def lapsed() -> list[Lapsed]:
    """Whose appointment is over, or ends today, or whose account is disabled, and who still has households."""
    found = []
    for account_id in _may_have_left():
        households = _not_served(account_id)
        if households:
            found.append(Lapsed(account_id, names_of({account_id})[account_id], households))
    return found


def relieve_lapsed() -> int:
    """Let the deputies take over from all who no longer serve. Returns how many households changed."""
    return sum(duties.relieve(one.account_id, _("The appointment ended")) for one in lapsed())


def _may_have_left() -> list[int]:
    over = select(Appointment.account_id).where(Appointment.until <= today())
    disabled = select(Account.id).where(Account.disabled_at.is_not(None))
    with everywhere(because="who answers for a household may have served in a unit above it"):
        ids = {*db.session.scalars(over), *db.session.scalars(disabled)}
    mine: list[int | None] = []
    for some in duties.chunks(ids):
        for column in (Household.responsible_id, Household.deputy_id):
            mine += db.session.scalars(select(column).where(column.in_(some)).distinct()).all()
    return sorted({account_id for account_id in mine if account_id is not None})


def _not_served(account_id: int) -> int:
    """How many households the account has where it does not serve."""
    has = or_(Household.responsible_id == account_id, Household.deputy_id == account_id)
    by_grid = select(Household.unit_id, func.count(Household.id)).where(has).group_by(Household.unit_id)
    return sum(
        households
        for grid_id, households in db.session.execute(by_grid).all()
        if account_id not in {worker.account_id for worker in serving(place_of(grid_id))}
    )
