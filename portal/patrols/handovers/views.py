"""Hand-overs at a boundary: list, one of them, handing over, and the answers of either side."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.access.policy import May
from portal.database import db
from portal.patrols.findings.basis import looked_for, refuse_ended
from portal.patrols.findings.forms import WordsForm
from portal.patrols.findings.looks import places_offered
from portal.patrols.handovers import forms, listing, looks, models, service
from portal.patrols.handovers.area import area
from portal.patrols.handovers.models import Handover
from portal.patrols.handovers.printing import print_sheet
from portal.patrols.models import Patrol
from portal.web.errors import Refused
from portal.web.forms import Form
from portal.web.page import page
from portal.workflow.states import Step, refuse_closed

__all__ = ["area"]


@area.get("/", needs=May.SEE_PATROLS)
def index() -> ResponseReturnValue:
    """The list; first what waits for an answer."""
    numbers = listing.counts()
    show = listing.chosen(request.args.get("show"), numbers)
    lines, before = listing.lines(show, request.args.get("before", type=int))
    filters = listing.filters(show, numbers)
    return page(
        "handovers/list.html", fragment="rows", show=show, filters=filters, lines=lines, before=before
    )


@area.get("/<int:handover_id>", needs=May.SEE_PATROLS)
def show(handover_id: int) -> ResponseReturnValue:
    """One hand-over, as this side sees it."""
    return page("handovers/detail.html", **looks.at_handover(db.get_or_404(Handover, handover_id)))


@area.form("/new", needs=May.HAND_OVER)
def new() -> ResponseReturnValue:
    """Hand over from a boundary patrol: ``?patrol_id=…``."""
    patrol = db.get_or_404(Patrol, request.args.get("patrol_id", 0, type=int))
    service.refuse_inside(patrol)
    refuse_ended(patrol)
    looked_for(patrol)
    form = forms.HandoverForm(patrol)
    if form.validate_on_submit():
        return _done(service.give(patrol, form.given))
    context = {"form": form, "patrol": patrol, "places": places_offered(patrol)}
    return page("handovers/form.html", fragment="form", status=form.status, **context)


@area.post("/<int:handover_id>/acknowledge", needs=May.TAKE_OVER)
def acknowledge(handover_id: int) -> ResponseReturnValue:
    """This side has taken over."""
    handover = db.get_or_404(Handover, handover_id)
    service.acknowledge(handover)
    return _done(handover)


@area.form("/<int:handover_id>/dispute", needs=May.TAKE_OVER)
def dispute(handover_id: int) -> ResponseReturnValue:
    """This side says that it is not so."""
    return _for_a_reason(handover_id, models.DISPUTE, forms.DISPUTED, service.dispute)


@area.form("/<int:handover_id>/withdraw", needs=May.HAND_OVER)
def withdraw(handover_id: int) -> ResponseReturnValue:
    """The giver takes it back."""
    return _for_a_reason(handover_id, models.WITHDRAW, forms.WITHDRAWN, service.withdraw)


@area.form("/<int:handover_id>/acknowledge-on-paper", needs=May.HAND_OVER)
def acknowledge_on_paper(handover_id: int) -> ResponseReturnValue:
    """The other side has signed the sheet."""
    handover = _in_a_state_for(handover_id, models.ACKNOWLEDGE_ON_PAPER)
    form = forms.SignatureForm(handover.at)
    if form.validate_on_submit():
        service.acknowledge_on_paper(handover, form.signature)
        return _done(handover)
    return _ask(form, handover, models.ACKNOWLEDGE_ON_PAPER)


@area.post("/<int:handover_id>/print", needs=May.SEE_PATROLS)
def print_one(handover_id: int) -> ResponseReturnValue:
    """The sheet, in two copies; with ``?as=page`` on the screen."""
    return print_sheet(db.get_or_404(Handover, handover_id))


def _for_a_reason(
    handover_id: int, step: Step, common: tuple[Any, ...], verb: Callable[[Handover, str], None]
) -> ResponseReturnValue:
    """A page of its own that asks why, then the step."""
    handover, form = _in_a_state_for(handover_id, step), WordsForm(common)
    if form.validate_on_submit():
        verb(handover, form.reason)
        return _done(handover)
    return _ask(form, handover, step)


def _ask(form: Form, handover: Handover, step: Step) -> ResponseReturnValue:
    side = listing.side_words(handover.side, handover.neighbour)
    context = {"form": form, "handover": handover, "step": step, "side": side}
    return page("handovers/step.html", fragment="form", status=form.status, **context)


def _in_a_state_for(handover_id: int, step: Step) -> Handover:
    """The hand-over, if this side can take this step from its state; else ``Refused`` before anything is asked."""
    handover = db.get_or_404(Handover, handover_id)
    if step not in looks.OF_SIDE[handover.side]:
        raise Refused(service.OF_THE_OTHER_SIDE)
    refuse_closed(handover, step)
    return handover


def _done(handover: Handover) -> ResponseReturnValue:
    flash(listing.state_words(handover.state, handover.side))
    return redirect(url_for("handovers.show", handover_id=handover.id), 303)
