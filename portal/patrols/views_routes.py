"""The plan: the rounds of a day, on the screen and on paper, and the routes behind them."""

from datetime import date, timedelta

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.access.policy import May
from portal.access.scope import current
from portal.audit import service as audit
from portal.clock import today
from portal.database import db
from portal.patrols import looks_plan, printing, service
from portal.patrols import routes as planned
from portal.patrols.area import area
from portal.patrols.forms_routes import RouteForm
from portal.patrols.models import PatrolRoute
from portal.printing.document import is_asked_first
from portal.units.models import Unit
from portal.web.forms import Form
from portal.web.page import page
from portal.workflow.reasons import ReasonForm

WHY_CLOSED = (_l("Walked along another route now"), _l("The measure has ended"), _l("Laid down by mistake"))
FURTHEST = timedelta(days=366)


@area.get("/plan", needs=May.SEE_PATROLS)
def day_plan() -> ResponseReturnValue:
    """The rounds of a day: done by whom, or missed."""
    return page("patrols/plan.html", **looks_plan.at_plan(_day(), request.args.get("after", type=int) or 0))


@area.form("/plan/print", needs=May.SEE_PATROLS)
def print_plan() -> ResponseReturnValue:
    """The sheet of a day for one unit. ``?as=page`` shows it on the screen; a posted form is printed and noted."""
    unit, day = _unit(), _day()
    if is_asked_first():
        return page("patrols/print_plan.html", form=Form(), **looks_plan.at_print_plan(unit, day))
    if request.method == "POST":
        audit.record("patrol.print_plan", unit_id=unit.id, day=day.isoformat())
    return printing.day_sheet(unit, day)


@area.get("/routes", needs=May.SEE_PATROLS)
def routes() -> ResponseReturnValue:
    """The routes in sight, those that are walked first."""
    return page("patrols/routes.html", routes=looks_plan.routes(), covers=current().covers)


@area.form("/routes/new", needs=May.PLAN_PATROLS)
def new_route() -> ResponseReturnValue:
    """Add a route."""
    form = RouteForm()
    if form.validate_on_submit():
        return _laid_down(planned.lay_down(form.wanted()))
    return page("patrols/route.html", fragment="form", status=form.status, form=form, route=None)


@area.form("/routes/<int:route_id>/edit", needs=May.PLAN_PATROLS)
def change_route(route_id: int) -> ResponseReturnValue:
    """Change a route from now on."""
    route = _own(route_id)
    form = RouteForm(route)
    if form.validate_on_submit():
        planned.change_route(route, form.wanted())
        return _laid_down(route)
    return page("patrols/route.html", fragment="form", status=form.status, form=form, route=route)


@area.form("/routes/<int:route_id>/close", needs=May.PLAN_PATROLS)
def close_route(route_id: int) -> ResponseReturnValue:
    """Nobody walks it any more."""
    route = _own(route_id)
    form = ReasonForm(WHY_CLOSED)
    if form.validate_on_submit():
        planned.close_route(route, form.reason)
        return _laid_down(route)
    return page("patrols/close_route.html", fragment="form", status=form.status, form=form, route=route)


def _own(route_id: int) -> PatrolRoute:
    """A route of one's own unit or below, that is still walked; 404 for one from above."""
    route = db.get_or_404(PatrolRoute, route_id)
    if not current().covers(route):
        abort(404)
    planned.refuse_closed(route)
    return route


def _laid_down(route: PatrolRoute) -> ResponseReturnValue:
    flash(_("Route closed") if route.closed_at else _("Route saved"))
    return redirect(url_for("patrols.routes"), 303)


def _unit() -> Unit:
    """The unit asked for, not one from above; else one's own."""
    unit = db.get_or_404(Unit, request.args.get("unit", type=int) or service.own_unit())
    if not current().covers(unit):
        abort(404)
    return unit


def _day() -> date:
    """The day asked for, not further away than a year; else today."""
    try:
        asked_for = date.fromisoformat(request.args.get("day", ""))
    except ValueError:
        return today()
    return asked_for if abs(asked_for - today()) <= FURTHEST else today()
