// The page of a gate's phone: what is known, who is on duty, and which screen is shown. Everything here works without
// a network once the phone is paired; what was recorded is on the disk before the screen says so.

import { age, decode } from "./bundle.js";
import { watch } from "./duty.js";
import * as screens from "./screens.js";
import * as store from "./store.js";
import * as sync from "./sync.js";
import { showDesk } from "./settings.js";
import { draw } from "./view.js";
import { LANGUAGES, load } from "./words.js";

const main = document.getElementById("main");
const FEW_SECONDS = 300000; // ms that clocks may differ
const start = crypto.randomUUID ? crypto.randomUUID() : uuid();

/** What all screens share. */
const gate = {
  build: main.dataset.build,
  reader: { camera: main.dataset.camera, frames: main.dataset.frames, reader: main.dataset.reader, wasm: main.dataset.wasm },
  device: null, // {token, uid, key, gate: {id, name}}
  kept: null, // the bundle as it is kept
  bundle: null, // the same, to be asked
  staff: null, // who is on duty, of the bundle's staff
  contact: null, // when the portal answered last, epoch seconds
  offset: null, // the portal's clock minus the phone's, ms
  link: "offline", // sending, done, offline or unpaired
  waiting: 0,
  refused: 0,
  speech: null,
  pictured: { text: "", at: 0 }, // what the camera read last, and when
  sending: null,
  isOld: false, // a newer build of this page is kept

  /** Now by the portal's clock as well as it is known, in whole epoch seconds; never before the list was made. */
  now() {
    const told = Math.floor((Date.now() + (gate.offset || 0)) / 1000);
    return gate.clockWasSetBack() ? gate.kept.issued_at : told;
  },

  clockWasSetBack() {
    return Boolean(gate.kept) && Date.now() + (gate.offset || 0) < gate.kept.issued_at * 1000 - FEW_SECONDS;
  },

  age() {
    return age(gate.kept, gate.now());
  },

  /** Write an event down (promise, kept when it is on the disk) and send it when there is a signal. */
  async record(kind, details) {
    await store.add(Object.assign({
      id: uuid(), kind, gate: gate.device.gate.id, at: Date.now(), mono: Math.round(performance.now()), start,
      offset: gate.offset, bundle: gate.kept ? gate.kept.seq : 0, staff: gate.staff ? gate.staff.appointment : null,
    }, details));
    await count();
    gate.sending.now();
  },

  async speak(language) {
    gate.speech = await load(language);
    document.documentElement.lang = language.replace("_", "-");
    await store.set("language", language).catch(() => {}); // said by itself where nothing can be kept
  },

  otherLanguage: () => LANGUAGES.find((one) => one !== gate.speech.language),

  /** From here on for this gate. The list begins anew: the portal may have been restored from an older copy. */
  async paired(device) {
    await store.forget("bundle");
    if (gate.device && gate.device.gate.id !== device.gate.id) await store.forget("figures");
    gate.kept = gate.bundle = null;
    await store.set("device", device);
    begin(device);
    await gate.sending.now();
    screens.choose(gate);
  },

  takeOver: (bytes) => sync.takeOver(bytes, gate.device, hear),

  lock() {
    gate.leave();
    gate.unwatch();
    gate.staff = null;
    if (gate.isOld) location.reload();
    else screens.choose(gate);
  },

  unwatch: () => {},
  leave: () => {}, // what the screen that is shown lets go of

  /** Whoever unlocks again goes on; somebody else takes over, with the figures of the one before. */
  async onDuty(one) {
    const before = ((await store.get("figures")) || {}).staff;
    if (before && before !== one.appointment) await gate.handOver(before);
    gate.staff = one;
    gate.unwatch();
    gate.unwatch = watch(gate.lock);
    if (before !== one.appointment) await gate.record("on_duty", {});
    screens.ready(gate);
  },

  /** The shift of `staff` ends (promise of its figures in words). */
  async handOver(staff) {
    const words = gate.speech.t("handed_over", await store.get("figures"));
    await gate.record("handed_over", { staff, note: words.slice(0, 100) });
    return words;
  },
};

function begin(device) {
  if (gate.sending) gate.sending.stop();
  gate.device = device;
  gate.sending = sync.start(device, gate.build, hear);
}

/** News from the exchange with the portal. */
function hear({ state, kept, offset }) {
  if (state) gate.link = state;
  if (state === "done") store.set("contact", (gate.contact = gate.now()));
  if (kept) take(kept);
  if (offset !== undefined) {
    gate.offset = Math.round(offset);
    store.set("offset", gate.offset);
  }
  count().then(() => screens.refresh(gate));
}

function take(kept) {
  gate.kept = kept;
  gate.bundle = decode(kept.segments);
  document.getElementById("demo").hidden = !gate.bundle.gate.is_demo;
  const stays = gate.staff && gate.bundle.staff.some((one) => one.appointment === gate.staff.appointment);
  if (gate.staff && !stays) gate.lock();
}

async function count() {
  const [waiting, refused] = await Promise.all([store.count(), store.refused()]);
  gate.waiting = waiting;
  gate.refused = refused.length;
}

/** Random, as browsers write it; older ones have no crypto.randomUUID. */
function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = Array.from(bytes, (byte) => (byte < 16 ? "0" : "") + byte.toString(16)).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/** A new build takes over as soon as it is there: it reads the same queue. The page follows when nobody is at work. */
function keepThePage() {
  const follow = (worker) => worker && worker.postMessage("take over");
  const watched = (registration) => {
    follow(registration.waiting);
    registration.addEventListener("updatefound", () => {
      const coming = registration.installing;
      coming.addEventListener("statechange", () => { if (coming.state === "installed") follow(coming); });
    });
  };
  const hadOne = Boolean(navigator.serviceWorker.controller);
  navigator.serviceWorker.addEventListener("controllerchange", () => { gate.isOld = hadOne; });
  navigator.serviceWorker.register("/gate/sw.js", { scope: "/gate/" }).then(watched, () => {});
}

async function boot() {
  if (!isSecureContext || !crypto.subtle) {
    document.getElementById("insecure").hidden = false;
    return;
  }
  const language = await store.get("language").catch(() => null);
  await gate.speak(language || document.documentElement.lang.replace("-", "_"));
  if (language === null) return draw("", showDesk(gate, gate.speech.t("no_storage")));
  if (navigator.serviceWorker) keepThePage();
  gate.uid = (await store.get("uid")) || uuid();
  await store.set("uid", gate.uid);
  gate.offset = (await store.get("offset")) || null;
  gate.contact = (await store.get("contact")) || null;
  const device = await store.get("device"), kept = await store.get("bundle");
  if (!device) return screens.pair(gate);
  if (kept) take(kept);
  await count();
  begin(device);
  screens.choose(gate);
  gate.sending.now();
  return undefined;
}

setInterval(() => screens.refresh(gate), 30000);
boot();
