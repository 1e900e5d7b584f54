/** A zone while somebody draws it, with what was before, so that each step can be undone. Kept in degrees, drawn in metres. */

import { signal } from "@preact/signals";
import type { Spot } from "../../ground/records";

export const [MIN_CORNERS, MAX_CORNERS] = [3, 32];
/** A circle as corners: its line runs at most 1 % of its radius inside of it. */
export const CIRCLE_CORNERS = 24;
/** As the platform has them (schemas.zone). */
const [LEAST_M2, MOST_M2] = [2_500, 1e8];
/** Radii that fit what people say: the garden, the block, the quarter. */
export const RADII_M = [100, 200, 300, 500, 1000, 2000];
/** Steps that can be taken back. */
const MOST_STEPS = 60;

/** Longitude and latitude. */
export type Corner = [number, number];

export interface ZoneDraft {
  corners: Corner[];
  /** What was there before each step, the newest last. */
  before: Corner[][];
}

/** By resident, so that it outlives a look at the desk. */
const drafts = signal<Record<string, ZoneDraft>>({});

export const draftOfZone = (resident: string): ZoneDraft | null => drafts.value[resident] ?? null;

export function keepZone(resident: string, draft: ZoneDraft | null): void {
  const { [resident]: _, ...others } = drafts.value;
  drafts.value = draft ? { ...others, [resident]: draft } : others;
}

export const step = (draft: ZoneDraft, corners: Corner[]): ZoneDraft => ({
  corners,
  before: [...draft.before, draft.corners].slice(-MOST_STEPS),
});

export function undone(draft: ZoneDraft): ZoneDraft {
  const last = draft.before[draft.before.length - 1];
  return last ? { corners: last, before: draft.before.slice(0, -1) } : draft;
}

export function circleOf(middle: Spot, radius: number): Spot[] {
  return Array.from({ length: CIRCLE_CORNERS }, (_, k) => {
    const turn = (k / CIRCLE_CORNERS) * 2 * Math.PI;
    return { x: middle.x + radius * Math.sin(turn), y: middle.y + radius * Math.cos(turn) };
  });
}

/** Adds a corner where somebody tapped: into the edge that is nearest, so that the line never runs across itself for it. */
export function withCorner(corners: Spot[], at: Spot): Spot[] {
  if (corners.length >= MAX_CORNERS) return corners;
  if (corners.length < MIN_CORNERS) return [...corners, at];
  const lengths = corners.map((corner, k) => {
    const next = corners[(k + 1) % corners.length] as Spot;
    return Math.hypot(at.x - corner.x, at.y - corner.y) + Math.hypot(next.x - at.x, next.y - at.y) - Math.hypot(next.x - corner.x, next.y - corner.y);
  });
  const k = lengths.indexOf(Math.min(...lengths)) + 1;
  return [...corners.slice(0, k), at, ...corners.slice(k)];
}

export const without = (corners: Spot[], k: number): Spot[] => corners.filter((_, i) => i !== k);

export const moved = (corners: Spot[], k: number, to: Spot): Spot[] => corners.map((corner, i) => (i === k ? to : corner));

export function areaOf(corners: Spot[]): number {
  const twice = corners.reduce((sum, a, k) => {
    const b = corners[(k + 1) % corners.length] as Spot;
    return sum + a.x * b.y - b.x * a.y;
  }, 0);
  return Math.abs(twice) / 2;
}

const turn = (a: Spot, b: Spot, c: Spot): number => Math.sign((b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x));

/** Whether the line crosses itself; the platform looks more closely still (edges that only touch). */
export function crosses(corners: Spot[]): boolean {
  const n = corners.length;
  const at = (k: number): Spot => corners[k % n] as Spot;
  for (let i = 0; i < n; i++)
    for (let j = i + 2; j < n; j++) {
      if (i === 0 && j === n - 1) continue;
      const [a, b, c, d] = [at(i), at(i + 1), at(j), at(j + 1)];
      if (turn(a, b, c) * turn(a, b, d) < 0 && turn(c, d, a) * turn(c, d, b) < 0) return true;
    }
  return false;
}

/** What is wrong with corners, by the platform's code; null: nothing. No corners at all are no zone. */
export function wrongOf(corners: Spot[]): string | null {
  if (!corners.length) return null;
  if (corners.length < MIN_CORNERS || corners.length > MAX_CORNERS) return "zone_corners";
  if (crosses(corners)) return "zone_crosses";
  const size = areaOf(corners);
  if (size < LEAST_M2) return "zone_small";
  return size > MOST_M2 ? "zone_large" : null;
}

/** The middle and the radius of corners that lie on a circle, to the metre; null: they are another shape. */
export function asCircle(corners: Spot[]): { middle: Spot; radius: number } | null {
  if (corners.length < 12) return null;
  const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const middle = { x: mean(corners.map(({ x }) => x)), y: mean(corners.map(({ y }) => y)) };
  const far = corners.map(({ x, y }) => Math.hypot(x - middle.x, y - middle.y));
  const radius = mean(far);
  return far.every((one) => Math.abs(one - radius) < Math.max(1, radius / 100)) ? { middle, radius } : null;
}

/** The middle of the longest edge: where a corner is added without pointing. */
export function middleOfLongest(corners: Spot[]): Spot | null {
  const edges = corners.map((a, k): [Spot, Spot] => [a, corners[(k + 1) % corners.length] as Spot]);
  const long = ([a, b]: [Spot, Spot]): number => Math.hypot(b.x - a.x, b.y - a.y);
  const longest = edges.sort((one, other) => long(other) - long(one))[0];
  return longest ? { x: (longest[0].x + longest[1].x) / 2, y: (longest[0].y + longest[1].y) / 2 } : null;
}

/** `31.23402, 121.47610` as people copy it from a map; null: it is none. */
export function coordinatesOf(words: string): { lat: number; lon: number } | null {
  const found = /^\s*(-?\d{1,2}(?:\.\d+)?)\s*[,，\s]\s*(-?\d{1,3}(?:\.\d+)?)\s*$/.exec(words);
  const [lat, lon] = [Number(found?.[1]), Number(found?.[2])];
  return found && Math.abs(lat) <= 85 && Math.abs(lon) <= 180 ? { lat, lon } : null;
}
