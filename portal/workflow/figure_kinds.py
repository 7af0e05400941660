"""What a figure of the daily report is, and which there are. Everybody else imports them from ``workflow.figures``."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from flask import current_app

from portal.access.acting import Place
from portal.access.guard import contributed
from portal.clock import LOCAL

TO_THIS_DAY = datetime(9999, 1, 1, tzinfo=UTC)
By = Callable[[Any], Any]  # model → the column by which the parts of a place are told apart


@dataclass(frozen=True)
class Span:
    """From a boundary of a day until another one, which is not part of it."""

    start: datetime
    end: datetime


def day_span(day: date) -> Span:
    """The day from midnight to midnight."""
    start = datetime.combine(day, time(), LOCAL)
    return Span(start, start + timedelta(days=1))


class Counting(StrEnum):
    """What a figure's number means: how often something happened in a span, or how many there are at its end."""

    ON_THE_DAY = "on_the_day"
    AT_ITS_END = "at_its_end"


@dataclass(frozen=True)
class Figure:
    """A line of the report. ``code`` never changes ("area.what"); ``label`` and ``heading`` are lazy: the line, and
    what it stands under. ``unit`` is what is counted, as paper says it (户, 人, 张, 次); lines stand in ``order``.

    Of a model's records: ``steps`` (how often taken), or ``states``, or ``where`` ({attribute: values}): rows of which
    all this is true, how many there are (AT_ITS_END), or how many came to be on the day that the first of the
    attributes ``dated_by`` tells which isn't empty (ON_THE_DAY; without: on the day when it was written).
    ``weight(record)`` where one counts for several, as people turned back, ON_THE_DAY only; it must not change.
    ``live(place, span, by)``: what only the clock can tell, as passes valid now, {unit id: number} of the parts that
    ``by`` tells apart: asked when the report is looked at and frozen with it. ``tells_past``: what it says of a moment
    that is long past is true as well; else it is left out there. Else ``add`` counts.
    """

    code: str
    label: Any
    heading: Any
    counting: Counting = Counting.ON_THE_DAY
    model: type[Any] | None = None
    steps: tuple[str, ...] = ()
    states: tuple[StrEnum, ...] = ()
    where: Mapping[str, tuple[Any, ...]] | None = None
    dated_by: tuple[str, ...] = ()
    weight: Callable[[Any], int] | None = None
    live: Callable[[Place, Span, By], Mapping[int | None, int]] | None = None
    tells_past: bool = False
    unit: str = "次"
    order: int = 1000

    @property
    def holds_of(self) -> Mapping[str, tuple[Any, ...]] | None:
        """Of which rows it tells: {attribute: values}; None where it counts something else."""
        if self.steps or self.model is None:
            return None
        return {"state": self.states} if self.states else self.where

    def weighed(self, record: Any) -> int:
        """For how many the record counts."""
        return self.weight(record) if self.weight else 1


def figures() -> dict[str, Figure]:
    """Every figure by its code, in the order in which a report tells them."""
    kept: dict[str, Figure] | None = current_app.extensions.get("figures")
    if kept is None:
        brought = [figure for _area, some in contributed("figures") for figure in some]
        kept = {figure.code: figure for figure in sorted(brought, key=lambda one: one.order)}
        current_app.extensions["figures"] = kept
    return kept


def of_rows() -> dict[type[Any], list[Figure]]:
    """The figures that tell of rows, by model."""
    kept: dict[type[Any], list[Figure]] | None = current_app.extensions.get("figures_of_rows")
    if kept is None:
        kept = {}
        for figure in figures().values():
            if figure.model is not None and figure.holds_of is not None:
                kept.setdefault(figure.model, []).append(figure)
        current_app.extensions["figures_of_rows"] = kept
    return kept
