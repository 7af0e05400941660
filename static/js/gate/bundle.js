// What a gate knows without network: the signed bundle, taken over whole or not at all, and never an older one.
//
// `kept` is what a phone keeps of it: {seq, issued_at (epoch seconds), digests: {name: hex}, segments: {name: bytes}}.
// Failures are Errors with `fault`: "damaged", "forged", "another_gate", "rolled_back" or "incomplete".

import { OF_A_BUNDLE, read } from "./cbor.js";
import { hasSigned, keyId, parts } from "./cose.js";

export { decode } from "./bundle_decode.js";
export { factsOf } from "./bundle_facts.js";

const EXTERNAL = Uint8Array.from("gridgate bundle", (character) => character.charCodeAt(0));
const DIGEST_BYTES = 16;
const GATE = 1, SEQ = 2, ISSUED_AT = 3, DIGESTS = 4;
const ONE_DAY = 86400;
const AMBER = ONE_DAY, RED = 3 * ONE_DAY;

/**
 * What a manifest says (promise of {seq, issued_at, digests}), once it is known to be signed with `key` ({x, y}), for
 * this gate (its id), and not older than `previous` (`kept`, or null).
 */
export async function verify(manifest, key, gate, previous) {
  const message = orDamaged(() => partsOf(manifest));
  if (!(await hasSigned(key, message, EXTERNAL))) throw refused("forged");
  const told = orDamaged(() => toldBy(read(message.payload, OF_A_BUNDLE)));
  if (told.gate !== gate) throw refused("another_gate");
  if (previous && isOlder(told, previous)) throw refused("rolled_back");
  return { seq: told.seq, issued_at: told.issued_at, digests: told.digests };
}

/** What to keep instead of `previous` (promise), after an answer or a file: [manifest, {name: segment}] in CBOR. */
export async function accept(answer, key, gate, previous) {
  const [manifest, news] = orDamaged(() => twoOf(read(answer, OF_A_BUNDLE)));
  const told = await verify(manifest, key, gate, previous);
  const segments = {};
  for (const name of Object.keys(told.digests)) {
    segments[name] = news.has(name) ? news.get(name).slice() : previous && previous.segments[name];
    if (!segments[name]) throw refused("incomplete");
    if ((await digestOf(segments[name])) !== told.digests[name]) throw refused("incomplete");
  }
  return Object.assign(told, { segments });
}

/** What the portal is told that this phone has: {name: digest}. */
export function have(kept) {
  return kept ? kept.digests : {};
}

/** How old what is known is: "fresh", "amber" after a day, "red" after three, and where nothing is known. */
export function age(kept, now) {
  if (!kept || now - kept.issued_at >= RED) return "red";
  return now - kept.issued_at >= AMBER ? "amber" : "fresh";
}

/** A higher number is newer. The same one may be signed anew; its content is the same, and it is not much older. */
function isOlder(told, previous) {
  if (told.seq < previous.seq || told.issued_at < previous.issued_at - ONE_DAY) return true;
  return told.seq === previous.seq && !isSame(told.digests, previous.digests);
}

function isSame(one, other) {
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name]);
}

function partsOf(manifest) {
  const message = parts(manifest);
  keyId(message.header); // throws for any algorithm but ours
  return message;
}

function toldBy(map) {
  const digests = {};
  map.get(DIGESTS).forEach((digest, name) => {
    if (digest.length !== DIGEST_BYTES) throw new Error("not a digest");
    digests[name] = hex(digest);
  });
  const told = { gate: map.get(GATE), seq: map.get(SEQ), issued_at: map.get(ISSUED_AT), digests };
  if (!Number.isInteger(told.seq) || !Number.isInteger(told.issued_at)) throw new Error("not a manifest");
  return told;
}

function twoOf(answer) {
  const [manifest, news] = answer;
  const segments = Array.from(news.values());
  if (![manifest, ...segments].every((bytes) => bytes instanceof Uint8Array)) throw new Error("not a bundle");
  return [manifest, news];
}

async function digestOf(segment) {
  return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", segment)).subarray(0, DIGEST_BYTES));
}

function hex(bytes) {
  return Array.from(bytes, (byte) => (byte < 16 ? "0" : "") + byte.toString(16)).join("");
}

function orDamaged(make) {
  try {
    return make();
  } catch (malformed) {
    throw refused("damaged");
  }
}

function refused(fault) {
  return Object.assign(new Error(fault), { fault });
}
