// The screens before and between checks: pairing, who is on duty, and the one that waits for the next code.

import { find } from "./checking.js";
import { isPin, oneMore, waitFor } from "./duty.js";
import { showSettings, status } from "./settings.js";
import * as store from "./store.js";
import { post } from "./sync.js";
import { listen } from "./typing.js";
import { verdict } from "./verdict.js";
import { back, draw, field, h, once } from "./view.js";
import { showWithout, turnedBack } from "./without.js";

const STILL_THERE = 8000; // ms: the paper of the last person is being put away

let shown = null; // draws the screen again where only the news has changed
let openSettings = () => {}; // from the screen that is shown

/** The screen that fits: who is on duty, or pairing. */
export function choose(gate) {
  if (gate.link === "unpaired" && !gate.staff) pair(gate);
  else onDuty(gate);
}

/** What has come in meanwhile shows in the line on top; nothing else moves under the guard's hands. */
export function refresh(gate) {
  const line = document.getElementById("status");
  if (line && gate.speech) line.replaceWith(status(gate, openSettings));
  if (shown) shown(gate);
}

// ── pairing ──────────────────────────────────────────────────────────────────────────────────────────────────────

/** Type the code that the command post shows. */
export function pair(gate) {
  const { t } = gate.speech;
  const code = field(t("pair_code"), { name: "code", inputmode: "numeric", maxlength: 9, autofocus: true, class: "big" });
  const name = field(t("pair_name"), { name: "name", maxlength: 40, value: gate.device ? gate.device.name : "" }, t("pair_name_hint"));
  const error = h("p", { class: "e", role: "alert" });
  const send = async (event) => {
    event.preventDefault();
    error.textContent = await join(gate, code.input.value, name.input.value.trim());
  };
  shown = null;
  draw("", h("h1", {}, t("pair")), gate.device && h("p", { class: "note look" }, t("pair_again")), h("p", {}, t("pair_how")),
    h("form", { onsubmit: send }, code.row, name.row, error, h("button", {}, t("pair"))),
    h("p", {}, h("a", { href: "/gate/desk" }, t("desk"))), language(gate, pair));
}

/** What went wrong, in words; nothing where the phone is paired. */
async function join(gate, typed, name) {
  const code = typed.normalize("NFKC").replace(/\D/g, "");
  let answer;
  try {
    answer = await post("/gate/device/pair", "", { code, device: gate.uid, name: name || gate.speech.t("title") });
  } catch (late) {
    return gate.speech.t("no_signal");
  }
  const told = await answer.json().catch(() => ({}));
  if (!answer.ok) return told.why || gate.speech.t("no_signal");
  if (navigator.storage && navigator.storage.persist) await navigator.storage.persist();
  await gate.paired({ token: told.token, uid: gate.uid, key: told.key, gate: told.gate, name });
  return "";
}

// ── who is on duty ───────────────────────────────────────────────────────────────────────────────────────────────

/** Choose one's name; then the PIN. */
export function onDuty(gate) {
  const { t } = gate.speech;
  const staff = gate.bundle ? gate.bundle.staff : [];
  shown = (now) => { if ((now.bundle ? now.bundle.staff : []).length !== staff.length) onDuty(now); };
  const names = staff.map((one) => h("li", {}, h("button", { class: "q", onclick: () => askPin(gate, one) }, one.name)));
  draw("", head(gate), h("h1", {}, t("on_duty")), staff.length ? h("ul", { class: "people" }, ...names) : h("p", {}, t("nobody")),
    h("p", {}, h("a", { href: "/gate/desk" }, t("desk"))), language(gate, onDuty));
}

function askPin(gate, one) {
  const { t } = gate.speech;
  const pin = field(t("pin", { name: one.name }), {
    name: "pin", type: "password", inputmode: "numeric", maxlength: 6, autofocus: true, class: "big",
  });
  const error = h("p", { class: "e", role: "alert" });
  const button = h("button", {}, t("unlock"));
  const hold = (seconds) => {
    if (seconds) error.textContent = t("pin_wait", { seconds });
    button.disabled = seconds > 0;
    setTimeout(() => { button.disabled = false; }, seconds * 1000);
  };
  const unlock = once(async () => {
    const tries = await store.get("tries"), typed = pin.input.value.normalize("NFKC").trim();
    if (waitFor(tries)) return hold(waitFor(tries));
    if (await isPin(one, typed)) {
      await store.forget("tries");
      return gate.onDuty(one).catch(() => { error.textContent = t("not_recorded"); });
    }
    await store.set("tries", oneMore(tries));
    error.textContent = t("pin_wrong");
    pin.input.value = "";
    return hold(waitFor(await store.get("tries")));
  });
  const submit = (event) => { event.preventDefault(); unlock(); };
  store.get("tries").then((tries) => hold(waitFor(tries)));
  shown = null;
  draw("", back(gate, () => onDuty(gate)), h("form", { onsubmit: submit }, pin.row, error, button));
}

// ── the next code ────────────────────────────────────────────────────────────────────────────────────────────────

/** Ready for the next person. `done`: what was recorded just now, in words. */
export function ready(gate, done) {
  const { t } = gate.speech;
  const code = field(t("next_code"), { name: "code", autofocus: true, autocapitalize: "characters", spellcheck: "false", class: "big" });
  const note = h("p", { role: "status", class: done ? "note ok" : "" }, done || "");
  const video = h("video", { hidden: true });
  let camera = null, hasLeft = false;
  const leave = () => {
    hasLeft = true;
    heard.stop();
    if (camera) camera.stop();
  };
  const onText = once((text) => (hasLeft ? null : checked(gate, text, note, leave)));
  const heard = listen(code.input, onText);
  const onPicture = (text) => {
    const isSame = text === gate.pictured.text && Date.now() - gate.pictured.at < STILL_THERE;
    gate.pictured = { text, at: Date.now() };
    return isSame ? undefined : onText(text);
  };
  const scan = h("button", { type: "button", class: "q" }, t("camera"));
  scan.addEventListener("click", async () => {
    if (camera) return;
    try {
      video.hidden = false;
      const { start } = await import(gate.reader.camera);
      camera = await start(video, onPicture, Object.assign({ onLost: () => lost("lost") }, gate.reader));
      if (hasLeft) return camera.stop();
      scan.hidden = true;
      if (camera.torch) scan.after(torch(camera, t));
      gate.usesCamera = true;
    } catch (trouble) {
      lost(trouble.why);
    }
    return undefined;
  });
  function lost(why) {
    camera = null;
    video.hidden = true;
    scan.hidden = false;
    note.textContent = t("camera_" + (why || "unsupported"));
  }
  gate.leave = leave;
  const go = (open) => () => { leave(); open(); };
  shown = null;
  draw("", head(gate, go), h("h1", {}, gate.bundle ? gate.bundle.gate.name : gate.device.gate.name), note, video,
    h("form", { onsubmit: (event) => { event.preventDefault(); heard.finish(); } }, code.row,
      h("div", { class: "duo" }, h("button", {}, t("check")), scan)),
    turnedBack(gate, (words) => { leave(); ready(gate, words); }),
    h("div", { class: "duo" }, h("button", { class: "q", onclick: go(() => showWithout(gate, ready)) }, t("without"))),
    h("div", { class: "duo" }, h("button", { class: "q", onclick: go(() => handOver(gate)) }, t("hand_over")),
      h("button", { class: "q", onclick: go(gate.lock) }, t("lock"))));
  if (gate.usesCamera) scan.click();
}

async function checked(gate, text, note, leave) {
  if (!text.trim() || !gate.bundle) return;
  const found = await find(text, gate.bundle.keys, gate.now(), gate.device, gate.staff && gate.staff.appointment);
  if (!gate.staff) return;
  if (found.needs_signal) {
    note.className = "note look";
    note.textContent = gate.speech.t("needs_signal");
    return;
  }
  leave();
  shown = null;
  await verdict(gate, found, ready);
}

async function handOver(gate) {
  const words = await gate.handOver(gate.staff.appointment);
  gate.lock();
  document.getElementById("main").prepend(h("p", { class: "note ok", role: "status" }, words));
}

// ── what several screens have ────────────────────────────────────────────────────────────────────────────────────

function head(gate, go) {
  const open = () => showSettings(gate, () => (gate.staff ? ready(gate) : choose(gate)));
  openSettings = go ? go(open) : open;
  return status(gate, openSettings);
}

function language(gate, again) {
  const change = async () => { await gate.speak(gate.otherLanguage()); again(gate); };
  return h("p", {}, h("button", { type: "button", class: "q", onclick: change }, gate.speech.t("language")));
}

function torch(camera, t) {
  let lit = false;
  return h("button", { type: "button", class: "q", onclick: () => camera.torch((lit = !lit)) }, t("torch"));
}
