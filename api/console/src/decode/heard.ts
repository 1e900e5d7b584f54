/** What was heard, as a list that does not move under the hand. Pure. */

import type { Read } from "./records";
import { isQuiet } from "./say";

/** Kept on the screen; older ones go. */
export const MOST_KEPT = 200;

export interface Heard {
  /** Newest first. */
  shown: Read[];
  /** Came while the list was held; newest first. */
  waiting: Read[];
}

export const NOTHING: Heard = { shown: [], waiting: [] };

export function heardMore(now: Heard, read: Read, held: boolean): Heard {
  if (held) return { ...now, waiting: [read, ...now.waiting].slice(0, MOST_KEPT) };
  return { shown: [read, ...now.waiting, ...now.shown].slice(0, MOST_KEPT), waiting: [] };
}

export const letIn = (now: Heard): Heard => ({ shown: [...now.waiting, ...now.shown].slice(0, MOST_KEPT), waiting: [] });

export const visible = (reads: Read[], withoutQuiet: boolean): Read[] => (withoutQuiet ? reads.filter((one) => !isQuiet(one.said)) : reads);
