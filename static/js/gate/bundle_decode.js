// The segments of a bundle, as portal/gate/bundle writes them, turned into what can be looked up.
// Moments are epoch seconds; what is past is told to the minute, what lasts to the second.

import { OF_A_BUNDLE, read } from "./cbor.js";

const UTC8 = 28800;
const QUARTER = 360; // minutes of a day, written apart
const ONE_MINUTE = 60;

/**
 * What the segments ({name: bytes}) say:
 *
 * - gate: {name, community, community_number, neighbour, gates: {id: name}, is_demo}; keys: as code.js wants them
 * - staff: [{appointment, name, salt, iterations, verifier}]
 * - rule(order, kind) → {order_from, order_until, rule} or null
 * - fate(index) → {reason, since or null} or null where it is in order; seriesEnd(index) → the moment, or null
 * - isOurs(index): whether the gate's community issued it; beyond(index): whether it was issued after this was written
 * - restrictions(index) → [{kind, since, until}]
 * - together(index) → the indexes whose trips count for this one, its own among them
 * - trips(index) → [[out, in or null, back_by or null]]; special(index) → such an exit outside the rule, or null
 */
export function decode(segments) {
  const told = (name) => (segments[name] ? read(segments[name], OF_A_BUNDLE) : []);
  const days = (start) => {
    const names = Object.keys(segments).filter((name) => name.startsWith(start + "/"));
    return names.sort().map((name) => Object.assign(placeOf(name), { rows: told(name) }));
  };
  const changes = days("changes");
  const passes = passesOf(told("ours"), told("older"), changes);
  const fates = fatesOf(days("status"), changes);
  const series = byIndex(told("series"), ([moment, indexes]) => [indexes, moment]);
  const restrictions = byIndex(told("restrictions"), ([kind, since, until, indexes]) => [indexes, { kind, since, until }]);
  const special = byIndex(told("special"), ([out, back_by, indexes]) => [indexes, [out, null, back_by]]);
  const groups = groupsOf(days("together"), passes);
  const trips = tripsOf({ went: days("trips"), late: days("late"), open: told("open") }, passes);
  const rules = new Map(told("rules").map(([order, kind, ...rest]) => [order + " " + kind, rest]));
  return {
    gate: plain(told("gate")),
    keys: told("keys").map(keyOf),
    staff: told("staff").map(staffOf),
    rule: (order, kind) => ruleOf(rules.get(order + " " + kind)),
    fate: (index) => fates.get(index) || null,
    seriesEnd: (index) => (series.get(index) || [null])[0],
    isOurs: (index) => passes.ours.has(index),
    beyond: (index) => index > passes.last,
    restrictions: (index) => restrictions.get(index) || [],
    together: (index) => groups.get(index) || [index],
    trips: (index) => trips.get(index) || [],
    special: (index) => (special.get(index) || [null])[0],
  };
}

/** The passes of the community, and what stands for them where only they matter: `indexOf(number)`. */
function passesOf(before, older, changes) {
  const since = changes.map(({ rows }) => rows.filter(([reason]) => reason === null));
  const ours = [].concat(summed(before), ...since.map((rows) => [].concat(...rows.map((row) => summed(row[1])))));
  ours.sort((one, other) => one - other);
  const others = summed(older);
  return {
    ours: new Set(ours),
    last: ours.length ? ours[ours.length - 1] : 0,
    indexOf: (number) => (number < 0 ? others[-1 - number] : ours[number]),
  };
}

function fatesOf(status, changes) {
  const fates = new Map();
  for (const { rows } of status) {
    for (const [reason, indexes] of rows) summed(indexes).forEach((index) => fates.set(index, { reason, since: null }));
  }
  for (const { midnight, rows } of changes) {
    for (const [reason, indexes, minutes] of rows.filter((row) => row[0] !== null)) {
      const since = (place) => midnight + minutes[place] * ONE_MINUTE;
      summed(indexes).forEach((index, place) => fates.set(index, { reason, since: since(place) }));
    }
  }
  return fates;
}

function groupsOf(parts, passes) {
  const groups = new Map();
  for (const { rows } of parts) {
    const [asking, more, numbers] = rows;
    let next = 0, first = 0;
    asking.forEach((count, place) => {
      const members = numbers.slice(next, (next += count));
      const others = numbers.slice(next, (next += more[place]));
      members[0] = first += members[0];
      const indexes = summed(members).map(passes.indexOf);
      const all = indexes.concat(summed(others).map(passes.indexOf));
      indexes.forEach((index) => groups.set(index, all));
    });
  }
  return groups;
}

/** By index. Of a trip that lasts or was late only that is kept, not what is told of it to the minute. */
function tripsOf({ went, late, open }, passes) {
  const trips = new Map();
  const put = (index, trip) => trips.set(index, (trips.get(index) || []).concat([trip]));
  const known = (index, out) => (trips.get(index) || []).some((trip) => toTheMinute(trip[0]) === out);
  const [indexes, began, limits] = open;
  summed(indexes).forEach((index, place) => {
    const limit = limits[place];
    put(index, [began[place], null, limit === null ? null : began[place] + limit]);
  });
  for (const { midnight, rows } of late) {
    const [numbers, minutes, lasted, tooLong] = rows;
    summed(numbers).forEach((number, place) => {
      const out = midnight + minutes[place] * ONE_MINUTE, end = out + lasted[place] * ONE_MINUTE;
      put(passes.indexOf(number), [out, end, end - tooLong[place] * ONE_MINUTE]);
    });
  }
  for (const { midnight, quarter, rows } of went) {
    const [numbers, minutes] = rows;
    const settled = summed(numbers).map((number, place) => {
      return [passes.indexOf(number), midnight + (quarter * QUARTER + minutes[place]) * ONE_MINUTE];
    });
    settled.filter(([index, out]) => !known(index, out)).forEach(([index, out]) => put(index, [out, out, null]));
  }
  return trips;
}

/** "trips/2026-11-23/1" → {midnight, quarter}; of other names both may be NaN. */
function placeOf(name) {
  const [, day, quarter] = name.split("/");
  return { midnight: Date.parse(day + "T00:00:00Z") / 1000 - UTC8, quarter: Number(quarter) };
}

/** Differences → the numbers themselves. */
function summed(differences) {
  let sum = 0;
  return differences.map((difference) => (sum += difference));
}

/** Rows that each name indexes → a Map from index to what is said of it. */
function byIndex(rows, read) {
  const found = new Map();
  for (const [indexes, value] of rows.map(read)) {
    for (const index of summed(indexes)) found.set(index, (found.get(index) || []).concat([value]));
  }
  return found;
}

function ruleOf(told) {
  if (!told) return null;
  const [order_from, order_until, rule] = told;
  return { order_from, order_until, rule: plain(rule) };
}

function keyOf([id, x, y, not_before, not_after]) {
  const hex = Array.from(id, (byte) => (byte < 16 ? "0" : "") + byte.toString(16)).join("");
  return { id: hex, x: base64url(x), y: base64url(y), not_before, not_after };
}

function staffOf([appointment, name, salt, iterations, verifier]) {
  return { appointment, name, salt, iterations, verifier };
}

function base64url(bytes) {
  const text = btoa(String.fromCharCode(...bytes));
  return text.replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

/** Maps as plain objects, all the way down. */
function plain(value) {
  if (Array.isArray(value)) return value.map(plain);
  if (!(value instanceof Map)) return value;
  const found = {};
  value.forEach((inner, name) => { found[name] = plain(inner); });
  return found;
}

function toTheMinute(moment) {
  return moment - (((moment % ONE_MINUTE) + ONE_MINUTE) % ONE_MINUTE);
}
