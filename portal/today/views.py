"""今日: what this person has to do now, each line one tap from being done."""

from datetime import datetime, time

from flask import Response, g, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_date, pgettext
from flask_babel import lazy_gettext as _l

from portal.access.acting import may
from portal.access.guard import SIGNED_IN, Area, contributed
from portal.access.policy import May
from portal.audit import listing
from portal.clock import LOCAL, today
from portal.web.page import page
from portal.workflow.todo import Todo

area = Area("today", __name__, url_prefix="", menu=_l("Today"))


@area.get("/", needs=SIGNED_IN)
def index() -> ResponseReturnValue:
    """Home. Where an area is a role's only work, home is there: ``home`` of the area, {role: endpoint}."""
    for _area, homes in contributed("home"):
        if g.acting.role in homes:
            return redirect(url_for(homes[g.acting.role]), 303)
    return _today()


def _today() -> Response:
    lines = to_do()
    return page(
        "today/index.html",
        date=format_date(today(), pgettext("pattern", "EEEE d MMMM y")),
        urgent=[line for line in lines if line.urgent],
        rest=[line for line in lines if not line.urgent],
        bases=contributed_lines("basis"),
    )


def to_do() -> list[Todo]:
    """What all areas have for the one acting now, in the order of AREAS from the top."""
    return contributed_lines("todo") + _trail()


def _trail() -> list[Todo]:
    """The trail lies on a floor below lines on Today: so its line is written here."""
    if not may(May.SEE_AUDIT):
        return []
    count = listing.count_since(datetime.combine(today(), time(), LOCAL))
    address = url_for("audit.index", day=today().isoformat())
    return [Todo(_l("Look through what was done today"), address, count=count)]


def contributed_lines(what: str) -> list[Todo]:
    """The lines of one kind that the areas give: ``todo``, or ``basis`` (the orders in force)."""
    return [line for _area, lines in reversed(contributed(what)) for line in lines()]
