/** Closing what was looked at. Closed is for good, so it is sent only when it can no longer be taken back here. */

import { signal } from "@preact/signals";
import { post, Refused } from "../http";
import { toast } from "../toasts";
import { t } from "../words";
import type { Closed } from "./records";

/** As long as a toast offers a way back (toasts.ts). */
const UNDO_MS = 8_000;
/** The API takes so many at once. */
const MOST = 200;

/** Gone from the list: what waits to be sent, and what was. */
export const gone = signal<ReadonlySet<string>>(new Set());
/** Rises with each answer of the platform: the list is asked anew. */
export const answered = signal(0);

const waiting = new Map<number, { ids: string[]; timer: ReturnType<typeof setTimeout> }>();
let next = 1;

const back = (ids: string[]): void => {
  gone.value = new Set([...gone.value].filter((id) => !ids.includes(id)));
};

/** Takes alerts off the list now, and closes them in some seconds unless somebody takes it back. */
export function close(ids: string[]): void {
  if (!ids.length) return;
  const number = next++;
  gone.value = new Set([...gone.value, ...ids]);
  waiting.set(number, { ids, timer: setTimeout(() => void send(number), UNDO_MS) });
  toast(ids.length === 1 ? t("review.closed.one") : t("review.closed.many", { n: ids.length }), () => {
    const taken = waiting.get(number);
    if (!taken) return;
    clearTimeout(taken.timer);
    waiting.delete(number);
    back(ids);
  });
}

async function send(number: number): Promise<void> {
  const { ids, timer } = waiting.get(number) ?? { ids: [] };
  clearTimeout(timer);
  waiting.delete(number);
  for (let at = 0; at < ids.length; at += MOST) await sent(ids.slice(at, at + MOST));
  answered.value += 1;
}

async function sent(ids: string[]): Promise<void> {
  try {
    const { refused } = await post<Closed>("/review/close", { alerts: ids });
    if (!refused.length) return;
    back(refused.map((one) => one.alert));
    const why = [...new Set(refused.map((one) => one.error.message))].join(" ");
    toast(t("review.close.refused", { n: refused.length, why }));
  } catch (error) {
    back(ids);
    const lost = error instanceof Refused && error.kind !== "unreachable";
    toast(lost ? t("review.close.failed", { message: (error as Refused).message }) : t("review.close.unreachable"));
  }
}

/** Closes at once what still waits: another page of the console is opened. */
export function flush(): void {
  for (const number of [...waiting.keys()]) void send(number);
}

/** The same as the browser leaves: what is sent so goes out after the page is gone, and nobody reads the answer. */
export function flushLeaving(): void {
  for (const [number, { ids, timer }] of [...waiting]) {
    clearTimeout(timer);
    waiting.delete(number);
    for (let at = 0; at < ids.length; at += MOST) {
      const body = JSON.stringify({ alerts: ids.slice(at, at + MOST) });
      navigator.sendBeacon("/api/v1/review/close", new Blob([body], { type: "application/json" }));
    }
  }
}
