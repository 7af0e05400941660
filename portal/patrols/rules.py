"""Rounds and logs: what is due, done or missed, and what a log lacks. No database, no clock of its own."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_pgettext as _lp

from portal.clock import LOCAL, local
from portal.orders.rules import decides
from portal.patrols.kinds import PATROL_STATE_LABELS, PatrolKind, PatrolState
from portal.web.formats import full_day, moment

SOON = timedelta(minutes=30)  # so early a round may begin
NOT_BACK_AFTER = timedelta(hours=6)
LONGEST = timedelta(hours=24)
OLDEST = timedelta(days=7)  # so late a log may still be written
A_MOMENT = timedelta(minutes=2)  # clocks of phones run ahead

# ── rounds ───────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class SwitchedOn:
    """An order that switches patrols of one kind on: where, from when to when, at which minutes of the day."""

    order_id: int
    unit_id: int
    kind: PatrolKind
    begins: datetime
    ends: datetime
    rounds: tuple[int, ...]
    grace: timedelta

    def in_force(self, at: datetime) -> bool:
        return self.begins <= at < self.ends


@dataclass(frozen=True)
class Round:
    """One planned hour of a day. Until ``latest`` it may begin and still be this round."""

    at: datetime
    latest: datetime
    order_id: int

    @property
    def earliest(self) -> datetime:
        return self.at - SOON

    def takes(self, started_at: datetime) -> bool:
        """Whether a patrol that began then can stand for this round."""
        return self.earliest <= started_at <= self.latest


def rounds_on(
    day: date, kind: PatrolKind, line: Sequence[int], switched: Iterable[SwitchedOn]
) -> list[Round]:
    """The rounds of a day at a place, in order, each under the order that decides at its hour.

    ``line`` are the units from the top down to the place.
    """
    there = [one for one in switched if one.kind is kind and one.unit_id in line]
    rounds = []
    for minute in sorted({minute for one in there for minute in one.rounds}):
        at = hour_of(day, minute)
        applying = [one for one in there if one.in_force(at)]
        if applying:
            deciding = applying[decides([(one.begins, one.unit_id) for one in applying], line)]
            if minute in deciding.rounds:
                rounds.append(Round(at, at + deciding.grace, deciding.order_id))
    return rounds


def hour_of(day: date, minute: int) -> datetime:
    """The moment of a minute of a day."""
    return datetime.combine(day, time(minute // 60, minute % 60), LOCAL)


def minute_of(at: datetime) -> int:
    """The minute of the day on the wall."""
    here = local(at)
    return here.hour * 60 + here.minute


class Standing(StrEnum):
    """What has become of a round. ``look`` is its class: ``ok``, ``look``, ``no`` or ``nil``."""

    LATER = "later"
    SOON = "soon"
    NOW = "now"
    OUT = "out"
    DONE = "done"
    BROKEN_OFF = "broken_off"
    MISSED = "missed"

    @property
    def label(self) -> str:
        return str(STANDING_LABELS[self])

    @property
    def look(self) -> str:
        return STANDING_LOOKS.get(self, "nil")


STANDING_LABELS: dict[Standing, Any] = {
    Standing.LATER: _lp("round", "Later"),
    Standing.SOON: _lp("round", "Due soon"),
    Standing.NOW: _lp("round", "Due now"),
    Standing.OUT: _lp("round", "Being walked"),
    Standing.DONE: _lp("round", "Done"),
    Standing.BROKEN_OFF: PATROL_STATE_LABELS[PatrolState.BROKEN_OFF],
    Standing.MISSED: _lp("round", "Missed"),
}
STANDING_LOOKS = {
    Standing.NOW: "look",
    Standing.OUT: "look",
    Standing.DONE: "ok",
    Standing.BROKEN_OFF: "no",
    Standing.MISSED: "no",
}
COMES_FIRST = (PatrolState.SENT, PatrolState.DRAFT, PatrolState.BROKEN_OFF)


def standing(round_: Round, logged: Iterable[PatrolState], at: datetime) -> Standing:
    """What has become of a round at ``at``, from the states of the patrols that stand for it."""
    states = set(logged)
    if PatrolState.SENT in states:
        return Standing.DONE
    if PatrolState.DRAFT in states:
        return Standing.OUT
    if at > round_.latest:
        return Standing.BROKEN_OFF if PatrolState.BROKEN_OFF in states else Standing.MISSED
    if at >= round_.at:
        return Standing.NOW
    return Standing.SOON if at >= round_.earliest else Standing.LATER


def minutes_late(round_at: datetime, started_at: datetime) -> int:
    """Whole minutes from the planned hour to the beginning; 0 for one in time."""
    return max(0, int((started_at - round_at).total_seconds() // 60))


# ── logs ─────────────────────────────────────────────────────────────────────────────────────────────────────────


class Shown(StrEnum):
    """The state of a patrol as people see it. ``look`` is its class: ``ok``, ``look``, ``no`` or ``nil``."""

    OUT = "out"
    NOT_BACK = "not_back"
    WRITING = "writing"
    SENT = "sent"
    BROKEN_OFF = "broken_off"
    CORRECTED = "corrected"
    VOID = "void"

    @property
    def label(self) -> str:
        return str(SHOWN_LABELS[self])

    @property
    def look(self) -> str:
        return SHOWN_LOOKS.get(self, "nil")


SHOWN_LABELS: dict[Shown, Any] = {
    Shown.OUT: _lp("patrol", "Out"),
    Shown.NOT_BACK: _lp("patrol", "Not back"),
    Shown.WRITING: PATROL_STATE_LABELS[PatrolState.DRAFT],
    Shown.SENT: PATROL_STATE_LABELS[PatrolState.SENT],
    Shown.BROKEN_OFF: PATROL_STATE_LABELS[PatrolState.BROKEN_OFF],
    Shown.CORRECTED: PATROL_STATE_LABELS[PatrolState.CORRECTED],
    Shown.VOID: PATROL_STATE_LABELS[PatrolState.VOID],
}
SHOWN_LOOKS = {
    Shown.OUT: "look",
    Shown.NOT_BACK: "no",
    Shown.WRITING: "look",
    Shown.SENT: "ok",
    Shown.BROKEN_OFF: "no",
}


def shown_state(state: PatrolState, started_at: datetime, ended_at: datetime | None, at: datetime) -> Shown:
    """The state at ``at``: a draft without an end is out, and not back after six hours."""
    if state is not PatrolState.DRAFT:
        return Shown(state.value)
    if ended_at is not None:
        return Shown.WRITING
    return Shown.NOT_BACK if at - started_at > NOT_BACK_AFTER else Shown.OUT


@dataclass(frozen=True)
class Problem:
    """What has to be mended in a log: at which field, and the sentence that says what to do."""

    field: str
    sentence: str


def start_problem(started_at: datetime, round_: Round | None, at: datetime) -> Problem | None:
    """What is wrong with a beginning: in the future, too long ago, or not within the round."""
    if started_at > at + A_MOMENT:
        return Problem("start_time", _("The start is still to come: enter when the patrol really set out"))
    if started_at < at - OLDEST:
        return Problem(
            "start_day", _("A log is written within seven days: this one can only be kept on paper")
        )
    if round_ is not None and not round_.takes(started_at):
        hours = {"start": moment(round_.earliest), "end": moment(round_.latest)}
        return Problem(
            "start_time",
            _("This round begins from %(start)s to %(end)s: correct the start, or log it as not planned", **hours),
        )  # fmt: skip
    return None


def end_problem(started_at: datetime, ended_at: datetime, at: datetime) -> Problem | None:
    """What is wrong with an end: before the start, in the future, or more than a day later."""
    next_day = local(started_at).date() + timedelta(days=1)
    if ended_at <= started_at and next_day > local(at).date():
        return Problem("end_time", _("The patrol ends before it starts: correct the time"))
    if ended_at <= started_at:
        return Problem(
            "end_time",
            _("The patrol ends before it starts: correct the time, or choose %(day)s if it ended after midnight",
              day=full_day(next_day)),
        )  # fmt: skip
    if ended_at > at + A_MOMENT:
        return Problem("end_time", _("The end is still to come: enter it when the patrol is back"))
    if ended_at - started_at > LONGEST:
        return Problem(
            "end_day", _("A patrol lasts 24 hours at most: correct the day, or write a second log")
        )
    return None


def missing(*, leader: str, ended_at: datetime | None, walked: Sequence[str], note: str) -> list[Problem]:
    """What a log lacks before it can be handed in."""
    found = []
    if ended_at is None:
        found.append(Problem("end_time", _("Enter when the patrol ended")))
    if not leader:
        found.append(Problem("leader", _("Enter who led the patrol")))
    if not walked and not note:
        found.append(
            Problem("walked", _("Tick a point that was passed, or write in the note why there is none"))
        )
    return found


def overlap(start: datetime, end: datetime | None, other: datetime, other_end: datetime | None) -> bool:
    """Whether two patrols were out at the same time; one without an end is still out."""
    return (end is None or other < end) and (other_end is None or start < other_end)
