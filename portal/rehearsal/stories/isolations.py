"""A few isolated people: one with a fever, one missed, one to be released today, one to be told, one released."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from portal.clock import now
from portal.database import db
from portal.isolations import care, checks, rules, service
from portal.isolations.care import Named
from portal.isolations.checks import Taken
from portal.isolations.kinds import CarerRole, IsolationKind, Method, Signature, Slot, Symptom
from portal.isolations.models import Isolation
from portal.registry.models import Household, Resident
from portal.rehearsal.calendar import Calendar
from portal.rehearsal.staff import GRID, unit_named

MEDIC = Named(CarerRole.MEDIC, "演示·齐医生", "0396-00000120")
POLICE = Named(CarerRole.POLICE, "演示·郑警官", "0396-00000110")
CENTRE = "演示·重阳街道社区卫生服务中心"


def tell(on: Calendar) -> None:
    """Told from the order on: checks every morning and evening, but where the story wants a gap."""
    going_free = _order(on, 1, IsolationKind.HOME, on.hour(-14, 0), "外地返回，自到达之日起算", ordered=-3)
    febrile = _order(on, 2, IsolationKind.HOME, on.hour(-2, 9), "与确诊病例同乘一车", ordered=-2)
    missed = _order(on, 3, IsolationKind.HOME_MONITORING, on.hour(-2, 9), "集中隔离期满返家", ordered=-2)
    released = _order(on, 4, IsolationKind.MONITORING, on.hour(-8, 0), "邻近乡镇返回", ordered=-3)
    _check(on, going_free, range(-3, 1))
    _check(on, released, range(-3, -1))
    _check(on, febrile, range(-2, 0))
    _check(on, missed, [-2])
    with on.scene("wang", -1, 9, 30):
        service.release(_the(released), medic=MEDIC.name, medic_unit=CENTRE)
    with on.scene("qian", 0, 8, 20):
        _enter(febrile, _slot_now(febrile), 378, (Symptom.COUGH.value,))
    with on.scene("wang", 0, 8, 40):
        person = _person(5)
        service.order(person, IsolationKind.HOME, starts_at=now(), reason="排查发现，昨晚由外地返回")


def _order(
    on: Calendar, home: int, kind: IsolationKind, starts_at: datetime, reason: str, *, ordered: int
) -> int:
    """Ordered at nine, the team completed, told and signed for within the hour."""
    with on.scene("wang", ordered, 9):
        isolation = service.order(_person(home), kind, starts_at=starts_at, reason=reason)
        present = [
            Named(carer.role, carer.name, carer.phone, carer.account_id)
            for carer in isolation.team
            if carer.relieved_at is None and carer.role not in (MEDIC.role, POLICE.role)
        ]
        care.change(isolation, [*present, MEDIC, POLICE])
        isolation_id = isolation.id
    with on.scene("qian", ordered, 9, 20):
        service.tell(_the(isolation_id), Signature.PERSON)
    return isolation_id


def _check(on: Calendar, isolation_id: int, days: Iterable[int]) -> None:
    """Both checks of these days, as far as their hour has come."""
    for day in days:
        for slot, hour in ((Slot.MORNING, 9), (Slot.EVENING, 16)):
            if on.hour(day, hour, 40) <= now():
                with on.scene("qian", day, hour, 40):
                    _enter(isolation_id, slot, 362 + (day * 3 + hour) % 7)


def _enter(isolation_id: int, slot: Slot, temperature: int, symptoms: tuple[str, ...] = ()) -> None:
    checks.enter(_the(isolation_id), Taken(slot, now(), temperature, symptoms, Method.DOOR))


def _slot_now(isolation_id: int) -> Slot:
    return rules.slot_now(checks.rule_of(_the(isolation_id)), now())


def _the(isolation_id: int) -> Isolation:
    """The isolation, as the one acting now may see it: rows don't outlive a scene."""
    return db.session.get_one(Isolation, isolation_id)


def _person(number: int) -> Resident:
    """Somebody of the grid's last households, counted from the end: the first ones have stories of their own."""
    grid = unit_named(GRID).id
    homes = select(Household).where(Household.unit_id == grid).order_by(Household.id.desc())
    return db.session.scalars(homes.limit(number)).all()[-1].residents[0]
