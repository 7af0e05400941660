// What a pass is worth: its state at a moment, and the verdict of a gate. portal/passes/rules.py, written again
// function by function; tests/vectors/gate.json holds both to the same answers. Pure functions of plain facts; the
// format of facts and decisions is that of the vectors, all moments are whole epoch seconds.

import { ONE_MINUTE, allowance, backBy, localDay, overdue } from "./quota.js";

const FEVER = 373; // tenths of a degree
const CLOCK_MAY_DIFFER = 5 * ONE_MINUTE;
const EXPIRING = 2 * 86400;
const VISITS = ["visitor"]; // a trip is the visit: it begins with an entry and ends with an exit
const COMES_AND_GOES = ["staff", "vehicle"]; // an entry with no exit before it is nothing unusual

/** The restriction that suspends the pass at `at`, or null. */
export function suspending(standing, rule, at) {
  for (const restriction of standing.restrictions) {
    const begun = restriction.since <= at;
    if (rule.suspended_by.includes(restriction.kind) && begun && !isPast(restriction.until, at)) return restriction;
  }
  return null;
}

/** The state that people see at `at`; the first that holds, in the order of the tests at a gate. */
export function shownState(standing, rule, at) {
  if (standing.replaced) return "replaced";
  if (standing.state !== "issued") return standing.state;
  if (isPast(standing.series_ended_at, at)) return "series_ended";
  if (at < standing.valid_from) return "not_yet";
  if (at >= standing.valid_until) return "expired";
  if (!(standing.order_from <= at && at < standing.order_until)) return "order_ended";
  if (suspending(standing, rule, at)) return "suspended";
  return isNearItsEnd(standing, at) ? "expiring" : "valid";
}

/**
 * The gate's verdict: the first problem in the order of the reasons decides.
 *
 * A trip that begins is refused (red, "no"). One that ends is not: whoever comes home is let in, amber ("look") at
 * most, and so is a visitor who leaves. Fever is red always.
 */
export function decide(facts) {
  const held = facts.held;
  const direction = facts.direction || guessedDirection(held);
  const begins = direction === beginning(held);
  const counted = begins ? allowanceOf(facts) : null;
  const reason = firstProblem(facts, counted);
  const verdict = verdictOn(reason, begins);
  let late = held && held.open_trip && !begins ? overdue(held.open_trip, held.rule, facts.at) : null;
  if (reason === "trip_cancelled" && counted) late = counted.minutes_late;
  return {
    verdict,
    reason: reason || (begins ? "may_go" : "welcome_back"),
    direction,
    alternatives: verdict === "no" ? alternatives(reason, direction, held) : [],
    since: since(reason, held, counted),
    next_at: counted && NAMES_NEXT.includes(reason) ? counted.next_at : null,
    back_by: held && begins && verdict === "ok" ? backBy(held.rule, facts.at) : null,
    minutes_late: late,
    cancels_next: Boolean(late && held && !begins && held.rule.on_overtime === "skip_next_trip"),
    persons: held ? held.rule.persons : null,
    temperature: facts.temperature,
    clock_off: clockOff(facts),
  };
}

const SHOWN_PROBLEMS = {
  replaced: "replaced",
  draft: "not_issued",
  applied: "not_issued",
  endorsed: "not_issued",
  rejected: "not_issued",
  revoked: "revoked",
  surrendered: "surrendered",
  series_ended: "series_ended",
  not_yet: "not_yet",
  expired: "expired",
  order_ended: "order_ended",
  suspended: "suspended",
  expiring: null,
  valid: null,
};
const NAMES_NEXT = ["wrong_day", "wrong_hour", "quota_used", "trip_cancelled"];
// An open trip may only mean that nobody recorded its end.
const MAY_BE_UNRECORDED = ["quota_used", "trip_cancelled", "already_out", "already_in"];

function firstProblem(facts, counted) {
  const held = facts.held;
  if (facts.temperature !== null && facts.temperature >= FEVER) return "fever";
  if (facts.code !== null) return facts.code;
  if (held === null) return "unknown";
  if (!facts.key_in_window) return "key_window";
  const problem = SHOWN_PROBLEMS[shownState(held.standing, held.rule, facts.at)];
  if (problem) return problem;
  if (held.gates.length && !held.gates.includes(facts.gate)) return "wrong_gate";
  if (counted) return counted.why_not || problemAtTheStart(facts, held);
  return problemAtTheEnd(facts, held);
}

function problemAtTheStart(facts, held) {
  if (held.open_trip) return VISITS.includes(held.kind) ? "already_in" : "already_out";
  return facts.persons > held.rule.persons ? "too_many" : null;
}

function problemAtTheEnd(facts, held) {
  if (held.open_trip) return overdue(held.open_trip, held.rule, facts.at) === null ? null : "overtime";
  if (VISITS.includes(held.kind)) return "not_in";
  return COMES_AND_GOES.includes(held.kind) ? null : "not_out";
}

function verdictOn(reason, begins) {
  if (reason === null) return "ok";
  return begins || reason === "fever" ? "no" : "look";
}

function alternatives(reason, direction, held) {
  if (reason === "fever") return [];
  const stillOpen = held !== null && held.open_trip !== null && MAY_BE_UNRECORDED.includes(reason);
  const missed = stillOpen ? ["record_missed"] : [];
  if (direction === "entry" || reason === "suspended") return [...missed, "turn_back"];
  return [...missed, "turn_back", "special_exit"];
}

function since(reason, held, counted) {
  if (held === null || reason === null) return null;
  const standing = held.standing, openTrip = held.open_trip || [null, null, null];
  const lostTo = (counted && counted.lost_to) || [null];
  const last = (counted && counted.last) || [null];
  const moments = {
    replaced: standing.ended_at,
    revoked: standing.ended_at,
    surrendered: standing.ended_at,
    series_ended: standing.series_ended_at,
    not_yet: standing.valid_from,
    expired: standing.valid_until,
    quota_used: last[0],
    trip_cancelled: lostTo[0],
    already_out: openTrip[0],
    already_in: openTrip[0],
    overtime: openTrip[2],
  };
  return reason in moments ? moments[reason] : null;
}

function allowanceOf(facts) {
  const held = facts.held;
  if (held === null) return null;
  return allowance(held.rule, held.trips, facts.at, localDay(held.standing.order_from));
}

function beginning(held) {
  return held && VISITS.includes(held.kind) ? "entry" : "exit";
}

function guessedDirection(held) {
  const begins = beginning(held);
  if (held === null || held.open_trip === null) return begins;
  return begins === "entry" ? "exit" : "entry";
}

function isPast(moment, at) {
  return moment !== null && moment <= at;
}

/** Within two days of the end, or the last quarter of a short validity. */
function isNearItsEnd(standing, at) {
  const ends = [standing.valid_until, standing.order_until, standing.series_ended_at];
  const end = Math.min(...ends.filter((moment) => moment !== null));
  return end - at <= Math.min(EXPIRING, (standing.valid_until - standing.valid_from) / 4);
}

function clockOff(facts) {
  if (facts.claimed_at === null || Math.abs(facts.claimed_at - facts.at) <= CLOCK_MAY_DIFFER) return null;
  const minutes = Math.floor(Math.abs(facts.claimed_at - facts.at) / ONE_MINUTE);
  return facts.claimed_at > facts.at ? minutes : -minutes;
}
