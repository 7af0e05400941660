"""What a pass is worth: its state at a moment, and the verdict of a gate. Pure functions of plain facts.

Page, bulk path and scan ask the same functions, so that they cannot disagree. ``at`` is the server's time.
"""

from datetime import datetime, timedelta

from portal.passes.facts import Decision, GateFacts, PassFacts, Restriction, Standing
from portal.passes.kinds import COMES_AND_GOES, VISITS, OnOvertime, PassState, Shown
from portal.passes.quota import ONE_MINUTE, Allowance, allowance, back_by, local_day, overdue
from portal.passes.rule_data import PassRule
from portal.passes.verdicts import Alternative, Direction, Reason, Verdict

FEVER = 373  # tenths of a degree, field-reference.md §1.4
CLOCK_MAY_DIFFER = timedelta(minutes=5)
EXPIRING = timedelta(days=2)


def suspending(standing: Standing, rule: PassRule, at: datetime) -> Restriction | None:
    """The restriction that suspends the pass at ``at``, if there is one."""
    for restriction in standing.restrictions:
        begun = restriction.since <= at
        if restriction.kind in rule.suspended_by and begun and not _is_past(restriction.until, at):
            return restriction
    return None


def shown_state(standing: Standing, rule: PassRule, at: datetime) -> Shown:
    """The state that people see at ``at``; the first that holds, in the order of the tests at a gate."""
    if standing.replaced:
        return Shown.REPLACED
    if standing.state != PassState.ISSUED:
        return Shown(standing.state.value)
    if _is_past(standing.series_ended_at, at):
        return Shown.SERIES_ENDED
    if at < standing.valid_from:
        return Shown.NOT_YET
    if at >= standing.valid_until:
        return Shown.EXPIRED
    if not standing.order_from <= at < standing.order_until:
        return Shown.ORDER_ENDED
    if suspending(standing, rule, at):
        return Shown.SUSPENDED
    return Shown.EXPIRING if _is_near_its_end(standing, at) else Shown.VALID


def decide(facts: GateFacts) -> Decision:
    """The gate's verdict: the first problem in the order of ``Reason`` decides.

    A trip that begins is refused (red). One that ends is not: whoever comes home is let in, amber at most,
    and so is a visitor who leaves. Fever is red always.
    """
    direction = facts.direction or _guessed_direction(facts.held)
    begins = direction is _beginning(facts.held)
    counted = _allowance(facts) if begins else None
    reason = _first_problem(facts, counted)
    verdict = _verdict(reason, begins)
    held = facts.held
    late = overdue(held.open_trip, held.rule, facts.at) if held and held.open_trip and not begins else None
    if reason is Reason.TRIP_CANCELLED and counted:
        late = counted.minutes_late
    return Decision(
        verdict=verdict,
        reason=reason or (Reason.MAY_GO if begins else Reason.WELCOME_BACK),
        direction=direction,
        alternatives=_alternatives(reason, direction, held) if verdict is Verdict.RED else (),
        since=_since(reason, held, counted),
        next_at=counted.next_at if counted and reason in NAMES_NEXT else None,
        back_by=back_by(held.rule, facts.at) if held and begins and verdict is Verdict.GREEN else None,
        minutes_late=late,
        cancels_next=bool(
            late and held and not begins and held.rule.on_overtime is OnOvertime.SKIP_NEXT_TRIP
        ),
        persons=held.rule.persons if held else None,
        temperature=facts.temperature,
        clock_off=_clock_off(facts),
    )


SHOWN_PROBLEMS = {
    Shown.REPLACED: Reason.REPLACED,
    Shown.DRAFT: Reason.NOT_ISSUED,
    Shown.APPLIED: Reason.NOT_ISSUED,
    Shown.ENDORSED: Reason.NOT_ISSUED,
    Shown.REJECTED: Reason.NOT_ISSUED,
    Shown.REVOKED: Reason.REVOKED,
    Shown.SURRENDERED: Reason.SURRENDERED,
    Shown.SERIES_ENDED: Reason.SERIES_ENDED,
    Shown.NOT_YET: Reason.NOT_YET,
    Shown.EXPIRED: Reason.EXPIRED,
    Shown.ORDER_ENDED: Reason.ORDER_ENDED,
    Shown.SUSPENDED: Reason.SUSPENDED,
}
NAMES_NEXT = frozenset({Reason.WRONG_DAY, Reason.WRONG_HOUR, Reason.QUOTA_USED, Reason.TRIP_CANCELLED})
# An open trip may only mean that nobody recorded its end.
MAY_BE_UNRECORDED = frozenset(
    {Reason.QUOTA_USED, Reason.TRIP_CANCELLED, Reason.ALREADY_OUT, Reason.ALREADY_IN}
)


def _first_problem(facts: GateFacts, counted: Allowance | None) -> Reason | None:
    held = facts.held
    if facts.temperature is not None and facts.temperature >= FEVER:
        return Reason.FEVER
    if facts.code is not None:
        return Reason(facts.code.value)
    if held is None:
        return Reason.UNKNOWN
    if not facts.key_in_window:
        return Reason.KEY_WINDOW
    if problem := SHOWN_PROBLEMS.get(shown_state(held.standing, held.rule, facts.at)):
        return problem
    if held.gates and facts.gate not in held.gates:
        return Reason.WRONG_GATE
    if counted:
        return counted.why_not or _problem_at_the_start(facts, held)
    return _problem_at_the_end(facts, held)


def _problem_at_the_start(facts: GateFacts, held: PassFacts) -> Reason | None:
    if held.open_trip:
        return Reason.ALREADY_IN if held.kind in VISITS else Reason.ALREADY_OUT
    return Reason.TOO_MANY if facts.persons > held.rule.persons else None


def _problem_at_the_end(facts: GateFacts, held: PassFacts) -> Reason | None:
    if held.open_trip:
        return None if overdue(held.open_trip, held.rule, facts.at) is None else Reason.OVERTIME
    if held.kind in VISITS:
        return Reason.NOT_IN
    return None if held.kind in COMES_AND_GOES else Reason.NOT_OUT


def _verdict(reason: Reason | None, begins: bool) -> Verdict:
    if reason is None:
        return Verdict.GREEN
    return Verdict.RED if begins or reason is Reason.FEVER else Verdict.AMBER


def _alternatives(
    reason: Reason | None, direction: Direction, held: PassFacts | None
) -> tuple[Alternative, ...]:
    if reason is Reason.FEVER:
        return ()
    still_open = held is not None and held.open_trip is not None and reason in MAY_BE_UNRECORDED
    missed = (Alternative.RECORD_MISSED,) if still_open else ()
    if direction is Direction.ENTRY or reason is Reason.SUSPENDED:
        return (*missed, Alternative.TURN_BACK)
    return (*missed, Alternative.TURN_BACK, Alternative.SPECIAL_EXIT)


def _since(reason: Reason | None, held: PassFacts | None, counted: Allowance | None) -> datetime | None:
    if held is None:
        return None
    standing = held.standing
    lost_to = counted.lost_to if counted else None
    last = counted.last if counted else None
    moments = {
        Reason.REPLACED: standing.ended_at,
        Reason.REVOKED: standing.ended_at,
        Reason.SURRENDERED: standing.ended_at,
        Reason.SERIES_ENDED: standing.series_ended_at,
        Reason.NOT_YET: standing.valid_from,
        Reason.EXPIRED: standing.valid_until,
        Reason.QUOTA_USED: last.out_at if last else None,
        Reason.TRIP_CANCELLED: lost_to.out_at if lost_to else None,
        Reason.ALREADY_OUT: held.open_trip.out_at if held.open_trip else None,
        Reason.ALREADY_IN: held.open_trip.out_at if held.open_trip else None,
        Reason.OVERTIME: held.open_trip.back_by if held.open_trip else None,
    }
    return moments.get(reason) if reason else None


def _allowance(facts: GateFacts) -> Allowance | None:
    held = facts.held
    if held is None:
        return None
    return allowance(held.rule, held.trips, facts.at, local_day(held.standing.order_from))


def _beginning(held: PassFacts | None) -> Direction:
    return Direction.ENTRY if held and held.kind in VISITS else Direction.EXIT


def _guessed_direction(held: PassFacts | None) -> Direction:
    begins = _beginning(held)
    if held is None or held.open_trip is None:
        return begins
    return Direction.EXIT if begins is Direction.ENTRY else Direction.ENTRY


def _is_past(moment: datetime | None, at: datetime) -> bool:
    return moment is not None and moment <= at


def _is_near_its_end(standing: Standing, at: datetime) -> bool:
    """Within two days of the end, or the last quarter of a short validity."""
    ends = (standing.valid_until, standing.order_until, standing.series_ended_at)
    end = min(moment for moment in ends if moment)
    return end - at <= min(EXPIRING, (standing.valid_until - standing.valid_from) / 4)


def _clock_off(facts: GateFacts) -> int | None:
    if facts.claimed_at is None or abs(facts.claimed_at - facts.at) <= CLOCK_MAY_DIFFER:
        return None
    minutes = abs(facts.claimed_at - facts.at) // ONE_MINUTE
    return minutes if facts.claimed_at > facts.at else -minutes
