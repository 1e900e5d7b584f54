/** The platform at a glance: who is watched, since when it is quiet, which stages work. */

import { signal } from "@preact/signals";
import { driven, heard } from "./clock";
import { get } from "./http";
import type { LivePause } from "./live";
import type { Overview } from "./records";

export const overview = signal<Overview | null>(null);
export const overviewFailed = signal(false);

/** A storm of alerts asks once, not once each. */
const SETTLE_MS = 1_000;
let due: ReturnType<typeof setTimeout> | undefined;

/** Asks soon, for whoever has just heard that something changed. */
export function refreshOverviewSoon(): void {
  due ??= setTimeout(() => {
    due = undefined;
    void refreshOverview();
  }, SETTLE_MS);
}

/** Somebody came to a person, stays longer, or left. */
export function heardPause({ resident, pause }: LivePause): void {
  const known = overview.value;
  if (!known) return; // the answer that is on its way has it
  const others = (known.pauses ?? []).filter((one) => one.resident !== resident);
  overview.value = { ...known, pauses: pause ? [...others, pause] : others };
}

/** Returns whether there was an answer. */
export async function refreshOverview(): Promise<boolean> {
  try {
    const answer = await get<Overview>("/overview");
    driven.value = answer.simulated;
    heard(answer.platform_time);
    overview.value = answer;
    overviewFailed.value = false;
    return true;
  } catch {
    overviewFailed.value = true;
    return false;
  }
}
