/** Where things stand in the pictures of the review, and how its figures read. Pure. */

import type { Lang } from "../words/lang";
import type { HourLoad, Period, Review, Share, Times } from "./records";

const locale = (lang: Lang): string => (lang === "zh" ? "zh-CN" : "en-GB");

/** The curve's last second: as long as a claim may last. */
export const LAST_S = 3600;
/** Up to here the axis is nearly even, and beyond it closes up: the goals stand in its first two thirds. */
const BEND_S = 20;

/** Returns where so many seconds stand, 0 to 1. */
export function along(seconds: number): number {
  const at = Math.log1p(Math.max(0, Math.min(seconds, LAST_S)) / BEND_S);
  return at / Math.log1p(LAST_S / BEND_S);
}

/** Above this share the scale is wider: both goals lie there, and below it nobody needs to tell 40 from 45. */
export const BREAK = 0.9;
/** How much of the height lies above it. */
const ABOVE_BREAK = 0.6;

/** Returns how high a share stands, 0 to 1. */
export function up(share: number): number {
  if (share <= BREAK) return (share / BREAK) * (1 - ABOVE_BREAK);
  return 1 - ABOVE_BREAK + ((share - BREAK) / (1 - BREAK)) * ABOVE_BREAK;
}

/** A share as percent: one digit near the goals, where it matters; never rounded up to all, nor down to none. */
export function percent(share: number): string {
  const value = share * 100;
  if (value > 0 && value < 0.1) return "<0.1";
  if (value < 100 && value > 99.9) return ">99.9";
  const digits = value > 90 && value < 100 ? 1 : 0;
  return value.toFixed(digits);
}

/** The points of the curve that are drawn, as shares of all that rang; none where nothing did. */
export function curveOf(times: Review["times"]): [number, number][] {
  return times.of ? times.curve.map(([seconds, n]) => [seconds, n / times.of]) : [];
}

/** Steps through points: answered within so many seconds holds until the next. Sizes in px. */
export function stepsOf(points: [number, number][], width: number, height: number): string {
  const xy = points.map(([seconds, share]): [number, number] => [along(seconds) * width, (1 - up(share)) * height]);
  return xy.map(([x, y], i) => (i ? `H${x.toFixed(1)}V${y.toFixed(1)}` : `M${x.toFixed(1)} ${y.toFixed(1)}`)).join("");
}

/** A goal as the standard has it: `97.5`, `99`. */
export const goalPercent = (goal: number): string => String(Number((goal * 100).toFixed(1)));

/** A goal's time as the standard has it: `180 s`. */
export const inSeconds = (seconds: number, lang: Lang): string => `${seconds} ${lang === "zh" ? "秒" : "s"}`;

/** What people call a zone's time: `China Standard Time`. */
export function zoneName(zone: string, lang: Lang): string {
  const parts = new Intl.DateTimeFormat(locale(lang), { timeZone: zone, timeZoneName: "long" }).formatToParts(0);
  return parts.find((part) => part.type === "timeZoneName")?.value ?? zone;
}

/** A length of time as people say it: `41 s`, `2 min 5 s`, `1 h 10 min`. */
export function lasted(seconds: number, lang: Lang): string {
  const words = lang === "zh" ? ["秒", "分", "小时"] : ["s", "min", "h"];
  const space = lang === "zh" ? "" : " ";
  const all = Math.round(seconds);
  if (all < 60) return `${all} ${words[0]}`;
  if (all < 3600) {
    const rest = all % 60;
    return `${Math.floor(all / 60)} ${words[1]}${rest ? `${space}${rest} ${words[0]}` : lang === "zh" ? "钟" : ""}`;
  }
  const rest = Math.floor((all % 3600) / 60);
  return `${Math.floor(all / 3600)} ${words[2]}${rest ? `${space}${rest} ${words[1]}` : ""}`;
}

/** The highest that the load's axis must hold: the goal with room above it, or the highest hour. */
export function topOf(hours: HourLoad[], most: number): number {
  return Math.ceil(Math.max(most * 1.25, ...hours.map((hour) => hour.per_hour ?? 0)));
}

/** Of an hour of the day: within the first goal, null where nothing rang. */
export const withinOf = (times: Times): number | null => times.goals[0]?.share ?? null;

/** Whether there is anything to say of an hour. */
export const isEmpty = (review: Review): boolean => Object.values(review.groups).every((n) => n === 0);

/** A moment by the clock of a place. */
export function inZone(ms: number, zone: string | undefined, lang: Lang, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(locale(lang), { hourCycle: "h23", timeZone: zone, ...options }).format(ms);
}

/** `30 Nov 14:07`, by the clock of a place. */
export const momentIn = (at: string, zone: string | undefined, lang: Lang): string =>
  inZone(Date.parse(at), zone, lang, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });

/** What a period is called: its day, its first and last day, its month, or its hours. */
export function periodName(kind: Period | null, start: string, end: string, zone: string, lang: Lang): string {
  // A period ends before the moment that it ends with.
  const [first, last] = [Date.parse(start), Date.parse(end) - 1];
  const day: Intl.DateTimeFormatOptions = { day: "numeric", month: "short" };
  if (kind === "month") return inZone(first, zone, lang, { month: "long", year: "numeric" });
  if (kind === "day") return inZone(first, zone, lang, { ...day, weekday: "short" });
  if (kind === "week") return `${inZone(first, zone, lang, day)} – ${inZone(last, zone, lang, day)}`;
  return `${momentIn(start, zone, lang)} – ${momentIn(end, zone, lang)}`;
}

/** From 0 to 1 along a bar: the interval and the share itself. */
export const spanOf = (share: Share): { low: number; high: number; at: number } => ({
  low: share.low,
  high: share.high,
  at: share.of ? share.hits / share.of : 0,
});
