"""How far a round is, unit by unit: answered, tried, missing. Added up from what is kept of each grid."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from flask import url_for
from sqlalchemy import func, select

from portal.access.acting import Level, Place
from portal.access.scope import lies_in
from portal.database import db
from portal.screenings import tallies
from portal.screenings.kinds import CATEGORY_LABELS, KeyPersonState
from portal.screenings.models import KeyPerson, ScreeningRound
from portal.screenings.tallies import RoundTally
from portal.units.models import Unit
from portal.workflow.figures import whole

NUMBERS = (
    "answered", "nobody_home", "refused", "moved", "people", "marked",
    "rechecks_drawn", "rechecks_done", "rechecks_differing",
)  # fmt: skip


@dataclass(frozen=True)
class Covered:
    """The numbers of a unit in a round."""

    households: int = 0
    answered: int = 0
    nobody_home: int = 0
    refused: int = 0
    moved: int = 0
    people: int = 0
    marked: int = 0
    rechecks_drawn: int = 0
    rechecks_done: int = 0
    rechecks_differing: int = 0

    @property
    def tried(self) -> int:
        """Knocked at, and not answered."""
        return self.nobody_home + self.refused + self.moved

    @property
    def missing(self) -> int:
        """Coverage means answered, not knocked."""
        return max(0, self.households - self.answered)

    @property
    def untouched(self) -> int:
        """Nobody has been there at all."""
        return max(0, self.households - self.answered - self.tried)

    @property
    def percent(self) -> int:
        """Rounded down: 100 only when all have answered."""
        return 100 * min(self.answered, self.households) // self.households if self.households else 100


@dataclass(frozen=True)
class Part:
    """A unit right below the one that is looked at. ``url`` leads further down, or to the list of the grid."""

    unit_id: int
    name: str
    covered: Covered
    url: str

    @property
    def look(self) -> str:
        return "ok" if not self.covered.missing else "look" if self.covered.answered else "no"


def of(round_: ScreeningRound, place: Place) -> Covered:
    """The numbers of a place with all that lies below it."""
    found = db.session.execute(select(*_sums()).where(*_here(round_, place))).mappings().one()
    return Covered(households=tallies.households([round_], place, whole(place)).total(), **found)


def parts(round_: ScreeningRound, place: Place) -> list[Part]:
    """The units right below a place that the round holds, in the order of their codes and names."""
    below = _level_below(place)
    if below is None:
        return []
    column = getattr(RoundTally, below.column)
    found = select(column.label("unit_id"), *_sums()).where(*_here(round_, place)).group_by(column)
    rows = {row.unit_id: {name: getattr(row, name) for name in NUMBERS} for row in db.session.execute(found)}
    there = tallies.households([round_], place, lambda model: getattr(model, below.column))
    units = select(Unit.id, Unit.name).where(Unit.parent_id == place.unit_id).order_by(Unit.code, Unit.id)
    return [
        _part(round_, below, unit, Covered(there[unit.id], **rows.get(unit.id, {})))
        for unit in db.session.execute(units)
        if there[unit.id] or unit.id in rows
    ]


def total(parts: Sequence[Part]) -> Covered:
    """The numbers of all parts together."""
    names = [field.name for field in fields(Covered)]
    return Covered(**{name: sum(getattr(part.covered, name) for part in parts) for name in names})


def found_by_category(round_: ScreeningRound) -> list[tuple[Any, int, str]]:
    """The key persons that a round found: (category in words, how many, where they stand)."""
    counted = select(KeyPerson.category, func.count(KeyPerson.id)).where(
        KeyPerson.round_id == round_.id, KeyPerson.state != KeyPersonState.VOID
    )
    numbers = {row[0]: row[1] for row in db.session.execute(counted.group_by(KeyPerson.category))}
    return [
        (label, numbers[category], url_for("keypersons.index", round=round_.id, category=category.value))
        for category, label in CATEGORY_LABELS.items()
        if category in numbers
    ]


def shown_place(round_: ScreeningRound, own: Place, asked_for: Unit | None) -> Place:
    """What is looked at: what was asked for, else one's own unit, else the round's where that lies further down."""
    if asked_for is not None:
        return asked_for.place
    unit = db.session.get(Unit, round_.unit_id)
    return unit.place if unit and own.holds(unit.place) else own


def _level_below(place: Place) -> Level | None:
    levels = list(Level)
    return levels[levels.index(place.level) + 1] if place.level is not Level.GRID else None


def _sums() -> list[Any]:
    return [func.coalesce(func.sum(getattr(RoundTally, name)), 0).label(name) for name in NUMBERS]


def _here(round_: ScreeningRound, place: Place) -> Sequence[Any]:
    return (RoundTally.round_id == round_.id, lies_in(RoundTally, place))


def _part(round_: ScreeningRound, level: Level, unit: Any, covered: Covered) -> Part:
    if level is Level.GRID:
        url = url_for("visits.index", round_id=round_.id, grid=unit.id)
    else:
        url = url_for("screenings.coverage", screening_round_id=round_.id, unit=unit.id)
    return Part(unit.id, unit.name, covered, url)
