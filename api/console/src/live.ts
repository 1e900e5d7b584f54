/**
 * The live stream: server-sent events read with fetch, since EventSource neither notices silence nor says why it failed.
 * A stream that is silent for longer than two pings is dead, whatever TCP believes.
 */

import { heard } from "./clock";
import { connection, isStale } from "./line";
import type { Alert, Pause, Step } from "./records";
import { Parser, type ServerEvent } from "./sse";

/** The server pings every 10 s; two missed and some slack. */
const SILENCE_MS = 25_000;
/** To open it takes no longer than any call: an attempt on a line that died must not hold up the next one. */
const OPEN_MS = 10_000;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 8_000;

export interface LiveAlert {
  seq: number;
  alert: Alert;
  step?: Step;
}

/** Who is with a person now; null: nobody. */
export interface LivePause {
  resident: string;
  pause: Pause | null;
}

export interface Handlers {
  onAlert: (event: LiveAlert) => void;
  onPause: (event: LivePause) => void;
  /** The stream stands: what was missed must be fetched. `again`: it had been lost, and people saw that. */
  onOpen: (again: boolean) => void;
  onSignedOut: () => void;
  /** The platform was heard: at the opening, and every 10 s. */
  onPing: () => void;
}

let lastId = "";
let stop: (() => void) | null = null;
let retryNow: () => void = () => undefined;

/** Opens the stream and keeps it open until `hangUp`. */
export function listen(handlers: Handlers): void {
  hangUp();
  const controller = new AbortController();
  stop = () => controller.abort();
  connection.value = { state: "connecting", since: Date.now() };
  void keepOpen(handlers, controller.signal);
}

export function hangUp(): void {
  stop?.();
  stop = null;
}

addEventListener("online", () => retryNow());
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) retryNow();
});

async function keepOpen(handlers: Handlers, ended: AbortSignal): Promise<void> {
  let wait = FIRST_WAIT_MS;
  while (!ended.aborted) {
    const opened = await readOnce(handlers, ended);
    if (ended.aborted) return;
    wait = opened ? FIRST_WAIT_MS : Math.min(wait * 2, LONGEST_WAIT_MS);
    if (connection.value.state !== "lost") connection.value = { state: "lost", since: Date.now() };
    await pause(wait);
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    retryNow = () => {
      clearTimeout(timer);
      resolve();
    };
  });
}

/** Reads one connection to its end; returns whether it ever opened. */
async function readOnce(handlers: Handlers, ended: AbortSignal): Promise<boolean> {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  ended.addEventListener("abort", abort);
  let timer = setTimeout(abort, OPEN_MS);
  let opened = false;
  try {
    const headers: Record<string, string> = { Accept: "text/event-stream" };
    if (lastId) headers["Last-Event-ID"] = lastId;
    const response = await fetch("/api/v1/events", { headers, signal: controller.signal, cache: "no-store" });
    if (response.status === 401) handlers.onSignedOut();
    if (!response.ok || !response.body) return false;
    opened = true;
    clearTimeout(timer);
    timer = setTimeout(abort, SILENCE_MS);
    const again = isStale();
    connection.value = { state: "live", since: Date.now() };
    handlers.onOpen(again);
    const reader = response.body.getReader();
    const decoder = new TextDecoder();
    const parser = new Parser((event) => dispatch(event, handlers));
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return opened;
      clearTimeout(timer);
      timer = setTimeout(abort, SILENCE_MS);
      parser.feed(decoder.decode(value, { stream: true }));
    }
  } catch {
    return opened;
  } finally {
    clearTimeout(timer);
    ended.removeEventListener("abort", abort);
  }
}

function dispatch(event: ServerEvent, handlers: Handlers): void {
  if (event.id) lastId = event.id;
  let data: unknown;
  try {
    data = JSON.parse(event.data);
  } catch {
    return; // A broken event must not end the stream; the minute's refetch repairs what it said.
  }
  if (event.name === "alert") return handlers.onAlert(data as LiveAlert);
  if (event.name === "pause") return handlers.onPause(data as LivePause);
  const { platform_time, sees } = data as { platform_time?: string; sees?: boolean };
  heard(platform_time);
  if (event.name !== "ping") return;
  handlers.onPing();
  const state = sees === false ? "blind" : "live";
  if (connection.value.state !== state) {
    connection.value = { state, since: Date.now() };
    if (state === "live") handlers.onOpen(true);
  }
}
