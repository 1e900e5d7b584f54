/** Where everything of an alert's day is drawn: what was seen, what was expected, when it rang. Pure. */

import type { Alert, AlertDay, Expected } from "../records";

const MINUTE_MS = 60_000;
const HALF_HOUR_MS = 30 * MINUTE_MS;
const HALF_HOURS = 48;

/** Reasons that are about a home's rhythm, and those by which such an alert ends (an older one kept only these). */
const CODES = ["silent", "away", "sensors_dead", "not_up", "long_in_bathroom", "not_back_in_bed", "no_meal", "restless_night", "stirs_while_away", "still_while_away"];
const ENDS = ["active_again", "long_gap", "sensors_back", "known_absent", "as_usual_again"];
const KINDS = ["inactivity", "routine"];

const codesOf = (alert: Alert): string[] => alert.evidence.reasons.map((reason) => reason.code);

/** Whether an alert is about a home's rhythm: then its picture is a day, not a trace. */
export const isOfRhythm = (alert: Alert): boolean =>
  KINDS.includes(alert.kind) && codesOf(alert).some((code) => CODES.includes(code) || ENDS.includes(code));

/** Whether an alert is about a sensor: nobody's movement would explain it. */
export const isOfSensor = (alert: Alert): boolean => codesOf(alert).includes("sensor_quiet");

/** What is drawn: the reason for which it rang. */
export const codeOf = (alert: Alert): string => codesOf(alert).find((code) => CODES.includes(code)) ?? "silent";

/** Nobody was expected at home at all: there are no other days to compare with. */
export const isEmpty = (code: string): boolean => code.endsWith("_while_away");

/** Silences are compared with when somebody is about, all else with how it was on other days. */
export const isSilence = (code: string): boolean => ["silent", "away", "sensors_dead"].includes(code);

/** The time that is drawn, ms, over `width` px. `offset`: the home's clock minus UTC, ms. */
export interface Window {
  from: number;
  to: number;
  until: number;
  rang: number;
  width: number;
  offset: number;
}

export function windowOf(day: AlertDay, width: number): Window {
  const [from, to] = [Date.parse(day.start), Date.parse(day.end)];
  const [until, rang] = [Date.parse(day.until), Date.parse(day.rang)];
  return { from, to, until, rang, width, offset: day.utc_offset_min * MINUTE_MS };
}

/** Where a moment lies, px; what is outside lies at the edge. */
export const xOf = (at: number, { from, to, width }: Window): number =>
  ((Math.min(to, Math.max(from, at)) - from) / (to - from)) * width;

/** The home's clock at a moment: `09:15`. */
export const homeClock = (at: number, { offset }: Pick<Window, "offset">): string =>
  new Date(Math.round((at + offset) / MINUTE_MS) * MINUTE_MS).toISOString().slice(11, 16);

/** The order of the lanes: where one sleeps on top, where one leaves at the bottom. */
const ORDER = ["bedroom", "bathroom", "kitchen", "living", "hall", "other", "outer_door"];
/** The room that was missed is shown though nobody was seen in it. */
const MISSED: Record<string, string> = { no_meal: "kitchen", not_back_in_bed: "bedroom" };

export interface Lane {
  room: string;
  stays: [number, number][];
}

export function lanesOf(day: AlertDay, code: string): Lane[] {
  const lanes = day.rooms.map(({ room, stays }) => ({
    room,
    stays: stays.map(({ start, end }): [number, number] => [Date.parse(start), Date.parse(end)]),
  }));
  const missed = MISSED[code];
  if (missed && lanes.length && !lanes.some(({ room }) => room === missed)) lanes.push({ room: missed, stays: [] });
  return lanes.sort((a, b) => ORDER.indexOf(a.room) - ORDER.indexOf(b.room));
}

/** From when until when it lasted; until what is known while it does. */
export function lastedOf(alert: Alert, window: Window): [number, number] {
  const phase = alert.evidence.phases[0];
  const from = Date.parse(phase?.start ?? alert.event_time);
  const over = alert.stage === "recovered" || codeOf(alert) === "restless_night";
  return [from, over && phase ? Date.parse(phase.end) : window.until];
}

/** The last sign of life before it began. */
export function lastSeen(lanes: Lane[], from: number): { room: string; at: number } | null {
  const seen = lanes.flatMap(({ room, stays }) =>
    stays.filter(([start]) => start <= from).map(([, end]) => ({ room, at: Math.min(end, from) })),
  );
  return seen.reduce<{ room: string; at: number } | null>((last, one) => (last && last.at >= one.at ? last : one), null);
}

export interface Mark {
  name: "usual" | "limit" | "rang";
  at: number;
}

/** The moments that matter, the last first. A restless night has minutes to compare, and no hour by which it ends. */
export function marksOf(alert: Alert, window: Pick<Window, "rang">): Mark[] {
  const { expected } = alert.evidence;
  const rang: Mark = { name: "rang", at: window.rang };
  if (!expected || codeOf(alert) === "restless_night") return [rang];
  const start = Date.parse(expected.start);
  const after = (name: "usual" | "limit", minutes: number | null): Mark[] =>
    minutes === null ? [] : [{ name, at: start + minutes * MINUTE_MS }];
  return [rang, ...after("limit", expected.limit), ...after("usual", expected.usual)];
}

export interface Column {
  x: number;
  width: number;
  /** 0 to 1. */
  share: number;
  /** Whether it lies in the time that lasted. */
  within: boolean;
}

/** On how many days somebody was about, a column each half hour of what is drawn. */
export function livelyOf(expected: Expected, window: Window, [begun, over]: [number, number]): Column[] {
  if (expected.lively.length !== HALF_HOURS) return [];
  const columns: Column[] = [];
  const first = Math.floor((window.from + window.offset) / HALF_HOUR_MS);
  for (let slot = first; slot * HALF_HOUR_MS - window.offset < window.to; slot++) {
    const at = slot * HALF_HOUR_MS - window.offset;
    const [x, right] = [xOf(at, window), xOf(at + HALF_HOUR_MS, window)];
    const share = (expected.lively[slot % HALF_HOURS] ?? 0) / 100;
    columns.push({ x, width: right - x, share, within: at + HALF_HOUR_MS > begun && at < over });
  }
  return columns;
}

export interface Dot {
  x: number;
  /** How many lie under it. */
  level: number;
}

/** How it was on other days, a dot each; dots at one place lie on top of each other. */
export function dotsOf(expected: Expected, window: Window, wide: number): Dot[] {
  const start = Date.parse(expected.start);
  const piles = new Map<number, number>();
  return expected.others.map((minutes) => {
    const place = Math.round(xOf(start + minutes * MINUTE_MS, window) / wide);
    const level = piles.get(place) ?? 0;
    piles.set(place, level + 1);
    return { x: Math.min(window.width - wide / 2, Math.max(wide / 2, place * wide)), level };
  });
}

/** Hours between the marks of the clock. */
const STEPS_MIN = [30, 60, 120, 180, 360, 720];

export function ticksOf(window: Window, room: number): { x: number; words: string }[] {
  const most = Math.max(1, Math.floor(window.width / room));
  const span = (window.to - window.from) / MINUTE_MS;
  const step = (STEPS_MIN.find((minutes) => span / minutes <= most) ?? 1440) * MINUTE_MS;
  const ticks = [];
  for (let at = Math.ceil((window.from + window.offset) / step) * step - window.offset; at <= window.to; at += step)
    ticks.push({ x: xOf(at, window), words: homeClock(at, window) });
  return ticks;
}

/** About how wide words are at 13 px: Chinese characters are as wide as they are high. */
export const wide = (words: string): number =>
  [...words].reduce((sum, char) => sum + (char.charCodeAt(0) > 0x2e80 ? 13 : 7), 0);

export interface Put {
  x: number;
  anchor: "start" | "end";
}

/** Puts words beside a mark: before it where they fit (from `least` on), else after it, never out of the drawing. */
export function beside(x: number, words: string, width: number, least = 0): Put {
  const [size, gap] = [wide(words), 6];
  if (x - gap - size >= least) return { x: x - gap, anchor: "end" };
  if (x + gap + size <= width) return { x: x + gap, anchor: "start" };
  return { x: Math.max(0, width - size), anchor: "start" };
}

/** The words of a bar: in it, or before it; where neither has room the short ones, in it or beside it. */
export function lettered(
  words: string, short: string, left: number, right: number, width: number,
): { words: string; within: boolean; put: { x: number; anchor: "start" | "end" | "middle" } } {
  const room = right - left - 12;
  const put = { x: (left + right) / 2, anchor: "middle" as const };
  if (wide(words) <= room) return { words, within: true, put };
  if (wide(words) + 6 <= left) return { words, within: false, put: beside(left, words, width) };
  if (wide(short) <= room) return { words: short, within: true, put };
  if (wide(short) + 6 <= left) return { words: short, within: false, put: beside(left, short, width) };
  return { words: short, within: false, put: { x: right + 6, anchor: "start" } };
} // prettier-ignore
