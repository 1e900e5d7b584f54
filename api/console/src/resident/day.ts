/** The arithmetic of a day by the minute. Pure. */

import type { Day, Minute } from "../records";

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

const HOUR_MINUTES = 60;

/** Whether all that is known fits the last hour: then a day's strip would be nothing but a grey field. */
export function isYoung(day: Day): boolean {
  return !day.minutes.slice(0, -HOUR_MINUTES).some((minute) => minute.activity !== null);
}

/** The last hour of a day. */
export function lastHour(day: Day): Day {
  const start = Date.parse(day.end) - HOUR_MINUTES * MINUTE_MS;
  return {
    start: new Date(start).toISOString(),
    end: day.end,
    minutes: day.minutes.filter((minute) => Date.parse(minute.t) >= start),
    alerts: day.alerts.filter((alert) => Date.parse(alert.event_time) >= start),
  };
}
