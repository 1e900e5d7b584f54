/** When each stage of what was found was told, from the alert's history. Pure. */

import type { Alert, Step } from "../records";

export interface Telling {
  stage: string;
  /** Seconds after the event; null when it was told so late that the number says nothing. */
  at: number | null;
}

/** Told later than this it was on its way for long (a watch out of reach), and seconds say nothing about a fall. */
const LATE_S = 3600;

/**
 * The stages in the order in which they were told, each once: the first time counts. An alert raised before its
 * history kept the stage was raised by a confirmed finding.
 */
export function tellings(alert: Pick<Alert, "event_time" | "kind">, steps: Step[]): Telling[] {
  const told = new Map<string, Telling>();
  for (const step of steps) {
    if (step.kind !== "raised" && step.kind !== "staged") continue;
    const stage = step.data.stage ?? (step.kind === "raised" ? "confirmed" : null);
    if (typeof stage !== "string" || step.data.update) continue;
    const at = (Date.parse(step.at) - Date.parse(alert.event_time)) / 1000;
    if (!told.has(stage)) told.set(stage, { stage, at: at >= 0 && at < LATE_S ? at : null });
  }
  return [...told.values()];
}
