/** Until when somebody has an alert, and how long one may hold. Pure, but for words; the platform decides. */

import type { Alert, Severity } from "../records";

const MINUTE = 60_000;

/** Minutes that are offered; the last is the longest that the platform allows (alerts/deadlines.py). */
export const HOLDS: Record<Severity, number[]> = {
  high: [10, 20, 30],
  medium: [30, 60, 120],
  low: [60, 240, 720],
};
/** So long after it a fall is one that somebody may be lying in. */
const FRESH_MS = 10 * MINUTE;
/** The owner is asked when so little is left: time to press, and to come back to the screen. */
const ASK_MS = 2 * MINUTE;

export const isOwned = (alert: Alert): boolean => alert.state === "claimed" || alert.state === "held";

/** Whether an alert that nobody has may be held at once: not a call for help, nor a fall or fire of these minutes. */
export function mayHold(alert: Alert, now: number): boolean {
  if (alert.kind === "sos" || (alert.sources ?? []).some((one) => one.kind === "sos")) return false;
  const latest = Math.max(Date.parse(alert.last_event_time ?? alert.event_time), Date.parse(alert.raised_time));
  return !["fall", "smoke", "gas"].includes(alert.kind) || alert.stage !== "confirmed" || now - latest >= FRESH_MS;
}

/** Milliseconds until an owned alert is raised again; null where nobody has it, or an older platform does not say. */
export function leftMs(alert: Alert, now: number): number | null {
  return isOwned(alert) && alert.due_time ? Date.parse(alert.due_time) - now : null;
}

/** Whether its owner must be asked now. */
export function asks(alert: Alert, now: number): boolean {
  const left = leftMs(alert, now);
  return left !== null && left <= ASK_MS;
}
