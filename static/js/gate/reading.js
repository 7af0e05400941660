// Reads codes off a picture: with the browser's own reader where it proves that it works, else with zxing in
// WebAssembly, which is fetched only then and only once.

// A code of 21 × 21 modules, a number a row, and what it says: shown to a reader before it is trusted.
const PROOF_ROWS = [
  2083199, 1068353, 1526877, 1526365, 1528669, 1068865, 2086271, 7168, 422864, 2079588, 388601, 305539, 1234711,
  5348, 2085782, 1068106, 1524681, 1530066, 1528348, 1065112, 2081002,
];
const PROOF_TEXT = "GG";
const PATIENCE = 2000; // ms: a reader of the phone that has not answered by then will not
const WANTED = {
  formats: ["QRCode"],
  tryHarder: true,
  tryDenoise: true,
  tryInvert: false,
  maxNumberOfSymbols: 1,
  textMode: "Plain",
};

let zxing = null; // the promise of it, kept by the first that needs it

/** An error that says why in one word, for the page to put into a sentence. */
export function trouble(why, cause) {
  const error = new Error(why);
  error.why = why;
  error.cause = cause;
  return error;
}

/**
 * What reads: a function canvas → Promise of the texts in it ([] where there is no code).
 * urls = {wasm, reader}: where zxing lies. Rejects with why "not_loaded" (no network, and not kept yet) or
 * "unsupported"; so does the function, should the browser's own reader fail later and zxing too.
 */
export async function openReader(urls) {
  let read = await ownReader();
  if (!read) return openZxing(urls);
  return async (canvas) => {
    try {
      return await read(canvas);
    } catch (error) {
      read = await openZxing(urls);
      return read(canvas);
    }
  };
}

async function ownReader() {
  try {
    const formats = await inTime(window.BarcodeDetector.getSupportedFormats());
    if (formats.indexOf("qr_code") < 0) return null;
    const detector = new window.BarcodeDetector({ formats: ["qr_code"] });
    const read = async (canvas) => (await inTime(detector.detect(canvas))).map((code) => code.rawValue);
    return (await read(proof()))[0] === PROOF_TEXT ? read : null;
  } catch (error) {
    return null; // there is none, or its service does not answer
  }
}

function proof() {
  const module = 8;
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = (PROOF_ROWS.length + 8) * module;
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.fillStyle = "#000";
  PROOF_ROWS.forEach((row, y) => {
    for (let x = 0; x < PROOF_ROWS.length; x += 1) {
      if ((row >> (PROOF_ROWS.length - 1 - x)) & 1) pen.fillRect((x + 4) * module, (y + 4) * module, module, module);
    }
  });
  return canvas;
}

function inTime(answer) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(trouble("unsupported")), PATIENCE);
    const done = (settle) => (value) => { clearTimeout(timer); settle(value); };
    answer.then(done(resolve), done(reject));
  });
}

function openZxing(urls) {
  if (!zxing) {
    zxing = loadZxing(urls);
    zxing.catch(() => { zxing = null; }); // to be tried again when there is a network
  }
  return zxing;
}

async function loadZxing({ wasm, reader }) {
  if (typeof WebAssembly !== "object") throw trouble("unsupported");
  if (typeof globalThis === "undefined") window.globalThis = window; // Chrome before 71
  const [wasmBinary] = await Promise.all([fetched(wasm), included(reader)]);
  const { prepareZXingModule, purgeZXingModule, readBarcodes } = window.ZXingWASM;
  try {
    await prepareZXingModule({ overrides: { wasmBinary }, fireImmediately: true });
  } catch (error) {
    purgeZXingModule();
    throw trouble("unsupported", error);
  }
  return async (canvas) => {
    const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return (await readBarcodes(pixels, WANTED)).map((code) => code.text);
  };
}

async function fetched(url) {
  try {
    const answer = await fetch(url, { credentials: "same-origin" });
    if (answer.ok) return await answer.arrayBuffer();
  } catch (error) {
    throw trouble("not_loaded", error);
  }
  throw trouble("not_loaded");
}

function included(url) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = url;
    script.onload = resolve;
    script.onerror = () => { script.remove(); reject(trouble("not_loaded")); };
    document.head.appendChild(script);
  });
}
