// Who is on duty: a name and a PIN, checked here; locked after two minutes without a touch.

const LOCKED_AFTER = 120000; // ms
const FREE = 5, LONGEST = 300; // wrong PINs before a wait; seconds

/** Whether this is the PIN (promise). `one` of the bundle's staff. */
export async function isPin(one, pin) {
  const key = await crypto.subtle.importKey("raw", new TextEncoder().encode(pin), "PBKDF2", false, ["deriveBits"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt: one.salt, iterations: one.iterations };
  const made = new Uint8Array(await crypto.subtle.deriveBits(how, key, one.verifier.length * 8));
  return made.reduce((differs, byte, place) => differs | (byte ^ one.verifier[place]), 0) === 0;
}

/** How many seconds to wait for the next try, after what was tried before: {wrong, until (ms)} or nothing. */
export function waitFor(tries) {
  const left = tries ? Math.ceil((tries.until - Date.now()) / 1000) : 0;
  return left > 0 && left <= LONGEST ? left : 0; // a clock that was turned locks nobody out
}

/** The same after one more wrong PIN: from the fifth in a row on, longer each time. */
export function oneMore(tries) {
  const wrong = (tries ? tries.wrong : 0) + 1;
  const wait = wrong < FREE ? 0 : Math.min(LONGEST, 2 ** (wrong - FREE + 1));
  return { wrong, until: Date.now() + wait * 1000 };
}

/** Call `lock` after two minutes in which nothing was touched or typed. Gives a function that ends the watch. */
export function watch(lock) {
  const touches = ["pointerdown", "keydown", "scroll"];
  let last = Date.now();
  const touched = () => { last = Date.now(); };
  const looking = setInterval(() => { if (Math.abs(Date.now() - last) >= LOCKED_AFTER) lock(); }, 1000);
  touches.forEach((name) => addEventListener(name, touched, { passive: true, capture: true }));
  return () => {
    clearInterval(looking);
    touches.forEach((name) => removeEventListener(name, touched, { capture: true }));
  };
}
