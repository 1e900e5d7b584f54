/** The records of where somebody is: metres east (x) and north (y) of one origin. */

export interface Spot {
  x: number;
  y: number;
}

export interface UsualPlace extends Spot {
  radius: number;
  home: boolean;
  days: number;
  /** Of the time whose place is known. */
  share: number;
}

export interface Tiles {
  address: string;
  credit: string;
}

export interface Degrees {
  lat: number;
  lon: number;
}

export interface Ground {
  /** Null: metres of a building. */
  origin: Degrees | null;
  at_home: boolean;
  places: UsualPlace[];
  zone: [number, number][];
  tiles: Tiles | null;
}

export interface LastPlace extends Spot {
  time: string;
  error: number;
  where: Degrees | null;
  moves: "still" | "walks" | "rides" | "unknown";
  heading: number | null;
  speed: number | null;
  area: number | null;
  beyond_zone: number | null;
  doubted: (Spot & { time: string; error: number }) | null;
}

export interface WayPoint extends Spot {
  t: string;
  until: string;
  error: number;
  passes: number;
  rides: boolean;
  silent: boolean;
}

export interface Visit {
  room: string;
  start: string;
  end: string;
}

export interface LeftOut {
  inexact: number;
  jumps: number;
  standing: number;
  thinned: number;
  older: number;
}

export interface AlertWay {
  start: string;
  began: string;
  until: string;
  lasts: boolean;
  utc_offset_min: number;
  ground: Ground | null;
  points: WayPoint[];
  left_out: LeftOut;
  last: LastPlace | null;
  door: string | null;
  visits: Visit[];
  by_beacon: boolean;
  shared: boolean;
}

export interface Whereabouts {
  state: "none" | "home" | "out";
  time: string | null;
  last: LastPlace | null;
  ground: Ground | null;
}

export interface ZoneDrawn {
  corners: [number, number][];
  ground: Ground | null;
}

export interface ZonePreview {
  days: number;
  positions: number;
  left: { start: string; end: string; m: number }[];
  seen: [number, number][];
}
