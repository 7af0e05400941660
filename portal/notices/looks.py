"""What a notice's pages show: its text, the facts around it, what was done, and what can be done now."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from portal.access.acting import acting
from portal.access.guard import contributed
from portal.clock import now
from portal.database import db
from portal.notices import checks, describing, numbering, rules, service, text
from portal.notices.blanks import Beginning, begin, templates, what_is_known
from portal.notices.kinds import NoticeKind, NoticeState
from portal.notices.models import TRANSITIONS, Notice, NoticeVersion
from portal.notices.service import Terms
from portal.orders.models import Order
from portal.orders.service import orders_in_force
from portal.units.models import Unit
from portal.units.rules import level_below
from portal.workflow.states import Step, steps_open

MOST_SHOWN = 900  # characters of a body on the notice's own page; the rest is read as it will be printed
MOST_VERSIONS = 10


def at_notice(notice: Notice) -> dict[str, Any]:
    """All that a notice's own page shows."""
    writes = service.may_write(notice)
    blocks, more = first_blocks(notice.body)
    return {
        "notice": notice,
        "look": rules.LOOKS.get(notice.state, "nil"),
        "blocks": blocks,
        "more": more,
        "checks": checks_of(notice) if writes and notice.state in rules.UNFINISHED else [],
        "unit": db.session.get_one(Unit, notice.unit_id).full_name,
        "audience": describing.audience_in_words(notice),
        "steps": steps_to_take(notice) if writes else [],
        "entries": describing.steps_in_words(notice) if writes else [],
        "writes": writes,
        "own": notice.state is NoticeState.SUBMITTED and writes and service.is_own(notice),
        "replaces": replaced_by(notice),
        "successor": service.successor(notice),
        "panels": [panel for _area, show in contributed("notice_panel") if (panel := show(notice))],
    }


def first_blocks(body: str) -> tuple[Sequence[text.Block], bool]:
    """The blocks of the beginning of a body, and whether there is more."""
    lines = body.splitlines()
    shown, length = [], 0
    for line in lines:
        if length + len(line) > MOST_SHOWN:
            shown.append(line[: MOST_SHOWN - length])
            break
        shown.append(line)
        length += len(line)
    return text.parse("\n".join(shown)), len(body) > length + len(lines)


def checks_of(notice: Notice) -> list[tuple[str, str]]:
    """(look, sentence): what stands in the way, then what should be looked at."""
    return [("no", sentence) for sentence in checks.obstacles(notice)] + [
        ("look", sentence) for sentence in checks.warnings(notice)
    ]


def steps_to_take(notice: Notice) -> list[Step]:
    """The steps that the one acting now may take; nobody approves what is their own."""
    own = service.is_own(notice)
    return [step for step in steps_open(notice, TRANSITIONS) if not (own and step.name == "approve")]


def replaced_by(notice: Notice) -> Notice | None:
    """The notice whose place this one takes."""
    return db.session.get(Notice, notice.replaces_id) if notice.replaces_id else None


def orders_to_choose() -> list[tuple[int, str]]:
    """The orders that a notice can rest on: those in force here, the one that began last first."""
    return [(order.id, f"{order.number} {order.title}") for order in orders_in_force(now())]


def order_of(notice: Notice) -> list[tuple[int, str]]:
    """The same, with the one that a draft rests on already."""
    orders = orders_to_choose()
    order = notice.order
    if order is None or order.id in dict(orders):
        return orders
    return [(order.id, f"{order.number} {order.title}"), *orders]


def kinds_to_choose() -> list[tuple[NoticeKind, Any]]:
    """Every kind with its templates."""
    return [(kind, templates(kind)) for kind in NoticeKind]


def beginning(unit: Unit, kind: NoticeKind, template: str, order: Order | None) -> Beginning:
    """The text that a new notice begins with."""
    hotline = numbering.heading_of(unit).phone or unit.duty_phone
    return begin(kind, template, what_is_known(unit, order, hotline, now().date()))


def audiences(unit_id: int) -> list[tuple[int, str]]:
    """The units directly below, of which a notice can be for some only."""
    below = level_below(db.session.get_one(Unit, unit_id).level)
    found = select(Unit.id, Unit.full_name).where(Unit.parent_id == unit_id, Unit.level == below)
    return [(row.id, row.full_name) for row in db.session.execute(found.order_by(Unit.code, Unit.id))]


def own_unit() -> Unit:
    """Where the one acting now writes notices; LookupError for who is appointed to the whole installation."""
    place = acting().place
    if place is None:
        raise LookupError("notices are written by units")
    return db.session.get_one(Unit, place.unit_id)


def latest_versions(notice: Notice) -> list[NoticeVersion]:
    """The versions of a notice, the newest first."""
    kept = select(NoticeVersion).where(NoticeVersion.notice_id == notice.id)
    return list(db.session.scalars(kept.order_by(NoticeVersion.number.desc()).limit(MOST_VERSIONS)))


def order_chosen(order_id: int | None) -> Order | None:
    """The order asked for, if it is in force; else the one that began last; None where none is in force."""
    found = orders_in_force(now())
    return next((order for order in found if order.id == order_id), found[0] if found else None)


def usual_terms(kind: NoticeKind) -> Terms:
    """How a notice of this kind mostly goes out: for offices and for single persons not on the public page."""
    return Terms(is_public=kind not in (NoticeKind.CIRCULAR, NoticeKind.INFORMATION))


def needs_letterhead() -> bool:
    """Whether one's own unit has no letterhead yet, without which nothing gets a number."""
    return numbering.letterhead_of(own_unit().id) is None


def at_letterhead(unit: Unit) -> dict[str, Any]:
    """What stands around the letterhead's form."""
    kept = numbering.letterhead_of(unit.id)
    return {"unit": unit, "kept": kept, "last": numbering.last_number(kept.code) if kept else 0}
