/** Between a moment and the wall clock of the resident's home, for fields that a person fills in. Pure. */

import type { Lang } from "../../words/lang";

const MINUTE = 60_000;

/** The zone of a person's home; a platform that is older does not say. */
export const zoneOf = (person: { timezone?: string }): string => person.timezone ?? "Asia/Shanghai";

/** How far a zone's wall clock is from UTC at a moment, ms. */
function offsetOf(ms: number, zone: string): number {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
  }).formatToParts(ms);
  const part = (type: string): string => parts.find((one) => one.type === type)?.value ?? "";
  const wall = `${part("year")}-${part("month")}-${part("day")}T${part("hour")}:${part("minute")}Z`;
  return Date.parse(wall) - Math.floor(ms / MINUTE) * MINUTE;
}

/** `2026-12-03T12:00`, as a field for date and time has it. */
export function toWall(ms: number, zone: string): string {
  return new Date(ms + offsetOf(ms, zone)).toISOString().slice(0, 16);
}

/** The moment of such a text; null for none. An hour that clocks skip is the one after it. */
export function fromWall(text: string, zone: string): number | null {
  const wall = Date.parse(`${text}Z`);
  if (Number.isNaN(wall)) return null;
  const guess = wall - offsetOf(wall, zone);
  const found = wall - offsetOf(guess, zone);
  // Where no clock shows it, one of the two is an hour before it and the other one after.
  return found + offsetOf(found, zone) === wall ? found : Math.max(guess, found);
}

/** Days of the calendar since 1970 in a zone. */
export function dayOf(ms: number, zone: string): number {
  return Math.floor((ms + offsetOf(ms, zone)) / (24 * 60 * MINUTE));
}

/** Such a day: `2026-12-03`. */
export const dateOf = (day: number): string => new Date(day * 24 * 60 * MINUTE).toISOString().slice(0, 10);

/** So many days of the calendar after a moment, at this hour: a day in which the clock is set has 23 or 25. */
export const wallAfter = (ms: number, days: number, clock: string, zone: string): string =>
  `${dateOf(dayOf(ms, zone) + days)}T${clock}`;

/** `Thu 3 Dec, 12:00`; with the year when it is another one. */
export function dated(ms: number, zone: string, now: number, lang: Lang): string {
  const locale = lang === "zh" ? "zh-CN" : "en-GB";
  const sameYear = toWall(ms, zone).slice(0, 4) === toWall(now, zone).slice(0, 4);
  return new Intl.DateTimeFormat(locale, {
    timeZone: zone,
    hourCycle: "h23",
    ...(sameYear ? {} : { year: "numeric" as const }),
    month: "short",
    day: "numeric",
    weekday: "short",
    hour: "2-digit",
    minute: "2-digit",
  }).format(ms);
}
