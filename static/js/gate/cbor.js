// Reads the little of CBOR (RFC 8949) that pass codes and trust bundles are made of.
// Stricter than a library on purpose. For a code the rules are those of portal/passes/cbor.py: every value has one
// spelling only (shortest length, no second entry of a key, nothing behind the end), text is UTF-8, size and depth are
// bounded. No tags, no floats, no lengths left open.

const UNSIGNED = 0, NEGATIVE = 1, BYTES = 2, TEXT = 3, ARRAY = 4, MAP = 5, SIMPLE = 7;
const LENGTH_BYTES = { 24: 1, 25: 2, 26: 4, 27: 8 };
const SMALLEST = { 1: 24, 2: 0x100, 4: 0x10000, 8: 0x100000000 }; // what needs this many bytes of length
const SIMPLE_VALUES = { 20: false, 21: true, 22: null };

/** What a pass code may hold: a few levels of integers, bytes, text, arrays, and maps with integers as keys. */
export const OF_A_CODE = { depth: 4, entries: 64, textKeys: false, simple: false };
/** What a bundle may hold besides: long lists, text as keys, and true, false and null. */
export const OF_A_BUNDLE = { depth: 8, entries: 0x100000, textKeys: true, simple: true };

/**
 * The one value that `data` (Uint8Array) holds; throws for anything else.
 * Bytes are a Uint8Array, maps a Map, integers are exact (none beyond 2^53).
 */
export function read(data, limits) {
  const reader = new Reader(data, limits || OF_A_CODE);
  const value = reader.value(1);
  if (reader.position !== data.length) throw new Error("something follows the value");
  return value;
}

class Reader {
  constructor(data, limits) {
    this.data = data;
    this.limits = limits;
    this.position = 0;
    this.decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  }

  value(depth) {
    if (depth > this.limits.depth) throw new Error("too deep");
    const first = this.take(1)[0];
    const kind = first >> 5, number = this.number(first & 0x1f);
    if (kind === UNSIGNED) return number;
    if (kind === NEGATIVE) return -1 - number;
    if (kind === BYTES) return this.take(number);
    if (kind === TEXT) return this.decoder.decode(this.take(number));
    if (kind === SIMPLE && this.limits.simple && number in SIMPLE_VALUES) return SIMPLE_VALUES[number];
    if (number > this.limits.entries) throw new Error("too many entries");
    if (kind === ARRAY) return this.array(number, depth + 1);
    if (kind === MAP) return this.map(number, depth + 1);
    throw new Error("a kind of value that is not read here");
  }

  number(short) {
    if (short < 24) return short;
    const size = LENGTH_BYTES[short];
    if (!size) throw new Error("a length that is not given");
    const number = this.take(size).reduce((sum, byte) => sum * 256 + byte, 0);
    if (number < SMALLEST[size]) throw new Error("a number longer than it needs to be");
    if (number >= Number.MAX_SAFE_INTEGER) throw new Error("a number too large to be exact");
    return number;
  }

  take(count) {
    const start = this.position;
    this.position += count;
    if (this.position > this.data.length) throw new Error("the end is missing");
    return this.data.subarray(start, this.position);
  }

  array(count, depth) {
    const found = [];
    while (found.length < count) found.push(this.value(depth));
    return found;
  }

  map(count, depth) {
    const found = new Map();
    for (let read = 0; read < count; read++) {
      const key = this.value(depth);
      const fits = typeof key === "number" || (typeof key === "string" && this.limits.textKeys);
      if (!fits || found.has(key)) throw new Error("a key of another kind, or twice");
      found.set(key, this.value(depth));
    }
    return found;
  }
}
