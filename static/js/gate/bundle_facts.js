// From what the code says, what the bundle knows and what this phone itself has recorded to the facts that rules.js
// decides on: portal/passes/standing.py and portal/gate/checking.py, as far as a phone without network can know it.

const VISITS = ["visitor"]; // a trip begins with an entry
const LOOKED_BACK = 70 * 86400;
const SAME = 120; // seconds: an exit that the portal knows, too, may have been given a slightly other time there
const OUTSIDE_ORDERS = {
  counts_for: "person", period: "none", period_days: 1, trips: 1, persons: 1, grace_minutes: 15, on_overtime: "nothing",
  tolerance_minutes: 5, longest_days: 366, suspended_by: [], exempt: "", extra_proofs: [],
};
const STATES = { revoked: "revoked", surrendered: "surrendered", replaced: "revoked", not_issued: "rejected" };

/**
 * The facts for `decide` (rules.js). `claims` as code.js reads them (null: the code leads to no pass), `bundle` as
 * decoded, `at` in epoch seconds by the portal's clock, `direction` "exit", "entry" or null, `temperature` in tenths
 * or null, `gate` the id of this one.
 *
 * `events` are this phone's own, of all gates and people: {kind, index, at (ms by the phone), offset (ms)}, in any order.
 * They count where the bundle doesn't have them yet, so they are to be kept until a bundle that is newer has come.
 *
 * Besides what the rules look at, `held` says what is not known: `order_unknown`, and `trips_unknown` of a pass from
 * another community, of whose trips and restrictions this gate hears nothing.
 */
export function factsOf(claims, bundle, events, at, direction, temperature, gate) {
  return {
    at, gate, code: claims ? null : "unknown", key_in_window: true, direction, persons: 1, temperature,
    claimed_at: null, held: claims ? heldOf(claims, bundle, events, at) : null,
  };
}

function heldOf(claims, bundle, events, at) {
  const index = claims.status_index, known = bundle.rule(claims.order, claims.kind);
  const own = tripsOf(index, claims, bundle, events, at);
  const together = bundle.together(index).filter((other) => other !== index);
  const others = together.map((other) => tripsOf(other, claims, bundle, events, at));
  return {
    kind: claims.kind,
    gates: claims.gates,
    trips: [].concat(own, ...others).filter((trip) => trip[0] > at - LOOKED_BACK),
    open_trip: lastOpen(own) || specialExit(index, bundle, events, at),
    standing: standingOf(claims, bundle, known),
    rule: ruleOf(claims, known),
    order_unknown: !known,
    trips_unknown: !isOurs(claims, bundle),
  };
}

/** The order's rule as the pass narrows it; where the order is not known, only what the code says. */
function ruleOf(claims, known) {
  const narrowed = { windows: claims.windows, max_minutes: claims.max_minutes };
  return Object.assign({}, known ? known.rule : OUTSIDE_ORDERS, narrowed);
}

function standingOf(claims, bundle, known) {
  const index = claims.status_index, fate = bundle.fate(index);
  return {
    state: fate ? STATES[fate.reason] : "issued",
    valid_from: claims.valid_from,
    valid_until: claims.valid_until,
    order_from: known ? known.order_from : claims.valid_from,
    order_until: known ? known.order_until : claims.valid_until,
    replaced: Boolean(fate) && fate.reason === "replaced",
    ended_at: fate ? fate.since : null,
    series_ended_at: bundle.seriesEnd(index),
    restrictions: bundle.restrictions(index),
  };
}

/** Issued after the bundle was written, its number still names the community. */
function isOurs(claims, bundle) {
  if (!bundle.beyond(claims.status_index)) return bundle.isOurs(claims.status_index);
  return Number(claims.serial.split("-")[0]) === bundle.gate.community_number;
}

/** What the bundle knows, and after that what this phone saw: an exit begins a trip, an entry ends it. */
function tripsOf(index, claims, bundle, events, at) {
  const trips = bundle.trips(index).map((trip) => trip.slice()).sort((one, other) => one[0] - other[0]);
  const begins = VISITS.includes(claims.kind) ? "entry" : "exit", ends = begins === "exit" ? "entry" : "exit";
  const limit = claims.max_minutes === null ? null : claims.max_minutes * 60;
  for (const { kind, moment } of ownOf(index, events, at, [begins, ends])) {
    const last = trips.length ? trips[trips.length - 1] : null;
    const isNew = !last || moment > last[0] + SAME;
    if (kind === begins && isNew) trips.push([moment, null, limit === null ? null : moment + limit]);
    if (kind === ends && last && last[1] === null && moment >= last[0]) last[1] = moment;
  }
  return trips;
}

function specialExit(index, bundle, events, at) {
  let out = bundle.special(index);
  for (const { kind, moment } of ownOf(index, events, at, ["special_exit", "entry"])) {
    if (out && moment < out[0]) continue;
    out = kind === "special_exit" ? [moment, null, null] : null;
  }
  return out;
}

/** This phone's own events of a pass until `at`, by the portal's clock as well as it knows it, the earliest first. */
function ownOf(index, events, at, kinds) {
  return events
    .filter((event) => event.index === index && kinds.includes(event.kind))
    .map((event) => ({ kind: event.kind, moment: Math.floor((event.at + (event.offset || 0)) / 1000) }))
    .filter((event) => event.moment <= at)
    .sort((one, other) => one.moment - other.moment);
}

function lastOpen(trips) {
  const open = trips.filter((trip) => trip[1] === null);
  return open.length ? open[open.length - 1] : null;
}
