"""Facts for the tests of the rules: one good pass on a Wednesday morning, and what can be drawn at random."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from portal.passes.facts import CodeProblem, GateFacts, PassFacts, Restriction, Standing
from portal.passes.kinds import CountsFor, Kind, OnOvertime, PassState, Period
from portal.passes.quota import UTC8, Trip
from portal.passes.rule_data import EVERY_DAY, LIMITS, PassRule, Window
from portal.passes.verdicts import Direction
from portal.registry.restrictions import RestrictionKind

FIRST_DAY = date(2026, 11, 1)
HOUSEHOLD = PassRule(
    CountsFor.HOUSEHOLD,
    Period.ROLLING,
    period_days=2,
    windows=(Window(EVERY_DAY, 8 * 60, 11 * 60),),
    max_minutes=180,
    on_overtime=OnOvertime.SKIP_NEXT_TRIP,
    suspended_by=(RestrictionKind.RETURNEE, RestrictionKind.ISOLATION),
)


def at(day: int, clock: str, month: int = 11) -> datetime:
    """That hour of that day in November 2026, UTC+8. 25 November is a Wednesday."""
    hour, minute = clock.split(":")
    return datetime(2026, month, day, int(hour), int(minute), tzinfo=UTC8)


NOW = at(25, "09:00")
STANDING = Standing(
    state=PassState.ISSUED,
    valid_from=at(16, "00:00"),
    valid_until=at(1, "00:00", month=12),
    order_from=at(1, "00:00"),
    order_until=at(31, "00:00", month=12),
)
HELD = PassFacts(kind=Kind.HOUSEHOLD, standing=STANDING, rule=HOUSEHOLD, gates=frozenset({1, 2}))
FACTS = GateFacts(at=NOW, gate=1, held=HELD)


def out(day: int, clock: str, back: datetime | None = None, minutes: int | None = 180) -> Trip:
    """A trip that began then, with so many minutes allowed."""
    began = at(day, clock)
    return Trip(began, back, None if minutes is None else began + timedelta(minutes=minutes))


def with_standing(facts: GateFacts, **changes: Any) -> GateFacts:
    assert facts.held
    return replace(facts, held=replace(facts.held, standing=replace(facts.held.standing, **changes)))


def with_held(facts: GateFacts, **changes: Any) -> GateFacts:
    assert facts.held
    return replace(facts, held=replace(facts.held, **changes))


moments = st.datetimes(datetime(2026, 10, 1), datetime(2027, 1, 31)).map(
    lambda m: m.replace(microsecond=0, tzinfo=UTC8)
)
windows = st.tuples(
    st.integers(1, EVERY_DAY), st.lists(st.integers(0, 1440), min_size=2, max_size=2, unique=True).map(sorted)
).map(lambda drawn: Window(drawn[0], *drawn[1]))


@st.composite
def rules(draw: st.DrawFn) -> PassRule:
    period = draw(st.sampled_from(Period))
    longest = draw(st.none() | st.integers(*LIMITS["max_minutes"]))
    can_skip = longest is not None and period is not Period.UNLIMITED
    return PassRule(
        counts_for=draw(st.sampled_from(CountsFor)),
        period=period,
        period_days=draw(st.integers(1, 7)),
        trips=draw(st.integers(1, 3)),
        persons=draw(st.integers(1, 3)),
        windows=tuple(draw(st.lists(windows, max_size=3))),
        max_minutes=longest,
        grace_minutes=draw(st.integers(*LIMITS["grace_minutes"])),
        on_overtime=draw(st.sampled_from(OnOvertime)) if can_skip else OnOvertime.NOTHING,
        tolerance_minutes=draw(st.integers(*LIMITS["tolerance_minutes"])),
        longest_days=draw(st.integers(*LIMITS["longest_days"])),
        suspended_by=tuple(draw(st.sets(st.sampled_from(RestrictionKind)))),
        exempt=draw(st.text(max_size=20)),
        extra_proofs=tuple(draw(st.lists(st.text(max_size=10), max_size=2))),
    )


trips = st.builds(Trip, moments, st.none() | moments, st.none() | moments)
standings = st.builds(
    Standing,
    st.sampled_from(PassState),
    moments,
    moments,
    moments,
    moments,
    st.booleans(),
    st.none() | moments,
    st.none() | moments,
    st.lists(
        st.builds(Restriction, st.sampled_from(RestrictionKind), moments, st.none() | moments), max_size=2
    ).map(tuple),
)
passes = st.builds(
    PassFacts,
    st.sampled_from(Kind),
    standings,
    rules(),
    st.frozensets(st.integers(1, 3)),
    st.lists(trips, max_size=4).map(tuple),
    st.none() | trips,
)
temperatures = st.integers(350, 420)
gate_facts = st.builds(
    GateFacts,
    at=moments,
    gate=st.integers(1, 3),
    held=st.none() | passes,
    code=st.none() | st.sampled_from(CodeProblem),
    key_in_window=st.booleans(),
    direction=st.none() | st.sampled_from(Direction),
    persons=st.integers(1, 4),
    temperature=st.none() | temperatures,
    claimed_at=st.none() | moments,
)
