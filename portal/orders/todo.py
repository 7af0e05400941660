"""What orders put on Today: for the office what has to be decided, for everybody the orders in force."""

from datetime import timedelta

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from portal.access.acting import may
from portal.access.policy import May
from portal.clock import now
from portal.database import db
from portal.orders.hours import until_words
from portal.orders.models import Order, OrderState
from portal.orders.rules import ENDS_SOON
from portal.orders.service import applies, may_write, orders_in_force
from portal.web.formats import moment
from portal.workflow.todo import Todo

VERY_SOON = timedelta(days=1)


def todo() -> list[Todo]:
    """Drafts to put in force, and orders that end within three days and that nothing follows."""
    if not may(May.WRITE_ORDERS):
        return []
    drafts = db.session.scalars(
        select(Order).where(Order.state == OrderState.DRAFT).order_by(Order.changed_at)
    )
    return [_end(order) for order in _ending() if may_write(order)] + [
        _draft(order) for order in drafts if may_write(order)
    ]


def basis() -> list[Todo]:
    """The orders in force, for everybody who may see orders."""
    if not may(May.SEE_ORDERS):
        return []
    return [
        Todo(order.number, url_for("orders.show", order_id=order.id), note=_until(order))
        for order in orders_in_force(now())
    ]


def _ending() -> list[Order]:
    follower = aliased(Order)
    ending = select(Order).where(applies(now()), Order.until <= now() + ENDS_SOON, Order.ended_at.is_(None))
    unfollowed = ending.where(~exists().where(follower.replaces_id == Order.id))
    return list(db.session.scalars(unfollowed.order_by(Order.until)))


def _end(order: Order) -> Todo:
    return Todo(
        _("Extend or let end: %(number)s", number=order.number),
        url_for("orders.show", order_id=order.id),
        note=_until(order),
        urgent=order.until - now() <= VERY_SOON,
    )


def _draft(order: Order) -> Todo:
    return Todo(
        _("Put in force: %(number)s", number=order.number),
        url_for("orders.show", order_id=order.id),
        note=_("drafted %(when)s", when=moment(order.created_at)),
    )


def _until(order: Order) -> str:
    days = (order.ends_at - now()).days
    left = ngettext("%(num)s day left", "%(num)s days left", days) if days else _("ends within a day")
    return _("until %(when)s, %(left)s", when=until_words(order.ends_at), left=left)
