"""Facts made by hand, at the edges: each day, window, tolerance, grace, validity, and what comes just before."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import product

from portal.passes.facts import CodeProblem, GateFacts, Restriction
from portal.passes.kinds import Kind, OnOvertime, PassState, Period
from portal.passes.quota import UTC8, Trip
from portal.passes.rule_data import EVERY_DAY, Window
from portal.passes.verdicts import Direction
from portal.registry.restrictions import RestrictionKind
from tests.passes.rule_facts import FACTS, HOUSEHOLD, NOW, at, out, with_held, with_standing

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
AROUND = (-SECOND, timedelta(0), SECOND)
HERE_AND_THERE = (None, Direction.EXIT, Direction.ENTRY)
IN_TIME, JUST_IN_GRACE, LATE = out(25, "08:10"), out(25, "05:45"), out(25, "05:44")
Case = tuple[str, GateFacts]


def edges() -> Iterator[Case]:
    """Every case with what it is about."""
    for about, cases in {
        "kind, direction, open trip": kinds(),
        "code": codes(),
        "state": states(),
        "validity": validity(),
        "restriction": restrictions(),
        "gate, persons, temperature": at_the_table(),
        "window and tolerance": windows(),
        "midnight": midnights(),
        "period": periods(),
        "calendar": calendar(),
        "grace": grace(),
        "cancelled trip": cancelled(),
        "many trips": many_trips(),
        "clock of the device": clocks(),
    }.items():
        for case in cases:
            yield about, case


def kinds() -> Iterator[GateFacts]:
    for kind, direction, trip in product(Kind, HERE_AND_THERE, (None, IN_TIME, JUST_IN_GRACE, LATE)):
        yield replace(with_held(FACTS, kind=kind, open_trip=trip), direction=direction)


def codes() -> Iterator[GateFacts]:
    for problem, direction in product((None, *CodeProblem), HERE_AND_THERE):
        yield replace(FACTS, held=None, code=problem, direction=direction)
        yield replace(FACTS, key_in_window=False, code=problem, direction=direction)


def states() -> Iterator[GateFacts]:
    for state, direction, replaced in product(PassState, HERE_AND_THERE, (False, True)):
        ended = None if state is PassState.ISSUED else at(24, "18:41")
        facts = replace(FACTS, direction=direction)
        yield with_standing(facts, state=state, ended_at=ended, replaced=replaced)


def validity() -> Iterator[GateFacts]:
    for moment in ("valid_from", "valid_until", "order_from", "order_until", "series_ended_at"):
        for around, direction in product(AROUND, HERE_AND_THERE):
            yield replace(with_standing(FACTS, **{moment: NOW + around}), direction=direction)
    for left in (timedelta(hours=5), 2 * DAY, 2 * DAY + SECOND):
        yield with_standing(FACTS, valid_until=NOW + left)
        yield with_standing(FACTS, valid_from=NOW - 3 * left, valid_until=NOW + left)
        yield with_standing(FACTS, series_ended_at=NOW + left)


def restrictions() -> Iterator[GateFacts]:
    for kind, since, until in product(RestrictionKind, AROUND, (None, *AROUND)):
        one = Restriction(kind, NOW + since, None if until is None else NOW + until)
        yield with_standing(FACTS, restrictions=(Restriction(RestrictionKind.OTHER, NOW - DAY), one))


def at_the_table() -> Iterator[GateFacts]:
    for temperature, direction in product((None, 360, 372, 373, 420), HERE_AND_THERE):
        yield replace(FACTS, temperature=temperature, direction=direction)
    for gate, gates in product((1, 2, 3), (frozenset[int](), frozenset({1, 2}))):
        yield replace(with_held(FACTS, gates=gates), gate=gate)
    for persons, allowed in product((1, 2, 3), (1, 2)):
        yield replace(with_held(FACTS, rule=replace(HOUSEHOLD, persons=allowed)), persons=persons)


def windows() -> Iterator[GateFacts]:
    weekdays_only = Window(0b0011111, 8 * 60, 9 * 60)
    for tolerance, edge in product((0, 5, 30), ("08:00", "09:00")):
        rule = replace(HOUSEHOLD, windows=(weekdays_only,), tolerance_minutes=tolerance)
        for minutes, seconds in product((-tolerance - 1, -tolerance, 0, tolerance, tolerance + 1), (0, 59)):
            moment = at(25, edge) + timedelta(minutes=minutes, seconds=seconds)
            yield replace(with_held(FACTS, rule=rule), at=moment)
    for day in range(23, 31):
        yield replace(
            with_held(FACTS, rule=replace(HOUSEHOLD, windows=(weekdays_only,))), at=at(day, "08:30")
        )
    none_today = replace(HOUSEHOLD, windows=(Window(0b1, 480, 660), Window(0b1000000, 0, 60)))
    for clock in ("00:00", "12:00", "23:59"):
        yield replace(with_held(FACTS, rule=none_today), at=at(25, clock))


def midnights() -> Iterator[GateFacts]:
    night = (Window(EVERY_DAY, 22 * 60, 1440), Window(EVERY_DAY, 0, 6 * 60))
    one_day = (Window(0b0000100, 0, 1440),)
    for hours, midnight in product(((), night, one_day), (25, 26)):
        rule = replace(HOUSEHOLD, windows=hours, period_days=1)
        for around in (-10 * MINUTE, -SECOND, timedelta(0), SECOND, 6 * MINUTE):
            moment = at(midnight, "00:00") + around
            used = (out(24, "23:59"), out(25, "00:00", back=at(25, "00:01")))
            yield replace(with_held(FACTS, rule=rule), at=moment)
            yield replace(with_held(FACTS, rule=rule, trips=used), at=moment)


def periods() -> Iterator[GateFacts]:
    for period, days, trips, last in product(Period, (1, 2, 7), (1, 2), (17, 19, 23, 24, 25)):
        rule = replace(
            HOUSEHOLD, period=period, period_days=days, trips=trips, on_overtime=OnOvertime.NOTHING
        )
        yield with_held(FACTS, rule=rule, trips=(out(last, "08:30", back=at(last, "08:50")),))


def calendar() -> Iterator[GateFacts]:
    """Odd and even dates, and blocks of days, over the ends of months, of a year, and a leap day."""
    days = (
        datetime(2026, 12, 31),
        datetime(2027, 1, 1),
        datetime(2027, 2, 28),
        datetime(2027, 3, 1),
        datetime(2028, 2, 29),
        datetime(2028, 3, 1),
    )
    for period, day in product((Period.ODD_DAYS, Period.EVEN_DAYS, Period.CALENDAR, Period.ROLLING), days):
        moment = day.replace(hour=9, tzinfo=UTC8)
        rule = replace(HOUSEHOLD, period=period, period_days=3)
        begun = with_standing(FACTS, order_until=moment + 9 * DAY, valid_until=moment + 3 * DAY)
        used = (Trip(moment - DAY, moment - DAY + MINUTE, moment - DAY + 3 * MINUTE),)
        yield replace(with_held(begun, rule=rule), at=moment)
        yield replace(with_held(begun, rule=rule, trips=used), at=moment)
        yield replace(with_standing(with_held(begun, rule=rule, trips=used), order_from=moment), at=moment)


def grace() -> Iterator[GateFacts]:
    for minutes, consequence in product((0, 15, 240), OnOvertime):
        rule = replace(HOUSEHOLD, grace_minutes=minutes, on_overtime=consequence)
        for late in (-1, 0, 59, 60 * minutes, 60 * minutes + 59, 60 * minutes + 60):
            back_by = NOW - timedelta(seconds=late)
            yield with_held(FACTS, rule=rule, open_trip=Trip(back_by - 3 * MINUTE, None, back_by))
    yield with_held(FACTS, open_trip=Trip(NOW - 9 * DAY))


def cancelled() -> Iterator[GateFacts]:
    for period, late, day in product(Period, (15, 16, 600), (21, 22, 23)):
        limited = period is not Period.UNLIMITED
        consequence = OnOvertime.SKIP_NEXT_TRIP if limited else OnOvertime.NOTHING
        rule = replace(HOUSEHOLD, period=period, period_days=2, on_overtime=consequence)
        went = out(day, "09:00")
        came = replace(went, in_at=at(day, "12:00") + late * MINUTE)
        yield with_held(FACTS, rule=rule, trips=(came,))
        yield with_held(FACTS, rule=replace(rule, trips=2), trips=(came, out(25, "08:00")))
        yield with_held(FACTS, rule=rule, trips=(went,))


def many_trips() -> Iterator[GateFacts]:
    """More than ten at the same moment, of which some were late; so many cancelled that none is in sight."""
    same = tuple(
        out(23, "08:30", back=at(23, "09:00") if i % 3 else at(23, "15:00") + i * MINUTE) for i in range(14)
    )
    for trips in (1, 14, 18, 20):
        rule = replace(HOUSEHOLD, trips=trips, period_days=3)
        yield with_held(FACTS, rule=rule, trips=same)
        yield with_held(FACTS, rule=rule, trips=tuple(reversed(same)))
    for count in (3, 12, 13, 16):
        late = tuple(out(day, "08:30", back=at(day, "20:00")) for day in range(6, 6 + count))
        yield with_held(FACTS, rule=replace(HOUSEHOLD, period_days=31), trips=late)
    for today in (23, 24, 25):  # the next is 400, 399, 398 days away
        late = (out(20, "08:30", back=at(20, "20:00")),) * 12
        yield replace(
            with_held(FACTS, rule=replace(HOUSEHOLD, period_days=31), trips=late), at=at(today, "09:00")
        )
    yield with_held(FACTS, trips=(out(26, "08:30"), out(24, "08:30", back=at(27, "08:30"))))


def clocks() -> Iterator[GateFacts]:
    for seconds in (0, 299, 300, 301, 359, 360, 86400):
        for sign in (1, -1):
            yield replace(FACTS, claimed_at=NOW + sign * timedelta(seconds=seconds))
