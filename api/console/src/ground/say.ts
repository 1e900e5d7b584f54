/** Where somebody is, in words that can be said on the telephone. Pure but for the language. */

import { clockTime } from "../when";
import { lang, said, t, type Key } from "../words";
import { mostPassed } from "./plan";
import type { AlertWay, Ground, LastPlace, LeftOut, Spot, UsualPlace, Visit } from "./records";

/** `15 m`, `320 m`, `1.2 km`: as exact as positions are. */
export function far(m: number): string {
  if (m >= 9_950) return t("ground.km", { n: Math.round(m / 1000) });
  if (m >= 995) return t("ground.km", { n: (m / 1000).toFixed(1) });
  if (m >= 95) return t("ground.m", { n: Math.round(m / 10) * 10 });
  return t("ground.m", { n: m >= 20 ? Math.round(m / 5) * 5 : Math.max(1, Math.round(m)) });
}

/** A length of the scale: as it is, not rounded. */
export const scaleWords = (m: number): string =>
  m >= 1000 ? t("ground.km", { n: m / 1000 }) : m >= 1 ? t("ground.m", { n: m }) : `${Math.round(m * 100)} cm`;

const WINDS = ["n", "ne", "e", "se", "s", "sw", "w", "nw"] as const;

/** One of eight directions, degrees clockwise from north. */
export const wind = (degrees: number): (typeof WINDS)[number] => WINDS[Math.round((((degrees % 360) + 360) % 360) / 45) % 8] ?? "n";

export const windWords = (degrees: number): string => t(`ground.wind.${wind(degrees)}` as Key);

/** The direction from one spot to another, degrees clockwise from north. */
export const bearing = (from: Spot, to: Spot): number => (Math.atan2(to.x - from.x, to.y - from.y) * 180) / Math.PI;

/** A usual place that a spot is in, as far as its error tells. */
export const placeAt = (spot: Spot, error: number, ground: Ground): UsualPlace | undefined =>
  ground.places.find((place) => !place.home && Math.hypot(spot.x - place.x, spot.y - place.y) <= place.radius + error);

/** `320 m north-east of home`; without a home from where it began; null: there is nothing to say it from. */
export function whereWords(last: LastPlace, ground: Ground, began: Spot | null): string | null {
  const home = ground.places.find((place) => place.home) ?? (ground.at_home ? { x: 0, y: 0, radius: 0 } : null);
  const from = home ?? began;
  if (!from) return null;
  const m = Math.hypot(last.x - from.x, last.y - from.y);
  if (home && m <= home.radius + last.error) return t("ground.athome");
  if (!home && m <= last.error) return t("ground.atbegin");
  const words = { far: far(m), wind: windWords(bearing(from, last)) };
  const where = t(home ? "ground.fromhome" : "ground.frombegin", words);
  return placeAt(last, last.error, ground) ? t("ground.atusual", { where }) : where;
}

/** How they moved: `heading north on foot`, `standing still`. */
export function movesWords(last: LastPlace): string | null {
  if (last.moves === "walks" && last.heading !== null) return t("ground.heading", { wind: windWords(last.heading) });
  if (last.moves === "rides" && last.heading !== null) return t("ground.riding", { wind: windWords(last.heading) });
  return last.moves === "still" ? t("ground.still") : null;
}

/** `320 m north-east of home, heading north` */
export function headline(last: LastPlace, ground: Ground, began: Spot | null): string {
  const parts = [whereWords(last, ground, began), movesWords(last)].filter((part): part is string => part !== null);
  return parts.length ? parts.join(t("ground.join")) : t("ground.somewhere");
}

/** What the zone says of the last place. */
export function zoneWords(last: LastPlace, ground: Ground): string | null {
  if (last.beyond_zone === null || !ground.zone.length) return null;
  if (last.beyond_zone <= 0) return t("ground.inzone");
  return t(last.beyond_zone > last.error ? "ground.outzone" : "ground.edgezone", { far: far(last.beyond_zone) });
}

/** How often the same places were passed; null: they were not. */
export function passedWords(way: AlertWay): string | null {
  const most = mostPassed(way.points);
  return most > 1 ? t("ground.passed", { n: most, at: homeClock(Date.parse(way.began), way) }) : null;
}

/** What is not drawn, and why; null: all is. */
export function leftOutWords(out: LeftOut): string | null {
  const parts = (["jumps", "inexact"] as const).filter((name) => out[name] > 0).map((name) => t(`ground.out.${name}`, { n: out[name] }));
  if (out.thinned) parts.push(t("ground.out.thinned"));
  if (out.older) parts.push(t("ground.out.older"));
  return parts.length ? t("ground.out", { what: parts.join(t("ground.join")) }) : null;
}

/** The home's clock. */
export const homeClock = (at: number, way: { utc_offset_min: number }): string =>
  new Date(at + way.utc_offset_min * 60_000).toISOString().slice(11, 16);

/** The whole picture, for whoever does not see it. `ago`: how long ago they were seen, in words. */
export function sentence(way: AlertWay, last: LastPlace, ground: Ground, ago: string): string {
  const parts = [headline(last, ground, way.points[0] ?? null), t("ground.seen", { ago, error: far(last.error) })];
  if (last.area !== null && way.lasts) parts.push(t("ground.area", { far: far(last.area) }));
  return [...parts, zoneWords(last, ground), passedWords(way)].filter(Boolean).join(t("ground.stop"));
}

export const roomWords = (room: string): string => said(`usual.room.${room}`, room);

/** Where somebody was seen last, of rooms alone; null: nowhere. */
export function lastRoom(visits: Visit[]): { words: string; at: string } | null {
  const last = visits[visits.length - 1];
  return last ? { words: t("ground.rooms.lately", { room: roomWords(last.room) }), at: last.end } : null;
}

/** Whether and where somebody was seen after a door was opened; null: there was no door. */
export function doorWords(door: string | null, visits: Visit[], way: { utc_offset_min: number }): string | null {
  if (door === null) return null;
  const at = homeClock(Date.parse(door), way);
  const after = visits.find((visit) => Date.parse(visit.end) > Date.parse(door) + AFTER_DOOR_MS);
  if (!after) return t("ground.door.nobody", { at });
  const seen = Math.max(Date.parse(after.start), Date.parse(door));
  return t("ground.door.seen", { at, room: roomWords(after.room), seen: homeClock(seen, way) });
}

/** What is seen right after a door is the same person's way out (detectors.wandering_home.HomeConfig.step_out_s). */
const AFTER_DOOR_MS = 20_000;

/** The rooms in one sentence: which, how often changed. */
export function roomsSentence(way: AlertWay): string {
  const names = [...new Set(way.visits.map((visit) => roomWords(visit.room)))].join(t("ground.join"));
  const last = way.visits[way.visits.length - 1];
  const parts = [t("ground.rooms.sentence", { rooms: names, n: Math.max(0, way.visits.length - 1) })];
  if (last) parts.push(t("ground.rooms.last", { room: roomWords(last.room), at: homeClock(Date.parse(last.end), way) }));
  const door = doorWords(way.door, way.visits, way);
  return [...parts, ...(door ? [door] : [])].join(t("ground.stop"));
}

export const clock = (ms: number): string => clockTime(ms, lang.value);
