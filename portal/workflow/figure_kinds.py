"""What a figure of the daily report is, and which there are. Everybody else imports them from ``workflow.figures``."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from flask import current_app

from portal.access.acting import Level, Place
from portal.access.guard import contributed

TO_THIS_DAY = datetime(9999, 1, 1, tzinfo=UTC)


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
    ``live(place, at)``: what only the clock can tell, as passes valid now: asked when the report is looked at and
    frozen with it; ``live_by_part(place, at, level)`` the same of the parts, {unit id or None: number}.
    ``tells_past``: what it says of a moment that is long past is true as well; else it is left out there. Else ``add``
    counts.
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
    live: Callable[[Place, datetime], int] | None = None
    live_by_part: Callable[[Place, datetime, Level | None], Mapping[int | None, int]] | None = None
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
