// The signed code on a pass, verified without any network: portal/passes/code.py, written again for the phone.
// Signature first, then the key's issue window; whether the pass is valid is another question (rules.js).

import { decode } from "./base45.js";
import { read as readCbor } from "./cbor.js";
import { hasSigned, keyId, parts } from "./cose.js";
import { serialOf } from "./serials.js";

export { serialOk, shortCodeOk, tidyShortCode } from "./serials.js";

export const PREFIX = "GG1:";
export const MAX_CHARACTERS = 600;
const CLOCKS_DIFFER = 600; // seconds

const EXP = 4, NBF = 5, IAT = 6, CTI = 7, PASS = -65537;
const KINDS = ["household", "work", "staff", "vehicle", "special", "visitor"]; // numbered from 1
const EARLIEST = -62135596800, LATEST = 253402300799; // the years 1 to 9999
const SPACE_AROUND = /^[\t-\r\x1c- \x85\u1680\u2028\u2029]+|[\t-\r\x1c- \x85\u1680\u2028\u2029]+$/g; // after NFKC

/**
 * What the code says (promise), once its signature and its key's issue window are verified.
 *
 * `keys`: [{id (hex), x, y (base64url), not_before, not_after}], `at`: now; all moments in epoch seconds.
 * Rejects with an Error that has `fault`: "not_ours", "damaged", "unknown_key", "forged" or "outside_key_window";
 * the last has the `claims`, too.
 */
export async function read(text, keys, at) {
  const message = messageOf(tidy(text));
  const candidates = keys.filter((key) => key.id === message.key);
  if (!candidates.length) throw refused("unknown_key");
  const signer = await signerOf(message, candidates);
  if (!signer) throw refused("forged");
  const claims = claimsOf(message.payload);
  const mayIssue = signer.not_before <= claims.issued_at && claims.issued_at <= signer.not_after;
  if (!mayIssue || claims.issued_at > at + CLOCKS_DIFFER) throw refused("outside_key_window", claims);
  return claims;
}

/** The code as it was printed: input methods widen characters, scanners add line ends or lower the case. */
export function tidy(text) {
  if (isTooLong(text)) throw refused("not_ours");
  return text.normalize("NFKC").replace(SPACE_AROUND, "").toUpperCase();
}

function messageOf(text) {
  if (!text.startsWith(PREFIX) || isTooLong(text)) throw refused("not_ours");
  return orDamaged(() => {
    const message = parts(decode(text.slice(PREFIX.length)));
    return Object.assign(message, { key: keyId(message.header) });
  });
}

async function signerOf(message, keys) {
  for (const key of keys) if (await hasSigned(key, message)) return key;
  return null;
}

function claimsOf(payload) {
  return orDamaged(() => {
    const told = readCbor(payload);
    const [kind, holder, document_tail, place, windows, gates, max_minutes, status_index, series, order] =
      tenOf(told.get(PASS));
    return {
      serial: serialOf(numberOf(told.get(CTI))),
      kind: kindOf(kind),
      holder,
      document_tail,
      place,
      issued_at: momentOf(told.get(IAT)),
      valid_from: momentOf(told.get(NBF)),
      valid_until: momentOf(told.get(EXP)),
      status_index,
      windows: piecesOf(windows, 4).map(windowOf),
      gates: piecesOf(gates, 2).map(numberOf),
      max_minutes: max_minutes || null,
      series,
      order,
    };
  });
}

function kindOf(number) {
  if (!(Number.isInteger(number) && KINDS[number - 1])) throw new Error("no kind of pass");
  return KINDS[number - 1];
}

function momentOf(seconds) {
  if (!(seconds >= EARLIEST && seconds <= LATEST)) throw new Error("no moment");
  return seconds;
}

function windowOf(packed) {
  const number = numberOf(packed);
  const weekdays = number >>> 22, start = (number >>> 11) & 0x7ff, end = number & 0x7ff;
  if (!(weekdays >= 1 && weekdays <= 127 && start < end && end <= 1440)) throw new Error("no window");
  return { weekdays, start, end };
}

function tenOf(list) {
  if (list.length !== 10) throw new Error("claims of another version");
  return list;
}

function piecesOf(bytes, size) {
  const pieces = [];
  for (let start = 0; start < bytes.length; start += size) pieces.push(bytes.subarray(start, start + size));
  return pieces;
}

function numberOf(bytes) {
  return bytes.reduce((sum, byte) => sum * 256 + byte, 0);
}

function isTooLong(text) {
  return text.length > 2 * MAX_CHARACTERS || Array.from(text).length > MAX_CHARACTERS;
}

function orDamaged(make) {
  try {
    return make();
  } catch (malformed) {
    throw refused("damaged");
  }
}

function refused(fault, claims) {
  return Object.assign(new Error(fault), { fault, claims: claims || null });
}
