"""When a trip may begin: windows and quota. Pure, and small enough to be written again for the browser.

Everything is judged in fixed UTC+8. The periods (``Period``):

- rolling: people say 每两天一次, out on the 21st, next on the 23rd. So it counts local days, not hours: the
  trips that began on the last ``period_days`` days, today included.
- calendar: fixed blocks of ``period_days`` days; the first begins on the first day of the order.
- odd_days, even_days: the day of the month; ``trips`` on each such day, none on the others.
- none: not counted.

A trip counts on the local day on which it began, whatever day it ended. Where overtime cancels the next
trip, a late trip uses up one more: the first that there would have been from the day of the return on.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

from portal.passes.kinds import OnOvertime, Period
from portal.passes.rule_data import DAY_MINUTES, PassRule
from portal.passes.verdicts import Reason

UTC8 = timezone(timedelta(hours=8))
ONE_DAY = timedelta(days=1)
ONE_MINUTE = timedelta(minutes=1)
DAYS_LOOKED_AHEAD = 400


@dataclass(frozen=True)
class Trip:
    """One time out (of a visitor: one visit, in at ``out_at`` and gone at ``in_at``), with the hour to be back."""

    out_at: datetime
    in_at: datetime | None = None
    back_by: datetime | None = None


@dataclass(frozen=True)
class Allowance:
    """Whether a trip may begin now. If not: why, and the first moment when it may (None: not in sight).

    ``left`` is how many trips today's period still holds (None: not counted), ``last`` the latest trip,
    ``lost_to`` the late trip that cost this one, ``minutes_late`` how late it was.
    """

    why_not: Reason | None
    left: int | None
    next_at: datetime | None
    last: Trip | None = None
    lost_to: Trip | None = None
    minutes_late: int | None = None

    @property
    def may_go(self) -> bool:
        return self.why_not is None


def local_day(moment: datetime) -> date:
    """The date on the wall, UTC+8."""
    return moment.astimezone(UTC8).date()


def local_minute(moment: datetime) -> int:
    """Whole minutes since midnight on the wall, UTC+8: what the clock shows."""
    here = moment.astimezone(UTC8)
    return here.hour * 60 + here.minute


def moment_of(day: date, minute: int) -> datetime:
    """That minute (0 to 1440) of that day, UTC+8."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC8) + minute * ONE_MINUTE


def back_by(rule: PassRule, out_at: datetime) -> datetime | None:
    """When somebody who leaves now must be back; None without a limit. A window says when to leave, not this."""
    return None if rule.max_minutes is None else out_at + rule.max_minutes * ONE_MINUTE


def overdue(trip: Trip, rule: PassRule, at: datetime) -> int | None:
    """Whole minutes past the hour to be back, for a trip still open at ``at`` or late when it ended.

    None while within the rule's grace; once past it, the grace is counted in.
    """
    if trip.back_by is None:
        return None
    late = (_ended(trip, at) - trip.back_by) // ONE_MINUTE
    return late if late > rule.grace_minutes else None


def hours_on(rule: PassRule, day: date) -> list[tuple[int, int]]:
    """The (start, end) minutes in which trips may begin on that day, earliest first; empty if none may."""
    closed_parity = {Period.ODD_DAYS: 0, Period.EVEN_DAYS: 1}.get(rule.period)
    if day.day % 2 == closed_parity:
        return []
    if not rule.windows:
        return [(0, DAY_MINUTES)]
    return sorted((window.start, window.end) for window in rule.windows if window.is_on(day.weekday()))


def allowance(rule: PassRule, trips: Iterable[Trip], at: datetime, first_day: date) -> Allowance:
    """Whether a trip may begin at ``at``. ``first_day`` is the first day of the order.

    ``trips`` are those that the rule counts together: of the household, the person or the plate. Special
    exits are not among them, and trips later than ``at`` are not looked at.
    """
    known = sorted((trip for trip in trips if trip.out_at <= at), key=lambda trip: trip.out_at)
    used, cancelled = days_used(rule, known, at, first_day)
    today = local_day(at)
    lost_to = next((trip for day, trip in cancelled if _same_period(rule, day, today, first_day)), None)
    left = _left(rule, used, today, first_day)
    why_not = _why_not_by_hours(rule, at)
    if why_not is None and left is not None and left <= 0:
        why_not = Reason.TRIP_CANCELLED if lost_to else Reason.QUOTA_USED
    return Allowance(
        why_not=why_not,
        left=left,
        next_at=at if why_not is None else _next_at(rule, used, at, first_day),
        last=known[-1] if known else None,
        lost_to=lost_to,
        minutes_late=overdue(lost_to, rule, at) if lost_to else None,
    )


def _why_not_by_hours(rule: PassRule, at: datetime) -> Reason | None:
    hours = hours_on(rule, local_day(at))
    if not hours:
        return Reason.WRONG_DAY
    minute, tolerance = local_minute(at), rule.tolerance_minutes
    if any(start - tolerance <= minute <= end + tolerance for start, end in hours):
        return None
    return Reason.WRONG_HOUR


def _next_at(rule: PassRule, used: list[date], at: datetime, first_day: date) -> datetime | None:
    today, tolerance = local_day(at), rule.tolerance_minutes
    for ahead in range(DAYS_LOOKED_AHEAD):
        day = today + ahead * ONE_DAY
        left = _left(rule, used, day, first_day)
        if left is not None and left <= 0:
            continue
        for start, end in hours_on(rule, day):
            if ahead > 0 or local_minute(at) < start - tolerance:
                return moment_of(day, start)
            if local_minute(at) <= end + tolerance:
                return at
    return None


def days_used(
    rule: PassRule, known: list[Trip], at: datetime, first_day: date
) -> tuple[list[date], list[tuple[date, Trip]]]:
    """The days that count, one for each trip and one for each trip cancelled; and the latter with their cause."""
    used: list[date] = []
    cancelled: list[tuple[date, Trip]] = []
    for trip in known:
        used.append(local_day(trip.out_at))
        if rule.on_overtime is not OnOvertime.SKIP_NEXT_TRIP or overdue(trip, rule, at) is None:
            continue
        lost = _next_at(rule, used, moment_of(local_day(_ended(trip, at)), 0), first_day)
        if lost is not None:
            used.append(local_day(lost))
            cancelled.append((local_day(lost), trip))
    return used, cancelled


def _left(rule: PassRule, used: list[date], day: date, first_day: date) -> int | None:
    if rule.period is Period.UNLIMITED:
        return None
    return rule.trips - sum(_same_period(rule, one, day, first_day) for one in used)


def _same_period(rule: PassRule, earlier: date, day: date, first_day: date) -> bool:
    if rule.period is Period.ROLLING:
        return 0 <= (day - earlier).days < rule.period_days
    if rule.period is Period.CALENDAR:
        return (earlier - first_day).days // rule.period_days == (day - first_day).days // rule.period_days
    return earlier == day


def _ended(trip: Trip, at: datetime) -> datetime:
    return at if trip.in_at is None else min(trip.in_at, at)
