"""Who is at work in this request, and where. Accounts puts it on the request; everything else reads it."""

from dataclasses import dataclass
from enum import StrEnum

from flask import g

from portal.access.policy import POLICY, May, Role


class Level(StrEnum):
    """The levels of the tree, from the top down."""

    COUNTY = "county"
    STREET = "street"
    COMMUNITY = "community"
    GROUP = "group"
    GRID = "grid"

    @property
    def column(self) -> str:
        """The place column that holds the id of this level's unit."""
        return f"{self.value}_id"


@dataclass(frozen=True)
class Place:
    """A unit with the ids of all units above it."""

    unit_id: int
    level: Level
    county_id: int | None = None
    street_id: int | None = None
    community_id: int | None = None
    group_id: int | None = None
    grid_id: int | None = None

    def holds(self, other: "Place") -> bool:
        """Whether ``other`` is this place or lies below it."""
        return bool(getattr(other, self.level.column) == self.unit_id)

    @property
    def line(self) -> tuple[int, ...]:
        """The ids from the top down to this unit."""
        return tuple(i for level in Level if (i := getattr(self, level.column)) is not None)


@dataclass(frozen=True)
class Acting:
    """An account under one of its appointments. ``place`` is None for the whole installation."""

    account_id: int
    appointment_id: int
    name: str
    role: Role
    title: str
    place: Place | None
    unit_name: str
    checkpoint_id: int | None = None

    def may(self, need: May) -> bool:
        return need in POLICY[self.role]


def acting() -> Acting:
    """Who acts now; LookupError where nobody is signed in."""
    found: Acting | None = g.get("acting")
    if found is None:
        raise LookupError("nobody is signed in")
    return found


def own_place() -> Place:
    """Where the one acting now is appointed; LookupError for the whole installation."""
    place = acting().place
    if place is None:
        raise LookupError("this belongs to a unit")
    return place


def may(need: May) -> bool:
    """Whether the one acting now may do this. Templates ask the same question as the routes."""
    found: Acting | None = g.get("acting")
    return found is not None and found.may(need)
