// People without a pass in their hands: forgotten, visitors, special exits, from across the boundary, turned back.
// Rooms and reasons are written down, no names; with a signal a forgotten pass is looked up at once.

import { judge, lookUp } from "./checking.js";
import { today } from "./figures.js";
import * as store from "./store.js";
import { back, chips, draw, field, h, once } from "./view.js";
import { verdict } from "./verdict.js";
import { clockTime, tenths } from "./words.js";

const NO_PASS = { claims: null, code: "unknown", key_in_window: true };

/** The kinds; then a form each. `ready(gate, words)` goes on with the next person. */
export function showWithout(gate, ready) {
  const { t } = gate.speech, neighbour = gate.bundle.gate.neighbour;
  const line = (label, open) => h("li", {}, h("button", { class: "q", onclick: open }, label));
  draw("", back(gate, () => ready(gate)), h("h1", {}, t("without")), h("ul", { class: "people" },
    line(t("forgotten"), () => form(gate, ready, "forgotten", { purposes: "errands" })),
    line(t("special"), () => form(gate, ready, "special_exit", { purposes: "purposes" })),
    line(t("visitor"), () => form(gate, ready, "visitor", { purposes: "visits", confirm: true })),
    neighbour ? line(t("from", { neighbour }), () => form(gate, ready, "visitor", { purposes: "visits", from: neighbour })) : null));
}

/** Two buttons that count, and today's figures. */
export function turnedBack(gate, done) {
  const { t } = gate.speech;
  const figures = h("small", {});
  const neighbour = gate.bundle ? gate.bundle.gate.neighbour : "";
  const one = (vehicle) => once(async () => {
    try {
      await gate.record("turned_back", { vehicle, count: 1, from: neighbour || "" });
    } catch (notWritten) {
      figures.textContent = t("not_recorded");
      return;
    }
    done(t("recorded", { what: t("turn_back") + " " + t(vehicle ? "vehicle" : "person"), time: clockTime(gate.now()) }));
  });
  store.get("figures").then((counted) => { figures.textContent = t("turned_back", today(counted, gate.now())); });
  return h("section", {}, h("h2", {}, t("turn_back")), h("div", { class: "duo" },
    h("button", { class: "q", onclick: one(false) }, t("person")), h("button", { class: "q", onclick: one(true) }, t("vehicle"))), h("p", { class: "done" }, figures));
}

function form(gate, ready, kind, { purposes, confirm, from }) {
  const { t, words } = gate.speech;
  const room = field(t("room"), { name: "room", maxlength: 60, autofocus: true });
  const why = purposes ? chips(t("why"), "why", words[purposes], Object.keys(words[purposes])[0]) : null;
  const direction = kind === "special_exit" ? null : chips(t("direction"), "direction", words.directions, kind === "visitor" ? "entry" : "exit");
  const temperature = field(t("temperature"), { name: "temperature", inputmode: "decimal", maxlength: 8 });
  const note = field(t("note"), { name: "note", maxlength: 60 });
  const agreed = confirm ? field(t("confirmed"), { name: "confirmed", type: "checkbox" }) : null;
  const error = h("p", { class: "e", role: "alert" });
  const found = h("div", {});
  const wrong = (measured) => {
    if (!room.input.value.trim() && !from) return "room_needed";
    if (agreed && !agreed.input.checked) return "confirm_first";
    return Number.isNaN(measured) ? "temperature_wrong" : "";
  };
  const send = once(async () => {
    const measured = tenths(temperature.input.value), problem = wrong(measured);
    if (problem) error.textContent = t(problem);
    else if (hasFever(gate, measured)) await verdict(gate, NO_PASS, ready, measured);
    else await writeDown(measured);
  });
  const writeDown = async (measured) => {
    const told = { room: room.input.value.trim(), note: note.input.value.trim(), why: why ? why.value() : null, from: from || "" };
    try {
      await gate.record(kind, Object.assign(told, { temperature: measured }, direction ? { direction: direction.value() } : {}));
    } catch (notWritten) {
      error.textContent = t("not_recorded");
      return;
    }
    ready(gate, t("recorded", { what: t(kind === "special_exit" ? "special" : kind), time: clockTime(gate.now()) }));
  };
  const submit = (event) => { event.preventDefault(); send(); };
  const look = () => candidates(gate, room.input.value.trim(), found, error, ready);
  draw("", back(gate, () => showWithout(gate, ready)), h("h1", {}, from ? t("from", { neighbour: from }) : t(kind === "special_exit" ? "special" : kind)),
    h("form", { onsubmit: submit }, room.row, kind === "forgotten" ? h("p", {}, h("button", { type: "button", class: "q", onclick: look }, t("look_up"))) : null,
      found, direction && direction.row, why && why.row, temperature.row, note.row, agreed && agreed.row, error, h("button", {}, t("write_down"))));
}

/** Whoever has fever is stopped, with or without a pass. */
function hasFever(gate, measured) {
  return judge(NO_PASS, gate.bundle, [], gate.now(), null, measured, gate.device.gate.id).decision.reason === "fever";
}

/** With a signal: the passes of a room, masked; the chosen one is judged like any other. */
async function candidates(gate, room, place, error, ready) {
  const { t } = gate.speech;
  error.textContent = room ? "" : t("room_needed");
  if (!room) return;
  try {
    const found = await lookUp({ room, staff: gate.staff.appointment }, gate.device);
    place.textContent = "";
    found.forEach(({ claims, label }) => {
      const open = () => verdict(gate, { claims, code: null, key_in_window: true }, ready);
      place.appendChild(h("p", {}, h("button", { type: "button", class: "q", onclick: open }, label)));
    });
    if (!found.length) error.textContent = t("nothing_found");
  } catch (noSignal) {
    error.textContent = t("no_signal");
  }
}
