"""Posting places 张贴点: the list, a new one, another name, the end; and bringing current notices to new places."""

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.access.policy import May
from portal.database import db
from portal.notices.postings import places as places_
from portal.notices.postings import plan, service
from portal.notices.postings.area import area
from portal.notices.postings.forms import PlaceForm
from portal.notices.postings.models import PostingPlace
from portal.units.models import Unit
from portal.web.page import page
from portal.workflow.reasons import WrittenReasonForm


@area.get("/places", needs=May.SEE_NOTICES)
def places() -> ResponseReturnValue:
    """The places, unit by unit, and whether notices have to be brought to any of them."""
    lines, after = places_.lines(request.args.get("after", type=int))
    return page("postings/places.html", lines=lines, after=after, missing=plan.count_missing())


@area.form("/places/new", needs=May.POST_NOTICES)
def new_place() -> ResponseReturnValue:
    """A new place of a community, a group or a grid; where there are many, one goes down the tree first."""
    under = request.args.get("under", type=int)
    choices = places_.choices(under)
    if choices.communities:
        return page("postings/choose_unit.html", communities=choices.communities)
    form = PlaceForm(choices.units, data={"unit": under})
    if form.validate_on_submit():
        service.add_place(db.get_or_404(Unit, form.unit.data), form.chosen)
        flash(_("The posting place has been added."))
        return redirect(url_for("postings.places"), 303)
    return page("postings/place.html", status=form.status, form=form, place=None, unit=None)


@area.form("/places/<int:posting_place_id>", needs=May.POST_NOTICES)
def place(posting_place_id: int) -> ResponseReturnValue:
    """Another name."""
    held = _open_place(posting_place_id)
    form = PlaceForm((), held)
    if form.validate_on_submit():
        service.rename_place(held, form.chosen)
        return redirect(url_for("postings.places"), 303)
    unit = db.session.get_one(Unit, held.unit_id)
    return page("postings/place.html", status=form.status, form=form, place=held, unit=unit)


@area.form("/places/<int:posting_place_id>/close", needs=May.POST_NOTICES)
def close_place(posting_place_id: int) -> ResponseReturnValue:
    """Nothing hangs here any more."""
    held = _open_place(posting_place_id)
    form = WrittenReasonForm()
    if form.validate_on_submit():
        service.close_place(held, form.reason.data)
        return redirect(url_for("postings.places"), 303)
    return page("postings/close_place.html", status=form.status, form=form, place=held)


@area.post("/places/catch-up", needs=May.POST_NOTICES)
def catch_up() -> ResponseReturnValue:
    """Bring the current notices to places that are new since."""
    added = plan.catch_up()
    flash(ngettext("%(num)s notice to hang was added", "%(num)s notices to hang were added", added))
    return redirect(url_for("postings.index"), 303)


def _open_place(place_id: int) -> PostingPlace:
    held = db.get_or_404(PostingPlace, place_id)
    if held.closed:
        abort(404)
    return held
