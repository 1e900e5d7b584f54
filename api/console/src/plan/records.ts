/** The API's records of plans. */

/** From the left and from the top, each 0 to 1. */
export type Share = [number, number];

export interface Room {
  place: string;
  name: string;
  kind: string;
  parent: string | null;
  corners: Share[] | null;
}

export interface Version {
  version: number;
  what: "drawing" | "no_drawing" | "rooms" | "restored";
  by: string;
  time: string;
  drawing: boolean;
  rooms: number;
}

export interface Plan {
  place: string;
  name: string;
  path: string[];
  version: number;
  drawing: { width: number; height: number } | null;
  rooms: Room[];
  versions: Version[];
  may_draw: boolean;
}

export interface PlanListed {
  place: string;
  name: string;
  kind: string;
  path: string[];
  residents: number;
  rooms: number;
  drawn: boolean;
}

export interface RoomNow {
  place: string;
  sensors: number;
  dead: { device: string; kind: string; label: string | null; last_seen: string | null }[];
  stirred: string | null;
}

export interface ThereNow {
  id: string;
  name: string;
  test: boolean;
  place: string;
  watch: "watched" | "off" | "silent" | "none" | null;
  absent_until: string | null;
  seen: { place: string | null; name: string; time: string } | null;
}

export interface PlaceNow {
  platform_time: string;
  rooms: RoomNow[];
  residents: ThereNow[];
}
