/** Asking again and again, so that a line that died is not filled with questions. */

import { effect, type ReadonlySignal, untracked } from "@preact/signals";

/**
 * Asks now, and again each `everyMs` (0: not again). `ask` resolves to whether there was an answer.
 *
 * A browser opens six connections to a platform. On a dead line each question holds one until it is given up, and the
 * live stream, which would notice that the line is back, stands in the queue behind them. So none is asked before the
 * one before it has ended, nor while the platform is not `reachable`; what is due or went unanswered is asked once it
 * is again. Returns how to end it.
 */
export function repeat(ask: () => Promise<boolean>, everyMs: number, reachable: ReadonlySignal<boolean>): () => void {
  let ended = false;
  let asking = false;
  let answered = false;
  let due = true;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const next = async (): Promise<void> => {
    if (ended || asking || !due || !reachable.peek()) return;
    asking = true;
    answered = due = false;
    clearTimeout(timer);
    if (everyMs) timer = setTimeout(isDue, everyMs);
    answered = await ask();
    asking = false;
    void next();
  };
  const isDue = (): void => {
    due = true;
    void next();
  };
  let was = true;
  const stop = effect(() => {
    const is = reachable.value;
    const isBack = is && !was;
    was = is;
    if (isBack && (everyMs || !answered)) due = true; // what is shown is as old as the line was away
    if (is) untracked(() => void next());
  });
  return () => {
    ended = true;
    clearTimeout(timer);
    stop();
  };
}
