/** Whether the platform is heard: what the live stream (live.ts) and the calls know of the line to it. */

import { computed, signal } from "@preact/signals";
import { answered } from "./http";

export interface Connection {
  /** `blind`: the stream stands, but the platform behind it cannot read its database. */
  state: "connecting" | "live" | "lost" | "blind";
  /** When this state began, ms of the client's own clock (the platform's cannot be heard while lost). */
  since: number;
}

/** Whether what is on the screen may be old. */
export const isStale = (): boolean => connection.value.state === "lost" || connection.value.state === "blind";

export const connection = signal<Connection>({ state: "connecting", since: Date.now() });

/** Whether a question has a chance: the stream stands, or calls get through all the same. */
export const reachable = computed(() => connection.value.state !== "lost" || answered.value);
