// How many the one on duty has let out, in and turned back, and how many were turned back at the gate today.
// Kept beside the queue and counted in the same transaction, so that neither a lock nor a reload forgets them.

const UTC8 = 28800000, ONE_DAY = 86400000; // ms
const NOBODY = { staff: null, exits: 0, entries: 0, back: 0 };
const NOT_COUNTED = ["refused"];

/** {staff, exits, entries, back} of the shift and {day, people, vehicles} after one more event. */
export function after(figures, event) {
  const begun = Object.assign({ day: null, people: 0, vehicles: 0 }, NOBODY, figures, dayOf(figures, event));
  if (event.kind === "handed_over") return Object.assign(begun, NOBODY);
  if (event.kind === "on_duty") return Object.assign(begun, NOBODY, { staff: event.staff });
  if (event.kind === "turned_back") return turnedBack(begun, event);
  if (!NOT_COUNTED.includes(event.kind)) begun[isEntry(event) ? "entries" : "exits"] += 1;
  return begun;
}

/** People and vehicles turned back today; `now` in epoch seconds. */
export function today(figures, now) {
  return figures && figures.day === dayNumber(now * 1000) ? figures : { people: 0, vehicles: 0 };
}

function turnedBack(figures, { vehicle, count }) {
  figures.back += count || 1;
  figures[vehicle ? "vehicles" : "people"] += count || 1;
  return figures;
}

/** A new day begins with nobody. */
function dayOf(figures, event) {
  const day = dayNumber(event.at + (event.offset || 0));
  return figures && figures.day === day ? {} : { day, people: 0, vehicles: 0 };
}

function isEntry({ kind, direction }) {
  return kind === "entry" || (kind !== "exit" && direction === "entry");
}

function dayNumber(ms) {
  return Math.floor((ms + UTC8) / ONE_DAY);
}
