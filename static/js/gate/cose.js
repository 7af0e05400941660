// COSE_Sign1 (RFC 9052) with ES256 and nothing else: taken apart, and its signature verified with WebCrypto.
// The algorithm is ours, never the message's: a header that says anything but ES256 is no message.

import { read } from "./cbor.js";

const ALG = 1, KEY_ID = 4, ES256 = -7;
const SIGNATURE_BYTES = 64;
const SIGNATURE_1 = Uint8Array.from("Signature1", (character) => character.charCodeAt(0));
const ECDSA_SHA256 = { name: "ECDSA", hash: "SHA-256" };
const imported = new Map(); // promises of CryptoKeys, by their coordinates: importing takes longer than verifying

/** The parts of an untagged COSE_Sign1: {header, payload, signature}, all bytes. Throws for any other form. */
export function parts(data) {
  const [header, unprotected, payload, signature] = fourOf(read(data));
  const bytes = [header, payload, signature].every((part) => part instanceof Uint8Array);
  const plain = unprotected instanceof Map && unprotected.size === 0;
  if (!bytes || !plain || signature.length !== SIGNATURE_BYTES) throw new Error("not COSE_Sign1");
  return { header, payload, signature };
}

/** The key id (hex) of a header that says ES256 and a key of one to four bytes, and nothing else; throws otherwise. */
export function keyId(header) {
  const told = read(header);
  if (!(told instanceof Map) || told.size !== 2 || told.get(ALG) !== ES256) throw new Error("not ES256");
  const id = told.get(KEY_ID);
  if (!(id instanceof Uint8Array) || id.length < 1 || id.length > 4) throw new Error("not a key id");
  return Array.from(id, (byte) => (byte < 16 ? "0" : "") + byte.toString(16)).join("");
}

/**
 * Whether `key` ({x, y}: the coordinates of a P-256 point in base64url) has signed the message (promise).
 * `external`: bytes that both sides know and the message does not carry (none for a pass code).
 */
export async function hasSigned(key, message, external) {
  const signed = toBeSigned(message.header, external || new Uint8Array(0), message.payload);
  return crypto.subtle.verify(ECDSA_SHA256, await importOnce(key), message.signature, signed);
}

function fourOf(value) {
  if (!Array.isArray(value) || value.length !== 4) throw new Error("not COSE_Sign1");
  return value;
}

function importOnce(key) {
  const name = key.x + "." + key.y;
  if (!imported.has(name)) {
    const jwk = { kty: "EC", crv: "P-256", x: key.x, y: key.y };
    imported.set(
      name,
      crypto.subtle.importKey("jwk", jwk, { name: "ECDSA", namedCurve: "P-256" }, false, ["verify"])
    );
  }
  return imported.get(name);
}

/** The Sig_structure: an array of four in CBOR, written by hand. */
function toBeSigned(header, external, payload) {
  const pieces = [Uint8Array.of(0x84, 0x60 | SIGNATURE_1.length), SIGNATURE_1];
  for (const part of [header, external, payload]) pieces.push(byteStringHead(part.length), part);
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let end = 0;
  for (const piece of pieces) {
    whole.set(piece, end);
    end += piece.length;
  }
  return whole;
}

function byteStringHead(length) {
  if (length < 24) return Uint8Array.of(0x40 | length);
  if (length < 0x100) return Uint8Array.of(0x58, length);
  if (length < 0x10000) return Uint8Array.of(0x59, length >> 8, length & 0xff);
  return Uint8Array.of(0x5a, length >>> 24, (length >> 16) & 0xff, (length >> 8) & 0xff, length & 0xff);
}
