"""An order that switches isolation on, and people in any state of it. It is ten in the morning of 23 November 2026."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from itertools import product
from typing import Any

from flask import current_app
from sqlalchemy import select

from portal.access.scope import everywhere
from portal.clock import LOCAL, now, rehearsing
from portal.database import db
from portal.isolations import checks, rules, service
from portal.isolations.checks import Taken
from portal.isolations.kinds import IsolationKind, IsolationState, Method, Signature, Slot
from portal.isolations.models import HealthCheck, Isolation
from portal.orders import service as orders
from portal.orders.models import Order
from portal.registry.models import Household, HouseholdRestriction, Resident
from tests.factories import household, order_in_force, resident
from tests.passes.conftest import acting_as, measures
from tests.people import Person, li, qian, wang

FOURTEEN = {
    "days": 14,
    "morning": 600,
    "evening": 1020,
    "threshold": 373,
    "needs_tests": False,
    "suspends_passes": True,
}
NAME = "演示·孟晓燕"
MEDIC = {"medic": "演示·齐医生", "medic_unit": "重阳街道社区卫生服务中心", "name": NAME}


def hour(hours: int, minutes: int = 0, *, days: int = 0) -> datetime:
    """An hour of the tests' day, or of the days around it."""
    return datetime(2026, 11, 23, hours, minutes, tzinfo=LOCAL) + timedelta(days=days)


def day(days: int) -> date:
    """The tests' day, or one of those around it."""
    return hour(0, days=days).date()


def order(*, kinds: Collection[IsolationKind] = tuple(IsolationKind), **values: Any) -> Order:
    """An order of the street since thirty days ago that switches these kinds on, and passes."""
    parameters = FOURTEEN | values.pop("parameters", {})
    switched = {("isolations", kind.value): parameters for kind in kinds} | measures()
    return order_in_force(**({"measures": switched, "effective_from": hour(0, days=-30)} | values))


def somebody(name: str = NAME, home: Household | None = None, **values: Any) -> Resident:
    """A person of a household of qian's grid."""
    return resident(home or household(), name=name, **values)


def beside(person: Resident, name: str = "演示·孟小妹") -> Resident:
    """Somebody else of the same household."""
    return resident(Household(id=person.household_id, unit_id=person.unit_id), name=name)


def isolated(
    person: Resident | None = None,
    *,
    kind: IsolationKind = IsolationKind.HOME,
    starts: datetime | None = None,
    told: bool = True,
    by: Person = wang,
) -> int:
    """An isolation ordered when it begins, three days ago unless told; its id."""
    starts = starts or hour(8, days=-3)
    person = person or somebody()
    with rehearsing(starts), acting_as(the_app(), by):
        mine = db.session.get_one(Resident, person.id)
        place = "演示·隔离点" if kind is IsolationKind.COLLECTIVE else ""
        made = service.order(mine, kind, starts_at=starts, reason="外地返回", place=place)
        if told:
            service.tell(made, Signature.PERSON)
        return made.id


def check(
    isolation_id: int,
    at: datetime,
    temperature: int = 365,
    symptoms: Sequence[str] = (),
    *,
    slot: Slot | None = None,
    entered: datetime | None = None,
    by: Person = qian,
) -> int:
    """A check that somebody enters as it is taken, or later; its id."""
    with rehearsing(entered or at), acting_as(the_app(), by):
        isolation = db.session.get_one(Isolation, isolation_id)
        which = slot or rules.slot_now(checks.rule_of(isolation), at)
        made = checks.enter(isolation, Taken(which, at, temperature, tuple(symptoms), Method.DOOR))
        return made.id


def checked(isolation_id: int, first: int, last: int, *, but: Collection[tuple[int, Slot]] = ()) -> None:
    """Both checks of the days from ``first`` to ``last`` (0: the tests' day), each a bit different.

    They are written at once: how one comes to be written is told in test_checks.
    """
    slots = ((Slot.MORNING, 8), (Slot.EVENING, 16))
    with acting_as(the_app(), qian):
        isolation = db.session.get_one(Isolation, isolation_id)
        for days, (slot, at) in product(range(first, last + 1), slots):
            if (days, slot) not in but and isolation.starts_at <= hour(at, 10, days=days) <= now():
                db.session.add(_filled(isolation, slot, hour(at, 10, days=days), 362 + days % 5))
        checks.settle(isolation)


def _filled(isolation: Isolation, slot: Slot, at: datetime, temperature: int) -> HealthCheck:
    return HealthCheck(
        unit_id=isolation.unit_id,
        isolation_id=isolation.id,
        household_id=isolation.household_id,
        day=at.date(),
        slot=slot,
        slot_key=f"{isolation.id}-{at.date()}-{slot.value}",
        temperature=temperature,
        method=Method.DOOR,
        taken_at=at,
        at=at,
    )


def ready(person: Resident | None = None) -> int:
    """An isolation that lacks nothing: its fourteen days ended this midnight, all checks are there."""
    isolation_id = isolated(person, starts=hour(8, days=-15))
    checked(isolation_id, -15, 0)
    return isolation_id


def in_state(state: IsolationState) -> int:
    """An isolation in a state, as the pages would have it. One under way can be released."""
    if state is IsolationState.ORDERED:
        return isolated(told=False)
    isolation_id = ready()
    with acting_as(the_app(), wang):
        isolation = db.session.get_one(Isolation, isolation_id)
        if state is IsolationState.RELEASED:
            service.release(isolation, medic=MEDIC["medic"], medic_unit=MEDIC["medic_unit"])
        elif state is IsolationState.MOVED:
            service.move_elsewhere(isolation, "送医")
        elif state is IsolationState.VOID:
            service.strike_out(isolation, "登记错误")
    return isolation_id


def release(isolation_id: int) -> None:
    """The commander releases somebody who lacks nothing."""
    with acting_as(the_app(), wang):
        isolation = db.session.get_one(Isolation, isolation_id)
        service.release(isolation, medic=MEDIC["medic"], medic_unit=MEDIC["medic_unit"])


def end_order(order_id: int, at: datetime) -> None:
    """The office ends an order before its time."""
    with rehearsing(at), acting_as(the_app(), li):
        orders.end(db.session.get_one(Order, order_id), "疫情平稳")


def row(isolation_id: int) -> Isolation:
    """The isolation as it is in the database."""
    with everywhere(because="the test looks"):
        found = db.session.scalars(
            select(Isolation).where(Isolation.id == isolation_id).execution_options(populate_existing=True)
        ).one()
        db.session.refresh(found)
        return found


def restrictions(household_id: int) -> list[bool]:
    """Of each restriction of a household, whether it is in force now."""
    with everywhere(because="the test looks"):
        theirs = select(HouseholdRestriction).where(HouseholdRestriction.household_id == household_id)
        return [one.in_force(now()) for one in db.session.scalars(theirs.order_by(HouseholdRestriction.id))]


def the_app() -> Any:
    """The application of the run."""
    return current_app._get_current_object()  # type: ignore[attr-defined]
