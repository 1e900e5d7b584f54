/** In what order the queue stands, and when it may move. Pure. */

import { nowMs } from "./clock";
import type { Alert, Severity } from "./records";

const LOUDNESS: Record<Severity, number> = { high: 0, medium: 1, low: 2 };

export const isOpen = (alert: Alert): boolean => ["raised", "claimed", "held"].includes(alert.state);

/** Loudest first; among equals those nobody has come before those somebody has, or is with; newest on top. */
export function byLoudness(a: Alert, b: Alert): number {
  return (
    LOUDNESS[a.severity] - LOUDNESS[b.severity] ||
    Number(!calls(a)) - Number(!calls(b)) ||
    Date.parse(b.raised_time) - Date.parse(a.raised_time) ||
    (a.id < b.id ? 1 : -1)
  );
}

export interface Queue {
  /** What is drawn, in order. */
  shown: Alert[];
  /** Came while the list was held: only in the bar. */
  waiting: Alert[];
}

/**
 * Returns the queue. `held` is the order that was on the screen when the pointer or the keyboard's focus came into the
 * list, or null. A held list changes in place but nothing moves: alerts that came since wait in the bar, and those that
 * closed keep their place until the list is let go.
 */
export function arrange(alerts: Alert[], held: string[] | null): Queue {
  const open = alerts.filter(isOpen).sort(byLoudness);
  if (held === null) return { shown: open, waiting: [] };
  const byId = new Map(alerts.map((alert) => [alert.id, alert]));
  const shown = held.map((id) => byId.get(id)).filter((alert): alert is Alert => alert !== undefined);
  const known = new Set(held);
  return { shown, waiting: open.filter((alert) => !known.has(alert.id)) };
}

/** Whether an alert that nobody has waits to ring, since somebody is with the resident. */
export const waits = (alert: Alert, now: number): boolean =>
  alert.state === "raised" && !!alert.silent_until_time && Date.parse(alert.silent_until_time) > now;

/** Whether somebody is to come at once. */
const calls = (alert: Alert): boolean => alert.state === "raised" && !waits(alert, nowMs.peek());

/** The loudest alert that nobody has claimed yet, or null. */
export function loudest(alerts: Alert[], now: number): Alert | null {
  return alerts.filter((alert) => alert.state === "raised" && !waits(alert, now)).sort(byLoudness)[0] ?? null;
}
