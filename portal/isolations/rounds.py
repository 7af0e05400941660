"""Who is without a check of a day, in the order in which one walks."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, exists, not_, select, tuple_
from sqlalchemy.orm import selectinload

from portal.clock import today
from portal.database import db
from portal.isolations import checks, rules
from portal.isolations.kinds import Slot
from portal.isolations.listing import Filters, Show
from portal.isolations.models import GapExplained, HealthCheck, Isolation
from portal.isolations.rules import SlotOfDay
from portal.registry.models import Household

AT_ONCE = 40  # people on one page: more is too long to look through on a phone
WALK = (Household.address_key, Household.id, Isolation.id)


def offered(due: SlotOfDay) -> list[SlotOfDay]:
    """The checks that can be entered for many: yesterday evening's, and today's up to the one that is due."""
    first = [(today() - rules.A_DAY, Slot.EVENING), (today(), Slot.MORNING)]
    return first if due in first else [*first, due]


def due_now(at: datetime) -> SlotOfDay:
    """The check that is due, by the hours of whoever was isolated last."""
    latest = select(Isolation).where(Filters(at).of(Show.OPEN)).order_by(Isolation.id.desc()).limit(1)
    found = db.session.scalars(latest).first()
    return today(), rules.slot_now(checks.rule_of(found), at) if found else Slot.MORNING


def without(asked: SlotOfDay, after: int | None, at: datetime) -> tuple[list[Isolation], int | None]:
    """One page of those who owe this check, and the ``after`` of the next one (None: there is none)."""
    day, slot = asked
    filters = Filters(at)
    there = exists().where(
        HealthCheck.isolation_id == Isolation.id,
        HealthCheck.day == day,
        HealthCheck.slot == slot,
        HealthCheck.slot_key.is_not(None),
    )
    told_why = exists().where(
        GapExplained.isolation_id == Isolation.id, GapExplained.day == day, GapExplained.slot == slot
    )
    found = _isolations().where(and_(filters.of(Show.OPEN), not_(filters.lost), ~there, ~told_why))
    last = None if after is None else db.session.execute(_places().where(Isolation.id == after)).one_or_none()
    if last is not None:
        found = found.where(tuple_(*WALK) > tuple(last))
    rows = db.session.scalars(found.order_by(*WALK).limit(AT_ONCE + 1)).all()
    following = rows[AT_ONCE - 1].id if len(rows) > AT_ONCE else None
    return [one for one in rows[:AT_ONCE] if _owes(one, asked)], following


def these(ids: Collection[int]) -> Sequence[Isolation]:
    """The isolations with these ids, as far as one sees them."""
    found = _isolations().where(Isolation.id.in_(sorted(ids)[:AT_ONCE]))
    return db.session.scalars(found.order_by(*WALK)).all()


def _owes(isolation: Isolation, asked: SlotOfDay) -> bool:
    rule = checks.rule_of(isolation)
    return rules.is_owed(rule, checks.watched_from(isolation), isolation.ends_at, asked)


def _isolations() -> Any:
    # joined, they would be locked with it, which PostgreSQL refuses
    with_whom = selectinload(Isolation.resident), selectinload(Isolation.household)
    return select(Isolation).join(Household, Household.id == Isolation.household_id).options(*with_whom)


def _places() -> Any:
    return select(*WALK).join(Household, Household.id == Isolation.household_id)
