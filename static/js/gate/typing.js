// Scanners that type: what a USB or Bluetooth scanner sends as keys, made one text again.
// A Chinese input method or another keyboard layout turns keys into other characters on their way into the field.
// So which keys were pressed is noted beside it, as a scanner means them, and the better of the two is taken.

import { decode } from "./base45.js";
import { PREFIX, tidy } from "./code.js";
import { parts } from "./cose.js";

const PAUSE = 150; // ms without a key: after a whole code, a scanner that sends no Enter has finished
const ON_DIGITS = ")!@#$%^&*(";
const ON_KEYS = { // plain and with Shift, on the American keyboard that scanners pretend to be
  Space: "  ", Minus: "-_", Equal: "=+", Comma: ",<", Period: ".>", Slash: "/?", Semicolon: ";:",
  NumpadAdd: "++", NumpadSubtract: "--", NumpadMultiply: "**", NumpadDivide: "//", NumpadDecimal: "..",
};
const CHINESE = { "。": ".", "｡": ".", "、": "/", "￥": "$", "¥": "$", "×": "*" }; // beyond full width
const PLAIN = /^[ -~]+$/;
const MOVES = /^(Arrow|Home|End|Delete|Page|Insert|Undo|Paste|Unidentified|Process)/;
const EDITABLE = "input, textarea, select, [contenteditable]";

/**
 * Collects what is typed into `field`, or typed while no other field has the focus, and calls onText(text) for each
 * text that ends with Enter (or Tab, after a whole code; or nothing at all). Texts are given one after the other: the
 * next one waits for the promise that onText returns. Answers {finish(), stop()}; finish is for the page's button.
 */
export function listen(field, onText) {
  let keys = ""; // what was pressed since the field was empty; null once that can't be told
  let isComposing = false;
  let endsAfterComposing = false;
  let pause = 0;
  let queue = Promise.resolve();

  function finish() {
    clearTimeout(pause);
    const text = best(field.value, keys);
    field.value = keys = "";
    endsAfterComposing = false;
    if (text) queue = queue.then(() => onText(text)).catch((error) => setTimeout(() => { throw error; }));
  }

  function onKey(event) {
    const isElsewhere = event.target !== field;
    if (isElsewhere && event.target.closest && event.target.closest(EDITABLE)) return;
    if (ends(event, field.value, keys)) {
      if (!isElsewhere || field.value) end(event);
      return;
    }
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (isElsewhere) takeOver(event);
    else note(event);
    waitForMore();
  }

  function end(event) {
    event.preventDefault();
    endsAfterComposing = isComposing;
    if (isComposing) waitForMore(); // in case the input method never says that it is done
    else finish();
  }

  /** A key that came while a button had the focus belongs to a scan, unless it is the one that presses the button. */
  function takeOver(event) {
    if (event.key.length !== 1 || (event.key === " " && !field.value)) return;
    event.preventDefault();
    field.focus();
    note(event);
    field.value += event.key;
  }

  function note(event) {
    const character = meant(event);
    if (character) keys = keys === null ? null : keys + character;
    else if (event.key === "Backspace") keys = keys && keys.slice(0, -1);
    else if (MOVES.test(event.key)) keys = null;
  }

  function onInput() {
    if (!field.value && !isComposing) keys = "";
    waitForMore();
  }

  function waitForMore() {
    clearTimeout(pause);
    pause = setTimeout(() => { if (isWhole(best(field.value, keys))) finish(); }, PAUSE);
  }

  const onComposition = (event) => {
    isComposing = event.type !== "compositionend";
    if (!isComposing && endsAfterComposing) finish();
  };
  const heard = [
    [document, "keydown", onKey],
    [field, "input", onInput],
    [field, "paste", () => { keys = null; }],
    [field, "compositionstart", onComposition],
    [field, "compositionend", onComposition],
  ];
  heard.forEach(([target, name, hear]) => target.addEventListener(name, hear, true));
  const stop = () => {
    clearTimeout(pause);
    heard.forEach(([target, name, hear]) => target.removeEventListener(name, hear, true));
  };
  return { finish, stop };
}

/** Enter in any of the ways scanners send it; Tab, but only behind a whole code. */
function ends(event, value, keys) {
  if (event.ctrlKey) return event.code === "KeyJ" || event.code === "KeyM";
  if (event.key === "Tab") return isWhole(best(value, keys));
  return event.key === "Enter" || event.code === "Enter" || event.code === "NumpadEnter";
}

/** What a scanner means by this key, whatever layout and input method make of it; "" for keys that write nothing. */
function meant(event) {
  const code = event.code || "";
  const number = /^(Digit|Numpad)(\d)$/.exec(code);
  if (/^Key[A-Z]$/.test(code)) return code[3];
  if (number) return number[1] === "Digit" && event.shiftKey ? ON_DIGITS[number[2]] : number[2];
  if (ON_KEYS[code]) return ON_KEYS[code][event.shiftKey ? 1 : 0];
  return event.key.length === 1 ? event.key : "";
}

/** Of what stands in the field and what was pressed: a whole code, else what a keyboard writes, else the field. */
function best(value, keys) {
  const repaired = value.replace(/[。｡、￥¥×]/g, (character) => CHINESE[character]);
  const texts = [value, repaired, keys || ""].map(tidied);
  const codes = texts.map((text) => text.slice(Math.max(0, text.lastIndexOf(PREFIX))));
  return texts.concat(codes).find(isWhole) || texts.find((text) => PLAIN.test(text)) || texts[0];
}

function tidied(text) {
  try {
    return tidy(text);
  } catch (tooLong) {
    return text; // the verdict will say that it is no code of ours
  }
}

function isWhole(text) {
  try {
    return text.startsWith(PREFIX) && Boolean(parts(decode(text.slice(PREFIX.length))));
  } catch (notYet) {
    return false;
  }
}
