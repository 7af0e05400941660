"""Orders 指令: list, show, draft, put in force, end, extend, replace; and the measures of a draft."""

from datetime import timedelta
from typing import Any

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from portal.access.acting import acting
from portal.access.guard import Area
from portal.access.policy import May
from portal.clock import local, now, today
from portal.database import db
from portal.orders import actions, listing, service, todo
from portal.orders.describing import measures_in_words, steps_in_words
from portal.orders.forms import OrderForm, StepForm, UntilForm
from portal.orders.hours import full_until_words, hours_words, until_words
from portal.orders.listing import Show
from portal.orders.measures import MeasureKind, kinds
from portal.orders.models import Order, OrderState
from portal.orders.rules import shown_state
from portal.units.models import Unit
from portal.web.errors import Refused
from portal.web.page import page
from portal.workflow.reasons import WrittenReasonForm

area = Area("orders", __name__, menu=_l("Orders"))
area.contributes["actions"] = actions.ACTIONS
area.contributes["todo"] = todo.todo
area.contributes["basis"] = todo.basis


@area.get("/", needs=May.SEE_ORDERS)
def index() -> ResponseReturnValue:
    """Those in force first; drafts for those who write them; those that have ended."""
    show = Show(request.args["show"]) if request.args.get("show") in list(Show) else Show.IN_FORCE
    lines, before = listing.lines(show, request.args.get("before", type=int))
    return page(
        "orders/list.html",
        fragment="rows",
        show=show,
        filters=listing.filters(show),
        lines=lines,
        before=before,
        until_words=until_words,
    )


@area.get("/<int:order_id>", needs=May.SEE_ORDERS)
def show(order_id: int) -> ResponseReturnValue:
    """One order: what it says, what it switches on, what was done with it."""
    order = _visible(order_id)
    return page(
        "orders/detail.html",
        order=order,
        **_state(order),
        measures=measures_in_words(order),
        steps=steps_in_words(order),
        replaces=db.session.get(Order, order.replaces_id or 0),
        successor=service.successor(order),
    )


@area.form("/new", needs=May.WRITE_ORDERS)
def new() -> ResponseReturnValue:
    """Draft an order."""
    form = OrderForm(issued_by=acting().unit_name, from_day=today() + timedelta(days=1))
    if form.validate_on_submit():
        return _to(service.draft(form.heading()))
    return page(
        "orders/form.html",
        fragment="form",
        status=form.status,
        form=form,
        heading=_l("New order"),
        order=None,
    )


@area.form("/<int:order_id>/edit", needs=May.WRITE_ORDERS)
def edit(order_id: int) -> ResponseReturnValue:
    """Change a draft."""
    order = _draft(order_id)
    form = OrderForm.of(order)
    if form.validate_on_submit():
        service.change(order, form.heading())
        return _to(order)
    heading = _l("Change the draft")
    return page(
        "orders/form.html", fragment="form", status=form.status, form=form, heading=heading, order=order
    )


@area.form("/<int:order_id>/replace", needs=May.WRITE_ORDERS)
def replace(order_id: int) -> ResponseReturnValue:
    """Draft an order in the place of this one, with its measures to begin with."""
    order = _applying(order_id)
    begins = local(max(now(), order.effective_from))
    form = OrderForm.of(
        order, number="", from_day=begins.date(), from_time=begins.time().replace(microsecond=0)
    )
    if form.validate_on_submit():
        return _to(service.draft(form.heading(), replaces=order))
    heading = _l("Replace the order")
    return page(
        "orders/form.html", fragment="form", status=form.status, form=form, heading=heading, order=order
    )


@area.form("/<int:order_id>/extend", needs=May.WRITE_ORDERS)
def extend(order_id: int) -> ResponseReturnValue:
    """Draft an order that goes on where this one ends."""
    order = _applying(order_id)
    form = UntilForm(begins=order.ends_at)
    if form.validate_on_submit():
        return _to(service.extend(order, form.number.data or "", form.until))
    return page(
        "orders/extend.html", fragment="form", status=form.status, form=form, order=order, **_state(order)
    )


@area.form("/<int:order_id>/put-in-force", needs=May.WRITE_ORDERS)
def put_in_force(order_id: int) -> ResponseReturnValue:
    """Look at the effect once more, then put the draft in force."""
    order = _draft(order_id)
    form = StepForm()
    if form.validate_on_submit():
        service.put_in_force(order)
        return _to(order)
    consequences = {"effects": service.effects(order), "switched_off": service.switched_off(order)}
    context = consequences | _state(order) | {"measures": measures_in_words(order)}
    return page("orders/put_in_force.html", status=form.status, form=form, order=order, **context)


@area.form("/<int:order_id>/end", needs=May.WRITE_ORDERS)
def end(order_id: int) -> ResponseReturnValue:
    """End an order before its time, with the reason."""
    order = _applying(order_id)
    form = WrittenReasonForm()
    if form.validate_on_submit():
        service.end(order, form.reason.data or "")
        return _to(order)
    return page(
        "orders/end.html", fragment="form", status=form.status, form=form, order=order, **_state(order)
    )


@area.get("/<int:order_id>/measures/new", needs=May.WRITE_ORDERS)
def choose_measure(order_id: int) -> ResponseReturnValue:
    """What else a draft can switch on."""
    order = _draft(order_id)
    offered = [
        (kind.label, [(area_name, item, label) for item, label in kind.items.items()
                      if service.measure_of(order, area_name, item) is None])
        for area_name, kind in kinds().items()
    ]  # fmt: skip
    return page("orders/choose_measure.html", order=order, offered=offered)


@area.form("/<int:order_id>/measures/<area_name>/<item>", needs=May.WRITE_ORDERS)
def measure(order_id: int, area_name: str, item: str) -> ResponseReturnValue:
    """The parameters of one measure of a draft; ``?preset=`` fills them in."""
    order, kind = _draft(order_id), _kind(area_name, item)
    form = kind.form()
    if form.validate_on_submit():
        service.set_measure(order, area_name, item, kind.parameters(form))
        return _to(order)
    if not form.is_submitted() and (begin := _to_begin_with(order, area_name, item)) is not None:
        kind.fill(form, begin)
    context = {"order": order, "kind": kind, "area_name": area_name, "item": item, "form": form}
    present = service.measure_of(order, area_name, item)
    return page("orders/measure.html", fragment="form", status=form.status, present=present, **context)


@area.post("/<int:order_id>/measures/<area_name>/<item>/remove", needs=May.WRITE_ORDERS)
def remove_measure(order_id: int, area_name: str, item: str) -> ResponseReturnValue:
    """Leave a measure out of a draft."""
    order = _draft(order_id)
    service.remove_measure(order, area_name, item)
    return _to(order)


def _visible(order_id: int) -> Order:
    order = db.get_or_404(Order, order_id)
    if order.state is OrderState.DRAFT and not service.may_write(order):
        abort(404)
    return order


def _writable(order_id: int) -> Order:
    order = _visible(order_id)
    if not service.may_write(order):
        abort(403)
    return order


def _draft(order_id: int) -> Order:
    order = _writable(order_id)
    if order.state is not OrderState.DRAFT:
        raise Refused(service.ONLY_DRAFTS)
    return order


def _applying(order_id: int) -> Order:
    order = _writable(order_id)
    if order.state is not OrderState.IN_FORCE or order.ends_at <= now():
        raise Refused(_l("This can be done with an order in force only."))
    return order


def _kind(area_name: str, item: str) -> MeasureKind:
    kind = kinds().get(area_name)
    if kind is None or item not in kind.items:
        abort(404)
    return kind


def _to_begin_with(order: Order, area_name: str, item: str) -> dict[str, Any] | None:
    wanted = request.args.get("preset")
    for preset in kinds()[area_name].presets(item):
        if preset.code == wanted:
            return preset.parameters
    present = service.measure_of(order, area_name, item)
    return present.parameters if present else None


def _state(order: Order) -> dict[str, Any]:
    return {
        "shown": shown_state(order.state, order.effective_from, order.until, order.ended_at, now()),
        "order_unit": db.session.get_one(Unit, order.unit_id).full_name,
        "hours": hours_words(order.effective_from, order.until),
        "ends": full_until_words(order.ends_at),
        "may_write": service.may_write(order),
    }


def _to(order: Order) -> ResponseReturnValue:
    return redirect(url_for("orders.show", order_id=order.id), 303)
