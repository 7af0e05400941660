"""What the pages about responsibility show: who answers for how many households, and who could."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from flask import abort, request
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, func, or_, select

from portal.access.acting import Level, acting
from portal.access.scope import lies_in, place_of
from portal.clock import LOCAL
from portal.database import db
from portal.registry import duties, redrawing
from portal.registry.duties import Held
from portal.registry.kinds import Duty
from portal.registry.models import Household
from portal.registry.serving import Worker, names_of, serving
from portal.units.models import Unit

FEW_ENOUGH = (Level.COMMUNITY, Level.GROUP, Level.GRID)  # levels whose people fit on a page


@dataclass(frozen=True)
class Load:
    """For how many households of a unit somebody is responsible, and for how many the deputy."""

    account_id: int
    name: str
    responsible: int
    deputy: int


def unit_or_404(unit_id: int | None) -> Unit | None:
    """A unit of one's own place; None: the whole installation, of which an administrator's page begins."""
    own = acting().place
    if unit_id is None and own is None:
        return None
    unit = db.get_or_404(Unit, own.unit_id if unit_id is None and own else unit_id)
    if own is not None and not own.holds(unit.place):
        abort(404)
    return unit


def below(unit: Unit | None) -> list[Unit]:
    """Where to look further, where a unit is too large for one page."""
    if unit is not None and unit.level in FEW_ENOUGH:
        return []
    under = select(Unit).where(Unit.parent_id == (unit.id if unit else None), Unit.closed_at.is_(None))
    return list(db.session.scalars(under.order_by(Unit.code, Unit.id)))


def loads(unit: Unit) -> list[Load]:
    """Everybody who answers for households of a unit, by name. How many is a fact and no score."""
    here = lies_in(Household, unit.place)
    counts: dict[int, dict[Duty, int]] = {}
    for duty in Duty:
        column = getattr(Household, duty.column)
        rows = select(column, func.count(Household.id)).where(here, column.is_not(None)).group_by(column)
        for account_id, count in db.session.execute(rows):
            counts.setdefault(account_id, {})[duty] = count
    names = names_of(set(counts))
    made = [
        Load(account_id, names[account_id], has.get(Duty.RESPONSIBLE, 0), has.get(Duty.DEPUTY, 0))
        for account_id, has in counts.items()
    ]
    return sorted(made, key=lambda load: (load.name, load.account_id))


def held_by(account_id: int, duty: Duty) -> ColumnElement[bool]:
    """The condition that somebody has a duty for a household."""
    return getattr(Household, duty.column) == account_id  # type: ignore[no-any-return]


def small_unit_or_404(unit_id: int) -> Unit:
    """A unit of one's own place whose households fit on a page; 404 for any other."""
    unit = unit_or_404(unit_id)
    return unit if unit is not None and unit.level in FEW_ENOUGH else abort(404)


def nobody_has(unit: Unit, duty: Duty) -> ColumnElement[bool]:
    """The condition that nobody has a duty for a household of a unit."""
    here = lies_in(Household, unit.place)
    return and_(here, getattr(Household, duty.column).is_(None))


def name_or_404(account_id: int) -> str:
    """The name of somebody who answers for households of one's own place; 404 for anybody else."""
    mine = or_(*(held_by(account_id, duty) for duty in Duty))
    if db.session.scalar(select(Household.id).where(mine).limit(1)) is None:
        abort(404)
    return names_of({account_id})[account_id]


def who_could(which: ColumnElement[bool], but: int | None = None) -> list[Worker]:
    """Who serves in every grid where these households are."""
    grids = db.session.scalars(select(Household.unit_id).where(which).distinct()).all()
    serve = [serving(place_of(grid_id)) for grid_id in grids]
    everywhere: set[int] = (
        set.intersection(*({one.account_id for one in some} for some in serve)) if serve else set()
    )
    return [
        one for one in (serve[0] if serve else []) if one.account_id in everywhere and one.account_id != but
    ]


def way() -> list[int]:
    """The parts that were opened one after the other, by their keys: only what is in the last one is offered."""
    return request.args.getlist("way", type=int)


def who_takes_over(household_ids: list[int], grid: Unit, into: Unit) -> dict[str, list[Worker]]:
    """Who comes along with households to another grid, or else who of its people they come to."""
    along = redrawing.who_helps_out(household_ids, grid, into)
    there = [one for one in serving(into.place) if one.in_standing_order]
    return {"along": along, "there": [] if along else there[: len(Duty)]}


def answering(household: Household) -> dict[int, str]:
    """The names of those who answer for a household now, by account."""
    return names_of({getattr(household, duty.column) for duty in Duty})


def past(household: Household, on: date | None, at: time | None) -> dict[str, Any]:
    """The history of a household's responsibility with everybody's name, and who had it at an hour that is asked."""
    held = duties.history(household.id)
    asked = datetime.combine(on, at or time(12), LOCAL) if on else None
    then = [one for one in held if asked and one.since <= asked and (one.until is None or asked < one.until)]
    people: set[int | None] = {account for one in held for account in (one.account_id, one.by_id)}
    return {
        "household": household,
        "on": on.isoformat() if on else "",
        "at": at.isoformat("minutes") if at else "",
        "held": held,
        "then": then,
        "asked": asked,
        "names": names_of(people),
        "note": _note,
    }


def _note(one: Held, names: dict[int, str]) -> str:
    by = _("noted by %(name)s", name=names[one.by_id]) if one.by_id else ""
    return _(", ").join(part for part in (one.reason, by) if part)
