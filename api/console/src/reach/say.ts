/** A ladder in words, as one would tell a colleague; and why a message did not arrive. */

import type { Fill, Key } from "../words";

export type Say = (key: Key, fill?: Fill) => string;

/** What is said of one call: whom, by what, and how long after. */
export interface Called {
  name: string;
  afterS: number;
  ways: { address: string; afterS: number }[];
}

const KINDS: Record<string, Key> = {
  http: "reach.kind.gateway",
  https: "reach.kind.gateway",
  json: "reach.kind.gateway",
  jsons: "reach.kind.gateway",
  form: "reach.kind.gateway",
  forms: "reach.kind.gateway",
  dingtalk: "reach.kind.dingtalk",
  wecombot: "reach.kind.wecom",
  feishu: "reach.kind.feishu",
  mailto: "reach.kind.mail",
  mailtos: "reach.kind.mail",
  bark: "reach.kind.bark",
  barks: "reach.kind.bark",
  ntfy: "reach.kind.ntfy",
  ntfys: "reach.kind.ntfy",
  hassio: "reach.kind.hassio",
  hassios: "reach.kind.hassio",
};
const SMS = new Set("twilio vonage nexmo clicksend sns msgbird sinch plivo infobip bulksms d7sms seven 46elks elks httpsms voipms telnyx msg91 atalk clickatell smsmanager smsmgr smseagle smseagles".split(" "));

/** What an address is, in a word: by what stands before `://`. */
export function kindOf(address: string, say: Say): string {
  const scheme = address.includes("://") ? address.slice(0, address.indexOf("://")).toLowerCase() : "";
  if (SMS.has(scheme)) return say("reach.kind.sms");
  const known = KINDS[scheme];
  return known ? say(known) : scheme || say("reach.kind.none");
}

/** Seconds as one says them: 60 s, 2 min. */
export function lengthOf(seconds: number, say: Say): string {
  return seconds >= 120 && seconds % 60 === 0 ? say("reach.minutes", { n: seconds / 60 }) : say("reach.seconds", { n: seconds });
}

function person(one: Called, first: boolean, say: Say): string {
  const [way, ...others] = one.ways;
  const after = lengthOf(one.afterS, say);
  // Whoever is on duty is reached as the rota says.
  if (!way) return first && one.afterS === 0 ? say("reach.say.first.duty", { name: one.name }) : say("reach.say.then.duty", { name: one.name, after });
  const by = kindOf(way.address, say);
  const name = one.name.trim() || say("reach.somebody");
  const said = first && one.afterS === 0 ? say("reach.say.first", { name, by }) : say("reach.say.then", { name, by, after });
  return said + others.map((next) => say("reach.say.way", { by: kindOf(next.address, say), after: lengthOf(next.afterS, say) })).join("");
}

/** The whole ladder in a few sentences. */
export function ladderInWords(people: Called[], againS: number, quiet: { start: string; end: string } | null, say: Say): string {
  if (people.length === 0) return say("reach.say.nobody");
  const order = people.map((one, at) => person(one, at === 0, say)).join(say("reach.say.join"));
  const again = say("reach.say.again", { after: lengthOf(againS, say) });
  return order + say("reach.say.end") + again + (quiet ? say("reach.say.quiet", quiet) : "");
}

/** Why something did not arrive, as far as the platform knows. */
export function reasonOf(error: string, say: Say): string {
  const answered = /^answered (?:\w+ )?(-?\w+)$/.exec(error);
  if (answered) return say("reach.why.answered", { code: answered[1] ?? "" });
  if (error.startsWith("no answer")) return say("reach.why.silent");
  if (error.startsWith("not reached")) return say("reach.why.away");
  if (error.startsWith("a simulated home")) return say("reach.why.simulated");
  if (error.startsWith("refused")) return say("reach.why.refused");
  if (error.startsWith("too many calls")) return say("reach.why.busy");
  if (error.startsWith("not an")) return say("reach.why.address");
  return error ? say("reach.why.other", { error }) : "";
}
