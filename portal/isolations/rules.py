"""Days, slots, cut-offs and the conditions of release: pure functions of an order's parameters and of moments.

A whole day is a local day from midnight to midnight. An isolation that begins at 15:00 counts from the next midnight
on; the day of its start is day 0. Moments of an end belong to what comes after: at the cut-off minute a check that is
not there is missed, at midnight the last day is over.
"""

import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from flask_babel import gettext as _

from portal.clock import LOCAL, local
from portal.isolations.kinds import Slot

A_DAY = timedelta(days=1)
LEAST_NOTICE = timedelta(hours=1)  # a check is asked for where there is an hour left for it
MOST_DAYS = 60
FEW_MINUTES = timedelta(minutes=10)  # clocks differ
READINGS_NEEDED = 2
ALIKE = 14  # so many identical temperatures in a row want to be looked at

SlotOfDay = tuple[date, Slot]


@dataclass(frozen=True)
class Rule:
    """What an order asks. Cut-offs are minutes of the day, the threshold tenths of a degree."""

    days: int
    morning: int
    evening: int
    threshold: int
    needs_tests: bool
    suspends_passes: bool

    @classmethod
    def of(cls, parameters: Mapping[str, Any]) -> "Rule":
        """The rule that was copied when an isolation began."""
        return cls(**{name: parameters[name] for name in cls.__dataclass_fields__})

    def from_midnight(self, slot: Slot) -> timedelta:
        """The cut-off of a slot, from midnight on."""
        return timedelta(minutes=self.morning if slot is Slot.MORNING else self.evening)


@dataclass(frozen=True)
class Reading:
    """A check as the rules see it."""

    taken_at: datetime
    temperature: int
    symptoms: tuple[str, ...] = ()


def midnight(day: date) -> datetime:
    """When a local day begins."""
    return datetime.combine(day, time(), LOCAL)


def first_whole_day(starts_at: datetime) -> date:
    """Day 1: the day of the start where it begins at midnight, else the next one."""
    here = local(starts_at)
    return here.date() if here.time() == time() else here.date() + A_DAY


def end_after(starts_at: datetime, days: int) -> datetime:
    """Midnight after so many whole days."""
    return midnight(first_whole_day(starts_at) + days * A_DAY)


def days_in_all(starts_at: datetime, ends_at: datetime) -> int:
    """How many whole days there are."""
    return (local(ends_at).date() - first_whole_day(starts_at)).days


def day_number(starts_at: datetime, ends_at: datetime, at: datetime) -> int:
    """Day n of m: 0 on the day of a start in mid-day, never more than there are days."""
    number = (local(at).date() - first_whole_day(starts_at)).days + 1
    return max(0, min(number, days_in_all(starts_at, ends_at)))


def last_day(ends_at: datetime) -> date:
    """The last whole day of an isolation that ends at midnight."""
    return local(ends_at).date() - A_DAY


# ── checks ───────────────────────────────────────────────────────────────────────────────────────────────────────


def cut_off(rule: Rule, day: date, slot: Slot) -> datetime:
    """From when on a check of that slot is missed."""
    return midnight(day) + rule.from_midnight(slot)


def slot_now(rule: Rule, at: datetime) -> Slot:
    """Which check is due at a moment: the morning's until its cut-off."""
    here = local(at)
    return Slot.MORNING if here.hour * 60 + here.minute < rule.morning else Slot.EVENING


def is_owed(rule: Rule, begins: datetime, ends: datetime, one: SlotOfDay) -> bool:
    """Whether this check is one of an isolation that is watched from ``begins``."""
    return begins + LEAST_NOTICE <= cut_off(rule, *one) <= ends


def owed(rule: Rule, begins: datetime, ends: datetime) -> Iterator[SlotOfDay]:
    """The checks of an isolation that is watched from ``begins``, the first one first."""
    day = local(begins).date()
    while midnight(day) < ends:
        for slot in Slot:
            if is_owed(rule, begins, ends, (day, slot)):
                yield day, slot
        day += A_DAY


def missing(
    rule: Rule, begins: datetime, ends: datetime, there: Collection[SlotOfDay], at: datetime
) -> list[SlotOfDay]:
    """The checks whose cut-off has passed and that are neither there nor explained, the oldest first."""
    return [
        one for one in owed(rule, begins, min(ends, at)) if one not in there and cut_off(rule, *one) <= at
    ]


def next_cut_off(
    rule: Rule, begins: datetime, ends: datetime, there: Collection[SlotOfDay]
) -> datetime | None:
    """The cut-off of the first check that is neither there nor explained; None: none is asked for any more."""
    return next((cut_off(rule, *one) for one in owed(rule, begins, ends) if one not in there), None)


def problem(rule: Rule, slot: Slot, taken_at: datetime, starts_at: datetime, at: datetime) -> str:
    """Why a check cannot have been taken then, as what to do; empty where it can."""
    here = local(taken_at)
    minute = here.hour * 60 + here.minute
    if taken_at > at + FEW_MINUTES:
        return _("This lies in the future: check the day and the time")
    if taken_at < starts_at:
        return _("This lies before the isolation began: check the day and the time")
    if slot is Slot.EVENING and minute < rule.morning:
        return _("At that time it is the morning check: choose “Morning”, or mend the time")
    if slot is Slot.MORNING and minute >= rule.evening:
        return _("At that time it is the evening check: choose “Evening”, or mend the time")
    return ""


def is_fever(rule: Rule, temperature: int) -> bool:
    """Whether a temperature reaches the threshold."""
    return temperature >= rule.threshold


# ── release ──────────────────────────────────────────────────────────────────────────────────────────────────────


def readings_allow_release(rule: Rule, readings: Sequence[Reading], at: datetime) -> bool:
    """The last two below the threshold, both of today or yesterday. ``readings`` are in the order they were taken."""
    last = readings[-READINGS_NEEDED:]
    since = midnight(local(at).date() - A_DAY)
    return len(last) == READINGS_NEEDED and all(
        not is_fever(rule, one.temperature) and one.taken_at >= since for one in last
    )


def same_name(typed: str, name: str) -> bool:
    """Whether a name was typed in full; the mark of invented people and spaces don't matter."""

    def bare(text: str) -> str:
        return "".join(unicodedata.normalize("NFKC", text).split()).removeprefix("演示·").casefold()

    return bool(bare(typed)) and bare(typed) == bare(name)


def alike(temperatures: Sequence[int]) -> bool:
    """Whether the last ``ALIKE`` are identical: nobody's are."""
    last = temperatures[-ALIKE:]
    return len(last) == ALIKE and len(set(last)) == 1
