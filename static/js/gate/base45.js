// Base45 (RFC 9285): the text of a QR code back into bytes, two of them in three characters.

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

/** The bytes (Uint8Array) behind `text`; throws for anything that an encoder would not have written. */
export function decode(text) {
  const data = new Uint8Array(Math.floor((text.length * 2) / 3));
  let filled = 0;
  for (let start = 0; start < text.length; start += 3) {
    const group = text.slice(start, start + 3);
    const number = valueOf(group);
    if (group.length === 1 || number >= Math.pow(256, group.length - 1)) throw new Error("not base45");
    if (group.length === 3) data[filled++] = number >> 8;
    data[filled++] = number & 0xff;
  }
  return data;
}

function valueOf(group) {
  let number = 0;
  for (let place = group.length - 1; place >= 0; place--) {
    const value = ALPHABET.indexOf(group[place]);
    if (value < 0) throw new Error("not base45");
    number = number * 45 + value;
  }
  return number;
}
