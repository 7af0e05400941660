"""What cannot be quite true and wants to be looked at: for the isolation's page and for the morning brief."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from portal.access.acting import Place
from portal.access.scope import lies_in
from portal.database import db
from portal.isolations import rules
from portal.isolations.models import OPEN, HealthCheck, Isolation


@dataclass(frozen=True)
class Alike:
    """An open isolation whose last temperatures are all the same."""

    isolation_id: int
    unit_id: int
    temperature: int


def all_alike(place: Place) -> list[Alike]:
    """The open isolations of a place whose last ``rules.ALIKE`` temperatures are identical: nobody's are."""
    enough = (
        select(HealthCheck.isolation_id)
        .join(Isolation, Isolation.id == HealthCheck.isolation_id)
        .where(
            lies_in(Isolation, place),
            Isolation.state.in_(OPEN),
            HealthCheck.slot_key.is_not(None),
        )
        .group_by(HealthCheck.isolation_id)
        .having(func.count() >= rules.ALIKE)
    )
    taken = (
        select(HealthCheck.isolation_id, HealthCheck.unit_id, HealthCheck.temperature)
        .where(HealthCheck.isolation_id.in_(enough), HealthCheck.slot_key.is_not(None))
        .order_by(HealthCheck.isolation_id, HealthCheck.taken_at, HealthCheck.id)
    )
    temperatures: dict[tuple[int, int], list[int]] = {}
    for isolation_id, unit_id, temperature in db.session.execute(taken):
        temperatures.setdefault((isolation_id, unit_id), []).append(temperature)
    return [
        Alike(isolation_id, unit_id, found[-1])
        for (isolation_id, unit_id), found in temperatures.items()
        if rules.alike(found)
    ]


def is_alike(checks: Sequence[HealthCheck]) -> bool:
    """The same of one isolation; ``checks`` are those that count, in the order they were taken."""
    return rules.alike([check.temperature for check in checks])
