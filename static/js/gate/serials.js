// Serial numbers and short codes as people type them, with the check of portal/passes/serials.py:
// the last character checks the others, so that any single error and any swap of neighbours shows.

const SERIAL_LETTERS = "ABCDEFGHJKMNPRTVWXY"; // 19
const SHORT_CODE_CHARACTERS = "23456789ABCDEFGHJKMNPQRSTVWXY"; // 29: no 0 O, 1 I L, U, Z
const SHORT_CODE_LENGTH = 8;
const SHORT_CODE_SLIPS = /[ \-‐‑‒–—―−_.·\t\r\n]/g;
const SERIAL_NUMBERS = 1000000; // of one community; six digits
const MAX_COMMUNITY_NO = 999999;

/** The serial number, like 003-000123-K, that a code holds as one number; throws where there is none. */
export function serialOf(packed) {
  const communityNo = Math.floor(packed / SERIAL_NUMBERS), number = packed % SERIAL_NUMBERS;
  if (!(communityNo > 0 && communityNo <= MAX_COMMUNITY_NO && number > 0)) throw new Error("no serial number");
  const community = String(communityNo).padStart(3, "0"), counted = String(number).padStart(6, "0");
  const letter = SERIAL_LETTERS[check(Array.from(community + counted, Number), SERIAL_LETTERS.length)];
  return community + "-" + counted + "-" + letter;
}

/** Whether this is a serial number as the portal writes it. */
export function serialOk(text) {
  const found = /^(\d{3,6})-(\d{6})-[A-Z]$/.exec(text);
  if (!found || Number(found[1]) === 0 || Number(found[2]) === 0) return false;
  return serialOf(Number(found[1]) * SERIAL_NUMBERS + Number(found[2])) === text;
}

/** Whether this is a short code, tidied, whose check character fits. */
export function shortCodeOk(code) {
  const values = Array.from(code, (character) => SHORT_CODE_CHARACTERS.indexOf(character));
  if (values.length !== SHORT_CODE_LENGTH || values.some((value) => value < 0)) return false;
  return check(values.slice(0, -1), SHORT_CODE_CHARACTERS.length) === values[SHORT_CODE_LENGTH - 1];
}

/** A short code as it was typed, without spaces and dashes, in narrow capitals; Z is read as 2 and U as V. */
export function tidyShortCode(text) {
  const plain = text.normalize("NFKC").toUpperCase().replace(SHORT_CODE_SLIPS, "");
  return plain.replace(/U/g, "V").replace(/Z/g, "2");
}

/** The value that brings the sum, weighted 1, 2, 3 … from the last to the first, to a multiple of `prime`. */
function check(values, prime) {
  const sum = values.reduceRight((total, value, place) => total + value * (values.length - place + 1), 0);
  return (prime - (sum % prime)) % prime;
}
