/** What people do to a resident's settings. Nothing is shown as done before the platform said so. */

import { signal } from "@preact/signals";
import { platformNow } from "../../clock";
import { call, Refused } from "../../http";
import type { Absence } from "./records";
import { toast } from "../../toasts";
import { said, t } from "../../words";

/** A press is on its way. */
export const sending = signal(false);
/** Rises with every change that was made: whoever shows settings asks again. */
export const changed = signal(0);

export interface Entered {
  start?: string;
  until: string | null;
  note: string | null;
}

export const at = (resident: string): string => `/residents/${encodeURIComponent(resident)}`;
const one = (resident: string, id: string): string => `${at(resident)}/absences/${encodeURIComponent(id)}`;

/** How long after its beginning an absence can be set (store/absences.py), less a minute for the way there. */
const TOLD_LATE_MS = 7 * 86_400_000 - 60_000;

/** What sets a removed absence once more: one that began long ago, from as early as can be set. */
function again(was: Absence): Entered {
  const earliest = platformNow() - TOLD_LATE_MS;
  const start = Date.parse(was.start) < earliest ? new Date(earliest).toISOString() : was.start;
  return { start, until: was.until, note: was.note };
}

/** Says what happened, whether anything was lost, and the next step. */
export function why(error: Refused): string {
  if (error.kind === "conflict" || error.kind === "malformed" || error.kind === "missing")
    return t("settings.refused", { message: said(`settings.refused.${error.code}`, error.message) });
  if (error.kind === "forbidden") return t("settings.notallowed");
  if (error.kind === "unreachable") return t("settings.unreachable");
  if (error.kind === "signed-out") return t("action.signedout");
  return t("settings.broken");
}

/** Does it; returns the words of a refusal, null when it was done. One at a time. */
export async function act(work: () => Promise<void>, saidOf: (error: Refused) => string = why): Promise<string | null> {
  if (sending.value) return t("action.busy");
  sending.value = true;
  try {
    await work();
    return null;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return saidOf(error);
  } finally {
    sending.value = false;
    changed.value++;
  }
}

/** As `act`, for an undo: a refusal is a message of its own. */
export async function undo(work: () => Promise<void>, saidOf?: (error: Refused) => string): Promise<void> {
  toast((await act(work, saidOf)) ?? t("settings.undone"));
}

/** Sets the zone; `was` is drawn again by an undo. */
export const saveZone = (resident: string, corners: [number, number][], was: [number, number][]): Promise<string | null> =>
  act(async () => {
    const put = (which: [number, number][]): Promise<void> => call("PUT", `${at(resident)}/zone`, { corners: which });
    await put(corners);
    toast(t(corners.length ? "zone.saved" : "zone.gone"), () => void undo(() => put(was)));
  });

export const plan = (resident: string, entered: Entered): Promise<string | null> =>
  act(async () => {
    const made = await call<Absence>("POST", `${at(resident)}/absences`, entered);
    toast(t("absence.set.done"), () => void undo(() => call("DELETE", one(resident, made.id))));
  });

export const replan = (resident: string, was: Absence, entered: Entered): Promise<string | null> =>
  act(async () => {
    await call("PATCH", one(resident, was.id), entered);
    const back = { ...(entered.start ? { start: was.start } : {}), until: was.until, note: was.note };
    const undone = async (): Promise<void> => {
      if (!entered.start || Date.parse(entered.start) > platformNow()) return call("PATCH", one(resident, was.id), back);
      // What has begun keeps its beginning: it is removed, and set as it was.
      await call("DELETE", one(resident, was.id));
      await call("POST", `${at(resident)}/absences`, again(was));
    };
    toast(t("absence.changed.done"), () => void undo(undone));
  });

export const back = (resident: string, was: Absence): Promise<string | null> =>
  act(async () => {
    await call("POST", `${one(resident, was.id)}/end`, {});
    toast(t("absence.back.done"), () => void undo(() => call("PATCH", one(resident, was.id), { until: was.until })));
  });

export const still = (resident: string, was: Absence): Promise<string | null> =>
  act(async () => {
    await call("POST", `${one(resident, was.id)}/still`, {});
    toast(t("absence.still.done"));
  });

export const withdraw = (resident: string, was: Absence): Promise<string | null> =>
  act(async () => {
    await call("DELETE", one(resident, was.id));
    toast(t("absence.withdrawn.done"), () => void undo(() => call("POST", `${at(resident)}/absences`, again(was))));
  });
