/** One stream of what arrives at the broker; no state of its own beyond the connection. */

import { Parser } from "../sse";
import type { Arrived } from "./records";

/** The platform says how it is every 3 s. */
const SILENCE_MS = 12_000;

export type EarState = "connecting" | "listening" | "away" | "refused";

export interface Counts {
  heard: number;
  skipped: number;
}

export interface EarHandlers {
  onMessage: (message: Arrived) => void;
  onState: (state: EarState, counts: Counts) => void;
  /** `reason` of the platform; `lost`: the connection broke; `refused`: it did not begin, with the code of why. */
  onEnd: (reason: string, code: string | null, message: string) => void;
}

/** Opens the stream; returns what hangs up. After that nothing is called any more. */
export function hear(topic: string, handlers: EarHandlers): () => void {
  const controller = new AbortController();
  void follow(topic, handlers, controller);
  return () => {
    hungUp.add(controller);
    controller.abort();
  };
}

const hungUp = new WeakSet<AbortController>();

async function follow(topic: string, handlers: EarHandlers, controller: AbortController): Promise<void> {
  let ended = false;
  const end = (reason: string, code: string | null = null, message = ""): void => {
    if (!ended && !hungUp.has(controller)) handlers.onEnd(reason, code, message);
    ended = true;
  };
  let timer = setTimeout(() => controller.abort(), SILENCE_MS);
  try {
    const response = await fetch(`/api/v1/decode/listen?topic=${encodeURIComponent(topic)}`, {
      headers: { Accept: "text/event-stream" },
      signal: controller.signal,
      cache: "no-store",
    });
    if (!response.ok || !response.body) {
      const answer = (await response.json().catch(() => null)) as { error?: { code?: string; message?: string } } | null;
      return end("refused", answer?.error?.code ?? null, answer?.error?.message ?? "");
    }
    const parser = new Parser(({ name, data }) => {
      if (ended || hungUp.has(controller)) return;
      const said = JSON.parse(data) as Arrived & Counts & { state: EarState; reason: string };
      if (name === "message") handlers.onMessage(said);
      else if (name === "ping") handlers.onState(said.state, said);
      else if (name === "end") end(said.reason);
    });
    const reader = response.body.getReader();
    const decoder = new TextDecoder();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      clearTimeout(timer);
      timer = setTimeout(() => controller.abort(), SILENCE_MS);
      parser.feed(decoder.decode(value, { stream: true }));
    }
    end("lost");
  } catch {
    end("lost");
  } finally {
    clearTimeout(timer);
  }
}
