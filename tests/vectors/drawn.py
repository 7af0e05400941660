"""Facts drawn at random from a seed: mostly a good pass that something is wrong with, at telling moments."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any, TypeVar

from portal.passes.facts import CodeProblem, GateFacts, PassFacts, Restriction, Standing
from portal.passes.kinds import CountsFor, Kind, OnOvertime, PassState, Period
from portal.passes.quota import UTC8, Trip
from portal.passes.rule_data import EVERY_DAY, PassRule, Window
from portal.passes.verdicts import Direction
from portal.registry.restrictions import RestrictionKind
from tests.passes.rule_facts import with_held, with_standing

SEED = 20261123
FIRST = datetime(2026, 11, 1, tzinfo=UTC8)
DAYS = 520  # into the spring of 2028, which has a leap day
Option = TypeVar("Option")
Spoil = Callable[["Draw", GateFacts], GateFacts]


class Draw:
    """Chance from a seed, built on ``Random.random`` alone: its sequence is promised for every Python."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)

    def between(self, low: int, high: int) -> int:
        return low + int(self._random.random() * (high - low + 1))

    def one_of(self, options: Sequence[Option]) -> Option:
        return options[self.between(0, len(options) - 1)]

    def happens(self, in_hundred: int) -> bool:
        return self.between(1, 100) <= in_hundred

    def seconds(self, low: int, high: int) -> timedelta:
        return timedelta(seconds=self.between(low, high))

    def minutes(self, low: int, high: int) -> timedelta:
        return timedelta(minutes=self.between(low, high))


def drawn(count: int) -> Iterator[GateFacts]:
    """So many facts: the same every time."""
    draw = Draw(SEED)
    for _ in range(count):
        facts = good_facts(draw)
        for _problem in range(draw.one_of((0, 0, 0, 1, 1, 1, 2, 3))):
            facts = draw.one_of(SPOILS)(draw, facts)
        yield facts


def good_facts(draw: Draw) -> GateFacts:
    rule = some_rule(draw)
    at = some_moment(draw, rule)
    order_from = at - draw.seconds(0, 50 * 86400)
    standing = Standing(
        state=PassState.ISSUED,
        valid_from=at - draw.seconds(0, 7 * 86400),
        valid_until=at + draw.seconds(1, 7 * 86400),
        order_from=order_from,
        order_until=at + draw.seconds(1, 30 * 86400),
    )
    held = PassFacts(
        kind=draw.one_of(tuple(Kind)),
        standing=standing,
        rule=rule,
        gates=frozenset(draw.one_of(((), (1,), (1, 2)))),
        trips=tuple(some_trip(draw, rule, at) for _ in range(draw.one_of((0, 0, 1, 1, 2, 4)))),
        open_trip=some_open_trip(draw, rule, at) if draw.happens(35) else None,
    )
    return GateFacts(
        at=at,
        gate=1,
        held=held,
        direction=draw.one_of((None, *Direction)),
        temperature=draw.one_of((None, 358, 365, 372)),
        claimed_at=at + draw.seconds(-400, 400) if draw.happens(20) else None,
    )


def some_rule(draw: Draw) -> PassRule:
    period = draw.one_of(tuple(Period))
    longest = draw.one_of((None, 30, 120, 180, 600, 3 * 1440))
    can_skip = longest is not None and period is not Period.UNLIMITED
    return PassRule(
        counts_for=draw.one_of(tuple(CountsFor)),
        period=period,
        period_days=draw.one_of((1, 1, 2, 2, 3, 7, 31)),
        trips=draw.one_of((1, 1, 2, 3)),
        persons=draw.one_of((1, 2)),
        windows=tuple(some_window(draw) for _ in range(draw.one_of((0, 1, 1, 2, 3)))),
        max_minutes=longest,
        grace_minutes=draw.one_of((0, 15, 60)),
        on_overtime=draw.one_of(tuple(OnOvertime)) if can_skip else OnOvertime.NOTHING,
        tolerance_minutes=draw.one_of((0, 5, 30)),
        suspended_by=tuple(kind for kind in RestrictionKind if draw.happens(50)),
    )


def some_window(draw: Draw) -> Window:
    start = draw.between(0, 1439)
    weekdays = EVERY_DAY if draw.happens(70) else draw.between(1, EVERY_DAY)
    return Window(weekdays, start, draw.between(start + 1, 1440))


def some_moment(draw: Draw, rule: PassRule) -> datetime:
    """Within a window, at its edges, or at midnight."""
    tolerance, seconds = rule.tolerance_minutes, draw.one_of((0, 0, 1, 59))
    near = [minute for w in rule.windows for minute in (w.start - tolerance, w.end + tolerance)]
    edge = draw.one_of((*near, 0, 1440)) + draw.one_of((-1, 0, 1))
    within = [draw.between(w.start, w.end) for w in rule.windows] or [draw.between(0, 1439)]
    minute = edge if draw.happens(30) else draw.one_of(within)
    return FIRST + timedelta(days=draw.between(0, DAYS), minutes=minute, seconds=seconds)


def some_trip(draw: Draw, rule: PassRule, at: datetime) -> Trip:
    """In the last days; now and then one that has not ended, or that begins only later."""
    out_at = at - draw.minutes(-60, draw.one_of((600, 4 * 1440, 20 * 1440)))
    stay = draw.minutes(0, 2 * (rule.max_minutes or 300))
    return Trip(out_at, out_at + stay if draw.happens(85) else None, back_by(rule, out_at))


def some_open_trip(draw: Draw, rule: PassRule, at: datetime) -> Trip:
    """In time, at the edge of the grace, or days late."""
    allowed = rule.max_minutes or 180
    late = draw.one_of((-60, -1, 0, rule.grace_minutes, rule.grace_minutes + 1, 900))
    out_at = at - timedelta(minutes=allowed + late, seconds=draw.one_of((0, 0, 1, 59)))
    return Trip(out_at, None, back_by(rule, out_at))


def back_by(rule: PassRule, out_at: datetime) -> datetime | None:
    return None if rule.max_minutes is None else out_at + timedelta(minutes=rule.max_minutes)


def standing(**changes: Callable[[Draw, datetime], Any]) -> Spoil:
    """What changes the standing, by functions of the moment."""
    return lambda draw, facts: with_standing(
        facts, **{name: make(draw, facts.at) for name, make in changes.items()}
    )


def about_now(draw: Draw, at: datetime) -> datetime:
    return at + timedelta(seconds=draw.one_of((-86400, -1, 0, 1, 86400)))


def some_restriction(draw: Draw, at: datetime) -> tuple[Restriction, ...]:
    until = draw.one_of((None, about_now(draw, at), at + timedelta(days=3)))
    return (Restriction(draw.one_of(tuple(RestrictionKind)), about_now(draw, at), until),)


SPOILS: tuple[Spoil, ...] = (
    lambda draw, facts: replace(facts, temperature=draw.between(371, 400)),
    lambda draw, facts: replace(facts, code=draw.one_of(tuple(CodeProblem))),
    lambda draw, facts: replace(facts, key_in_window=False),
    lambda draw, facts: replace(facts, gate=draw.between(1, 3)),
    lambda draw, facts: replace(facts, persons=draw.between(2, 4)),
    lambda draw, facts: with_held(facts, open_trip=some_open_trip(draw, facts.held.rule, facts.at)),  # type: ignore[union-attr]
    standing(
        state=lambda draw, at: draw.one_of(tuple(PassState)),
        ended_at=lambda draw, at: at - draw.minutes(1, 9000),
    ),
    standing(replaced=lambda draw, at: True, ended_at=lambda draw, at: at - draw.minutes(1, 9000)),
    standing(series_ended_at=about_now),
    standing(valid_from=about_now),
    standing(valid_until=about_now),
    standing(order_from=about_now),
    standing(order_until=about_now),
    standing(restrictions=some_restriction),
)
