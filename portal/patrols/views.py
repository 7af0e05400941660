"""Patrols 巡逻: today's rounds, the list, one patrol, and its log."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.access.policy import May
from portal.clock import now
from portal.database import db
from portal.patrols import listing, logs, looks, looks_plan, plan, service, views_routes, views_steps
from portal.patrols.area import area
from portal.patrols.findings import views as findings
from portal.patrols.forms import setout_form, setout_now
from portal.patrols.forms_log import LogForm
from portal.patrols.handovers import views as handovers
from portal.patrols.kinds import PatrolState
from portal.patrols.models import Patrol
from portal.web.errors import Refused
from portal.web.formats import clock_time
from portal.web.page import page

__all__ = [
    "area",
    "views_routes",
    "views_steps",
]

area.rooms = (findings.area, handovers.area)


@area.get("/", needs=May.SEE_PATROLS)
def index() -> ResponseReturnValue:
    """Today's rounds, what I am writing, and the list."""
    show = listing.chosen(request.args.get("show"))
    before = request.args.get("before", type=int)
    lines, following = listing.lines(show, before)
    return page(
        "patrols/list.html",
        show=show,
        filters=listing.filters(show),
        lines=lines,
        before=following,
        today=None if before else looks_plan.rounds_today(),
        drafts=[] if before else listing.my_drafts(),
    )


@area.get("/<int:patrol_id>", needs=May.SEE_PATROLS)
def show(patrol_id: int) -> ResponseReturnValue:
    """One patrol: what was walked and found, what was done, and what can be done."""
    return page("patrols/detail.html", **looks.at_patrol(db.get_or_404(Patrol, patrol_id)))


@area.form("/new", needs=May.LOG_PATROLS)
def new() -> ResponseReturnValue:
    """Set out, or begin to write down a patrol that is over."""
    form = setout_form(request.args.get("round"))
    if form.validate_on_submit():
        return redirect(url_for("patrols.edit", patrol_id=service.set_out(form.setout()).id), 303)
    was_first = service.was_first
    return page("patrols/new.html", fragment="form", status=form.status, form=form, was_first=was_first)


@area.post("/begin", needs=May.LOG_PATROLS)
def begin() -> ResponseReturnValue:
    """One tap: set out now for a round that is due."""
    planned = plan.round_named(request.form.get("round"))
    if planned is None:
        raise Refused(_("There is no such round any more. Load the list of patrols again."))
    if planned.logged and planned.standing in looks_plan.TAKEN:
        flash(service.was_first(planned.logged))
        return redirect(looks_plan.where_to_go_second(planned), 303)
    patrol = service.set_out(setout_now(planned))
    return redirect(url_for("patrols.edit", patrol_id=patrol.id), 303)


@area.form("/<int:patrol_id>/edit", needs=May.LOG_PATROLS)
def edit(patrol_id: int) -> ResponseReturnValue:
    """The log while it is being written: kept with every press, handed in once."""
    patrol = db.get_or_404(Patrol, patrol_id)
    if patrol.state is not PatrolState.DRAFT:
        return redirect(url_for("patrols.show", patrol_id=patrol_id), 303)
    form, hand_in = LogForm(patrol), request.form.get("do") == "send"
    if form.is_submitted() and logs.write(patrol, form, hand_in=hand_in):
        flash(patrol.state.label if hand_in else _("Kept %(time)s", time=clock_time(now())))
        return redirect(url_for("patrols.show" if hand_in else "patrols.edit", patrol_id=patrol_id), 303)
    return page("patrols/log.html", fragment="form", status=form.status, form=form, **looks.at_log(patrol))


@area.post("/<int:patrol_id>/keep", needs=May.LOG_PATROLS)
def keep(patrol_id: int) -> ResponseReturnValue:
    """The same from a script after every change: the answer is one line."""
    patrol = db.get_or_404(Patrol, patrol_id)
    form = LogForm(patrol)
    logs.write(patrol, form, by_hand=False)
    return page("patrols/kept.html", form=form, at=now())
