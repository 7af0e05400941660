// What the phone keeps: its pairing, the bundle, and the events that wait. Nothing that names a person.
// An event is written once and never changed; it is taken out only when the portal has named it.

import { after } from "./figures.js";

const NAME = "gate", VERSION = 1;
const STORES = { kept: undefined, events: "n", recent: "id", refused: "id" }; // added to, never taken away
const FIRST = 1;

let opened = null;

/** The database (promise); opened again where the browser has closed it. Rejects where the browser keeps nothing. */
function database() {
  if (!opened) {
    opened = new Promise((resolve, reject) => {
      const request = indexedDB.open(NAME, VERSION);
      request.onupgradeneeded = () => upgrade(request.result);
      request.onblocked = request.onerror = () => reject(request.error || new Error("blocked"));
      request.onsuccess = () => resolve(watched(request.result));
    });
    opened.catch(() => { opened = null; });
  }
  return opened;
}

function upgrade(db) {
  Object.keys(STORES).forEach((name) => {
    if (db.objectStoreNames.contains(name)) return;
    db.createObjectStore(name, STORES[name] ? { keyPath: STORES[name] } : undefined);
  });
}

function watched(db) {
  db.onclose = () => { opened = null; };
  db.onversionchange = () => { db.close(); opened = null; };
  return db;
}

/** Do `work(stores)` in one transaction; the promise is kept when it is on the disk, with what `work` has made. */
async function inOne(names, mode, work) {
  const db = await database();
  return new Promise((resolve, reject) => {
    const transaction = db.transaction(names, mode, { durability: "strict" });
    const stores = {};
    names.forEach((name) => { stores[name] = transaction.objectStore(name); });
    const made = work(stores);
    transaction.oncomplete = () => resolve(made && "result" in made ? made.result : made);
    transaction.onerror = transaction.onabort = () => reject(transaction.error || new Error("not written"));
  });
}

export const get = (key) => inOne(["kept"], "readonly", ({ kept }) => kept.get(key));
export const set = (key, value) => inOne(["kept"], "readwrite", ({ kept }) => { kept.put(value, key); });
export const forget = (key) => inOne(["kept"], "readwrite", ({ kept }) => { kept.delete(key); });

/** Queue an event: it is numbered and counted in the same transaction. The promise is kept when it cannot be lost. */
export function add(event) {
  const made = {};
  return inOne(["kept", "events"], "readwrite", ({ kept, events }) => {
    const last = kept.get("last number");
    last.onsuccess = () => {
      Object.assign(made, event, { n: (last.result || FIRST - 1) + 1 });
      events.add(made);
      kept.put(made.n, "last number");
    };
    const figures = kept.get("figures");
    figures.onsuccess = () => kept.put(after(figures.result, event), "figures");
    return made;
  });
}

/** The next events to send, the first first. */
export const waiting = (most) => inOne(["events"], "readonly", ({ events }) => events.getAll(null, most));
export const count = () => inOne(["events"], "readonly", ({ events }) => events.count());
export const refused = () => inOne(["refused"], "readonly", ({ refused: tray }) => tray.getAll());
export const clearRefused = () => inOne(["refused"], "readwrite", ({ refused: tray }) => { tray.clear(); });

/** What this phone itself has seen and the bundle may not know yet. */
export async function own() {
  const lists = await inOne(["events", "recent"], "readonly", (stores) => [stores.events.getAll(), stores.recent.getAll()]);
  return [].concat(...lists.map((request) => request.result));
}

/** The portal has named these: those it took over are kept for deciding, those it refused lie aside. */
export function settle(events, results, sentAt) {
  return inOne(["events", "recent", "refused"], "readwrite", (stores) => {
    const byId = new Map(events.map((event) => [event.id, event]));
    results.filter(({ id }) => byId.has(id)).forEach(({ id, status, why }) => {
      const event = byId.get(id);
      if (status === "stored" || status === "duplicate") stores.recent.put(Object.assign({}, event, { sent_at: sentAt }));
      else if (status === "refused" || status === "conflict") stores.refused.put({ id, event, status, why: why || "" });
      else return;
      stores.events.delete(event.n);
    });
  });
}

/** What was sent before a bundle was made is in it. */
export function dropKnown(before) {
  return inOne(["recent"], "readwrite", ({ recent }) => {
    const all = recent.getAll();
    all.onsuccess = () => all.result.filter((event) => event.sent_at < before).forEach(({ id }) => recent.delete(id));
  });
}
