/** The alerts this screen knows of: fetched whole at each (re)connection, then kept by the live stream. */

import { computed, signal } from "@preact/signals";
import { nowMs, platformNow } from "./clock";
import { get } from "./http";
import { hangUp, listen, type LiveAlert } from "./live";
import { isOpen, loudest } from "./order";
import { heardPause, overview, refreshOverview, refreshOverviewSoon } from "./overview";
import { sayPresence, wards } from "./presence";
import type { Alert } from "./records";
import { sessionEnded } from "./session";
import { toast } from "./toasts";
import { t } from "./words";

/** How far back handled alerts are listed: one long shift. */
const SHIFT_MS = 12 * 3_600_000;
/** The truth is fetched again this often, so that a fault of the live stream can hide nothing for longer. */
const REFETCH_MS = 60_000;
const RETRY_MS = 3_000;
const LIMIT = 500;

export const alerts = signal<ReadonlyMap<string, Alert>>(new Map());
/** `loading` until the first answer; `failed` while the newest attempt failed. */
export const fetched = signal<{ state: "loading" | "ok" | "failed"; at: number }>({ state: "loading", at: 0 });
/** Alerts that came live, in order, for the announcement to a screen reader and for the sound. */
export const arrival = signal<Alert | null>(null);
/** Ids that came by a live event, with the moment (client ms) at which their card stood in the page; 0: not yet. */
export const cameLive = new Map<string, number>();

export const all = computed(() => [...alerts.value.values()]);
export const open = computed(() => all.value.filter(isOpen));
export const ringing = computed(() => loudest(all.value, all.value.some((one) => one.silent_until_time) ? nowMs.value : 0));
export const handled = computed(() =>
  all.value
    .filter((alert) => !isOpen(alert) && stamp(alert.resolved_time) > platformNow() - SHIFT_MS)
    .sort((a, b) => stamp(b.resolved_time) - stamp(a.resolved_time)),
);

export const stamp = (time: string | null): number => (time ? Date.parse(time) : 0);

/** Takes an alert in if it is newer than what is known; an older answer that comes late changes nothing. */
export function take(alert: Alert): void {
  const known = alerts.value.get(alert.id);
  if (known && known.version > alert.version) return;
  alerts.value = new Map(alerts.value).set(alert.id, alert);
}

let watching = false;
let refetching = false;
/** Asked for while one was on its way: that answer may be older than what made somebody ask. */
let askedMeanwhile = false;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Fetches the whole truth: open alerts of any age and the shift's handled ones. */
export async function refetch(): Promise<void> {
  if (refetching) {
    askedMeanwhile = true;
    return;
  }
  refetching = true;
  clearTimeout(timer);
  try {
    const since = new Date(platformNow() - SHIFT_MS).toISOString();
    const [now, recent] = await Promise.all([
      get<{ alerts: Alert[] }>(`/alerts?status=open&limit=${LIMIT}`),
      get<{ alerts: Alert[] }>(`/alerts?status=all&since=${encodeURIComponent(since)}&limit=${LIMIT}`),
    ]);
    if (watching) replace([...recent.alerts, ...now.alerts]);
    fetched.value = { state: "ok", at: platformNow() };
  } catch {
    fetched.value = { state: "failed", at: fetched.value.at };
  } finally {
    refetching = false;
    const soon = askedMeanwhile ? 0 : fetched.value.state === "ok" ? REFETCH_MS : RETRY_MS;
    askedMeanwhile = false;
    if (watching) timer = setTimeout(() => void refetch(), soon);
  }
  if (watching && fetched.value.state === "ok") void refreshOverview();
}

/** What the platform no longer lists is gone, unless a live event brought something newer meanwhile. */
function replace(listed: Alert[]): void {
  const next = new Map<string, Alert>();
  for (const alert of listed) {
    const known = alerts.value.get(alert.id);
    const newest = known && known.version > alert.version ? known : alert;
    const before = next.get(alert.id);
    if (!before || before.version <= newest.version) next.set(alert.id, newest);
  }
  for (const [id, alert] of alerts.value) {
    if (!next.has(id) && Date.parse(alert.raised_time) > platformNow() - REFETCH_MS) next.set(id, alert);
  }
  alerts.value = next;
}

function onAlert(event: LiveAlert): void {
  const known = alerts.value.has(event.alert.id);
  if (!known && isOpen(event.alert)) {
    cameLive.set(event.alert.id, 0);
    arrival.value = event.alert;
  }
  take(event.alert);
  if (!isOpen(event.alert) || !known) refreshOverviewSoon();
}

/** Everything is fetched anew: what happened while the stream was away came to nobody's screen. */
function onOpen(again: boolean): void {
  void refetch().then(() => {
    if (again && fetched.value.state === "ok") toast(t("live.back"));
  });
}

/** Begins to watch, for the user who just signed in. */
export function startWatching(): void {
  watching = true;
  listen({ onAlert, onPause: heardPause, onOpen, onSignedOut: sessionEnded, onPing: () => void sayPresence() });
  void refetch();
}

/** Forgets everything: another user may not see it. */
export function stopWatching(): void {
  watching = false;
  hangUp();
  clearTimeout(timer);
  alerts.value = new Map();
  cameLive.clear();
  arrival.value = null;
  overview.value = null;
  wards.value = [];
  fetched.value = { state: "loading", at: 0 };
}
