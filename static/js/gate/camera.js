// The camera: looks at what is held out about ten times a second and tells each code once.
import { openReader, trouble } from "./reading.js";

const EVERY = 100; // ms from look to look, where the phone is fast enough
const REST = 30; // ms in which the page may do something else
const MIDDLE = 800; // pixels at most of the middle's side, and of the whole picture's longer one
const WHOLE = 640;
const GONE = 12; // looks without a code until its paper counts as taken away
const SHAPE = { facingMode: { ideal: "environment" }, width: { ideal: 1280 }, height: { ideal: 720 } };
const WHY = {
  NotAllowedError: "refused",
  SecurityError: "refused",
  NotFoundError: "none",
  OverconstrainedError: "none",
  NotReadableError: "busy",
  AbortError: "busy",
};

/**
 * Shows the camera in `video` and calls onText(text) for every code that is held before it.
 * settings = {wasm, reader: where zxing lies; onLost(why): called should the camera go for good later on}
 * Promise of {stop(), torch(on) or null where there is no light}; rejects with an error whose `why` is
 * "refused", "none", "busy", "insecure" (plain http), "unsupported" or "not_loaded" (needs the network once).
 */
export async function start(video, onText, settings) {
  if (!window.isSecureContext) throw trouble("insecure");
  if (!navigator.mediaDevices || !navigator.mediaDevices.getUserMedia) throw trouble("unsupported");
  const stream = await open();
  show(video, stream);
  try {
    return watching(video, stream, await openReader(settings), onText, settings.onLost || (() => {}));
  } catch (error) {
    hide(video);
    throw error;
  }
}

/** Looks until stopped; lets go of the camera while the page is hidden. */
function watching(video, firstStream, read, onText, onLost) {
  const tell = onceEach(onText);
  const picture = pictures(video);
  let turn = 0; // of the looks under way, only those of the last turn go on
  let track = null;
  let isLit = false;

  function begin(stream) {
    const mine = (turn += 1);
    track = stream.getVideoTracks()[0];
    track.onended = () => { if (mine === turn) resume(); };
    if (isLit) light(track, true).catch(() => {});
    look(mine);
  }

  async function look(mine) {
    const began = performance.now();
    let texts = [];
    try {
      if (video.readyState >= video.HAVE_CURRENT_DATA) texts = await read(picture());
    } catch (error) {
      return mine === turn && lose(error);
    }
    if (mine !== turn) return false;
    tell(texts);
    return setTimeout(() => mine === turn && look(mine), Math.max(REST, EVERY + began - performance.now()));
  }

  function pause() {
    turn += 1;
    hide(video);
  }

  async function resume() {
    pause();
    if (document.hidden) return;
    const mine = turn;
    try {
      const stream = await open();
      if (mine !== turn) return end(stream);
      show(video, stream);
      begin(stream);
    } catch (error) {
      if (mine === turn) lose(error);
    }
  }

  function stop() {
    document.removeEventListener("visibilitychange", resume);
    pause();
  }

  function lose(error) {
    stop();
    onLost(error.why || "unsupported");
  }

  document.addEventListener("visibilitychange", resume);
  begin(firstStream);
  const torch = (on) => { isLit = on; return light(track, on); };
  return { stop, torch: hasLight(track) ? torch : null };
}

async function open() {
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: false, video: SHAPE });
  } catch (error) {
    throw trouble(WHY[error.name] || "unsupported", error);
  }
}

function show(video, stream) {
  video.muted = true;
  video.setAttribute("playsinline", "");
  video.srcObject = stream;
  video.play().catch(() => {}); // it says so when it is taken away again at once
}

function hide(video) {
  if (video.srcObject) end(video.srcObject);
  video.srcObject = null;
}

function end(stream) {
  stream.getTracks().forEach((track) => track.stop());
}

/** In turn the middle, sharp, and the whole, small: what one of them can't show for noise the other often can. */
function pictures(video) {
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d", { alpha: false, willReadFrequently: true });
  let isWhole = true;
  return () => {
    isWhole = !isWhole;
    const [width, height] = [video.videoWidth, video.videoHeight];
    const side = Math.min(width, height);
    return isWhole ? drawn(width, height, WHOLE) : drawn(side, side, MIDDLE);
  };

  function drawn(width, height, most) {
    const scale = Math.min(1, most / Math.max(width, height));
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    const [left, top] = [(video.videoWidth - width) / 2, (video.videoHeight - height) / 2];
    pen.drawImage(video, left, top, width, height, 0, 0, canvas.width, canvas.height);
    return canvas;
  }
}

/** Tells a text when its paper comes, not again while it lies there: several papers may lie there at once. */
function onceEach(onText) {
  const lying = new Map(); // text → the look that saw it last
  let looks = 0;
  return (texts) => {
    looks += 1;
    lying.forEach((last, text) => { if (looks - last > GONE) lying.delete(text); });
    texts.forEach((text) => {
      const isNew = !lying.has(text);
      lying.set(text, looks);
      if (isNew) Promise.resolve(text).then(onText); // whatever it throws, looking goes on
    });
  };
}

function hasLight(track) {
  return Boolean(track.getCapabilities && track.getCapabilities().torch);
}

function light(track, on) {
  return track.applyConstraints({ advanced: [{ torch: on }] });
}
