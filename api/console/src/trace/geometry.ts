/** The arithmetic of the trace's drawing. Pure. Times are seconds from the impact, lengths pixels, accelerations g. */

import type { Segment, Trace } from "../records";

/** What of the time axis is drawn. */
export interface Window {
  from: number;
  to: number;
  width: number;
}

export interface Line {
  /** Time of the first sample. */
  start: number;
  rate: number;
  values: number[];
}

export type Axis = "values" | "x" | "y" | "z";
export type Point = [number, number];

/** The segments as lines on the impact's clock; a segment without that axis is left out. */
export function linesOf(trace: Trace, axis: Axis, impactMs: number): Line[] {
  return trace.segments.flatMap((segment: Segment) => {
    const values = segment[axis];
    if (!values?.length) return [];
    return [{ start: (Date.parse(segment.start) - impactMs) / 1000, rate: segment.rate_hz ?? trace.rate_hz, values }];
  });
}

export const timeToX = (t: number, window: Window): number =>
  ((t - window.from) / (window.to - window.from)) * window.width;

/**
 * Returns the points of a line inside the window as [x, g]. With more than two samples a pixel, each gets its lowest
 * and highest value, so that no peak is lost by drawing.
 */
export function pointsOf(line: Line, window: Window): Point[] {
  const first = Math.max(0, Math.floor((window.from - line.start) * line.rate) - 1);
  const last = Math.min(line.values.length - 1, Math.ceil((window.to - line.start) * line.rate) + 1);
  const x = (i: number): number => timeToX(line.start + i / line.rate, window);
  const perPixel = (line.rate * (window.to - window.from)) / window.width;
  const points: Point[] = [];
  if (perPixel <= 2) {
    for (let i = first; i <= last; i++) points.push([x(i), line.values[i] ?? 0]);
    return points;
  }
  const step = Math.floor(perPixel);
  for (let i = first; i <= last; i += step) {
    let [low, high] = [i, i];
    for (let j = i + 1; j < Math.min(i + step, last + 1); j++) {
      if ((line.values[j] ?? 0) < (line.values[low] ?? 0)) low = j;
      if ((line.values[j] ?? 0) > (line.values[high] ?? 0)) high = j;
    }
    const [a, b] = low < high ? [low, high] : [high, low];
    points.push([x(a), line.values[a] ?? 0]);
    if (b !== a) points.push([x(b), line.values[b] ?? 0]);
  }
  return points;
}

/** An SVG path through points whose second number is scaled by `toY`. */
export function pathOf(points: Point[], toY: (g: number) => number): string {
  return points.map(([x, g], i) => `${i ? "L" : "M"}${x.toFixed(1)} ${toY(g).toFixed(1)}`).join("");
}

/** A hole shorter than this is drawn through: two frames never meet to the microsecond. */
const SHORTEST_GAP_S = 0.25;

/** The stretches of [from, to] that no line covers. */
export function gapsOf(lines: Line[], from: number, to: number): [number, number][] {
  const covered = lines
    .map((line): [number, number] => [line.start, line.start + line.values.length / line.rate])
    .sort((a, b) => a[0] - b[0]);
  const gaps: [number, number][] = [];
  let at = from;
  for (const [start, end] of covered) {
    if (start - at > SHORTEST_GAP_S) gaps.push([at, Math.min(start, to)]);
    at = Math.max(at, end);
    if (at >= to) break;
  }
  if (to - at > SHORTEST_GAP_S) gaps.push([at, to]);
  return gaps.filter(([start, end]) => end > start);
}

/** The value nearest to a moment, or null in a gap. */
export function valueAt(lines: Line[], t: number): number | null {
  for (const line of lines) {
    const i = Math.round((t - line.start) * line.rate);
    if (i >= 0 && i < line.values.length) return line.values[i] ?? null;
  }
  return null;
}

/** The highest value within `around` seconds of `t`, as [time, value]; null without data there. */
export function peakNear(lines: Line[], t: number, around: number): [number, number] | null {
  let best: [number, number] | null = null;
  for (const line of lines) {
    const first = Math.max(0, Math.ceil((t - around - line.start) * line.rate));
    const last = Math.min(line.values.length - 1, Math.floor((t + around - line.start) * line.rate));
    for (let i = first; i <= last; i++) {
      const value = line.values[i] ?? 0;
      if (!best || value > best[1]) best = [line.start + i / line.rate, value];
    }
  }
  return best;
}

/** Tops of the scale that divide well, g. */
const TOPS = [2, 3, 4, 6, 8, 12, 16, 24, 32];

/** The top of the scale for a peak, with air above it for the labels. */
export const topFor = (peak: number): number => TOPS.find((top) => top >= peak * 1.08) ?? Math.ceil(peak);

/** Marks of the time axis, in seconds, so that there is room between them. */
export function timeTicks(window: Window): number[] {
  const span = window.to - window.from;
  const step = [1, 2, 5, 10, 15, 30, 60].find((s) => (s / span) * window.width >= 56) ?? 60;
  const ticks: number[] = [];
  for (let t = Math.ceil(window.from / step) * step; t <= window.to; t += step) ticks.push(t);
  return ticks;
}

export interface Label {
  text: string;
  /** Where it wants to begin, and what it names. */
  x: number;
  width: number;
}

/** Puts each label on the first row where it does not touch another; returns [x, row] in the order given. */
export function layLabels(labels: Label[], right: number): { x: number; row: number }[] {
  const ends: number[] = [];
  return labels.map((label) => {
    const x = Math.max(0, Math.min(label.x, right - label.width));
    let row = ends.findIndex((end) => end + 6 <= x);
    if (row < 0) row = ends.length;
    ends[row] = x + label.width;
    return { x, row };
  });
}

/** About how wide a text is: Chinese characters are square, Latin ones about half of that. */
export function textWidth(text: string, size: number): number {
  return [...text].reduce((sum, char) => sum + (char.charCodeAt(0) > 0x2e80 ? size : size * 0.56), 0);
}

/** Where gravity lay before a fall: the mean of these seconds, as the detector's features take it. */
const [BEFORE_FROM_S, BEFORE_TO_S] = [-3, -1.2];
/** Gravity is what is left when acceleration is averaged over so long, s; shorter leaves the swing of an arm. */
const GRAVITY_S = 0.6;
/** Turns are drawn so often a second: more is not seen. */
const TURNS_HZ = 20;

type Vector = [number, number, number];

const dot = (a: Vector, b: Vector): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

/** Means of a segment's three axes over [from, to) samples, by running sums. */
class Sums {
  private readonly sums: Float64Array[];

  constructor(axes: number[][]) {
    this.sums = axes.map((values) => {
      const sum = new Float64Array(values.length + 1);
      values.forEach((value, i) => (sum[i + 1] = (sum[i] ?? 0) + value));
      return sum;
    });
  }

  /** The sum over the samples, not yet divided. */
  over(from: number, to: number): Vector {
    return this.sums.map((sum) => (sum[to] ?? 0) - (sum[from] ?? 0)) as Vector;
  }
}

/**
 * How far the sensor is turned from how it hung before the fall, as lines of degrees; none where it is not known how
 * it hung. What is near the seconds before is one line of the same device.
 */
export function turnsOf(trace: Trace, impactMs: number): Line[] {
  const parts = trace.segments.flatMap((segment) => {
    const { x, y, z } = segment;
    if (!x?.length || !y || !z) return [];
    const rate = segment.rate_hz ?? trace.rate_hz;
    return [{ start: (Date.parse(segment.start) - impactMs) / 1000, rate, n: x.length, sums: new Sums([x, y, z]) }];
  });
  const before: Vector = [0, 0, 0];
  for (const part of parts) {
    const at = (t: number): number => Math.min(part.n, Math.max(0, Math.round((t - part.start) * part.rate)));
    const sum = part.sums.over(at(BEFORE_FROM_S), at(BEFORE_TO_S));
    sum.forEach((value, axis) => (before[axis as 0 | 1 | 2] += value));
  }
  const long = Math.sqrt(dot(before, before));
  if (long === 0) return [];
  return parts.map((part) => {
    const half = Math.max(1, Math.round((GRAVITY_S / 2) * part.rate));
    const step = Math.max(1, Math.round(part.rate / TURNS_HZ));
    const values: number[] = [];
    for (let i = 0; i < part.n; i += step) {
      const gravity = part.sums.over(Math.max(0, i - half), Math.min(part.n, i + half));
      const cosine = dot(gravity, before) / (long * Math.sqrt(dot(gravity, gravity)) || 1);
      values.push((Math.acos(Math.max(-1, Math.min(1, cosine))) * 180) / Math.PI);
    }
    return { start: part.start, rate: part.rate / step, values };
  });
}
