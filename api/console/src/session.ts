/** Who is signed in. */

import { signal } from "@preact/signals";
import { call, get, post } from "./http";
import type { User } from "./records";

/** `undefined`: not known yet; null: nobody. */
export const user = signal<User | null | undefined>(undefined);
/** The session ended while somebody was working: the sign-in page says so. */
export const ended = signal(false);

const is = (...roles: string[]): boolean => (user.value?.grants ?? []).some((one) => roles.includes(one.role));

/** Whether whoever is signed in answers for others somewhere; where, the platform checks anyway. */
export const inCharge = (): boolean => is("administrator", "manager", "nurse_in_charge");
/** Whether whoever is signed in goes when it rings, somewhere. */
export const cares = (): boolean => is("administrator", "manager", "nurse_in_charge", "carer");
/** Whether one is more than family: places and devices are theirs to see. */
export const worksHere = (): boolean => is("administrator", "manager", "nurse_in_charge", "carer", "technician");
/** Whether whoever is signed in makes devices work: what these say is theirs to read. */
export const readsDevices = (): boolean => is("administrator", "technician");
export const managesAccounts = (): boolean => is("administrator");
export const readsLog = (): boolean => is("administrator", "manager");

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
