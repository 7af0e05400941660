"""What the daily report counts. Each area brings its lines: ``area.contributes["figures"] = (Figure(…), …)``.

Figures are kept in ``Tally``, a number for each unit, figure and part of a day, written in the transaction of what they
count: so that a day with a million records is added up as fast as one with ten thousand. What counts steps, states or
rows needs no code of its own: ``workflow.states`` tells of every step, the session and the doors beside it of every
row. What moves to another unit takes its share of what stands now along; what happened stays where it happened.

A day is parted where a report's figures are cut off: ``contributes["day_cuts"] = fn(day) -> [(unit id, moment)]``, for
the unit and all below. Whatever is written between two boundaries is added to the earlier one, so that a report says
what was so at its cut-off, also when it is confirmed later.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from typing import Any, Protocol, TypeVar

from sqlalchemy import case, func, select, union_all

from portal.access import counting as door
from portal.access.acting import Level, Place
from portal.access.scope import lies_in, place_of
from portal.clock import local, now
from portal.database import db, expect_writing
from portal.workflow import tallying
from portal.workflow.figure_kinds import (
    TO_THIS_DAY,
    By,
    Counting,
    Figure,
    Span,
    day_span,
    figures,
    of_rows,
)
from portal.workflow.models import Tally
from portal.workflow.tallying import forget_cuts

__all__ = [
    "TO_THIS_DAY",
    "By",
    "Counting",
    "Figure",
    "Span",
    "add",
    "by_part",
    "change_words",
    "counted",
    "day_span",
    "figures",
    "forget_cuts",
    "headed",
    "parts_of",
    "settle",
    "step_taken",
    "sums",
    "whole",
]

MENDED_AT_ONCE = 500  # units


class OfAFigure(Protocol):
    """A line that tells of a figure."""

    @property
    def figure(self) -> Figure: ...


Told = TypeVar("Told", bound=OfAFigure)


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
    known = figures().values()
    told = {figure.code: 0 for figure in known if not figure.live or _can_be_asked(figure, span)}
    for _unit, code, number in _told(place, span, whole(place)):
        told[code] += number
    return told


def by_part(place: Place, when: date | Span, level: Level | None = None) -> dict[int | None, dict[str, int]]:
    """The same of each part in one question: the units right below the place, or those of a level further down.

    {unit id: {code: number}}, without what is nought; None: what belongs to no such part, as to the place itself.
    """
    span = when if isinstance(when, Span) else day_span(when)
    is_whole = place.level is Level.GRID
    told: dict[int | None, dict[str, int]] = {}
    for part, code, number in _told(place, span, whole(place) if is_whole else parts_of(place, level)):
        told.setdefault(None if is_whole else part, {})[code] = number
    return told


def headed(lines: Iterable[Told]) -> list[tuple[str, list[Told]]]:
    """Lines that tell of a figure, under the headings of their figures."""
    found: dict[str, list[Told]] = {}
    for line in lines:
        found.setdefault(str(line.figure.heading), []).append(line)
    return list(found.items())


def change_words(number: int, before: int) -> str:
    """+3, -1; empty where nothing has changed."""
    return f"{number - before:+d}" if number != before else ""


def whole(place: Place) -> By:
    """No parts: the place itself."""
    return lambda model: getattr(model, place.level.column)


def parts_of(place: Place, level: Level | None) -> By:
    """Of a level below the place; None: the topmost unit below it to which a row belongs."""
    below = [level] if level else list(Level)[list(Level).index(place.level) + 1 :]

    def part(model: Any) -> Any:
        columns = [getattr(model, one.column) for one in below]
        return func.coalesce(*columns) if len(columns) > 1 else columns[0]

    return part


def counted(model: type[Any], which: Callable[[datetime], Any]) -> dict[str, Any]:
    """A live figure that counts rows: ``Figure(…, **counted(Pass, valid_at))``; the condition is that at a moment."""

    def live(place: Place, span: Span, by: By) -> dict[int | None, int]:
        here = lies_in(model, place)
        found = select(by(model), func.count()).select_from(model).where(here, which(span.end))
        return {row[0]: row[1] for row in db.session.execute(found.group_by(by(model)))}

    return {"live": live, "tells_past": True}


def _told(place: Place, span: Span, by: By) -> Iterator[tuple[int | None, str, int]]:
    """(part, code, number) of all that can be told and is not nought."""
    known, until_now = figures(), Span(span.start, min(span.end, now()))
    for part, code, number in _kept(place, span, by):
        if code in known and number:
            yield part, code, number
    for code, figure in known.items():
        if figure.live and _can_be_asked(figure, span):
            yield from (
                (part, code, number) for part, number in figure.live(place, until_now, by).items() if number
            )


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


def _kept(place: Place, span: Span, by: By) -> Iterator[tuple[int | None, str, int]]:
    """(part, code, number) of all that is tallied.

    What happened is added up within the span; of what stood at its end, what has changed since then is taken back.
    """
    tallying.write(db.session())
    stocks = [code for code, figure in figures().items() if figure.counting is Counting.AT_ITS_END]
    here = lies_in(Tally, place)
    groups = (by(Tally), Tally.figure)
    standing = case((Tally.since == TO_THIS_DAY, Tally.value), else_=-Tally.value)
    during = select(*groups, func.sum(Tally.value)).where(
        here, Tally.since >= span.start, Tally.since < span.end, Tally.figure.not_in(stocks)
    )
    at_its_end = select(*groups, func.sum(standing)).where(
        here, Tally.since >= span.end, Tally.figure.in_(stocks)
    )
    asked = union_all(during.group_by(*groups), at_its_end.group_by(*groups))
    return ((part, code, int(number)) for part, code, number in db.session.execute(asked))
