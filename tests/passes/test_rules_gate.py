"""The gate's verdict: the order of the tests, what is never refused, and what is said."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import combinations

import pytest
from hypothesis import given, settings

from portal.passes.facts import CodeProblem, Decision, GateFacts, Restriction
from portal.passes.kinds import Kind, PassState, Period
from portal.passes.rule_data import Window
from portal.passes.rules import decide
from portal.passes.verdicts import Alternative, Direction, Reason, Verdict
from portal.registry.restrictions import RestrictionKind
from tests.passes.rule_facts import FACTS, HOUSEHOLD, NOW, at, gate_facts, out, with_held, with_standing

EXIT = replace(FACTS, direction=Direction.EXIT)
ENTRY = with_held(replace(FACTS, direction=Direction.ENTRY), open_trip=out(25, "08:10"))
DAY = timedelta(days=1)

Problem = tuple[Reason, Callable[[GateFacts], GateFacts]]

# In the order of security.md, "order of tests at a gate"; each spoils good facts in one way.
FOR_BOTH: list[Problem] = [
    (Reason.FEVER, lambda f: replace(f, temperature=373)),
    (Reason.CODE_ALTERED, lambda f: replace(f, code=CodeProblem.ALTERED)),
    (Reason.KEY_WINDOW, lambda f: replace(f, key_in_window=False)),
    (Reason.REPLACED, lambda f: with_standing(f, replaced=True)),
    (Reason.REVOKED, lambda f: with_standing(f, state=PassState.REVOKED)),
    (Reason.SERIES_ENDED, lambda f: with_standing(f, series_ended_at=NOW)),
    (Reason.NOT_YET, lambda f: with_standing(f, valid_from=NOW + DAY)),
    (Reason.EXPIRED, lambda f: with_standing(f, valid_until=NOW)),
    (Reason.ORDER_ENDED, lambda f: with_standing(f, order_until=NOW)),
    (
        Reason.SUSPENDED,
        lambda f: with_standing(f, restrictions=(Restriction(RestrictionKind.RETURNEE, NOW - DAY),)),
    ),
    (Reason.WRONG_GATE, lambda f: replace(f, gate=3)),
]
FOR_EXITS: list[Problem] = [
    *FOR_BOTH,
    (Reason.WRONG_DAY, lambda f: with_held(f, rule=replace(HOUSEHOLD, windows=(Window(0b1, 480, 660),)))),
    (Reason.WRONG_HOUR, lambda f: with_held(f, rule=replace(HOUSEHOLD, windows=(Window(127, 0, 60),)))),
    (Reason.QUOTA_USED, lambda f: with_held(f, trips=(out(24, "09:00", back=at(24, "10:00")),))),
    (Reason.ALREADY_OUT, lambda f: with_held(f, open_trip=out(25, "08:10"))),
    (Reason.TOO_MANY, lambda f: replace(f, persons=2)),
]
FOR_ENTRIES: list[Problem] = [
    *FOR_BOTH,
    (Reason.OVERTIME, lambda f: with_held(f, open_trip=out(25, "05:00"))),
]


def test_a_good_pass_goes_out_and_is_told_when_to_be_back() -> None:
    decision = decide(EXIT)
    assert (decision.verdict, decision.reason) == (Verdict.GREEN, Reason.MAY_GO)
    assert decision.back_by == at(25, "12:00")
    assert decision.alternatives == ()


def test_who_comes_back_in_time_is_let_in() -> None:
    decision = decide(ENTRY)
    assert (decision.verdict, decision.reason) == (Verdict.GREEN, Reason.WELCOME_BACK)
    assert decision.back_by is None


@pytest.mark.parametrize("problem", FOR_EXITS, ids=lambda problem: problem[0])
def test_each_problem_alone_stops_an_exit(problem: Problem) -> None:
    reason, spoil = problem
    decision = decide(spoil(EXIT))
    assert (decision.verdict, decision.reason) == (Verdict.RED, reason)
    assert decision.back_by is None


@pytest.mark.parametrize("problem", FOR_ENTRIES, ids=lambda problem: problem[0])
def test_each_problem_alone_is_seen_on_an_entry(problem: Problem) -> None:
    reason, spoil = problem
    decision = decide(spoil(ENTRY))
    assert decision.reason is reason
    assert decision.verdict is (Verdict.RED if reason is Reason.FEVER else Verdict.AMBER)


@pytest.mark.parametrize(
    ("earlier", "later"), combinations(FOR_EXITS, 2), ids=lambda problem: str(problem[0])
)
def test_of_two_problems_of_an_exit_the_earlier_decides(earlier: Problem, later: Problem) -> None:
    assert decide(earlier[1](later[1](EXIT))).reason is earlier[0]


@pytest.mark.parametrize(
    ("earlier", "later"), combinations(FOR_ENTRIES, 2), ids=lambda problem: str(problem[0])
)
def test_of_two_problems_of_an_entry_the_earlier_decides(earlier: Problem, later: Problem) -> None:
    assert decide(earlier[1](later[1](ENTRY))).reason is earlier[0]


@given(gate_facts)
@settings(max_examples=400)
def test_every_set_of_facts_has_a_verdict_and_nobody_is_kept_from_home(facts: GateFacts) -> None:
    decision = decide(facts)
    assert decide(facts) == decision
    green = decision.reason in (Reason.MAY_GO, Reason.WELCOME_BACK)
    assert (decision.verdict is Verdict.GREEN) == green
    goes_home = Direction.EXIT if facts.held and facts.held.kind is Kind.VISITOR else Direction.ENTRY
    if decision.direction is goes_home and decision.verdict is Verdict.RED:
        assert decision.reason is Reason.FEVER
    if decision.direction is not goes_home:
        assert decision.verdict is not Verdict.AMBER
    assert bool(decision.alternatives) == (
        decision.verdict is Verdict.RED and decision.reason is not Reason.FEVER
    )
    assert facts.direction in (None, decision.direction)


@given(gate_facts)
def test_fever_is_red_whatever_the_pass_says(facts: GateFacts) -> None:
    decision = decide(replace(facts, temperature=373))
    assert (decision.verdict, decision.reason) == (Verdict.RED, Reason.FEVER)


@pytest.mark.parametrize(
    ("temperature", "verdict"), [(372, Verdict.GREEN), (373, Verdict.RED), (390, Verdict.RED)]
)
def test_fever_begins_at_373(temperature: int, verdict: Verdict) -> None:
    assert decide(replace(EXIT, temperature=temperature)).verdict is verdict


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        (PassState.DRAFT, Reason.NOT_ISSUED),
        (PassState.APPLIED, Reason.NOT_ISSUED),
        (PassState.ENDORSED, Reason.NOT_ISSUED),
        (PassState.REJECTED, Reason.NOT_ISSUED),
        (PassState.SURRENDERED, Reason.SURRENDERED),
        (PassState.REVOKED, Reason.REVOKED),
    ],
)
def test_only_an_issued_pass_is_a_pass(state: PassState, reason: Reason) -> None:
    decision = decide(with_standing(EXIT, state=state, ended_at=at(24, "18:41")))
    assert decision.reason is reason
    assert decision.since == (None if reason is Reason.NOT_ISSUED else at(24, "18:41"))


@pytest.mark.parametrize("problem", CodeProblem)
def test_a_code_that_leads_to_no_pass(problem: CodeProblem) -> None:
    unknown = GateFacts(at=NOW, gate=1, held=None, code=problem)
    assert decide(unknown).reason.value == problem.value
    assert decide(unknown).verdict is Verdict.RED
    assert decide(replace(unknown, direction=Direction.ENTRY)).verdict is Verdict.AMBER


def test_no_pass_and_no_code_problem_is_an_unknown_pass() -> None:
    assert decide(GateFacts(at=NOW, gate=1, held=None)).reason is Reason.UNKNOWN


def test_the_direction_is_guessed_from_the_open_trip() -> None:
    inside, outside = FACTS, with_held(FACTS, open_trip=out(25, "08:10"))
    assert decide(inside).direction is Direction.EXIT
    assert decide(outside).direction is Direction.ENTRY
    visitor_outside = with_held(FACTS, kind=Kind.VISITOR)
    visitor_inside = with_held(visitor_outside, open_trip=out(25, "08:10"))
    assert decide(visitor_outside).direction is Direction.ENTRY
    assert decide(visitor_inside).direction is Direction.EXIT


def test_the_window_and_the_quota_do_not_matter_to_who_comes_home() -> None:
    at_night = replace(ENTRY, at=at(25, "10:59"))
    used = with_held(at_night, trips=(out(24, "09:00"), out(25, "08:10")))
    no_window = with_held(used, rule=replace(HOUSEHOLD, windows=(Window(1, 0, 1),)))
    assert decide(no_window).verdict is Verdict.GREEN


def test_an_entry_without_an_exit_is_looked_at_where_the_holder_lives_inside() -> None:
    back = with_held(ENTRY, open_trip=None)
    for kind, reason in {
        Kind.HOUSEHOLD: Reason.NOT_OUT,
        Kind.WORK: Reason.NOT_OUT,
        Kind.SPECIAL: Reason.NOT_OUT,
        Kind.STAFF: Reason.WELCOME_BACK,
        Kind.VEHICLE: Reason.WELCOME_BACK,
    }.items():
        assert decide(with_held(back, kind=kind)).reason is reason, kind


def test_coming_back_late_is_amber_with_its_consequence() -> None:
    decision = decide(with_held(ENTRY, open_trip=out(25, "05:00")))
    assert (decision.verdict, decision.reason) == (Verdict.AMBER, Reason.OVERTIME)
    assert (decision.since, decision.minutes_late, decision.cancels_next) == (at(25, "08:00"), 60, True)
    assert decide(ENTRY).cancels_next is False


def test_lateness_is_not_lost_behind_an_earlier_problem() -> None:
    late = with_standing(with_held(ENTRY, open_trip=out(25, "05:00")), valid_until=NOW)
    decision = decide(late)
    assert (decision.reason, decision.minutes_late, decision.cancels_next) == (Reason.EXPIRED, 60, True)


def test_a_used_up_quota_names_the_last_trip_and_the_next() -> None:
    decision = decide(with_held(EXIT, trips=(out(24, "09:00", back=at(24, "10:00")),)))
    assert (decision.since, decision.next_at) == (at(24, "09:00"), at(26, "08:00"))
    assert decision.alternatives == (Alternative.TURN_BACK, Alternative.SPECIAL_EXIT)


def test_a_cancelled_trip_names_the_late_one() -> None:
    decision = decide(with_held(EXIT, trips=(out(23, "09:00", back=at(23, "13:00")),)))
    assert decision.reason is Reason.TRIP_CANCELLED
    assert (decision.since, decision.minutes_late) == (at(23, "09:00"), 60)
    assert decision.next_at == at(27, "08:00")


def test_leaving_twice_without_coming_back_is_stopped_at_any_gate() -> None:
    rule = replace(HOUSEHOLD, period_days=1, trips=2)
    already = with_held(EXIT, rule=rule, trips=(out(25, "08:10"),), open_trip=out(25, "08:10"))
    decision = decide(replace(already, gate=2))
    assert (decision.reason, decision.since) == (Reason.ALREADY_OUT, at(25, "08:10"))
    assert Alternative.RECORD_MISSED in decision.alternatives
    expired = decide(with_standing(already, valid_until=NOW))
    assert Alternative.RECORD_MISSED not in expired.alternatives


def test_a_suspended_household_has_no_special_exit_at_the_gate() -> None:
    isolated = Restriction(RestrictionKind.ISOLATION, NOW, NOW + DAY)
    assert decide(with_standing(EXIT, restrictions=(isolated,))).alternatives == (Alternative.TURN_BACK,)


def test_one_person_too_many_turns_back_and_the_rest_may_go() -> None:
    decision = decide(replace(EXIT, persons=2))
    assert (decision.reason, decision.persons) == (Reason.TOO_MANY, 1)
    assert decide(replace(EXIT, persons=1)).verdict is Verdict.GREEN


def test_a_pass_without_gates_is_for_every_gate() -> None:
    assert decide(replace(with_held(EXIT, gates=frozenset()), gate=99)).verdict is Verdict.GREEN


def visit(facts: GateFacts) -> Decision:
    return decide(with_held(facts, kind=Kind.VISITOR))


def test_a_visit_begins_with_the_entry_and_only_that_can_be_refused() -> None:
    entry, leaving = replace(FACTS, direction=Direction.ENTRY), replace(FACTS, direction=Direction.EXIT)
    assert visit(entry).back_by == at(25, "12:00")
    used = with_held(entry, trips=(out(24, "09:00", back=at(24, "10:00")),))
    assert (visit(used).verdict, visit(used).reason) == (Verdict.RED, Reason.QUOTA_USED)
    assert visit(used).alternatives == (Alternative.TURN_BACK,)
    assert visit(with_held(entry, open_trip=out(25, "08:10"))).reason is not Reason.WELCOME_BACK
    assert (visit(leaving).verdict, visit(leaving).reason) == (Verdict.AMBER, Reason.NOT_IN)
    assert visit(with_held(leaving, open_trip=out(25, "08:10"))).reason is Reason.WELCOME_BACK
    assert visit(with_held(leaving, open_trip=out(25, "05:00"))).reason is Reason.OVERTIME


def test_a_visitor_who_is_inside_does_not_come_in_again() -> None:
    entry = with_held(replace(FACTS, direction=Direction.ENTRY), open_trip=out(25, "08:10"))
    assert visit(entry).reason is Reason.ALREADY_IN


@pytest.mark.parametrize(
    ("ahead", "note"),
    [(timedelta(0), None), (timedelta(minutes=5), None), (timedelta(minutes=6), 6), (-2 * DAY, -2880)],
)
def test_a_clock_that_is_off_is_noted_and_the_server_decides(ahead: timedelta, note: int | None) -> None:
    decision = decide(replace(EXIT, claimed_at=NOW + ahead))
    assert (decision.clock_off, decision.verdict) == (note, Verdict.GREEN)


def test_an_uncounted_pass_goes_out_again_and_again() -> None:
    rule = replace(HOUSEHOLD, period=Period.UNLIMITED, on_overtime=HOUSEHOLD.on_overtime.NOTHING)
    trips = tuple(out(25, clock, back=at(25, clock)) for clock in ("08:00", "08:20", "08:40"))
    assert decide(with_held(EXIT, rule=rule, trips=trips)).verdict is Verdict.GREEN
