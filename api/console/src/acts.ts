/**
 * What a person does to an alert. Nothing is shown as done before the platform said so: while a press is on its way the
 * button says "sending", and a refusal stands in the alert until the next press.
 */

import { signal } from "@preact/signals";
import { alerts, open, stamp, take } from "./alerts";
import { platformNow } from "./clock";
import { post, Refused } from "./http";
import { byLoudness } from "./order";
import { headline } from "./reasons";
import type { Alert, Outcome } from "./records";
import { isOwned } from "./desk/until";
import { user } from "./session";
import { toast } from "./toasts";
import { lang, t } from "./words";
import { moment } from "./when";

export type Verb = "claim" | "extend" | "hold" | "release" | "resolve" | "reopen" | "note";

/** The press on its way, or null. One at a time. */
export const busy = signal<{ id: string; verb: Verb } | null>(null);
/** The last refusal, shown in that alert. */
export const refusal = signal<{ id: string; text: string } | null>(null);
/** The alert whose resolve form is open, or null. */
export const resolving = signal<string | null>(null);
/** The alert whose hold form is open, or null. */
export const holding = signal<string | null>(null);
/** The alert whose note form is open, or null. */
export const noting = signal<string | null>(null);

export const isMine = (name: string | null): boolean =>
  name !== null && (name === user.value?.name || name === user.value?.display_name);

async function act(alert: Alert, verb: Verb, body: unknown = {}): Promise<boolean> {
  if (busy.value) return false;
  busy.value = { id: alert.id, verb };
  refusal.value = null;
  try {
    take(await post<Alert>(`/alerts/${encodeURIComponent(alert.id)}/${verb}`, body));
    return true;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    if (error.alert) take(error.alert);
    refusal.value = { id: alert.id, text: why(error) };
    return false;
  } finally {
    busy.value = null;
  }
}

/** Says what happened, whether anything was lost, and the next step. */
function why(error: Refused): string {
  const now = error.alert;
  const when = (time: string | null): string => moment(stamp(time), platformNow(), lang.value);
  switch (error.kind) {
    case "conflict":
      if (now && isOwned(now) && now.claimed_by) {
        if (isMine(now.claimed_by)) return t("action.conflict.you", { time: when(now.claimed_time) });
        return t("action.conflict", { name: now.claimed_by, time: when(now.claimed_time) });
      }
      if (now?.resolved_by && now.state !== "raised") {
        return t("action.conflict.resolved", { name: now.resolved_by, time: when(now.resolved_time) });
      }
      return t("action.conflict.other", { message: error.message });
    case "unreachable":
      return t("action.unreachable");
    case "missing":
      return t("action.missing");
    case "malformed":
      return t("action.conflict.other", { message: error.message });
    case "signed-out":
      return t("action.signedout");
    default:
      return t("action.broken");
  }
}

/** The alert as it stands when an undo is pressed, seconds later. */
const fresh = (alert: Alert): Alert => alerts.value.get(alert.id) ?? alert;

export async function claim(alert: Alert): Promise<void> {
  if (await act(alert, "claim")) {
    toast(t("action.claim.done", { what: headline(alert) }), () => void release(fresh(alert)));
  }
}

export async function release(alert: Alert): Promise<void> {
  if (await act(alert, "release")) toast(t("action.release.done"));
}

/** Still on it: the platform gives the claim as long again. */
export async function extend(alert: Alert): Promise<void> {
  if (await act(alert, "extend")) {
    toast(t("action.extend.done", { time: moment(stamp(fresh(alert).due_time ?? null), platformNow(), lang.value) }));
  }
}

export async function hold(alert: Alert, minutes: number): Promise<void> {
  const until = new Date(platformNow() + minutes * 60_000).toISOString();
  if (await act(alert, "hold", { until })) {
    holding.value = null;
    toast(t("action.hold.done", { time: moment(Date.parse(until), platformNow(), lang.value) }));
  }
}

export async function resolve(alert: Alert, outcome: Outcome, local: string | null, note: string): Promise<void> {
  if (await act(alert, "resolve", { outcome, ...(local && { local }), ...(note && { note }) })) {
    resolving.value = null;
    toast(t("action.resolve.done", { what: headline(alert) }), () => void reopen(fresh(alert)));
  }
}

export async function reopen(alert: Alert): Promise<void> {
  if (await act(alert, "reopen")) toast(t("action.reopen.done"));
}

export async function addNote(alert: Alert, note: string): Promise<boolean> {
  const done = await act(alert, "note", { note });
  if (done) toast(t("action.note.done"));
  return done;
}

/** The next alert that asks for somebody, after this one was handled. */
export function nextAfter(id: string): Alert | null {
  return open.value.filter((alert) => alert.id !== id && alert.state === "raised").sort(byLoudness)[0] ?? null;
}
