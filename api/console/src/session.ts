/** Who is signed in. */

import { signal } from "@preact/signals";
import { call, get, post } from "./http";
import type { User } from "./records";

/** `undefined`: not known yet; null: nobody. */
export const user = signal<User | null | undefined>(undefined);
/** The session ended while somebody was working: the sign-in page says so. */
export const ended = signal(false);

/** Whether whoever is signed in may set up and change settings; the platform checks it anyway. */
export const inCharge = (): boolean => user.value?.role === "administrator";

/** Asks the platform whose session this browser has. */
export async function findSession(): Promise<void> {
  try {
    user.value = (await get<{ user: User }>("/session")).user;
  } catch {
    user.value = null;
  }
}

/** Throws Refused. */
export async function signIn(name: string, password: string): Promise<void> {
  user.value = (await post<{ user: User }>("/session", { user: name, password })).user;
  ended.value = false;
}

export async function signOut(): Promise<void> {
  await call("DELETE", "/session").catch(() => undefined);
  user.value = null;
  ended.value = false;
}

export function sessionEnded(): void {
  if (user.value) ended.value = true;
  user.value = null;
}
