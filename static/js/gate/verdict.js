// The verdict: it fills the screen, says what the paper should say, and takes the exit or entry with one tap.

import { judge } from "./checking.js";
import * as store from "./store.js";
import { chips, draw, field, h, once, signal } from "./view.js";
import { clockTime, degrees, tenths } from "./words.js";

const WEEK = 7;

/** Show what was found (checking.js) and record what the guard does; then `next(gate, words)`. `measured`: tenths. */
export async function verdict(gate, found, next, measured = null) {
  const own = await store.own();
  const at = gate.now();
  const judged = (direction, temperature) => judge(found, gate.bundle, own, at, direction, temperature, gate.device.gate.id);
  show(gate, { found, judged, at, told: judged(null, measured), next }, measured);
}

function show(gate, check, measured) {
  const { decision } = check.told, { words } = gate.speech;
  signal(decision.verdict);
  gate.leave = () => { setAside(gate, check, measured); };
  const [line, ...more] = linesOf(gate, check);
  draw(decision.verdict,
    h("p", { class: "line" }, h("button", { class: "q", onclick: once(() => leave(gate, check, measured)) }, "‹ " + gate.speech.t("back")),
      h("small", {}, [gate.bundle.gate.is_demo ? gate.speech.t("demo") : "", gate.device.gate.name, clockTime(check.at)].join(" "))),
    h("h1", {}, words.verdicts[decision.verdict], h("span", { class: "other" }, words.others[decision.verdict])),
    h("p", { role: "status" }, line),
    ...more.filter(Boolean).map((text) => h("small", {}, text)),
    check.found.claims ? paper(gate, check.found.claims) : null,
    decision.verdict === "no" ? refusal(gate, check, measured) : passage(gate, check, measured));
}

/** The reason in one line, then what to do and what this phone cannot know. */
function linesOf(gate, { told, at }) {
  const { t, words, sentence } = gate.speech, { decision } = told, age = gate.age();
  const unsure = [told.trips_unknown && t("trips_unknown"), age !== "fresh" && t("known_" + age)];
  if (told.order_unknown) return [t("check_online"), ...unsure];
  const line = sentence(decision, at);
  return decision.verdict === "ok" ? [line, ...unsure] : [words.headlines[decision.reason], line, ...unsure];
}

/** What the paper should say: forgers print other words around a code that is ours. */
function paper(gate, claims) {
  const { t, words, length, moment } = gate.speech, at = gate.now();
  const hours = claims.windows.length ? claims.windows.map((one) => hoursOf(one, t)).join(words.comma) : t("any_hour");
  const limit = claims.max_minutes ? t("at_most", { length: length(claims.max_minutes) }) : null;
  const gates = claims.gates.length ? claims.gates.map((id) => gate.bundle.gate.gates[id] || id).join(words.comma) : t("any_gate");
  const tail = claims.document_tail ? t("document_end", { end: claims.document_tail }) : null;
  const kind = words.kinds[claims.kind] + " " + claims.serial.slice(claims.serial.indexOf("-") + 1);
  const valid = t("until", validity(claims, (seconds) => moment(seconds, at)));
  return h("div", { class: "sheet f" }, h("div", {}, [claims.holder, tail].filter(Boolean).join(" ")), h("div", {}, claims.place),
    ...[kind, [hours, limit].filter(Boolean).join(words.comma), valid, gates].map((text) => h("small", {}, text)));
}

/** Whole days as people say them: the first and the last. */
function validity({ valid_from, valid_until }, moment) {
  const isMidnight = (seconds) => clockTime(seconds) === "00:00";
  if (!isMidnight(valid_from) || !isMidnight(valid_until)) return { start: moment(valid_from), end: moment(valid_until) };
  const day = (seconds) => moment(seconds).replace("00:00", "").trim();
  return { start: day(valid_from), end: day(valid_until - 86400) };
}

function hoursOf({ weekdays, start, end }, t) {
  const names = t("days").split(" "), on = names.filter((_name, day) => (weekdays >> day) & 1);
  const clock = (minute) => String(Math.floor(minute / 60)).padStart(2, "0") + ":" + String(minute % 60).padStart(2, "0");
  return (on.length === WEEK ? "" : on.join("") + " ") + clock(start) + "–" + clock(end);
}

function passage(gate, check, measured) {
  const { t, words } = gate.speech, { decision } = check.told;
  const temperature = field(t("temperature"), {
    name: "temperature", inputmode: "decimal", maxlength: 8, class: "small", value: measured === null ? "" : degrees(measured),
  });
  const mask = chips(t("mask"), "mask", { yes: t("mask_on"), no: t("mask_off") }, "yes");
  const error = h("small", { class: "e", role: "alert" });
  const done = once(async (direction) => {
    const reading = tenths(temperature.input.value);
    if (Number.isNaN(reading)) {
      error.textContent = t("temperature_wrong");
      temperature.input.focus();
    } else await pass(gate, check, { direction, temperature: reading, mask: mask.value() === "yes" }, error);
  });
  const other = decision.direction === "exit" ? "entry" : "exit";
  const button = (direction, kind) => h("button", { type: "button", class: kind, onclick: () => done(direction) }, words.directions[direction]);
  return h("form", { class: "rest", onsubmit: (event) => { event.preventDefault(); done(decision.direction); } },
    h("div", { class: "measured" }, temperature.row, mask.row), error, h("div", { class: "thumb" }, button(decision.direction, ""), button(other, "q")));
}

/** Record it, unless the direction or the temperature makes it another verdict, which the guard must see first. */
async function pass(gate, check, { direction, temperature, mask }, error) {
  const told = check.judged(direction, temperature), before = check.told.decision, now = told.decision;
  const isNews = now.verdict === "no" || (now.verdict === "look" && (now.reason !== before.reason || now.direction !== before.direction));
  if (isNews) return show(gate, Object.assign({}, check, { told }), temperature);
  const written = await write(gate, direction, check, { temperature, mask, decision: now }, error);
  if (!written) return undefined;
  return check.next(gate, gate.speech.t("recorded", { what: gate.speech.words.directions[direction], time: clockTime(gate.now()) }));
}

async function write(gate, kind, check, { temperature, mask, decision, why }, error) {
  const claims = check.found.claims;
  const event = {
    index: claims ? claims.status_index : null, temperature, mask, why: why || null,
    direction: decision.direction, verdict: decision.verdict, reason: decision.reason,
  };
  try {
    await gate.record(kind, event);
    return true;
  } catch (notWritten) {
    error.textContent = gate.speech.t("not_recorded");
    return false;
  }
}

function refusal(gate, check, measured) {
  const { t, words } = gate.speech, { decision } = check.told;
  const error = h("small", { class: "e", role: "alert" });
  const details = { temperature: measured, mask: null, decision };
  const back = once(async () => {
    if (await write(gate, "turned_back", check, details, error)) check.next(gate, t("recorded", { what: t("turn_back"), time: clockTime(gate.now()) }));
  });
  const specially = () => draw("",
    h("p", {}, h("button", { class: "q", onclick: () => show(gate, check, measured) }, "‹ " + t("back"))), h("h1", {}, t("special")), error,
    h("ul", { class: "people" }, ...Object.keys(words.purposes).map((why) => {
      return h("li", {}, h("button", { class: "q", onclick: () => goSpecially(why) }, words.purposes[why]));
    })));
  const goSpecially = once(async (why) => {
    const told = Object.assign({ why }, details, { decision: Object.assign({}, decision, { direction: "exit" }) });
    if (await write(gate, "special_exit", check, told, error)) check.next(gate, t("recorded", { what: t("special"), time: clockTime(gate.now()) }));
  });
  const may = decision.alternatives.includes("special_exit") && check.found.claims;
  return h("div", { class: "rest" }, error, otherWay(gate, check, measured), h("div", { class: "thumb" }, h("button", { onclick: back }, t("turn_back")),
    may ? h("button", { class: "q", onclick: specially }, t("special_exit")) : null));
}

/** The phone only guesses which way somebody goes: whoever comes home is not refused. */
function otherWay(gate, check, measured) {
  const { decision } = check.told, direction = decision.direction === "exit" ? "entry" : "exit";
  if (decision.reason === "fever" || !check.found.claims) return null;
  const judge = () => show(gate, Object.assign({}, check, { told: check.judged(direction, measured) }), measured);
  return h("button", { class: "q", onclick: judge }, gate.speech.t("other_way", { direction: gate.speech.words.directions[direction] }));
}

/** The next person without a word about this one. */
async function leave(gate, check, measured) {
  await setAside(gate, check, measured);
  check.next(gate);
}

/** A refusal that nothing followed is written down all the same. */
async function setAside(gate, check, measured) {
  const { decision } = check.told;
  if (decision.verdict === "no") await write(gate, "refused", check, { temperature: measured, mask: null, decision }, h("small"));
}
