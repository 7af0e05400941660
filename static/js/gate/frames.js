// A bundle that comes as a series of codes, where a gate never has a signal: the frames are collected in any order.
// "GGB:3/17:1A2B3C4D:…": the third of seventeen of the series with this digest, its part in base45 (gate/bundle/frames.py).

import { decode } from "./base45.js";
import { inflate } from "./inflate.js";

const FRAME = /^GGB:([1-9]\d{0,3})\/([1-9]\d{0,3}):([0-9A-F]{8}):(.+)$/;

export class Frames {
  constructor() {
    this.digest = null;
    this.total = 0;
    this.parts = new Map(); // number → bytes
  }

  /** Take a code that was read. False where it is none of a series; the first of another series begins anew. */
  add(text) {
    const frame = frameOf(text);
    if (!frame) return false;
    if (frame.digest !== this.digest || frame.total !== this.total) {
      Object.assign(this, { digest: frame.digest, total: frame.total, parts: new Map() });
    }
    this.parts.set(frame.number, frame.part);
    return true;
  }

  /** The numbers of those that are still to come; before the first one was read, none is known. */
  get missing() {
    const numbers = Array.from({ length: this.total }, (_, place) => place + 1);
    return numbers.filter((number) => !this.parts.has(number));
  }

  get isComplete() {
    return this.total > 0 && this.missing.length === 0;
  }

  /** The bundle (promise of bytes), for `apply` of bundle.js; rejects where the parts don't make what was shown. */
  async bytes() {
    if (!this.isComplete) throw new Error("frames are missing");
    const packed = [];
    for (let number = 1; number <= this.total; number++) packed.push(...this.parts.get(number));
    const data = Uint8Array.from(packed), digest = new Uint8Array(await crypto.subtle.digest("SHA-256", data));
    const shown = Array.from(digest.subarray(0, 4), (byte) => (byte < 16 ? "0" : "") + byte.toString(16)).join("");
    if (shown.toUpperCase() !== this.digest) throw new Error("not what was shown");
    return inflate(data);
  }
}

function frameOf(text) {
  const [, number, total, digest, part] = FRAME.exec(text.trim()) || [];
  if (!part || Number(number) > Number(total)) return null;
  try {
    return { number: Number(number), total: Number(total), digest, part: decode(part) };
  } catch (malformed) {
    return null;
  }
}
