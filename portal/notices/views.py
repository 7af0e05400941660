"""Notices 通告: the list, one notice, writing and comparing."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from portal.access.policy import May
from portal.database import db
from portal.notices import (
    comparing,
    listing,
    looks,
    service,
    views_letterhead,
    views_public,
    views_steps,
)
from portal.notices.area import area
from portal.notices.forms import TermsForm, TextForm
from portal.notices.kinds import NoticeKind, NoticeState
from portal.notices.loading import draft_of, one_to_see, one_to_write
from portal.notices.models import Notice
from portal.notices.postings import views as postings
from portal.notices.views_steps import on_screen
from portal.web.page import page

__all__ = [
    "area",
    "views_letterhead",
    "views_public",
    "views_steps",
]

area.rooms = (postings.area,)


@area.get("/", needs=May.SEE_NOTICES)
def index() -> ResponseReturnValue:
    """What waits for the one acting now first; then what is in force, and what has ended."""
    show = listing.chosen(request.args.get("show"))
    lines, before = listing.lines(show, request.args.get("before", type=int))
    filters = listing.filters(show)
    return page("notices/list.html", fragment="rows", show=show, filters=filters, lines=lines, before=before)


@area.get("/<int:notice_id>", needs=May.SEE_NOTICES)
def show(notice_id: int) -> ResponseReturnValue:
    """One notice: its text, the facts, what was done and what can be done."""
    return page("notices/detail.html", **looks.at_notice(one_to_see(notice_id)))


@area.form("/new", needs=May.WRITE_NOTICES)
def new() -> ResponseReturnValue:
    """Write a notice: ``?kind=`` and ``?template=`` say what to begin with; without a kind, choose one."""
    kind = request.args.get("kind")
    if kind not in list(NoticeKind):
        return page("notices/choose.html", kinds=looks.kinds_to_choose(), letterhead=looks.needs_letterhead())
    return _compose(NoticeKind(kind), request.args.get("template", ""))


def _compose(kind: NoticeKind, template: str) -> ResponseReturnValue:
    unit, orders = looks.own_unit(), looks.orders_to_choose()
    order = looks.order_chosen(request.args.get("order_id", type=int))
    begins = looks.beginning(unit, kind, template, order)
    form = TextForm(kind, orders, data={**vars(begins), "order_id": order and order.id})
    if form.validate_on_submit():
        notice = service.draft(unit.id, kind, form.text(), looks.usual_terms(kind), template=template)
        return kept(notice)
    heading = _l("New: %(kind)s", kind=kind.label)
    about = {"form": form, "heading": heading, "notice": None, "order": order, "orders": orders, "kind": kind}
    return page("notices/form.html", fragment="form", status=form.status, begun=template, **about)


@area.form("/<int:notice_id>/edit", needs=May.WRITE_NOTICES)
def edit(notice_id: int) -> ResponseReturnValue:
    """Change the text of a draft."""
    notice = draft_of(notice_id)
    form = TextForm.of(notice, looks.order_of(notice))
    if form.validate_on_submit():
        service.change(notice, form.text())
        return kept(notice)
    about = {
        "form": form,
        "heading": _l("Change the text"),
        "notice": notice,
        "orders": (),
        "kind": notice.kind,
    }
    return page("notices/form.html", fragment="form", status=form.status, **about)


@area.form("/<int:notice_id>/arrange", needs=May.WRITE_NOTICES)
def arrange(notice_id: int) -> ResponseReturnValue:
    """For whom a draft is, and what its paper says around the text."""
    notice = draft_of(notice_id)
    form = TermsForm(notice, looks.audiences(notice.unit_id))
    if form.validate_on_submit():
        service.change(notice, form.terms())
        return kept(notice)
    return page("notices/terms.html", fragment="form", status=form.status, form=form, notice=notice)


@area.get("/<int:notice_id>/versions", needs=May.WRITE_NOTICES)
def versions(notice_id: int) -> ResponseReturnValue:
    """Two versions compared, ``?old=&new=``; with ``?replaced`` the notice and the one whose place it takes."""
    notice = one_to_write(notice_id)
    if "replaced" in request.args and notice.replaces_id:
        return page("notices/versions.html", **comparing.with_replaced(notice))
    old, new = (request.args.get(name, type=int) for name in ("old", "new"))
    return page("notices/versions.html", **comparing.with_former_version(notice, old, new))


@area.post("/<int:notice_id>/replace", needs=May.WRITE_NOTICES)
def replace(notice_id: int) -> ResponseReturnValue:
    """Begin a notice that takes the place of this one."""
    notice = one_to_write(notice_id)
    following = service.replace(notice)
    editable = following.state is NoticeState.DRAFT
    return redirect(url_for("notices.edit" if editable else "notices.show", notice_id=following.id), 303)


def kept(notice: Notice) -> ResponseReturnValue:
    """To the notice, or to its preview where that was asked for."""
    if request.form.get("do") == "preview":
        return redirect(on_screen("preview", notice), 303)
    db.session.flush()
    return redirect(url_for("notices.show", notice_id=notice.id), 303)
