/** The arithmetic of a day by the minute. Pure. */

import type { Minute } from "../records";

const MINUTE_MS = 60_000;
/** Mean abs(|a|-1) of a wrist at rest stays below this, g: the noise of the wearable and the pulse. */
export const STILL_G = 0.015;
/** From here on somebody walks or works with the hands, g. */
export const ACTIVE_G = 0.06;

export type Level = "none" | "still" | "light" | "active";

export function level(activity: number | null): Level {
  if (activity === null) return "none";
  if (activity < STILL_G) return "still";
  return activity < ACTIVE_G ? "light" : "active";
}

/** The stretches of minutes that fit, as [from, to) in ms. */
export function runsOf(minutes: Minute[], fits: (minute: Minute) => boolean): [number, number][] {
  const runs: [number, number][] = [];
  for (const minute of minutes) {
    if (!fits(minute)) continue;
    const at = Date.parse(minute.t);
    const last = runs[runs.length - 1];
    if (last && last[1] === at) last[1] = at + MINUTE_MS;
    else runs.push([at, at + MINUTE_MS]);
  }
  return runs;
}

/** Minutes worn, without data, and moving. */
export function summaryOf(minutes: Minute[]): { worn: number; missing: number; moving: number } {
  return {
    worn: minutes.filter((minute) => minute.worn === true).length,
    missing: minutes.filter((minute) => minute.activity === null).length,
    moving: minutes.filter((minute) => level(minute.activity) === "active").length,
  };
}
