"""What the daily report counts. Each area brings its lines: ``area.contributes["figures"] = (Figure(…), …)``.

Figures are kept in ``Tally``, a number for each unit, day and figure, written in the transaction of what they count:
so that a day with a million records is added up as fast as one with ten thousand. A figure that counts steps or
states needs no code of its own: ``workflow.states`` tells of every step. What moves to another unit takes its share
of what stands now along.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from portal.access.acting import Place
from portal.access.guard import contributed


class Counting(StrEnum):
    """What a figure's number means: how often something happened on that day, or how many there are at its end."""

    ON_THE_DAY = "on_the_day"
    AT_ITS_END = "at_its_end"


@dataclass(frozen=True)
class Figure:
    """A line of the report. ``code`` never changes ("passes.issued"); ``label`` and ``heading`` are lazy.

    Of a record's steps: ``model`` with ``steps`` (how often on the day) or ``states`` (how many are in one of them).
    ``weight(record)`` where one counts for several, as people turned back; it must not change afterwards.
    ``live(place, at)``: what only the clock can tell, as passes valid now: asked when the report is looked at and
    frozen with it; {id of the unit below the place: number} when ``by_part`` is asked. Else ``add`` counts.
    ``recount(place, day)`` finds the same number from the records, for the test that both agree.
    """

    code: str
    label: Any
    heading: Any
    counting: Counting = Counting.ON_THE_DAY
    model: type[Any] | None = None
    steps: tuple[str, ...] = ()
    states: tuple[StrEnum, ...] = ()
    weight: Callable[[Any], int] | None = None
    live: Callable[[Place, datetime], int] | None = None
    recount: Callable[[Place, date], int] | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


def figures() -> dict[str, Figure]:
    """Every figure by its code, in the order of AREAS."""
    return {figure.code: figure for _area, some in contributed("figures") for figure in some}
