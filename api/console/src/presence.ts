/**
 * Says that this console is here and whether it can be heard, at each ping of the live stream: a console whose stream is
 * dead says nothing, and a ward that nobody watches is an alarm (docs/shift.md).
 */

import { effect, signal } from "@preact/signals";
import { post } from "./http";
import { connection } from "./line";
import { cares } from "./session";
import { soundState } from "./sound";

/** How a place that must be watched is watched now. */
export interface Ward {
  place: string;
  name: string;
  staffed: boolean;
  consoles: number;
  armed: number;
  lack: string | null;
  since: string | null;
}

export const wards = signal<Ward[]>([]);

/** Of this page and no other: two of one browser are two consoles. Not `randomUUID`, which plain http does not have. */
const console_ = [...crypto.getRandomValues(new Uint32Array(4))].map((part) => part.toString(36)).join("-").padEnd(8, "0");

export async function sayPresence(): Promise<void> {
  if (!cares()) return;
  try {
    wards.value = (await post<{ wards: Ward[] }>("/presence", { console: console_, sound: soundState() })).wards;
  } catch {
    wards.value = []; // not known any more; the bar of the lost connection says why
  }
}

/** Says at once when the sound is armed or muted, not only at the next ping. */
export function startPresence(): void {
  effect(() => {
    soundState();
    if (connection.value.state === "live") void sayPresence();
  });
}
