/** The arithmetic of the week's picture. Pure. */

import type { RoutineMeasure } from "./records";

/** A row's drawing, in its own units. */
export const ROW = { width: 260, height: 40, edge: 6 } as const;
/** From so many spreads on a day stands out (detectors.routine_deviation), and where a bar ends. */
export const STANDS_OUT = 2;
const HIGHEST = 4;
const DAY_MS = 86_400_000;

export interface Point {
  x: number;
  y: number;
}

export interface Row {
  /** Stretches of weeks that are known one after the other. */
  lines: Point[][];
  /** The week itself, if it is known. */
  now: Point | null;
  /** The top and the height of what is usual, and where it begins. */
  band: { x: number; y: number; height: number } | null;
}

/** How many weeks before the week what is usual is taken from. */
const USUAL_WEEKS = 8;

/** Where a measure's weeks and its band are drawn. The scale is the row's own: rows are not compared with each other. */
export function rowOf(measure: RoutineMeasure): Row {
  const { width, height, edge } = ROW;
  const known = [...measure.weeks, measure.low, measure.high].filter((value): value is number => value !== null);
  if (!known.length) return { lines: [], now: null, band: null };
  const [least, most] = [Math.min(...known), Math.max(...known)];
  const span = most - least || 1;
  const x = (index: number): number => edge + (index / (measure.weeks.length - 1)) * (width - 2 * edge);
  const y = (value: number): number => height - edge - ((value - least) / span) * (height - 2 * edge);
  const lines: Point[][] = [[]];
  measure.weeks.forEach((value, index) => {
    if (value === null) lines.push([]);
    else lines[lines.length - 1]?.push({ x: x(index), y: y(value) });
  });
  const last = lastOf(measure);
  const { low, high } = measure;
  return {
    lines: lines.filter((line) => line.length),
    now: last === null ? null : { x: x(measure.weeks.length - 1), y: y(last) },
    band:
      low === null || high === null
        ? null
        : { x: x(measure.weeks.length - 1 - USUAL_WEEKS), y: y(high), height: y(low) - y(high) },
  };
}

/** The week itself. */
const lastOf = (measure: RoutineMeasure): number | null => measure.weeks[measure.weeks.length - 1] ?? null;

/** A line through points. */
export const pathOf = (points: Point[]): string =>
  points.map(({ x, y }, index) => `${index ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");

/** Whether the week lies above (1) or below (-1) what is usual; 0: within, or not known. */
export function side(measure: RoutineMeasure): -1 | 0 | 1 {
  const now = lastOf(measure);
  if (!measure.told || now === null || measure.usual === null) return 0;
  return now > measure.usual ? 1 : -1;
}

/** The height of a day's bar, -1 to 1. */
export const barOf = (deviation: number): number => Math.max(-1, Math.min(1, deviation / HIGHEST));

/** The first day of a week so many weeks from another; dates as `2026-11-23`. */
export function weekFrom(first: string, weeks: number): string {
  return new Date(Date.parse(first) + weeks * 7 * DAY_MS).toISOString().slice(0, 10);
}
