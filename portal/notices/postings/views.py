"""Where notices hang 张贴: what should hang where, here and now, the steps of each, coverage, the list on paper."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from portal.access.policy import May
from portal.database import db
from portal.notices.postings import coverage as covering
from portal.notices.postings import listing, looks, printing, service, views_places
from portal.notices.postings.area import area
from portal.notices.postings.models import HANG, REPORT_TORN, TAKE_DOWN, Posting
from portal.web.page import page
from portal.workflow.states import Step
from portal.workflow.ticked import MOST_AT_ONCE, ticked

__all__ = ["area", "views_places"]


@area.get("/", needs=May.SEE_NOTICES)
def index() -> ResponseReturnValue:
    """The list; first what is urgent."""
    narrow = listing.narrowed()
    numbers = listing.counts(narrow)
    show = listing.chosen(request.args.get("show"), numbers)
    groups, after = listing.groups(show, request.args.get("after", type=int), narrow)
    return page(
        "postings/list.html",
        show=show,
        filters=listing.filters(show, numbers, narrow),
        groups=groups,
        after=after,
        narrow=narrow,
        notices_url=url_for("notices.index"),
    )


@area.get("/<int:posting_id>", needs=May.SEE_NOTICES)
def show(posting_id: int) -> ResponseReturnValue:
    """One notice at one place: what was done, and what can be done."""
    return page("postings/detail.html", **looks.at_posting(db.get_or_404(Posting, posting_id)))


@area.post("/<int:posting_id>/hang", needs=May.POST_NOTICES)
def hang(posting_id: int) -> ResponseReturnValue:
    """It hangs."""
    service.hang(db.get_or_404(Posting, posting_id))
    return _back_to_the_list()


@area.post("/<int:posting_id>/report-torn", needs=May.POST_NOTICES)
def report_torn(posting_id: int) -> ResponseReturnValue:
    """It hangs no longer."""
    service.report_torn(db.get_or_404(Posting, posting_id))
    return _back_to_the_list()


@area.post("/<int:posting_id>/take-down", needs=May.POST_NOTICES)
def take_down(posting_id: int) -> ResponseReturnValue:
    """It has been taken down."""
    service.take_down(db.get_or_404(Posting, posting_id))
    return _back_to_the_list()


@area.post("/hang", needs=May.POST_NOTICES)
def hang_several() -> ResponseReturnValue:
    """The ticked ones hang."""
    return _several(HANG)


@area.post("/report-torn", needs=May.POST_NOTICES)
def report_torn_several() -> ResponseReturnValue:
    """The ticked ones hang no longer."""
    return _several(REPORT_TORN)


@area.post("/take-down", needs=May.POST_NOTICES)
def take_down_several() -> ResponseReturnValue:
    """The ticked ones have been taken down."""
    return _several(TAKE_DOWN)


@area.get("/coverage", needs=May.SEE_NOTICES)
def coverage() -> ResponseReturnValue:
    """How far notices hang, unit by unit, with what is missing first."""
    narrow = listing.narrowed()
    lines = covering.coverage(narrow)
    return page(
        "postings/coverage.html",
        narrow=narrow,
        lines=lines,
        all=covering.total(lines),
        address=covering.address(narrow),
        states=covering.COUNTED,
    )


@area.post("/print", needs=May.POST_NOTICES)
def print_list() -> ResponseReturnValue:
    """What there is to do, on paper, for whoever walks."""
    return printing.print_round(listing.narrowed())


def _several(step: Step) -> ResponseReturnValue:
    postings = _ticked()
    moved = service.several(postings, step)
    if moved:
        flash(ngettext("%(num)s place noted", "%(num)s places noted", moved))
    if others := len(postings) - moved:
        flash(ngettext("%(num)s had been noted already", "%(num)s had been noted already", others))
    return _back_to_the_list()


def _ticked() -> list[Posting]:
    none = _l("No place is ticked. Go back and tick at least one.")
    return ticked(
        Posting, "posting_id", none=none, too_many=_l("Tick %(most)s places at most.", most=MOST_AT_ONCE)
    )


def _back_to_the_list() -> ResponseReturnValue:
    """To the list as it was narrowed and filtered; once that filter is worked off, to what is urgent."""
    narrow = listing.narrowed()
    show = listing.left_of(request.args.get("show"), narrow)
    return redirect(url_for("postings.index", show=show, **narrow.asked), 303)
