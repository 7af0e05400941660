"""Screening rounds 排查轮次: the list, one round, how far it is, setting one up, and its steps."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from portal.access.acting import own_place
from portal.access.policy import May
from portal.audit import service as audit
from portal.clock import now
from portal.database import db
from portal.orders.service import why_not
from portal.printing.document import is_asked_first
from portal.screenings import coverage as covering
from portal.screenings import listing, looks, measure, models, printing, service
from portal.screenings.area import area
from portal.screenings.areas import service as areas
from portal.screenings.areas import views as affected_areas
from portal.screenings.forms import RoundForm
from portal.screenings.keypersons import views as keypersons
from portal.screenings.models import AffectedArea, ScreeningRound
from portal.screenings.visits import views as visits
from portal.units.models import Unit
from portal.web.forms import Form
from portal.web.page import page
from portal.workflow.reasons import ReasonForm
from portal.workflow.states import for_step

area.rooms = (visits.area, keypersons.area, affected_areas.area)

WHY_CALLED_OFF = (_l("Set up by mistake"), _l("Another round takes its place"), _l("No longer needed"))


@area.get("/", needs=May.SEE_SCREENINGS)
def index() -> ResponseReturnValue:
    """Rounds under way with how far they are, and the earlier ones."""
    before = request.args.get("before", type=int)
    lines, following = listing.earlier(before)
    return page(
        "screenings/list.html",
        under_way=[] if before else listing.under_way(),
        lines=lines,
        before=following,
        first=not before,
    )


@area.get("/<int:screening_round_id>", needs=May.SEE_SCREENINGS)
def show(screening_round_id: int) -> ResponseReturnValue:
    """One round."""
    round_ = db.get_or_404(ScreeningRound, screening_round_id)
    return page("screenings/detail.html", **looks.at_round(round_, own_place()))


@area.get("/<int:screening_round_id>/coverage", needs=May.SEE_SCREENINGS)
def coverage(screening_round_id: int) -> ResponseReturnValue:
    """How far a round is, unit by unit."""
    round_ = db.get_or_404(ScreeningRound, screening_round_id)
    asked = request.args.get("unit", type=int)
    unit = db.get_or_404(Unit, asked) if asked else None
    place = covering.shown_place(round_, own_place(), unit)
    return page("screenings/coverage.html", **looks.at_coverage(round_, place))


@area.form("/new", needs=May.START_ROUNDS)
def new() -> ResponseReturnValue:
    """Set a round up: everything is filled in."""
    asked = request.args.get("area", type=int)
    chosen = db.get_or_404(AffectedArea, asked) if asked else None
    in_force = measure.in_force(own_place(), now())
    form = RoundForm(in_force[1] if in_force else None, areas.listed(now()), chosen)
    if form.validate_on_submit():
        return done(service.set_up(form.wanted))
    missing = "" if in_force else why_not(measure.AREA, measure.ITEM)
    context = {"form": form, "area": chosen, "missing": missing}
    return page("screenings/new.html", fragment="form", status=form.status, **context)


@area.post("/<int:screening_round_id>/close", needs=May.START_ROUNDS)
def close(screening_round_id: int) -> ResponseReturnValue:
    """Nothing more is written down in it."""
    round_ = db.get_or_404(ScreeningRound, screening_round_id)
    service.close(round_)
    return done(round_)


@area.form("/<int:screening_round_id>/call-off", needs=May.START_ROUNDS)
def call_off(screening_round_id: int) -> ResponseReturnValue:
    """It should not have been, for a reason."""
    round_, form = for_step(ScreeningRound, screening_round_id, models.CALL_OFF), ReasonForm(WHY_CALLED_OFF)
    if form.validate_on_submit():
        service.call_off(round_, form.reason)
        return done(round_)
    context = looks.about(round_) | {"form": form, "step": models.CALL_OFF}
    return page("screenings/reason.html", fragment="form", status=form.status, **context)


@area.form("/<int:screening_round_id>/print", needs=May.SEE_SCREENINGS)
def print_coverage(screening_round_id: int) -> ResponseReturnValue:
    """The sheet for the meeting. ``?as=page`` shows it on the screen; only a posted form is printed and noted."""
    round_ = db.get_or_404(ScreeningRound, screening_round_id)
    place = covering.shown_place(round_, own_place(), None)
    if is_asked_first():
        return page("screenings/print.html", form=Form(), **looks.about(round_))
    if request.method == "POST":
        audit.record("screening_round.print", round_, unit_id=own_place().unit_id)
    return printing.coverage_sheet(round_, place)


def done(round_: ScreeningRound) -> ResponseReturnValue:
    """To the round, saying where it stands."""
    flash(round_.state.label)
    return redirect(url_for("screenings.show", screening_round_id=round_.id), 303)
