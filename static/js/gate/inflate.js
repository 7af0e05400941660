// Unpacks deflate (RFC 1951). Browsers have it built in only since 2020, and bundles come as codes to older phones, too.

const MOST = 1 << 25; // bytes: a bundle is far smaller
const END = 256, ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
const LENGTHS = bases([0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5], 3)
  .concat([{ base: 258, bits: 0 }]);
const DISTANCES = bases([0, 0, 0, 0].concat(...Array.from({ length: 13 }, (_, bits) => [bits + 1, bits + 1])), 1);

/** What was packed (Uint8Array); throws for anything that isn't deflate, or too much. */
export function inflate(data) {
  const source = new Bits(data), out = new Output();
  for (let isLast = false; !isLast;) {
    isLast = source.take(1) === 1;
    [stored, fixed, dynamic, unknown][source.take(2)](source, out);
  }
  return out.data.slice(0, out.length);
}

class Bits {
  constructor(data) {
    this.data = data;
    this.position = 0; // in bits
  }

  take(count) {
    let value = 0;
    for (let bit = 0; bit < count; bit++, this.position++) {
      const byte = this.data[this.position >> 3];
      if (byte === undefined) throw new Error("the end is missing");
      value |= ((byte >> (this.position & 7)) & 1) << bit;
    }
    return value;
  }
}

class Output {
  constructor() {
    this.data = new Uint8Array(1 << 16);
    this.length = 0;
  }

  put(byte) {
    if (this.length === MOST) throw new Error("too long");
    if (this.length === this.data.length) {
      const larger = new Uint8Array(this.data.length * 2);
      larger.set(this.data);
      this.data = larger;
    }
    this.data[this.length++] = byte;
  }

  repeat(length, distance) {
    if (distance > this.length) throw new Error("before the beginning");
    for (let copied = 0; copied < length; copied++) this.put(this.data[this.length - distance]);
  }
}

function stored(source, out) {
  source.position = (source.position + 7) & ~7;
  const length = source.take(16);
  if ((length ^ source.take(16)) !== 0xffff) throw new Error("not deflate");
  for (let copied = 0; copied < length; copied++) out.put(source.take(8));
}

function fixed(source, out) {
  const literals = Array.from({ length: 288 }, (_, symbol) => (symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8));
  packed(source, out, codesOf(literals), codesOf(new Array(30).fill(5)));
}

function dynamic(source, out) {
  const literals = source.take(5) + 257, distances = source.take(5) + 1, described = source.take(4) + 4;
  const lengths = new Array(19).fill(0);
  for (let place = 0; place < described; place++) lengths[ORDER[place]] = source.take(3);
  const codes = codesOf(lengths), all = [];
  while (all.length < literals + distances) {
    const symbol = symbolOf(source, codes);
    if (symbol < 16) all.push(symbol);
    else all.push(...repeated(symbol, source, all));
  }
  packed(source, out, codesOf(all.slice(0, literals)), codesOf(all.slice(literals, literals + distances)));
}

function repeated(symbol, source, before) {
  if (symbol === 16 && !before.length) throw new Error("nothing to repeat");
  if (symbol === 16) return new Array(3 + source.take(2)).fill(before[before.length - 1]);
  return new Array(symbol === 17 ? 3 + source.take(3) : 11 + source.take(7)).fill(0);
}

function unknown() {
  throw new Error("not deflate");
}

function packed(source, out, literals, distances) {
  for (let symbol = symbolOf(source, literals); symbol !== END; symbol = symbolOf(source, literals)) {
    if (symbol < END) out.put(symbol);
    else out.repeat(valueOf(LENGTHS[symbol - END - 1], source), valueOf(DISTANCES[symbolOf(source, distances)], source));
  }
}

function valueOf(told, source) {
  if (!told) throw new Error("not deflate");
  return told.base + source.take(told.bits);
}

/** Canonical Huffman codes: a Map from 1 and the bits behind it to the symbol. */
function codesOf(lengths) {
  const codes = new Map();
  let code = 0;
  for (let length = 1; length < 16; length++, code <<= 1) {
    lengths.forEach((own, symbol) => {
      if (own === length) codes.set((1 << length) | code++, symbol);
    });
  }
  return codes;
}

function symbolOf(source, codes) {
  for (let code = 1, length = 1; length < 16; length++) {
    code = (code << 1) | source.take(1);
    if (codes.has(code)) return codes.get(code);
  }
  throw new Error("not deflate");
}

function bases(bits, first) {
  let base = first;
  return bits.map((count) => {
    const told = { base, bits: count };
    base += 1 << count;
    return told;
  });
}
