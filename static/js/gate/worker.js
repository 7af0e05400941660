// The service worker of the page for gates. BUILD, SHELL (what it keeps) and LATER (what it keeps once it was asked for)
// are written in front by the portal.
// It keeps the page, its scripts and words, and the reader for cameras once it was loaded; never an answer about people.

const CACHE = "gate " + BUILD;
const PATIENCE = 3000; // ms: what the page waits for a network that may be none

self.addEventListener("install", (event) => {
  const isForever = (url) => url.startsWith("/static/"); // and the page has just loaded it
  const fresh = SHELL.map((url) => new Request(url, { cache: isForever(url) ? "default" : "reload", credentials: "omit" }));
  event.waitUntil(caches.open(CACHE).then((cache) => Promise.all(fresh.map((one) => take(cache, one)))));
});

self.addEventListener("activate", (event) => {
  const isOld = (name) => name !== CACHE && name.startsWith("gate ");
  const dropOld = (names) => Promise.all(names.filter(isOld).map((name) => caches.delete(name)));
  const bringAlong = Promise.all(LATER.map(takeAlong));
  event.waitUntil(bringAlong.then(() => caches.keys()).then(dropOld).then(() => self.clients.claim()));
});

self.addEventListener("message", (event) => {
  if (event.data === "take over") self.skipWaiting();
});

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  if (LATER.includes(url.pathname)) event.respondWith(keptOrFetched(event.request));
  else if (url.pathname === "/gate/" || url.pathname.startsWith("/gate/words/")) event.respondWith(fetchedOrKept(url.pathname));
  else if (SHELL.includes(url.pathname)) event.respondWith(keptOrFetched(event.request));
});

/** Under a name that never changes its content: the kept one will do. */
async function keptOrFetched(request) {
  const cache = await caches.open(CACHE), kept = await cache.match(request.url);
  if (kept) return kept;
  const answer = await fetch(request);
  if (isOurs(answer)) await cache.put(request.url, answer.clone());
  return answer;
}

/** The newest one if it comes soon, else the kept one. */
async function fetchedOrKept(path) {
  const cache = await caches.open(CACHE), kept = await cache.match(path);
  const fetched = fetch(new Request(path, { credentials: "same-origin", cache: "no-cache" }));
  if (!kept) return fetched;
  const late = new Promise((resolve) => setTimeout(() => resolve(null), PATIENCE));
  const answer = await Promise.race([fetched.catch(() => null), late]);
  return answer && isOurs(answer) ? answer : kept;
}

/** What is the same in the new build need not be loaded again. */
async function takeAlong(url) {
  const kept = await caches.match(url);
  if (kept) await (await caches.open(CACHE)).put(url, kept);
}

async function take(cache, request) {
  const answer = await fetch(request);
  if (!isOurs(answer)) throw new Error("not ours: " + request.url);
  return cache.put(request.url, answer);
}

/** Not the sign-in of a Wi-Fi, not an error page. */
function isOurs(answer) {
  return answer.ok && !answer.redirected && answer.type === "basic";
}
