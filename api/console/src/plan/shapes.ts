/** Where rooms lie, as shares of the drawing: rows for those nobody placed, and what a hand or a key does to one. Pure. */

import type { Room, Share } from "./records";

/** As the platform has them (schemas.plan). */
export const [MIN_CORNERS, MAX_CORNERS] = [3, 32];
/** Sides of a room are no shorter than this: of the drawing's width and height. */
export const LEAST = 0.02;
/** A sheet without a drawing is as wide as a wall's screen. */
export const SHEET = 16 / 10;

export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

export const boxOf = (corners: Share[]): Box => ({
  left: Math.min(...corners.map(([x]) => x)),
  top: Math.min(...corners.map(([, y]) => y)),
  right: Math.max(...corners.map(([x]) => x)),
  bottom: Math.max(...corners.map(([, y]) => y)),
});

export const rectangle = ({ left, top, right, bottom }: Box): Share[] => [
  [left, top],
  [right, top],
  [right, bottom],
  [left, bottom],
];

/** Four corners, each of which is one of its own box: it keeps right angles when a corner is moved. */
export function isRectangle(corners: Share[]): boolean {
  if (corners.length !== 4) return false;
  const [a, b, c, d] = corners as [Share, Share, Share, Share];
  const same = (one: number, other: number): boolean => Math.abs(one - other) < 1e-9;
  const flat = same(a[1], b[1]) && same(b[0], c[0]) && same(c[1], d[1]) && same(d[0], a[0]);
  const tall = same(a[0], b[0]) && same(b[1], c[1]) && same(c[0], d[0]) && same(d[1], a[1]);
  return flat || tall;
}

const clamp = (value: number, low = 0, high = 1): number => Math.max(low, Math.min(high, value));
/** A ten-thousandth of the drawing: what is sent has no tails, and equal is equal. */
const tidy = ([x, y]: Share): Share => [Math.round(clamp(x) * 1e4) / 1e4, Math.round(clamp(y) * 1e4) / 1e4];

/** Moves a room; it stops at the edge and keeps its shape. */
export function moved(corners: Share[], dx: number, dy: number): Share[] {
  const box = boxOf(corners);
  const [x, y] = [clamp(dx, -box.left, 1 - box.right), clamp(dy, -box.top, 1 - box.bottom)];
  return corners.map(([cx, cy]) => tidy([cx + x, cy + y]));
}

/** Makes a room wider and taller by shares of the drawing; its left upper corner stays. */
export function resized(corners: Share[], dx: number, dy: number): Share[] {
  const box = boxOf(corners);
  const [width, height] = [box.right - box.left, box.bottom - box.top];
  const wide = clamp(width + dx, LEAST, 1 - box.left) / width;
  const tall = clamp(height + dy, LEAST, 1 - box.top) / height;
  return corners.map(([x, y]) => tidy([box.left + (x - box.left) * wide, box.top + (y - box.top) * tall]));
}

/** Moves one corner; of a rectangle its two neighbours come along, so that it stays one. */
export function cornerMoved(corners: Share[], k: number, to: Share): Share[] {
  if (!isRectangle(corners)) return corners.map((corner, i) => (i === k ? tidy(to) : corner));
  const far = corners[(k + 2) % 4] as Share;
  const away = (value: number, from: number, was: number): number =>
    was < from ? clamp(value, 0, from - LEAST) : clamp(value, from + LEAST, 1);
  const at = corners[k] as Share;
  const [x, y] = [away(to[0], far[0], at[0]), away(to[1], far[1], at[1])];
  return corners.map(([cx, cy]) => tidy([cx === at[0] ? x : cx, cy === at[1] ? y : cy]));
}

/** A corner more, in the middle of the longest edge; `aspect`: width by height of the drawing. */
export function withCorner(corners: Share[], aspect: number): Share[] {
  if (corners.length >= MAX_CORNERS) return corners;
  const next = (k: number): Share => corners[(k + 1) % corners.length] as Share;
  const long = corners.map(([x, y], k) => Math.hypot((next(k)[0] - x) * aspect, next(k)[1] - y));
  const k = long.indexOf(Math.max(...long));
  const [a, b] = [corners[k] as Share, next(k)];
  return [...corners.slice(0, k + 1), tidy([(a[0] + b[0]) / 2, (a[1] + b[1]) / 2]), ...corners.slice(k + 1)];
}

export const withoutCorner = (corners: Share[], k: number): Share[] =>
  corners.length > MIN_CORNERS ? corners.filter((_, i) => i !== k) : corners;

/** The rectangle between two points, or null for a slip of the finger. */
export function between(a: Share, b: Share): Share[] | null {
  const box = { left: Math.min(a[0], b[0]), top: Math.min(a[1], b[1]), right: Math.max(a[0], b[0]), bottom: Math.max(a[1], b[1]) };
  if (box.right - box.left < LEAST || box.bottom - box.top < LEAST) return null;
  return rectangle(box).map(tidy);
}

/** A gap between rooms in rows, of one cell. */
const GAP = 0.06;
/** Cells are about as wide as this times their height: a name and two lines fit. */
const CELL = 1.5;

/** Rows of `n` equal rooms on a sheet of `aspect` (width by height). */
export function rows(n: number, aspect: number): Share[][] {
  if (n < 1) return [];
  const columns = Math.max(1, Math.min(n, Math.round(Math.sqrt((n * aspect) / CELL))));
  const lines = Math.ceil(n / columns);
  const [width, height] = [1 / columns, 1 / lines];
  return Array.from({ length: n }, (_, i) => {
    const [left, top] = [(i % columns) * width, Math.floor(i / columns) * height];
    const [dx, dy] = [(width * GAP) / 2, (height * GAP) / 2];
    return rectangle({ left: left + dx, top: top + dy, right: left + width - dx, bottom: top + height - dy });
  });
}

/** Where a room that is placed by a press stands first: the first spot of a grid that no other covers. */
export function freeSpot(rooms: Room[]): Share[] {
  const taken = rooms.filter((room) => room.corners).map((room) => boxOf(room.corners as Share[]));
  const [wide, tall] = [0.14, 0.16];
  for (let top = 0.02; top + tall <= 1; top += tall + 0.02)
    for (let left = 0.02; left + wide <= 1; left += wide + 0.02) {
      const hits = taken.some((box) => box.left < left + wide && box.right > left && box.top < top + tall && box.bottom > top);
      if (!hits) return rectangle({ left, top, right: left + wide, bottom: top + tall }).map(tidy);
    }
  return rectangle({ left: 0.43, top: 0.42, right: 0.57, bottom: 0.58 });
}

/** The largest sheet of `aspect` that fits. */
export function fitted(aspect: number, width: number, height: number): { width: number; height: number } {
  const wide = Math.min(width, height * aspect);
  return { width: Math.floor(wide), height: Math.floor(wide / aspect) };
}
