"""The list of households in the order in which people walk. Columns, not rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy import CompoundSelect, Row, Select, select, union_all
from sqlalchemy.orm import aliased

from portal.access.acting import Level, acting, may
from portal.access.policy import May, Role
from portal.clock import now
from portal.database import db
from portal.registry import needs
from portal.registry.addresses import address_of
from portal.registry.models import ADDRESS, UNCOVERED, Household, Resident
from portal.registry.service import restricted_at
from portal.registry.serving import names_of
from portal.units.models import Unit
from portal.workflow.listing import Link, page_of

NOBODY = [0]  # SQLite reads all of a place to compare it with no ids at all


class Show(StrEnum):
    """What the list can be narrowed to."""

    MINE = "mine"
    ALL = "all"
    UNCOVERED = "uncovered"
    RESTRICTED = "restricted"
    NEEDS = "needs"


SHOW_LABELS: dict[Show, Any] = {
    Show.MINE: _l("Mine"),
    Show.ALL: _l("All"),
    Show.UNCOVERED: _l("Gaps in responsibility"),
    Show.RESTRICTED: _l("Restricted"),
    Show.NEEDS: _l("Needs looking after"),
}


@dataclass(frozen=True)
class Line:
    """One row of the list. ``head`` is the head's name, or the first person's; it is shown masked.

    ``grid`` is empty for those who serve in one grid only. ``responsible`` and ``deputy`` are the names of whoever
    answers for the household, empty for nobody; ``am_deputy``: the deputy is the one acting now.
    """

    id: int
    address: str
    grid: str
    head: str
    people: int
    restricted: bool
    responsible: str
    deputy: str
    am_deputy: bool


def shows() -> list[Show]:
    """What the one acting may narrow the list to: one's own households first for a grid member."""
    offered = [Show.ALL, Show.UNCOVERED, Show.RESTRICTED]
    if may(May.WRITE_REGISTRY):
        offered.insert(0 if acting().role is Role.GRID_MEMBER else len(offered), Show.MINE)
    if needs.asked_here():
        offered.append(Show.NEEDS)
    return offered


def filters(show: Show) -> list[Link]:
    """The filters to choose from; the whole list has the area's own address."""
    return [
        (
            url_for("registry.index", show=None if one is Show.ALL else one.value),
            str(SHOW_LABELS[one]),
            None,
            one is show,
        )
        for one in shows()
    ]


def condition_of(show: Show) -> Any:
    """What a filter holds; None for everything. One's own are those that one answers for or is the deputy of."""
    if show is Show.MINE:
        return Household.id.in_(_mine())
    if show is Show.UNCOVERED:
        return UNCOVERED
    if show is Show.RESTRICTED:
        return restricted_at(now())
    return needs.households_with(needs.asked_here()) if show is Show.NEEDS else None


def lines(show: Show, *, after: int | None) -> tuple[list[Line], int | None]:
    """One page of the list, and the ``after`` of the next page (None: there is none)."""
    found = _households()
    if (condition := condition_of(show)) is not None:
        found = found.where(condition)
    rows, following = page_of(found, (Household.address_key, Household.id), after, upwards=True)
    return _lines(rows), following


def lines_of(ids: Sequence[int]) -> list[Line]:
    """The lines of these households, in this order."""
    rows = {row.id: row for row in db.session.execute(_households().where(Household.id.in_(ids or NOBODY)))}
    return _lines([rows[id_] for id_ in ids if id_ in rows])


def _mine() -> CompoundSelect[int]:
    """Each duty has its index, and an OR between them has none."""
    mine = aliased(Household)
    return union_all(
        *(
            select(mine.id).where(duty == acting().account_id)
            for duty in (mine.responsible_id, mine.deputy_id)
        )
    )


def _households() -> Select[*tuple[Any, ...]]:
    return select(
        Household.id,
        *ADDRESS,
        Household.responsible_id,
        Household.deputy_id,
        Unit.full_name.label("grid"),
    ).join(Unit, Unit.id == Household.unit_id)


def _lines(rows: Sequence[Row[Any]]) -> list[Line]:
    ids = [row.id for row in rows] or NOBODY
    people: dict[int, list[str]] = {}
    living = select(Resident.household_id, Resident.name).where(
        Resident.household_id.in_(ids), Resident.left_at.is_(None)
    )
    for household_id, name in db.session.execute(living.order_by(Resident.is_head.desc(), Resident.id)):
        people.setdefault(household_id, []).append(name)
    restricted = set(
        db.session.scalars(select(Household.id).where(Household.id.in_(ids), restricted_at(now())))
    )
    names = names_of({row.responsible_id for row in rows} | {row.deputy_id for row in rows})
    place = acting().place
    in_one_grid = place is not None and place.level is Level.GRID
    return [
        Line(
            id=row.id,
            address=address_of(row),
            grid="" if in_one_grid else row.grid,
            head=next(iter(people.get(row.id, [])), ""),
            people=len(people.get(row.id, [])),
            restricted=row.id in restricted,
            responsible=names.get(row.responsible_id, ""),
            deputy=names.get(row.deputy_id, ""),
            am_deputy=row.deputy_id == acting().account_id,
        )
        for row in rows
    ]
