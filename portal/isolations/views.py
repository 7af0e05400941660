"""Isolation 隔离管控: the list, one isolation, and a new one for somebody of a household."""

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from portal.access.policy import May
from portal.access.scope import place_of
from portal.clock import now
from portal.database import db
from portal.isolations import listing, looks, measure, service, views_checks, views_paper, views_steps
from portal.isolations.area import area
from portal.isolations.forms import OrderForm
from portal.isolations.kinds import IsolationKind
from portal.isolations.models import Isolation
from portal.orders.service import why_not
from portal.registry.models import Household
from portal.web.page import page

__all__ = ["area", "views_checks", "views_paper", "views_steps"]


@area.get("/", needs=May.SEE_ISOLATIONS)
def index() -> ResponseReturnValue:
    """Who is isolated, what needs action first."""
    show = listing.chosen(request.args.get("show"))
    lines, following = listing.lines(show, request.args.get("after", type=int))
    return page(
        "isolations/list.html", show=show, filters=listing.links(show), lines=lines, following=following
    )


@area.get("/<int:isolation_id>", needs=May.SEE_ISOLATIONS)
def show(isolation_id: int) -> ResponseReturnValue:
    """One isolation: what waits, the readings, what release still lacks, and what can be done."""
    return page("isolations/detail.html", **looks.at_isolation(db.get_or_404(Isolation, isolation_id)))


@area.form("/new", needs=May.ORDER_ISOLATION)
def new() -> ResponseReturnValue:
    """Order isolation for somebody of a household."""
    household = db.get_or_404(Household, request.args.get("household_id", type=int) or abort(404))
    kinds = measure.kinds_in_force(place_of(household.unit_id), now())
    if not kinds:
        told = why_not(measure.AREA, IsolationKind.HOME.value)
        return page("isolations/no_order.html", household=household, told=told)
    form = OrderForm(household, kinds)
    if form.validate_on_submit():
        ordered = [service.order(resident, **form.wanted) for resident in form.residents]
        return redirect(_where_to(ordered), 303)
    return page("isolations/new.html", fragment="form", status=form.status, form=form, household=household)


def _where_to(ordered: list[Isolation]) -> str:
    """To the isolation; to the list of those to be told where several were ordered."""
    if len(ordered) == 1:
        return url_for("isolations.show", isolation_id=ordered[0].id)
    flash(ngettext("%(num)s isolation ordered", "%(num)s isolations ordered", len(ordered)))
    return url_for("isolations.index", show="to_tell")
