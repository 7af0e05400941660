"""Passes 通行证: list, search, one pass, and applying for one."""

from flask import g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.access.acting import may
from portal.access.policy import May
from portal.clock import now
from portal.database import db
from portal.orders.service import why_not
from portal.passes import applications, describing, listing, looks, replacing, views_many, views_steps
from portal.passes.applications import Asking
from portal.passes.area import area
from portal.passes.forms import ApplicationForm
from portal.passes.forms_steps import ExtensionForm
from portal.passes.kinds import PassState
from portal.passes.models import Pass
from portal.passes.standing import AREA
from portal.web.page import page
from portal.workflow import searches
from portal.workflow.listing import steps_for

__all__ = ["area", "views_many", "views_steps"]


@area.get("/", needs=May.SEE_PASSES)
def index() -> ResponseReturnValue:
    """The list; first what the one acting now has to do."""
    show = listing.chosen(request.args.get("show"))
    holding = listing.Filters(now())
    lines, before = listing.lines(show, request.args.get("before", type=int), holding)
    return page(
        "passes/list.html",
        fragment="rows",
        show=show,
        filters=listing.filters(show, holding),
        lines=lines,
        before=before,
        together=listing.together(show),
        steps=steps_for("passes", show.value),
    )


@area.post("/search", needs=May.SEE_PASSES)
def search() -> ResponseReturnValue:
    """Keep what was typed for a quarter of an hour, so that no name stands in an address."""
    return redirect(url_for("passes.found", name=searches.keep(request.form.get("q", ""))), 303)


@area.get("/found/<name>", needs=May.SEE_PASSES)
def found(name: str) -> ResponseReturnValue:
    """What was found; for anybody else, and after a while, there is nothing here."""
    g.unmasked = True  # what was typed may be a number in full: no cache keeps the page
    wanted = searches.words_of(name)
    if wanted is None:
        return page("passes/search_lapsed.html", status=404)
    lines, more = listing.search(wanted)
    return page("passes/found.html", wanted=wanted, lines=lines, more=more)


@area.get("/<int:pass_id>", needs=May.SEE_PASSES)
def show(pass_id: int) -> ResponseReturnValue:
    """One pass: what it says, what to look at, what was done, and what can be done."""
    return page("passes/detail.html", **looks.at_pass(db.get_or_404(Pass, pass_id)))


@area.form("/new", needs=May.APPLY_FOR_PASSES)
def new() -> ResponseReturnValue:
    """Apply for a pass: for a household, or for staff and vehicles of the place where one acts."""
    return _application(
        applications.blank(request.args.get("kind"), request.args.get("household_id", type=int))
    )


@area.form("/<int:pass_id>/edit", needs=May.APPLY_FOR_PASSES)
def edit(pass_id: int) -> ResponseReturnValue:
    """Change a draft, or what was returned."""
    pass_ = db.get_or_404(Pass, pass_id)
    if pass_.state is not PassState.DRAFT:
        return redirect(url_for("passes.show", pass_id=pass_id), 303)
    return _application(applications.of_draft(pass_))


@area.form("/<int:pass_id>/extend", needs=May.APPLY_FOR_PASSES)
def extend(pass_id: int) -> ResponseReturnValue:
    """Who issues passes extends them; everybody else applies for a longer one."""
    pass_ = db.get_or_404(Pass, pass_id)
    replacing.refuse_ended(pass_)
    if not may(May.ISSUE_PASSES):
        return _application(applications.longer(pass_))
    return _extension(pass_)


def _extension(pass_: Pass) -> ResponseReturnValue:
    offer = applications.offer_like(pass_)
    form = ExtensionForm(offer) if offer.basis else None
    if form and form.validate_on_submit():
        return views_steps.done(replacing.extend(pass_, form.until))
    status = form.status if form else 200
    return page("passes/extend.html", fragment="form", status=status, form=form, held=pass_)


def _application(asking: Asking) -> ResponseReturnValue:
    """The form, or why nothing can be applied for."""
    if asking.offer.basis is None:
        sentence = why_not(AREA, asking.offer.kind)
        return page(
            "passes/no_order.html",
            status=409 if request.method == "POST" else 200,
            asking=asking,
            sentence=sentence,
        )
    form = ApplicationForm(asking.offer, data=asking.begins_with)
    send = request.form.get("do") != "draft"
    if form.validate_on_submit() and (pass_ := applications.write(asking, form, send=send)):
        return redirect(url_for("passes.show", pass_id=pass_.id), 303)
    return page(
        "passes/form.html",
        fragment="form",
        status=form.status,
        form=form,
        asking=asking,
        offer=asking.offer,
        kinds=looks.kind_choices(asking.offer),
        today=looks.about_today(asking.offer),
        rule=describing.in_short(asking.offer.rule),
    )
