"""Which day of which unit an address names, and the pages of those below it."""

from datetime import date
from typing import Any

from flask import request

from portal.reports import looks
from portal.reports.below import reports_below
from portal.units.models import Unit
from portal.workflow.listing import PAGE


def asked() -> tuple[Unit, date]:
    """The unit and the day in the address; one's own, and today."""
    return looks.unit_asked(request.args.get("unit", type=int)), looks.day_asked(request.args.get("day"))


def at_below(unit: Unit, day: date, after: int) -> dict[str, Any]:
    """A page of the units below: ``after`` is how many of them came before."""
    found = reports_below(unit, day)
    lines = found[after : after + PAGE]
    following = after + PAGE if len(found) > after + PAGE else None
    counted = {"reported": sum(one.has_reported for one in found), "asked": len(found)}
    return looks.about(unit, day) | {"lines": lines, "following": following} | counted
