"""What the daily report counts. Each area brings its lines: ``area.contributes["figures"] = (Figure(…), …)``.

Figures are kept in ``Tally``, a number for each unit, figure and part of a day, written in the transaction of what they
count: so that a day with a million records is added up as fast as one with ten thousand. What counts steps, states or
rows needs no code of its own: ``workflow.states`` tells of every step, the session and the doors beside it of every
row. What moves to another unit takes its share of what stands now along; what happened stays where it happened.

A day is parted where a report's figures are cut off: ``contributes["day_cuts"] = fn(day) -> [(unit id, moment)]``, for
the unit and all below. Whatever is written between two boundaries is added to the earlier one, so that a report says
what was so at its cut-off, also when it is confirmed later.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import case, func, select, union_all

from portal.access import counting as door
from portal.access.acting import Level, Place
from portal.access.scope import place_of
from portal.clock import LOCAL, local, now
from portal.database import db, expect_writing
from portal.workflow import tallying
from portal.workflow.figure_kinds import TO_THIS_DAY, Counting, Figure, figures, of_rows
from portal.workflow.models import Tally
from portal.workflow.tallying import forget_cuts

__all__ = [
    "TO_THIS_DAY",
    "Counting",
    "Figure",
    "Span",
    "add",
    "by_part",
    "counted",
    "day_span",
    "figures",
    "forget_cuts",
    "part_of",
    "settle",
    "step_taken",
    "sums",
]

MENDED_AT_ONCE = 500  # units


@dataclass(frozen=True)
class Span:
    """From a boundary of a day until another one, which is not part of it."""

    start: datetime
    end: datetime


def day_span(day: date) -> Span:
    """The day from midnight to midnight."""
    start = datetime.combine(day, time(), LOCAL)
    return Span(start, start + timedelta(days=1))


# ── counting ─────────────────────────────────────────────────────────────────────────────────────────────────────


def add(code: str, unit_id: int, by: int = 1, at: datetime | None = None) -> None:
    """Count something that happened in a unit at a moment (None: now), or is there from then on.

    For what neither steps nor rows tell. ``OutOfScope`` for a unit beside one's own, LookupError for an unknown code.
    """
    door.refuse_stranger(place_of(unit_id))
    tallying.note(figures()[code], unit_id, by, at or now())


def step_taken(record: Any, step: str, at: datetime) -> None:
    """``workflow.states`` tells of every step."""
    for figure in figures().values():
        if step in figure.steps and isinstance(record, figure.model or ()):
            tallying.note(figure, record.unit_id, figure.weighed(record), at)


# ── telling ──────────────────────────────────────────────────────────────────────────────────────────────────────


def sums(place: Place, when: date | Span) -> dict[str, int]:
    """Every figure of a place with all that lies below it, of a day or of another span: {code: number}.

    Without those that can no longer be told of it.
    """
    span = when if isinstance(when, Span) else day_span(when)
    told = dict.fromkeys(figures(), 0)
    for _place, code, number in _kept(place, span):
        if code in told:
            told[code] = number
    for code, figure in figures().items():
        if figure.live and _can_be_asked(figure, span):
            told[code] = figure.live(place, min(span.end, now()))
        elif figure.live:
            del told[code]
    return told


def by_part(place: Place, when: date | Span, level: Level | None = None) -> dict[int | None, dict[str, int]]:
    """The same of each part in one question: the units right below the place, or those of a level further down.

    {unit id: {code: number}}, without what is nought; None: what belongs to no such part, as to the place itself.
    """
    span = when if isinstance(when, Span) else day_span(when)
    known = figures()
    told: dict[int | None, dict[str, int]] = {}
    for part, code, number in _kept(place, span, part_of(Tally, place, level)):
        if code in known and number:
            told.setdefault(part, {})[code] = number
    for code, figure in known.items():
        if figure.live_by_part and _can_be_asked(figure, span):
            for part, number in figure.live_by_part(place, min(span.end, now()), level).items():
                if number:
                    told.setdefault(part, {})[code] = number
    return told


def part_of(model: Any, place: Place, level: Level | None) -> Any:
    """The expression that tells to which part of a place a row belongs: the id of the topmost unit below it."""
    below = list(Level)[list(Level).index(place.level) + 1 :]
    levels = [level] if level else below
    columns = [getattr(model, one.column) for one in levels]
    return func.coalesce(*columns) if len(columns) > 1 else columns[0] if columns else None


def counted(model: type[Any], which: Callable[[datetime], Any]) -> dict[str, Any]:
    """A live figure that counts rows: ``Figure(…, **counted(Pass, valid_at))``; the condition is that at a moment."""

    def live(place: Place, at: datetime) -> int:
        here = getattr(model, place.level.column) == place.unit_id
        return db.session.scalar(select(func.count()).select_from(model).where(here, which(at))) or 0

    def live_by_part(place: Place, at: datetime, level: Level | None) -> dict[int | None, int]:
        part = part_of(model, place, level)
        if part is None:
            return {None: live(place, at)}
        here = getattr(model, place.level.column) == place.unit_id
        found = select(part, func.count()).select_from(model).where(here, which(at)).group_by(part)
        return {row[0]: row[1] for row in db.session.execute(found)}

    return {"live": live, "live_by_part": live_by_part, "tells_past": True}


def _can_be_asked(figure: Figure, span: Span) -> bool:
    """What is so only now can be told until the day is over on which the span ends."""
    return figure.tells_past or local(span.end) > local(now()).replace(
        hour=0, minute=0, second=0, microsecond=0
    )


def settle() -> int:
    """Make what is tallied of rows equal to what there is, and say how many numbers were not: for what was there
    before figures were counted, and for whatever no door told of. Within a scope that sees everything, between
    transactions: while all rows are counted nobody waits, and what differs is mended in short ones.
    """
    mended = 0
    for figure in (one for some in of_rows().values() for one in some):
        if figure.counting is Counting.AT_ITS_END and figure.model is not None:
            which, key = door.holding(figure.model, figure.holds_of or {}), (figure.code, TO_THIS_DAY)
            places = list(_differing(figure.model, which, key).items())
            for first in range(0, len(places), MENDED_AT_ONCE):
                some_places = dict(places[first : first + MENDED_AT_ONCE])
                mended += door.mend(figure.model, which, Tally, key, some_places)
    return mended


def _differing(model: type[Any], which: Any, key: tuple[str, datetime]) -> dict[int, Place]:
    """Where the tally isn't what there is, seen by a transaction that only looks."""
    expect_writing(False)
    try:
        return {unit_id: place_of(unit_id) for unit_id in door.drift(model, which, Tally, key)}
    finally:
        db.session.rollback()
        expect_writing(None)


def _kept(place: Place, span: Span, part: Any = None) -> list[tuple[int | None, str, int]]:
    """(part, code, number) of all that is tallied; without a part of the place as a whole.

    What happened is added up within the span; of what stood at its end, what has changed since then is taken back.
    """
    tallying.write(db.session())
    stocks = [code for code, figure in figures().items() if figure.counting is Counting.AT_ITS_END]
    here = getattr(Tally, place.level.column) == place.unit_id
    groups = [Tally.figure] if part is None else [Tally.figure, part]
    standing = case((Tally.since == TO_THIS_DAY, Tally.value), else_=-Tally.value)
    during = select(func.sum(Tally.value), *groups).where(
        here, Tally.since >= span.start, Tally.since < span.end, Tally.figure.not_in(stocks)
    )
    at_its_end = select(func.sum(standing), *groups).where(
        here, Tally.since >= span.end, Tally.figure.in_(stocks)
    )
    asked = union_all(during.group_by(*groups), at_its_end.group_by(*groups))
    return [
        (told[0] if told else None, code, int(number)) for number, code, *told in db.session.execute(asked)
    ]
