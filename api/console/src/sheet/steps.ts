/** What is to be done for an alert, out of what the resident's sheet, the places above and general advice say. */

import { said } from "../words";
import type { Scripts, Sheet } from "./records";

export interface Script {
  /** Whose word it is: the resident's own, a place's (its name), or general advice. */
  from: "own" | "place" | "advice";
  place?: string;
  steps: string[];
}

/** The lines of a script; a number or dash that somebody wrote before a step is left to the list. */
export const stepsOf = (text: string): string[] =>
  text
    .split("\n")
    .map((line) => line.replace(/^\s*(?:\d+[.)）、．]|[-•*])\s*/, "").trim())
    .filter(Boolean);

const lines = (scripts: Scripts, kind: string): string[] => [
  ...stepsOf(scripts[kind] ?? ""),
  ...(kind === "any" ? [] : stepsOf(scripts["any"] ?? "")),
];

/**
 * The resident's own first, then the nearest place that says something of this kind. Only where neither does, general
 * advice: a centre's rule may say otherwise, and two lists beside each other are read by nobody.
 */
export function scriptsFor(sheet: Sheet, kind: string): Script[] {
  const own = lines(sheet.scripts, kind);
  const found: Script[] = own.length ? [{ from: "own", steps: own }] : [];
  const place = sheet.places.find((one) => lines(one.scripts, kind).length > 0);
  if (place) found.push({ from: "place", place: place.name, steps: lines(place.scripts, kind) });
  if (found.length) return found;
  const advice = stepsOf(said(`advice.${kind}`, ""));
  return advice.length ? [{ from: "advice", steps: advice }] : [];
}

/** What a telephone is given to dial: without the spaces people read by. */
export const dialled = (phone: string): string => `tel:${phone.replace(/[ ().\/-]/g, "")}`;
