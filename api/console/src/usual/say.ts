/** The words of an alert's day: of its marks, of what lasted, and all of it in one sentence. */

import type { Alert, Expected } from "../records";
import { length } from "../when";
import { lang, said, t } from "../words";
import { codeOf, homeClock, isEmpty, isSilence, lastedOf, lastSeen, marksOf, type Lane, type Mark, type Window } from "./plan";

export const roomWords = (room: string): string => said(`usual.room.${room}`, room);

export function markWords({ name, at }: Mark, code: string, window: Window): string {
  const fill = { at: homeClock(at, window) };
  return name === "usual" ? said(`usual.by.${code}`, fill.at, fill) : t(name === "limit" ? "usual.limit" : "usual.rang", fill);
}

/** How long it lasted: `5 h 4 min`. */
export function longWords(alert: Alert, window: Window): string {
  const [from, to] = lastedOf(alert, window);
  return length(to - from, lang.value);
}

/** What lasted, and how long: `nothing moves: 5 h 4 min`. */
export function lastsWords(alert: Alert, window: Window): string {
  const min = Math.round(alert.evidence.reasons[0]?.values.min ?? 0);
  return said(`usual.lasts.${codeOf(alert)}`, "", { long: longWords(alert, window), min });
}

/** What the picture shows, for whoever does not see it. */
export function inOneSentence(alert: Alert, lanes: Lane[], window: Window): string {
  const [code, expected] = [codeOf(alert), alert.evidence.expected];
  const seen = isSilence(code) ? lastSeen(lanes, lastedOf(alert, window)[0]) : null;
  const parts = [lastsWords(alert, window)];
  if (seen) parts.unshift(t("usual.last", { at: homeClock(seen.at, window), room: roomWords(seen.room) }));
  if (expected && code === "restless_night") parts.push(t("usual.by.restless_night", { min: expected.usual ?? 0 }));
  const marks = marksOf(alert, window).reverse();
  parts.push(...marks.map((mark) => markWords(mark, code, window)));
  return parts.join(t("reason.join"));
}

/** What the marks and bars mean, and what is not known. */
export function keysOf(code: string, expected: Expected | null | undefined, empty: boolean): string[] {
  const keys: string[] = [];
  if (empty) keys.push(t("usual.empty"));
  if (!expected) return [...keys, t(isEmpty(code) ? "usual.key.away" : "usual.none")];
  const n = isSilence(code) ? expected.days : expected.others.length;
  if (isSilence(code)) keys.push(expected.lively.length ? t("usual.key.lively", { n }) : t("usual.young", { n }));
  if (isSilence(code) && expected.usual !== null && expected.limit !== null) keys.push(t("usual.key.lines"));
  if (!isSilence(code) && n) keys.push(t(code === "restless_night" ? "usual.key.nights" : "usual.key.others", { n }));
  return keys;
}
