"""Which day of which unit an address names, and the pages of those below it."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import request

from portal.reports import looks
from portal.reports.below import Below, reports_below
from portal.reports.clock import clock_of
from portal.units.models import Unit
from portal.workflow import figures
from portal.workflow.listing import PAGE


def asked() -> tuple[Unit, date]:
    """The unit and the day in the address; one's own, and today."""
    return looks.unit_asked(request.args.get("unit", type=int)), looks.day_asked(request.args.get("day"))


def at_below(unit: Unit, day: date, after: int, code: str | None) -> dict[str, Any]:
    """A page of the units below: ``after`` is how many of them came before. Of a figure: where it is not nought."""
    found, figure = reports_below(unit, day), figures.figures().get(code or "")
    numbers = numbers_of(figure.code, unit, day, found) if figure else {}
    told = [one for one in found if numbers[one.unit_id]] if figure else found
    following = after + PAGE if len(told) > after + PAGE else None
    return looks.about(unit, day) | {
        "lines": told[after : after + PAGE],
        "following": following,
        "figure": figure,
        "numbers": numbers,
        "reported": sum(one.has_reported for one in found),
        "asked": len(found),
    }


def numbers_of(code: str, unit: Unit, day: date, found: Sequence[Below]) -> dict[int, int]:
    """{unit id: number} of one figure: as it was reported, else as it is by now."""
    clock, by_now = clock_of(unit.place, day), dict[int | None, dict[str, int]]()
    for level in {one.level for one in found if not one.has_reported}:
        by_now |= figures.by_part(unit.place, clock.span if clock else day, level)
    return {
        one.unit_id: (
            one.report.told if one.report and one.has_reported else by_now.get(one.unit_id, {})
        ).get(code, 0)
        for one in found
    }
