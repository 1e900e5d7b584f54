/** What a person does with a shift. Nothing is shown as done before the platform said so. */

import { signal } from "@preact/signals";
import { post, Refused } from "../http";
import { said, t } from "../words";
import type { ShiftNow } from "./records";

/** The press on its way. */
export const busy = signal(false);
/** Why the last one was not done, until the next press. */
export const refusal = signal<string | null>(null);

/** What happened, whether anything was lost. */
export function why(error: Refused): string {
  if (error.kind === "unreachable") return t("action.unreachable");
  return said(`shift.refused.${error.code}`, t("shift.refused.other"));
}

/** Returns the page as it is then, null where it was refused. */
export async function act<T = ShiftNow>(path: string, body: unknown): Promise<T | null> {
  if (busy.value) return null;
  busy.value = true;
  refusal.value = null;
  try {
    return await post<T>(path, body);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    refusal.value = why(error);
    return null;
  } finally {
    busy.value = false;
  }
}
