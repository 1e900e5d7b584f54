/** The detector's reasons in words. Pure but for the language. */

import type { Alert, Reason } from "./records";
import { lang, said, t, type Fill } from "./words";

/** Digits that help a person: `3.1` g, `0.42` s, `82` degrees, `33.4` degrees Celsius. */
export function short(value: number): string {
  const size = Math.abs(value);
  if (size >= 50) return String(Math.round(value));
  return String(Number(value.toFixed(size >= 1 ? 1 : 2)));
}

/** An hour of the home's clock as people read it: 7.25 is `07:15`. */
export function clock(hour: number): string {
  const minutes = Math.floor(hour * 60 + 0.5) % 1440;
  return `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
}

/** Numbers whose name ends in `_at` are hours of the clock. */
function fill(values: Record<string, number>): Fill {
  const shown = (name: string, value: number): string => (name.endsWith("_at") ? clock(value) : short(value));
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, shown(name, value)]));
}

function one(reason: Reason): string {
  const plain = Object.entries(fill(reason.values)).map(([name, value]) => ` ${value} ${name}`);
  return said(`reason.${reason.code}`, reason.code + plain.join(""), fill(reason.values));
}

/** What was told of the first seconds is left out when more is known of the minutes. */
const OUTDONE: Record<string, string[]> = {
  still: ["no_movement"],
  moving: ["no_movement", "walks_again"],
  // Nobody need look at a sensor that was heard again.
  sensor_quiet: ["sensor_heard"],
};

/** Joins an impact and the free fall before it into one phrase, as a person would say it. */
function joined(all: Reason[]): Reason[] {
  const codes = new Set(all.map((reason) => reason.code));
  const reasons = all.filter((reason) => !OUTDONE[reason.code]?.some((code) => codes.has(code)));
  const impact = reasons.find((reason) => reason.code === "impact");
  const falling = reasons.find((reason) => reason.code === "free_fall");
  if (!impact || !falling) return reasons;
  const both = { code: "impact_free_fall", values: { ...impact.values, ...falling.values } };
  return [both, ...reasons.filter((reason) => reason !== impact && reason !== falling)];
}

/** Returns why the detector decided so, as one phrase; empty when it gave no reasons. */
export function inWords(reasons: Reason[]): string {
  return joined(reasons).map(one).join(t("reason.join"));
}

export const kindName = (kind: string): string => said(`kind.${kind}`, kind);

/** What an alert is called: by what was missed, where its first reason has a name of its own, else by its kind. */
export const alertName = (alert: Pick<Alert, "kind" | "evidence">): string =>
  said(`title.${alert.evidence.reasons[0]?.code ?? ""}`, kindName(alert.kind));

/** How an alert's end may be told: by what ended it, where that says more than that it is over. */
const ENDS = ["active_again", "known_absent", "sensors_back", "calm", "back_inside"];

/** What a stage is called: by how it ended, by what the alert is about, by its kind, or simply by itself. */
export function stageName(stage: string, alert: Pick<Alert, "kind"> & Partial<Pick<Alert, "evidence">>): string {
  const codes = (alert.evidence?.reasons ?? []).map((reason) => reason.code);
  const names = [...codes.filter((code) => ENDS.includes(code)), ...codes.slice(0, 1), alert.kind];
  return names.reduceRight((otherwise, name) => said(`stage.${stage}.${name}`, otherwise), said(`stage.${stage}`, stage));
}

/** The place as far as it is known: the room or unit by name. */
export const placeName = (alert: Alert): string => roomName(alert.place_name ?? alert.unit_name) ?? t("alert.noplace");

/** A bare number is a room's: `204` reads as `Room 204`. */
export function roomName(name: string | null | undefined): string | null {
  if (!name) return null;
  return /^\d+[A-Za-z]?$/.test(name) ? t("person.room", { room: name }) : name;
}

/** `Fall · Chen Guilan` */
export const headline = (alert: Alert): string => `${alertName(alert)} · ${alert.resident.name}`;

/** What it was, in the institution's own word where there is one. */
export const outcomeName = (alert: Alert): string =>
  alert.outcome_local?.[lang.value] ?? said(`outcome.${alert.outcome}`, alert.outcome ?? "");
