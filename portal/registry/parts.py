"""Households in parts that people think in: each by its door where they are few, else building by building."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import ColumnElement, select

from portal.database import db
from portal.registry.addresses import written_address
from portal.registry.models import Household

MOST_DOORS = 40


@dataclass
class Part:
    """Some households under one name. ``key`` is the first one's id."""

    key: int
    name: str
    ids: list[int] = field(default_factory=list)

    @property
    def label(self) -> str:
        count = ngettext("%(num)s household", "%(num)s households", len(self.ids))
        return _("%(name)s, %(count)s", name=self.name, count=count) if len(self.ids) > 1 else self.name


def parts(which: ColumnElement[bool]) -> list[Part]:
    """The households of one's own place to which ``which`` applies, in the order in which people walk."""
    rows = select(
        Household.id,
        Household.compound,
        Household.building,
        Household.stairwell,
        Household.room,
        Household.address_note,
    ).where(which)
    found = db.session.execute(rows.order_by(Household.address_key, Household.id)).all()
    made: dict[object, Part] = {}
    for row in found:
        door = written_address(row.compound, row.building, row.stairwell, row.room, row.address_note)
        building = written_address(row.compound, row.building, "", "", "") or _("Other addresses")
        name = door if len(found) <= MOST_DOORS else building
        key = row.id if len(found) <= MOST_DOORS else building
        made.setdefault(key, Part(row.id, name)).ids.append(row.id)
    return list(made.values())


def ids_of(all_parts: Iterable[Part], keys: Collection[int]) -> list[int]:
    """The households of the parts that were ticked."""
    return [id_ for part in all_parts if part.key in keys for id_ in part.ids]
