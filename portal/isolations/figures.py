"""What the daily report says of isolation: who is under way, released, checked, missed, febrile."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp
from sqlalchemy import and_, select

from portal.access.acting import Level, Place
from portal.clock import local
from portal.database import db
from portal.isolations import models, rules
from portal.isolations.kinds import ISOLATION_KIND_LABELS, IsolationKind, IsolationState, Slot
from portal.isolations.models import OPEN, HealthCheck, Isolation
from portal.isolations.rules import Rule, SlotOfDay
from portal.workflow.figures import Counting, Figure, part_of

HEADING = _l("Isolation")
A_MOMENT = timedelta(microseconds=1)
ENDED = (IsolationState.RELEASED, IsolationState.MOVED)
# Of one isolation and one day: what was to be checked by a moment, and what is missing of it.
Owed = tuple[int | None, int, list[SlotOfDay]]


def owed_on_day(place: Place, at: datetime, part: Any) -> Iterator[Owed]:
    """The checks of the day that ``at`` ends or lies in: (part of the place, isolation, slots until ``at``)."""
    day = local(at - A_MOMENT).date()
    begins, ends = rules.midnight(day), rules.midnight(day + rules.A_DAY)
    columns = (
        Isolation.id,
        Isolation.starts_at,
        Isolation.created_at,
        Isolation.ends_at,
        Isolation.ended_at,
        Isolation.parameters,
    )
    asked = select(*columns, *([] if part is None else [part.label("part")])).where(
        getattr(Isolation, place.level.column) == place.unit_id,
        Isolation.created_at < ends,
        Isolation.ends_at > begins,
    )
    ended_since = and_(Isolation.state.in_(ENDED), Isolation.changed_at > begins, Isolation.ended_at > begins)
    open_and_ended = [asked.where(which) for which in (Isolation.state.in_(OPEN), ended_since)]
    for row in chain.from_iterable(map(db.session.execute, open_and_ended)):
        rule = Rule.of(row.parameters)
        first = max(row.starts_at, row.created_at) + rules.LEAST_NOTICE
        last = min(row.ends_at, row.ended_at or row.ends_at, at)
        slots = [(day, slot) for slot in Slot if first <= begins + rule.from_midnight(slot) <= last]
        yield (None if part is None else row.part), row.id, slots


def due(place: Place, at: datetime) -> int:
    """应测: how many checks were to be there by the moment, of that day."""
    return sum(_due_by_part(place, at, None).values())


def missed(place: Place, at: datetime) -> int:
    """漏测: how many of them are not there, explained or not."""
    return sum(_missed_by_part(place, at, None).values())


def due_by_part(place: Place, at: datetime, level: Level | None) -> Mapping[int | None, int]:
    """The same as ``due`` of the parts of a place."""
    return _due_by_part(place, at, part_of(Isolation, place, level))


def missed_by_part(place: Place, at: datetime, level: Level | None) -> Mapping[int | None, int]:
    """The same as ``missed`` of the parts of a place."""
    return _missed_by_part(place, at, part_of(Isolation, place, level))


def _due_by_part(place: Place, at: datetime, part: Any) -> dict[int | None, int]:
    found: dict[int | None, int] = {}
    for where, _isolation, slots in owed_on_day(place, at, part):
        found[where] = found.get(where, 0) + len(slots)
    return found


def _missed_by_part(place: Place, at: datetime, part: Any) -> dict[int | None, int]:
    there = _there(place, at)
    found: dict[int | None, int] = {}
    for where, isolation_id, slots in owed_on_day(place, at, part):
        absent = [one for one in slots if (isolation_id, one[1]) not in there]
        found[where] = found.get(where, 0) + len(absent)
    return found


def _there(place: Place, at: datetime) -> set[tuple[int, Any]]:
    """(isolation, slot) of that day's checks, as they were entered by the moment."""
    asked = select(HealthCheck.isolation_id, HealthCheck.slot).where(
        getattr(HealthCheck, place.level.column) == place.unit_id,
        HealthCheck.day == local(at - A_MOMENT).date(),
        HealthCheck.is_second.is_(False),
        HealthCheck.at <= at,
    )
    return {(row.isolation_id, row.slot) for row in db.session.execute(asked)}


def _under_way(kind: IsolationKind, order: int) -> Figure:
    return Figure(
        f"isolations.under_way_{kind.value}",
        ISOLATION_KIND_LABELS[kind],
        HEADING,
        Counting.AT_ITS_END,
        model=Isolation,
        where={"state": OPEN, "kind": (kind,)},
        unit="人",
        order=order,
    )


FIGURES = (
    *(_under_way(kind, 300 + number) for number, kind in enumerate(IsolationKind)),
    Figure(
        "isolations.released",
        _lp("figures", "Released on the day"),
        HEADING,
        model=Isolation,
        steps=(models.RELEASE.name,),
        unit="人",
        order=310,
    ),
    Figure(
        "isolations.released_in_all",
        _lp("figures", "Released in all"),
        HEADING,
        Counting.AT_ITS_END,
        model=Isolation,
        states=(IsolationState.RELEASED,),
        unit="人",
        order=311,
    ),
    Figure(
        "isolations.checks_due",
        _lp("figures", "Health checks due"),
        HEADING,
        live=due,
        live_by_part=due_by_part,
        tells_past=True,
        unit="次",
        order=320,
    ),
    Figure(
        "isolations.checks_done",
        _lp("figures", "Health checks done"),
        HEADING,
        model=HealthCheck,
        where={"is_second": (False,), "is_corrected": (False,)},
        dated_by=("taken_at",),
        unit="次",
        order=321,
    ),
    Figure(
        "isolations.checks_missed",
        _lp("figures", "Health checks missed"),
        HEADING,
        live=missed,
        live_by_part=missed_by_part,
        tells_past=True,
        unit="次",
        order=322,
    ),
    Figure(
        "isolations.fever",
        _lp("figures", "Temperatures of fever"),
        HEADING,
        model=HealthCheck,
        where={"is_fever": (True,), "is_corrected": (False,)},
        dated_by=("taken_at",),
        unit="次",
        order=323,
    ),
)
