"""Visits 入户: the list of a grid as people walk, and one household on one screen."""

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.access.acting import own_place
from portal.access.policy import May
from portal.clock import now
from portal.database import db
from portal.registry.models import Household
from portal.screenings.areas import service as areas
from portal.screenings.models import ScreeningRound
from portal.screenings.visits import listing, looks, service
from portal.screenings.visits.area import area
from portal.screenings.visits.forms import ABOUT_ALL, VisitForm, typed, visit_form
from portal.screenings.visits.listing import Show
from portal.screenings.visits.service import Meanwhile
from portal.web.errors import Refused
from portal.web.page import page

__all__ = ["area"]


@area.get("/<int:round_id>", needs=May.SEE_SCREENINGS)
def index(round_id: int) -> ResponseReturnValue:
    """The households of a grid, what is to be done first."""
    round_ = db.get_or_404(ScreeningRound, round_id)
    grid = listing.grid_of(own_place(), request.args.get("grid", type=int))
    if grid is None:
        return redirect(url_for("screenings.coverage", screening_round_id=round_id), 303)
    show, after = listing.chosen(request.args.get("show")), request.args.get("after", type=int)
    return page("screenings/visits/list.html", fragment="rows", **looks.at_list(round_, grid, show, after))


@area.form("/<int:round_id>/<int:household_id>", needs=May.SCREEN)
def household(round_id: int, household_id: int) -> ResponseReturnValue:
    """One household on one screen."""
    return _at_door(round_id, household_id, again=False)


@area.form("/<int:round_id>/<int:household_id>/again", needs=May.SCREEN)
def again(round_id: int, household_id: int) -> ResponseReturnValue:
    """The same, a second time, by somebody else."""
    return _at_door(round_id, household_id, again=True)


def _at_door(round_id: int, household_id: int, *, again: bool) -> ResponseReturnValue:
    """The form, and what came of it. Whatever stands in the way, what was entered comes back with the reason."""
    round_, home = db.get_or_404(ScreeningRound, round_id), db.session.get(Household, household_id)
    if home is None:
        return _gone(round_)
    living = looks.living_in(home)
    visit = service.visit_of(round_.id, home.id, is_recheck=again)
    form = visit_form(round_, living, areas.listed(now()), visit.tries if visit else 0)
    if not form.is_submitted():
        service.refuse_to_open(round_, home, visit, is_recheck=again)
    refused = False
    if form.validate_on_submit():
        try:
            service.write(round_, home, form.knock, is_recheck=again, as_of=form.as_of)
            return _written(round_, home, form, again=again)
        except Meanwhile as other:
            visit = other.visit
            form.form_errors.append(looks.was_there(visit))
            form.show_again(visit.tries)
        except Refused as no:
            refused = True
            form.form_errors.append(no.sentence)
    around = looks.at_door(round_, home, living, visit, again=again)
    status = 409 if refused else form.status
    return page("screenings/visits/household.html", fragment="form", status=status, form=form, **around)


def _gone(round_: ScreeningRound) -> ResponseReturnValue:
    """None of one's own: it never was, or it has moved since the page was opened."""
    if request.method != "POST":
        abort(404)
    about_all = [request.form.get(name) for name in ABOUT_ALL]
    entered = [*typed(round_, (), areas.listed(now())), *filter(None, about_all)]
    return page("screenings/visits/gone.html", fragment="told", status=404, round_=round_, entered=entered)


def _written(round_: ScreeningRound, home: Household, form: VisitForm, *, again: bool) -> ResponseReturnValue:
    """Back to the list, not to the next household: who taps twice would answer for it unseen."""
    flash(_("%(address)s: %(outcome)s", address=home.address, outcome=form.outcome.label))
    show = Show.RECHECKS.value if again else None
    return redirect(url_for("visits.index", round_id=round_.id, grid=home.unit_id, show=show), 303)
