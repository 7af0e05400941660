// The line that always tells what the phone knows and what waits, and the page behind it.

import * as store from "./store.js";
import { draw, h } from "./view.js";

/** The line: {how old the list is, what waits, the signal}. `open` shows more. */
export function status(gate, open) {
  const { t } = gate.speech;
  const known = gate.kept ? knownWords(gate) : t("known_nothing");
  const state = { fresh: "ok", amber: "look", red: "no" }[gate.age()];
  const waits = gate.waiting ? t("waiting", { count: gate.waiting }) : t("nothing_waits");
  const parts = [known, linkWords(gate), waits, gate.refused ? t("set_aside", { count: gate.refused }) : null].filter(Boolean);
  return h("div", { id: "status" },
    h("p", { class: "line" }, h("small", {}, parts.join(gate.speech.words.comma)), h("button", { type: "button", class: "q", onclick: open }, t("phone"))),
    state === "ok" ? null : h("p", { class: "note " + state, role: "status" }, t(gate.kept ? "known_" + gate.age() : "known_nothing")),
    gate.clockWasSetBack() ? h("p", { class: "note no", role: "status" }, t("clock_back")) : null,
    Math.abs(gate.offset || 0) > 300000 ? h("p", { class: "note look", role: "status" }, clockWords(gate)) : null);
}

/** Nothing while the portal answers; else why not, and when it did last. */
function linkWords({ link, contact, speech, now }) {
  if (link === "done" || link === "sending") return "";
  if (link === "unpaired") return speech.t("pair_again");
  return contact ? speech.t("last_contact", { when: speech.moment(contact, now()) }) : speech.t("offline");
}

/** List of today 08:10, 2 hours old */
function knownWords(gate) {
  const { t, moment, length } = gate.speech, at = gate.now();
  const minutes = Math.max(0, Math.floor((at - gate.kept.issued_at) / 60));
  return t("known", { when: moment(gate.kept.issued_at, at), age: minutes ? length(minutes) : t("just_now") });
}

function clockWords(gate) {
  const off = gate.speech.length(Math.floor(Math.abs(gate.offset) / 60000));
  return gate.speech.words.ends[gate.offset < 0 ? "fast" : "slow"].replace("%(off)s", off);
}

/** Send, fetch, read the list from a file, save what was refused, the other language. */
export async function showSettings(gate, leave) {
  const { t } = gate.speech;
  const note = h("p", { role: "status" });
  const file = h("input", { type: "file", id: "list-file", onchange: () => readFile(gate, file, note) });
  const kept = navigator.storage && navigator.storage.persisted ? await navigator.storage.persisted() : false;
  const video = h("video", { hidden: true });
  const screen = h("button", { type: "button", class: "q", onclick: () => readScreen(gate, video, note) }, t("from_screen"));
  const change = async () => { await gate.speak(gate.otherLanguage()); showSettings(gate, leave); };
  const back = () => { gate.leave(); leave(); };
  draw("", h("p", {}, h("button", { class: "q", onclick: back }, "‹ " + t("back"))), h("h1", {}, t("status")), note,
    status(gate, () => {}),
    h("p", {}, h("button", { onclick: () => gate.sending.now().then(() => showSettings(gate, leave)) }, t("send_now"))),
    h("div", { class: "f" }, h("label", { for: "list-file" }, t("from_file")), file), video, h("p", {}, screen),
    h("p", {}, t(kept ? "persisted" : "not_persisted")),
    gate.refused ? h("p", {}, h("button", { class: "q", onclick: save }, t("export"))) : null,
    h("p", {}, h("button", { class: "q", onclick: change }, t("language"))));
}

/** What is left to people where this browser cannot be used. */
export function showDesk(gate, why) {
  return h("div", {}, h("h1", {}, gate.speech.t("title")), h("p", { class: "note no", role: "alert" }, why),
    h("p", {}, h("a", { class: "btn", href: "/gate/desk" }, gate.speech.t("desk"))));
}

async function readFile(gate, input, note) {
  await takeOver(gate, new Response(input.files[0]).arrayBuffer().then((read) => new Uint8Array(read)), note);
}

/** A series of codes, in any order, until none is missing. */
async function readScreen(gate, video, note) {
  const { t } = gate.speech, [{ start }, { Frames }] = await Promise.all([import(gate.reader.camera), import(gate.reader.frames)]);
  const frames = new Frames();
  const read = async (text) => {
    if (!frames.add(text)) return;
    note.textContent = t("still_missing", { missing: frames.missing.length });
    if (!frames.isComplete) return;
    camera.stop();
    video.hidden = true;
    await takeOver(gate, frames.bytes(), note);
  };
  video.hidden = false;
  let camera = null;
  try {
    camera = await start(video, read, Object.assign({ onLost: () => { note.textContent = t("camera_lost"); } }, gate.reader));
    gate.leave = camera.stop;
  } catch (trouble) {
    video.hidden = true;
    note.textContent = t("camera_" + (trouble.why || "unsupported"));
  }
}

async function takeOver(gate, bytes, note) {
  const { t, moment } = gate.speech;
  try {
    const kept = await gate.takeOver(await bytes);
    note.textContent = t("taken_over", { when: moment(kept.issued_at, gate.now()) });
  } catch (refused) {
    note.textContent = t("older");
  }
}

async function save() {
  const told = JSON.stringify(await store.refused(), null, 1);
  const link = h("a", { href: URL.createObjectURL(new Blob([told], { type: "application/json" })), download: "gate-refused.json" });
  link.click();
  URL.revokeObjectURL(link.href);
}
