// When a trip may begin: windows and quota. portal/passes/quota.py, written again function by function; it says what
// the periods mean, and tests/vectors/gate.json holds both to the same answers.
//
// Moments are whole epoch seconds, days are numbered from 1 January 1970, and both are judged in fixed UTC+8, never in
// the phone's own time zone. A trip is [out_at, in_at or null, back_by or null].

const UTC8 = 28800;
const ONE_DAY = 86400;
export const ONE_MINUTE = 60;
const DAY_MINUTES = 1440;
const DAYS_LOOKED_AHEAD = 400;

/** The number of the day on the wall, UTC+8. */
export function localDay(moment) {
  return Math.floor((moment + UTC8) / ONE_DAY);
}

/** Whole minutes since midnight on the wall, UTC+8: what the clock shows. */
export function localMinute(moment) {
  return Math.floor((moment + UTC8 - localDay(moment) * ONE_DAY) / ONE_MINUTE);
}

/** That minute (0 to 1440) of that day, UTC+8. */
export function momentOf(day, minute) {
  return day * ONE_DAY - UTC8 + minute * ONE_MINUTE;
}

/** When somebody who leaves now must be back; null without a limit. A window says when to leave, not this. */
export function backBy(rule, outAt) {
  return rule.max_minutes === null ? null : outAt + rule.max_minutes * ONE_MINUTE;
}

/**
 * Whole minutes past the hour to be back, for a trip still open at `at` or late when it ended.
 * null while within the rule's grace; once past it, the grace is counted in.
 */
export function overdue(trip, rule, at) {
  const [, , back_by] = trip;
  if (back_by === null) return null;
  const late = Math.floor((ended(trip, at) - back_by) / ONE_MINUTE);
  return late > rule.grace_minutes ? late : null;
}

/** The [start, end] minutes in which trips may begin on that day, earliest first; empty if none may. */
export function hoursOn(rule, day) {
  const closedParity = { odd_days: 0, even_days: 1 }[rule.period];
  if (dayOfMonth(day) % 2 === closedParity) return [];
  if (!rule.windows.length) return [[0, DAY_MINUTES]];
  return rule.windows
    .filter((window) => isOn(window, weekday(day)))
    .map((window) => [window.start, window.end])
    .sort((one, other) => one[0] - other[0] || one[1] - other[1]);
}

/**
 * Whether a trip may begin at `at`: {why_not, left, next_at, last, lost_to, minutes_late}, null where there is nothing
 * to say. `firstDay` is the first day of the order, `trips` those that the rule counts together.
 */
export function allowance(rule, trips, at, firstDay) {
  const known = inOrder(trips.filter(([out_at]) => out_at <= at));
  const { used, cancelled } = daysUsed(rule, known, at, firstDay);
  const today = localDay(at);
  const lost = cancelled.find(({ day }) => samePeriod(rule, day, today, firstDay));
  const lost_to = lost ? lost.trip : null;
  const left = leftOn(rule, used, today, firstDay);
  let why_not = whyNotByHours(rule, at);
  if (why_not === null && left !== null && left <= 0) why_not = lost_to ? "trip_cancelled" : "quota_used";
  return {
    why_not,
    left,
    next_at: why_not === null ? at : nextAt(rule, used, at, firstDay),
    last: known.length ? known[known.length - 1] : null,
    lost_to,
    minutes_late: lost_to ? overdue(lost_to, rule, at) : null,
  };
}

function whyNotByHours(rule, at) {
  const hours = hoursOn(rule, localDay(at));
  if (!hours.length) return "wrong_day";
  const minute = localMinute(at), tolerance = rule.tolerance_minutes;
  const open = hours.some(([start, end]) => start - tolerance <= minute && minute <= end + tolerance);
  return open ? null : "wrong_hour";
}

function nextAt(rule, used, at, firstDay) {
  const today = localDay(at), tolerance = rule.tolerance_minutes;
  for (let ahead = 0; ahead < DAYS_LOOKED_AHEAD; ahead++) {
    const day = today + ahead;
    const left = leftOn(rule, used, day, firstDay);
    if (left !== null && left <= 0) continue;
    for (const [start, end] of hoursOn(rule, day)) {
      if (ahead > 0 || localMinute(at) < start - tolerance) return momentOf(day, start);
      if (localMinute(at) <= end + tolerance) return at;
    }
  }
  return null;
}

/** The days that count, one for each trip and one for each trip cancelled; and the latter with their cause. */
function daysUsed(rule, known, at, firstDay) {
  const used = [], cancelled = [];
  for (const trip of known) {
    used.push(localDay(trip[0]));
    if (rule.on_overtime !== "skip_next_trip" || overdue(trip, rule, at) === null) continue;
    const lost = nextAt(rule, used, momentOf(localDay(ended(trip, at)), 0), firstDay);
    if (lost !== null) {
      used.push(localDay(lost));
      cancelled.push({ day: localDay(lost), trip });
    }
  }
  return { used, cancelled };
}

function leftOn(rule, used, day, firstDay) {
  if (rule.period === "none") return null;
  return rule.trips - used.filter((one) => samePeriod(rule, one, day, firstDay)).length;
}

function samePeriod(rule, earlier, day, firstDay) {
  if (rule.period === "rolling") return earlier <= day && day - earlier < rule.period_days;
  if (rule.period === "calendar") {
    return Math.floor((earlier - firstDay) / rule.period_days) === Math.floor((day - firstDay) / rule.period_days);
  }
  return earlier === day;
}

function ended(trip, at) {
  const [, in_at] = trip;
  return in_at === null ? at : Math.min(in_at, at);
}

/** The earliest first, equal ones as they came: old engines do not keep that order by themselves. */
function inOrder(trips) {
  return trips
    .map((trip, place) => ({ trip, place }))
    .sort((one, other) => one.trip[0] - other.trip[0] || one.place - other.place)
    .map(({ trip }) => trip);
}

function isOn(window, day) {
  return Boolean((window.weekdays >> day) & 1);
}

/** Monday is 0; the first of all days was a Thursday. */
function weekday(day) {
  return (((day + 3) % 7) + 7) % 7;
}

function dayOfMonth(day) {
  return new Date(day * ONE_DAY * 1000).getUTCDate();
}
