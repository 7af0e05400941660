// Sends what waits and fetches what has changed, as soon as there is a signal, and never twice at once: one tab at a
// time, batch after batch. What the portal does not name stays.

import { accept, have } from "./bundle.js";
import * as store from "./store.js";

const BATCH = 100;
const PATIENCE = 60000; // ms for an answer: on 2G a list takes its time
const QUIET = 15 * 60000; // ms between two looks when nothing waits
const SOONEST = 4000, LATEST = 300000; // ms after a failure, doubled each time

/**
 * Keep sending and fetching. `device`: {token, uid, key, gate: {id, name}}. `tell(news)` hears {state, kept?, offset?}:
 * state is "sending", "done", "offline" or "unpaired". Gives {now() → promise, stop()}.
 */
export function start(device, build, tell) {
  let failures = 0, timer = null, running = null, isNews = false, stopped = false;

  async function run() {
    clearTimeout(timer);
    isNews = false;
    tell({ state: "sending" });
    const state = await alone(() => exchange(device, build, tell)).catch(() => "offline");
    failures = state === "done" ? 0 : failures + 1;
    if (stopped) return;
    tell({ state });
    const later = isNews ? 0 : QUIET; // what was recorded meanwhile goes at once
    if (state !== "unpaired") timer = setTimeout(now, state === "done" ? later : pause(failures));
  }

  function now() {
    isNews = true;
    if (!running) running = run().then(() => { running = null; }, () => { running = null; });
    return running;
  }

  const onSignal = () => { failures = 0; now(); };
  addEventListener("online", onSignal);
  return {
    now,
    stop() {
      stopped = true;
      clearTimeout(timer);
      removeEventListener("online", onSignal);
    },
  };
}

/** One tab at a time. Where the browser has no locks, what comes twice is known by its id. */
function alone(work) {
  if (!navigator.locks) return work();
  return navigator.locks.request("gate sync", work);
}

/** All that waits, batch by batch; then the bundle; and where that is a new one, which one is here now. */
async function exchange(device, build, tell) {
  const before = await seq();
  let state = await sendBatch(device, build, tell);
  while (state === "done" && (await store.count())) state = await sendBatch(device, build, tell);
  if (state === "done") state = await fetchBundle(device, tell);
  if (state === "done" && (await seq()) !== before) state = await sendBatch(device, build, tell);
  return state;
}

async function sendBatch(device, build, tell) {
  const events = await store.waiting(BATCH);
  const answer = await post("/gate/device/events", device.token, {
    device: device.uid, software: build, bundle: await seq(), waiting: await store.count(), now: Date.now(), events,
  });
  if (answer.status === 401) return "unpaired";
  if (!answer.ok) return "offline";
  const told = await answer.json();
  noteClock(told.now, tell);
  await store.settle(events, told.results, told.now);
  const left = await store.waiting(1);
  return left.length && left[0].n === (events[0] || {}).n ? "offline" : "done"; // the portal named none: later
}

async function fetchBundle(device, tell) {
  const kept = await store.get("bundle");
  const answer = await post("/gate/device/bundle", device.token, { have: have(kept || null) });
  if (answer.status === 401) return "unpaired";
  if (!answer.ok) return "offline";
  noteClock(Date.parse(answer.headers.get("Date")), tell);
  await takeOver(new Uint8Array(await answer.arrayBuffer()), device, tell);
  return "done";
}

/** A bundle from the network, from a file or off a screen. Rejects with the `fault` of bundle.js. */
export async function takeOver(bytes, device, tell) {
  const kept = await accept(bytes, device.key, device.gate.id, (await store.get("bundle")) || null);
  await store.set("bundle", kept);
  await store.dropKnown(kept.issued_at * 1000);
  tell({ kept });
  return kept;
}

/** An answer (promise), whole within `patience` ms. With a `token` as the phone, else as nobody; never with a cookie. */
export function post(url, token, body, patience = PATIENCE) {
  const headers = { "Content-Type": "application/json" };
  if (token) headers.Authorization = "Bearer " + token;
  const end = new AbortController(); // also of an answer that stops in the middle
  setTimeout(() => end.abort(), patience);
  const how = { method: "POST", credentials: "omit", cache: "no-store", headers, signal: end.signal };
  return fetch(url, Object.assign(how, { body: JSON.stringify(body) }));
}

async function seq() {
  const kept = await store.get("bundle");
  return kept ? kept.seq : 0;
}

function noteClock(portal, tell) {
  if (Number.isFinite(portal)) tell({ offset: portal - Date.now() });
}

function pause(failures) {
  return Math.min(LATEST, SOONEST * 2 ** (failures - 1)) * (0.5 + Math.random() / 2);
}
