"""What the daily report says of isolation: who is under way, released, checked, missed, febrile."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import chain

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp
from sqlalchemy import and_, select

from portal.access.acting import Place
from portal.access.scope import lies_in
from portal.clock import local
from portal.database import db
from portal.isolations import models, rules
from portal.isolations.kinds import ISOLATION_KIND_LABELS, IsolationKind, IsolationState, Slot
from portal.isolations.models import OPEN, HealthCheck, Isolation
from portal.isolations.rules import Rule, SlotOfDay
from portal.workflow.figures import By, Counting, Figure, Span

HEADING = _l("Isolation")
A_MOMENT = timedelta(microseconds=1)
ENDED = (IsolationState.RELEASED, IsolationState.MOVED)
# Of one isolation: what fell due in a span, and what is missing of it.
Owed = tuple[int | None, int, list[SlotOfDay]]


def owed(place: Place, span: Span, by: By) -> Iterator[Owed]:
    """The checks whose cut-off lies in a span, its end included: (part of the place, isolation, slots)."""
    days = _days(span)
    begins, ends = rules.midnight(days[0]), rules.midnight(days[-1] + rules.A_DAY)
    asked = select(
        by(Isolation).label("part"),
        Isolation.id,
        Isolation.starts_at,
        Isolation.created_at,
        Isolation.ends_at,
        Isolation.ended_at,
        Isolation.parameters,
    ).where(
        lies_in(Isolation, place),
        Isolation.created_at < ends,
        Isolation.ends_at > begins,
    )
    ended_since = and_(Isolation.state.in_(ENDED), Isolation.changed_at > begins, Isolation.ended_at > begins)
    open_and_ended = [asked.where(which) for which in (Isolation.state.in_(OPEN), ended_since)]
    for row in chain.from_iterable(map(db.session.execute, open_and_ended)):
        rule = Rule.of(row.parameters)
        first = max(row.starts_at, row.created_at) + rules.LEAST_NOTICE
        last = min(row.ends_at, row.ended_at or row.ends_at, span.end)
        cut_offs = [
            ((day, slot), rules.midnight(day) + rule.from_midnight(slot)) for day in days for slot in Slot
        ]
        slots = [slot for slot, cut_off in cut_offs if span.start < cut_off and first <= cut_off <= last]
        yield row.part, row.id, slots


def due(place: Place, span: Span, by: By) -> Counter[int | None]:
    """应测: how many checks were to be there by the end of a span, of those that were not due before it."""
    found = Counter[int | None]()
    for part, _isolation, slots in owed(place, span, by):
        found[part] += len(slots)
    return found


def missed(place: Place, span: Span, by: By) -> Counter[int | None]:
    """漏测: how many of them are not there, explained or not."""
    found, there = Counter[int | None](), _there(place, span)
    for part, isolation_id, slots in owed(place, span, by):
        found[part] += sum((isolation_id, *one) not in there for one in slots)
    return found


def _there(place: Place, span: Span) -> set[tuple[int, date, Slot]]:
    """(isolation, day, slot) of the checks of these days, as they were entered by the end of the span."""
    asked = select(HealthCheck.isolation_id, HealthCheck.day, HealthCheck.slot).where(
        lies_in(HealthCheck, place),
        HealthCheck.day.in_(_days(span)),
        HealthCheck.is_second.is_(False),
        HealthCheck.at <= span.end,
    )
    return {(row.isolation_id, row.day, row.slot) for row in db.session.execute(asked)}


def _days(span: Span) -> list[date]:
    """The days that a span touches; one at least."""
    first, last = local(span.start).date(), local(span.end - A_MOMENT).date()
    return [first + rules.A_DAY * n for n in range(max((last - first).days, 0) + 1)]


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
