// Small helpers for drawing: elements from plain data (text is text, never markup), sounds and shakes.

/** An element: `h("button", {class: "q", onclick: f}, "text", other)`. Properties that are null, false or undefined are left out. */
export function h(tag, properties, ...children) {
  const element = document.createElement(tag);
  Object.keys(properties || {}).forEach((name) => {
    const value = properties[name];
    if (value === null || value === undefined || value === false) return;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  });
  children.filter((child) => child !== null && child !== undefined && child !== false).forEach((child) => {
    element.appendChild(child instanceof Node ? child : document.createTextNode(String(child)));
  });
  return element;
}

/** A labelled field: {input, row}. */
export function field(label, properties, hint) {
  const id = "f-" + properties.name, hintId = hint ? id + "-hint" : null;
  const input = h("input", Object.assign({ id, autocomplete: "off", "aria-describedby": hintId }, properties));
  return { input, row: h("div", { class: "f" }, h("label", { for: id }, label), hint && h("small", { id: hintId }, hint), input) };
}

/** Chips to choose one of: {row, value()}. `options`: {value: label}. */
export function chips(label, name, options, chosen) {
  const inputs = Object.keys(options).map((value) => {
    const input = h("input", { type: "radio", name, value, checked: value === chosen });
    return { input, row: h("label", { }, input, h("span", {}, options[value])) };
  });
  const row = h("fieldset", { class: "f" }, h("legend", {}, label), h("div", { class: "chips" }, ...inputs.map((one) => one.row)));
  return { row, value: () => (inputs.find(({ input }) => input.checked) || { input: {} }).input.value || null };
}

/** The page's content, and its colour; the focus goes to what asks for it. */
export function draw(kind, ...children) {
  const main = document.getElementById("main");
  document.body.classList.toggle("full", Boolean(kind)); // a verdict has the screen for itself
  main.className = kind ? "gate " + kind : "one phone";
  main.textContent = "";
  children.filter(Boolean).forEach((child) => main.appendChild(child));
  const first = main.querySelector("[autofocus]");
  if (first) first.focus();
  scrollTo(0, 0);
}

/** One step back: `to` draws the screen before. */
export function back(gate, to) {
  return h("p", {}, h("button", { type: "button", class: "q", onclick: to }, "‹ " + gate.speech.t("back")));
}

/** A handler that a second tap does not start again while it is at work: two taps are not two events. */
export function once(work) {
  let isBusy = false;
  return async (...told) => {
    if (isBusy) return;
    isBusy = true;
    try {
      await work(...told);
    } finally {
      isBusy = false;
    }
  };
}

const TONES = { ok: [[880, 0.09], [1320, 0.14]], look: [[660, 0.2], [660, 0.2]], no: [[180, 0.5]] };
const SHAKES = { ok: [80], look: [120, 80, 120], no: [500] };
let ears = null;

/** The verdict for ears and hands: a rising pair, twice the same, one long and low. */
export function signal(verdict) {
  if (navigator.vibrate) navigator.vibrate(SHAKES[verdict]);
  const Context = window.AudioContext || window.webkitAudioContext;
  if (!Context) return;
  ears = ears || new Context();
  let start = ears.currentTime;
  TONES[verdict].forEach(([tone, length]) => {
    const sound = ears.createOscillator();
    sound.type = verdict === "no" ? "sawtooth" : "sine";
    sound.frequency.value = tone;
    sound.connect(ears.destination);
    sound.start(start);
    sound.stop(start + length);
    start += length + 0.06;
  });
}
