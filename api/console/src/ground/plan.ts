/** Where things lie in a picture of the ground, pure: the part that is shown, its scale, ages, names that do not collide. */

import type { Degrees, Ground, LastPlace, Spot, WayPoint } from "./records";

/** What is shown: the middle in metres, metres a pixel, and the size in pixels. */
export interface View {
  x: number;
  y: number;
  perPx: number;
  width: number;
  height: number;
}

export interface Box {
  left: number;
  right: number;
  bottom: number;
  top: number;
}

/** Closer than this nothing more is known: the error of a phone is 5 to 20 m, of a building's system half a metre. */
const LEAST_M = { ground: 80, building: 12 };
/** Kept free at the edges, px: names stand there. */
const EDGE = 44;

export const around = ({ x, y }: Spot, radius: number): Box => ({ left: x - radius, right: x + radius, bottom: y - radius, top: y + radius });

export function together(boxes: Box[]): Box {
  return {
    left: Math.min(...boxes.map((box) => box.left)),
    right: Math.max(...boxes.map((box) => box.right)),
    bottom: Math.min(...boxes.map((box) => box.bottom)),
    top: Math.max(...boxes.map((box) => box.top)),
  };
}

/** A view in which all of a box is seen. */
export function fit(box: Box, width: number, height: number, building = false): View {
  const least = building ? LEAST_M.building : LEAST_M.ground;
  const wide = Math.max(least, box.right - box.left) / Math.max(1, width - 2 * EDGE);
  const high = Math.max(least, box.top - box.bottom) / Math.max(1, height - 2 * EDGE);
  return { x: (box.left + box.right) / 2, y: (box.bottom + box.top) / 2, perPx: Math.max(wide, high), width, height };
}

export const zoomed = (view: View, times: number): View => ({ ...view, perPx: view.perPx / times });

export const px = ({ x, y }: Spot, view: View): Spot => ({
  x: view.width / 2 + (x - view.x) / view.perPx,
  y: view.height / 2 - (y - view.y) / view.perPx,
});

export const metresAt = (at: Spot, view: View): Spot => ({
  x: view.x + (at.x - view.width / 2) * view.perPx,
  y: view.y - (at.y - view.height / 2) * view.perPx,
});

/** Home is shown too while that leaves the way large enough to be read: within so many times what is shown anyway. */
const HOME_WITHIN = 4;

/** What the picture of a way shows: the way, the last place, and home where it is near enough. */
export function wayBox(points: WayPoint[], last: LastPlace | null, ground: Ground): Box {
  const boxes = points.map((point) => around(point, 0));
  if (last) boxes.push(around(last, last.error));
  if (!boxes.length) return around({ x: 0, y: 0 }, LEAST_M.ground);
  const way = together(boxes);
  const home = ground.places.find((place) => place.home);
  if (!home) return way;
  const both = together([way, around(home, home.radius)]);
  const size = Math.max(way.right - way.left, way.top - way.bottom, 2 * LEAST_M.ground);
  return Math.max(both.right - both.left, both.top - both.bottom) <= HOME_WITHIN * size ? both : way;
}

/** The probable area, and what the way shows. */
export const areaBox = (points: WayPoint[], last: LastPlace, ground: Ground): Box =>
  together([wayBox(points, last, ground), around(last, Math.max(last.area ?? 0, last.error))]);

/** Whether a box lies within what is shown. */
export function shows(view: View, box: Box): boolean {
  const [wide, high] = [(view.width / 2) * view.perPx, (view.height / 2) * view.perPx];
  return box.left >= view.x - wide && box.right <= view.x + wide && box.bottom >= view.y - high && box.top <= view.y + high;
}

/** A round length for the scale, at most `most` px: 1, 2 or 5 of a power of ten. */
export function scaleOf(view: View, most: number): { m: number; px: number } {
  const metres = most * view.perPx;
  const power = 10 ** Math.floor(Math.log10(metres));
  const m = [5, 2, 1].map((step) => step * power).find((step) => step <= metres) ?? power;
  return { m, px: m / view.perPx };
}

/** Lines of a grid as far apart as the scale is long: on an empty ground they let distances be seen. */
export function gridOf(view: View, step: number): { x: number[]; y: number[] } {
  const lines = (middle: number, half: number): number[] => {
    const found: number[] = [];
    for (let at = Math.ceil((middle - half) / step) * step; at <= middle + half; at += step) found.push(at);
    return found;
  };
  const { width, height, perPx } = view;
  return {
    x: lines(view.x, (width / 2) * perPx).map((x) => px({ x, y: 0 }, view).x),
    y: lines(view.y, (height / 2) * perPx).map((y) => px({ x: 0, y }, view).y),
  };
}

/** A piece of the way from one point to the next. `age`: 0 the oldest, 1 the newest. */
export interface Piece {
  from: Spot;
  to: Spot;
  age: number;
  /** px */
  wide: number;
  how: "walked" | "rode" | "unknown";
}

/** A stretch passed once is so wide, each further pass adds to it, up to the widest. */
const [THIN, MORE, WIDEST] = [2.5, 1.5, 10];
/** The oldest is still seen. */
const FAINTEST = 0.3;

export function piecesOf(points: WayPoint[], view: View): Piece[] {
  const [first, last] = [points[0], points[points.length - 1]];
  if (!first || !last) return [];
  const [begun, span] = [Date.parse(first.t), Math.max(1, Date.parse(last.t) - Date.parse(first.t))];
  return points.slice(1).map((point, i) => {
    const before = points[i] as WayPoint;
    const passes = Math.min(before.passes, point.passes);
    return {
      from: px(before, view),
      to: px(point, view),
      age: FAINTEST + (1 - FAINTEST) * ((Date.parse(point.t) - begun) / span),
      wide: point.rides || point.silent ? THIN : Math.min(WIDEST, THIN + MORE * (passes - 1)),
      how: point.silent ? "unknown" : point.rides ? "rode" : "walked",
    };
  });
}

/** Arrow heads along the way, the newest part first, so far apart, px. */
export function arrowsOf(pieces: Piece[], apart: number, most: number): (Spot & { turn: number; age: number })[] {
  const found: (Spot & { turn: number; age: number })[] = [];
  let left = apart / 2;
  for (const piece of [...pieces].reverse()) {
    const { from, to } = piece;
    const long = Math.hypot(to.x - from.x, to.y - from.y);
    if (piece.how === "unknown" || !long) continue;
    while (left <= long && found.length < most) {
      const share = 1 - left / long;
      const turn = (Math.atan2(to.y - from.y, to.x - from.x) * 180) / Math.PI;
      found.push({ x: from.x + share * (to.x - from.x), y: from.y + share * (to.y - from.y), turn, age: piece.age });
      left += apart;
    }
    left -= long;
  }
  return found;
}

/** Minutes between the times along the way. */
const STEPS_MIN = [1, 2, 5, 10, 15, 30, 60, 120];
const MINUTE_MS = 60_000;

/** Where they were at each round time of the home's clock, at most about `most` of them; not where nothing was heard. */
export function timesOf(points: WayPoint[], most: number, offset: number): { spot: Spot; at: number }[] {
  const [first, last] = [points[0], points[points.length - 1]];
  if (!first || !last) return [];
  const [from, to] = [Date.parse(first.t), Date.parse(last.until)];
  const step = (STEPS_MIN.find((minutes) => (to - from) / MINUTE_MS / minutes <= most) ?? 240) * MINUTE_MS;
  const found: { spot: Spot; at: number }[] = [];
  for (let at = Math.ceil((from + offset) / step) * step - offset; at < to; at += step) {
    const spot = spotAt(points, at);
    if (spot) found.push({ spot, at });
  }
  return found;
}

/** Where they were at a moment: on the line between two places; null: nobody knows. */
function spotAt(points: WayPoint[], at: number): Spot | null {
  const i = points.findIndex((point) => Date.parse(point.until) >= at);
  const [point, before] = [points[i], points[i - 1]];
  if (!point) return null;
  const [came, left] = [Date.parse(point.t), before ? Date.parse(before.until) : 0];
  if (came <= at || !before) return point;
  if (point.silent) return null;
  const share = (at - left) / Math.max(1, came - left);
  return { x: before.x + share * (point.x - before.x), y: before.y + share * (point.y - before.y) };
}

/** The stretch that was passed most: how often, at most of all its points. */
export const mostPassed = (points: WayPoint[]): number => points.reduce((most, point) => Math.max(most, point.passes), 0);

/** About how wide words are at 13 px: Chinese characters are as wide as they are high. */
export const wide = (words: string): number =>
  [...words].reduce((sum, char) => sum + (char.charCodeAt(0) > 0x2e80 ? 13 : 7.2), 0);

export interface Name {
  key: string;
  words: string;
  at: Spot;
  /** How far from its spot it stands, px. */
  gap: number;
  strong?: boolean;
}

export interface PutName extends Name {
  x: number;
  y: number;
  anchor: "start" | "middle" | "end";
}

const HIGH = 16;

/** Puts names beside their spots, the most important first; one that finds no room is left out. */
export function putNames(names: Name[], view: View, taken: Box[]): PutName[] {
  const boxes = [...taken];
  const found: PutName[] = [];
  for (const name of names) {
    const { x, y } = name.at;
    const size = wide(name.words);
    const places: [number, number, PutName["anchor"]][] = [
      [x + name.gap, y + 4, "start"],
      [x - name.gap, y + 4, "end"],
      [x, y - name.gap - 2, "middle"],
      [x, y + name.gap + 12, "middle"],
    ];
    for (const [at, base, anchor] of places) {
      const left = anchor === "start" ? at : anchor === "end" ? at - size : at - size / 2;
      const box = { left, right: left + size, top: base + 4, bottom: base - HIGH + 4 };
      const within = box.left >= 4 && box.right <= view.width - 4 && box.bottom >= 2 && box.top <= view.height - 2;
      if (!within || boxes.some((other) => meet(box, other))) continue;
      boxes.push(box);
      found.push({ ...name, x: at, y: base, anchor });
      break;
    }
  }
  return found;
}

/** Boxes in px have their top below their bottom: y grows downwards. */
const meet = (a: Box, b: Box): boolean => a.left < b.right && b.left < a.right && a.bottom < b.top && b.bottom < a.top;

/** Metres of one degree of latitude, as everywhere in the house (schemas.ground). */
const DEGREE_M = 111_195;
const ofLongitude = (origin: Degrees): number => DEGREE_M * Math.cos((Math.max(-89.5, Math.min(89.5, origin.lat)) * Math.PI) / 180);

export function metresOf(origin: Degrees, [lon, lat]: [number, number]): Spot {
  const east = ((((lon - origin.lon + 180) % 360) + 360) % 360) - 180;
  return { x: east * ofLongitude(origin), y: (lat - origin.lat) * DEGREE_M };
}

export function degreesOf(origin: Degrees, { x, y }: Spot): [number, number] {
  const lon = ((((origin.lon + x / ofLongitude(origin) + 180) % 360) + 360) % 360) - 180;
  const round = (value: number): number => Math.round(value * 1e7) / 1e7;
  return [round(lon), round(origin.lat + y / DEGREE_M)];
}

export interface Tile {
  key: string;
  address: string;
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Side of a tile, px, and how far in and out such maps go. */
const TILE_PX = 256;
const ZOOMS: [number, number] = [3, 19];
/** A view never needs more; an address set wrongly must not be asked for thousands. */
const MOST_TILES = 40;

/** The tiles of a background map (Web Mercator) under a view. */
export function tilesOf(view: View, origin: Degrees, address: string): Tile[] {
  const around = 40_075_016.686 * Math.cos((origin.lat * Math.PI) / 180);
  const z = Math.max(ZOOMS[0], Math.min(ZOOMS[1], Math.round(Math.log2(around / TILE_PX / view.perPx))));
  const n = 2 ** z;
  const column = (lon: number): number => ((lon + 180) / 360) * n;
  const row = (lat: number): number => ((1 - Math.asinh(Math.tan((lat * Math.PI) / 180)) / Math.PI) / 2) * n;
  const [west, north] = degreesOf(origin, metresAt({ x: 0, y: 0 }, view));
  const [east, south] = degreesOf(origin, metresAt({ x: view.width, y: view.height }, view));
  const corner = (x: number, y: number): Spot => {
    const lat = (Math.atan(Math.sinh(Math.PI * (1 - (2 * y) / n))) * 180) / Math.PI;
    return px(metresOf(origin, [(x / n) * 360 - 180, lat]), view);
  };
  const found: Tile[] = [];
  for (let y = Math.floor(row(north)); y <= Math.floor(row(south)); y++)
    for (let x = Math.floor(column(west)); x <= Math.floor(column(east)); x++) {
      if (y < 0 || y >= n || found.length >= MOST_TILES) continue;
      const [from, to] = [corner(x, y), corner(x + 1, y + 1)];
      const filled = address.replace("{z}", String(z)).replace("{x}", String(((x % n) + n) % n)).replace("{y}", String(y));
      found.push({ key: `${z}/${x}/${y}`, address: filled, x: from.x, y: from.y, width: to.x - from.x, height: to.y - from.y });
    }
  return found;
}
