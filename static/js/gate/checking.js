// From what was scanned to a verdict: the code is read, the bundle asked, the rules decide.

import { factsOf } from "./bundle_facts.js";
import { read, serialOk, shortCodeOk, tidy, tidyShortCode } from "./code.js";
import { post } from "./sync.js";
import { decide } from "./rules.js";

const REASONS = { not_ours: "code_foreign", damaged: "code_damaged", unknown_key: "code_foreign", forged: "code_altered" };
const SOON = 8000; // ms: somebody stands at the gate
const SHORT = 16; // characters: what is no longer was typed, not scanned

/**
 * What a text leads to (promise): {claims, code: reason or null, key_in_window}; {needs_signal: true} for what was typed
 * where there is no network. `at` in epoch seconds.
 */
export async function find(text, keys, at, device, staff) {
  if (isTyped(text)) return lookUp({ text, staff }, device).then(firstOf, () => ({ needs_signal: true }));
  try {
    return { claims: await read(text, keys, at), code: null, key_in_window: true };
  } catch (refused) {
    if (refused.fault === "outside_key_window") return { claims: refused.claims, code: null, key_in_window: false };
    if (!(refused.fault in REASONS)) throw refused;
    const isShort = text.trim().length <= SHORT && refused.fault === "not_ours";
    return { claims: null, code: isShort ? "unknown" : REASONS[refused.fault], key_in_window: true };
  }
}

/** What the portal finds (promise): [{claims, label}]. Rejects without a signal. */
export async function lookUp(what, device) {
  const answer = await post("/gate/device/look", device.token, what, SOON);
  if (!answer.ok) throw new Error("no answer");
  return (await answer.json()).found;
}

/** The decision (rules.js) about what was found, and what the phone cannot know: {decision, facts}. */
export function judge(found, bundle, own, at, direction, temperature, gate) {
  const facts = factsOf(found.claims, bundle, own, at, direction, temperature, gate);
  facts.code = found.code || facts.code;
  facts.key_in_window = found.key_in_window;
  const decision = decide(facts), held = facts.held;
  const unsure = held && held.order_unknown && decision.verdict === "ok";
  if (unsure) decision.verdict = "look";
  return { decision, order_unknown: Boolean(unsure), trips_unknown: Boolean(held && held.trips_unknown) };
}

function firstOf(found) {
  return { claims: found.length ? found[0].claims : null, code: found.length ? null : "unknown", key_in_window: true };
}

function isTyped(text) {
  if (text.trim().length > SHORT) return false;
  return shortCodeOk(tidyShortCode(text)) || serialOk(tidy(text));
}
