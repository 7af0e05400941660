"""Households in parts that people think in: by the door where they are few, else by building, stairwell or row."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import ColumnElement, select

from portal.database import db
from portal.registry.addresses import written_address
from portal.registry.models import ADDRESS, Household

MOST_DOORS = 40
BUILDING, STAIRWELL = 2, 3  # how many parts of an address lead there


@dataclass(frozen=True)
class Door:
    """A household and the parts of its address."""

    id: int
    address: tuple[str, ...]

    def name(self, depth: int = len(ADDRESS)) -> str:
        """The address, or as many parts of it as are asked for."""
        known = (*self.address[:depth], *("" for _part in self.address[depth:]))
        return written_address(*known) or _("Other addresses")


@dataclass
class Part:
    """Some households under one name. ``key`` is the first one's id."""

    key: int
    name: str
    doors: list[Door] = field(default_factory=list)

    @property
    def ids(self) -> list[int]:
        return [door.id for door in self.doors]

    @property
    def is_a_door(self) -> bool:
        return len(self.doors) == 1

    @property
    def label(self) -> str:
        count = ngettext("%(num)s household", "%(num)s households", len(self.doors))
        return _("%(name)s, %(count)s", name=self.name, count=count) if not self.is_a_door else self.name


def parts(which: ColumnElement[bool], way: Sequence[int] = ()) -> list[Part]:
    """The households of one's own place to which ``which`` applies, in the order in which people walk.

    ``way``: the keys of the parts that were opened one after the other; only what is in the last one is offered.
    """
    rows = db.session.execute(
        select(Household.id, *ADDRESS).where(which).order_by(Household.address_key, Household.id)
    )
    found = _divided([Door(id_, tuple(address)) for id_, *address in rows])
    for key in way:
        found = _divided([door for part in found if part.key == key for door in part.doors])
    return found


def _divided(doors: list[Door]) -> list[Part]:
    if len(doors) <= MOST_DOORS:
        return [Part(door.id, door.name(), [door]) for door in doors]
    for depth in (BUILDING, STAIRWELL):
        named: dict[str, Part] = {}
        for door in doors:
            named.setdefault(door.name(depth), Part(door.id, door.name(depth))).doors.append(door)
        if len(named) > 1:
            return list(named.values())
    rows = [doors[start : start + MOST_DOORS] for start in range(0, len(doors), MOST_DOORS)]
    return [Part(row[0].id, f"{row[0].name()} – {row[-1].name()}", row) for row in rows]


def ids_of(all_parts: Iterable[Part], keys: Collection[int]) -> list[int]:
    """The households of the parts that were ticked."""
    return [id_ for part in all_parts if part.key in keys for id_ in part.ids]
