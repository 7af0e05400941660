// What the phone says: the portal's own texts, filled in. Moments are epoch seconds and read off the wall in UTC+8.

const UTC8 = 28800, ONE_DAY = 86400, ONE_MINUTE = 60;
export const LANGUAGES = ["zh_Hans", "en"];

/** The words of a language (promise): kept by the service worker, so that no network is needed. */
export async function load(language) {
  const answer = await fetch("/gate/words/" + language + ".json", { credentials: "same-origin" });
  if (!answer.ok) throw new Error("no words");
  return speaker(await answer.json());
}

/** {language, t(name, values), sentence(decision, at), moment(s, at), length(minutes), words}. */
export function speaker(words) {
  const t = (name, values) => filled(words.text[name], values);
  const length = (minutes) => lengthOf(minutes, words);
  const moment = (seconds, at) => momentOf(seconds, at, words);
  return { language: words.language, words, t, length, moment, sentence: (decision, at) => sentenceOf(decision, at, { words, length, moment }) };
}

/** "%(what)s" filled in. */
export function filled(text, values) {
  return (text || "").replace(/%\((\w+)\)s/g, (_all, name) => (values && name in values ? values[name] : "")).replace(/%%/g, "%");
}

/** 08:10 */
export function clockTime(seconds) {
  const minute = Math.floor((((seconds + UTC8) % ONE_DAY) + ONE_DAY) % ONE_DAY / ONE_MINUTE);
  return two(Math.floor(minute / 60)) + ":" + two(minute % 60);
}

/** 365 → 36.5 */
export function degrees(tenths) {
  return Math.floor(tenths / 10) + "." + (tenths % 10);
}

/** 36.5, 36。5, ３６．５ or 365 → 365; null for nothing, NaN for what nobody has. As portal/web/temperatures.py. */
export function tenths(typed) {
  const plain = typed.replace(/[，,。、]/g, ".").normalize("NFKC").replace(/\s/g, "").replace(/°C$/, "").replace(/度+$/, "");
  if (!plain) return null;
  const found = /^(?:(\d{2})(?:\.(\d))?|(\d{3}))$/.exec(plain);
  const measured = found ? Number(found[3] || found[1] + (found[2] || "0")) : NaN;
  return measured >= 340 && measured <= 430 ? measured : NaN;
}

function momentOf(seconds, at, words) {
  const day = dayOf(seconds), near = words.near[day - dayOf(at)];
  const date = new Date((seconds + UTC8) * 1000);
  const written = filled(words.date, { day: date.getUTCDate(), month: date.getUTCMonth() + 1 });
  return filled(words.moment, { day: near || written, time: clockTime(seconds) });
}

function lengthOf(minutes, words) {
  const say = (unit, num) => filled(words.length[unit][num === 1 ? 0 : 1], { num });
  if (minutes >= 2 * 1440) return say("days", Math.floor(minutes / 1440));
  const hours = Math.floor(minutes / 60), rest = minutes % 60;
  if ((rest && minutes < 120) || !minutes) return say("minutes", minutes);
  return rest ? say("hours", hours) + " " + say("minutes", rest) : say("hours", hours);
}

/** portal/passes/wording.py, `sentence`. */
function sentenceOf(decision, at, speech) {
  if (decision.verdict === "ok") return whenLetThrough(decision, at, speech);
  const fact = filled(speech.words.facts[decision.reason], {
    since: decision.since === null ? speech.words.ends.earlier : speech.moment(decision.since, at),
    late: speech.length(decision.minutes_late || 0),
    persons: decision.persons,
    temperature: decision.temperature ? degrees(decision.temperature) : "",
  });
  return filled(speech.words.sentence, { fact, step: stepOf(decision, at, speech) });
}

function whenLetThrough(decision, at, { words, moment }) {
  if (decision.back_by === null) return words.ends.free;
  const end = decision.direction === "entry" ? words.ends.leave_by : words.ends.back_by;
  return filled(end, { when: moment(decision.back_by, at) });
}

function stepOf(decision, at, { words, moment }) {
  if (decision.verdict === "look") return atTheEnd(decision, words.ends);
  if (["wrong_day", "wrong_hour", "quota_used", "trip_cancelled"].includes(decision.reason)) {
    return decision.next_at === null ? words.ends.no_next : filled(words.ends.next, { when: moment(decision.next_at, at) });
  }
  return words.steps[decision.reason];
}

function atTheEnd(decision, ends) {
  if (decision.cancels_next) return ends.cancels_next;
  if (decision.reason === "not_out") return ends.not_out;
  if (decision.reason === "overtime" && decision.direction === "entry") return ends.overtime;
  return decision.direction === "entry" ? ends.let_in : ends.let_out;
}

function dayOf(seconds) {
  return Math.floor((seconds + UTC8) / ONE_DAY);
}

function two(number) {
  return (number < 10 ? "0" : "") + number;
}
