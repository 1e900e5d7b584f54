/** The arithmetic of a week in strips. Pure. */

import { ACTIVE_G } from "./day";

export interface WeekDay {
  date: string;
  start: string;
  end: string;
  activity: (number | null)[];
  signs: number[];
}

export interface VitalHour {
  t: string;
  low: number;
  mean: number;
  high: number;
}

export interface Vital {
  type: string;
  unit: string;
  hours: VitalHour[];
}

/** A cell is a quarter of an hour (api/week.py). */
export const CELL_MS = 15 * 60_000;
/** Mean movement of a quarter of an hour that fills a cell, g: twice what a walk of half of it makes. */
const FULL_G = 4 * ACTIVE_G;
/** Signs of life in a quarter of an hour that fill a cell: a sensor of motion speaks once in one to two minutes. */
const FULL_SIGNS = 12;

/** How full a cell is drawn, 0 to 1; null: nothing is known. What somebody wears goes before what stands at home. */
export function fullness(activity: number | null | undefined, signs: number | undefined, home: boolean): number | null {
  if (activity !== null && activity !== undefined) return Math.sqrt(Math.min(1, activity / FULL_G));
  if (!home || signs === undefined) return null;
  return Math.sqrt(Math.min(1, signs / FULL_SIGNS));
}

/** Quarters of an hour between 0 and 5 o'clock in which somebody was plainly up: their number, by day. */
export function upAtNight(day: WeekDay, home: boolean): number {
  const night = day.activity.length ? Math.min(day.activity.length, 20) : 0;
  let up = 0;
  for (let cell = 0; cell < night; cell++) {
    const full = fullness(day.activity[cell], day.signs[cell], home);
    if (full !== null && full >= UP) up++;
  }
  return up;
}

/** From here on a cell is more than turning over in bed. */
const UP = 0.4;

/** The bounds of a vital sign's drawing: all its values, and some air. */
export function bounds(vital: Vital): [number, number] {
  const low = Math.min(...vital.hours.map((hour) => hour.low));
  const high = Math.max(...vital.hours.map((hour) => hour.high));
  const air = Math.max((high - low) * 0.1, Math.abs(high) * 0.01, 0.1);
  return [low - air, high + air];
}

/** Hours that follow each other, so that a line does not run over hours without a value. */
export function runs(hours: VitalHour[]): VitalHour[][] {
  const found: VitalHour[][] = [];
  for (const hour of hours) {
    const last = found[found.length - 1];
    const before = last?.[last.length - 1];
    if (last && before && Date.parse(hour.t) - Date.parse(before.t) <= 3_600_000) last.push(hour);
    else found.push([hour]);
  }
  return found;
}
