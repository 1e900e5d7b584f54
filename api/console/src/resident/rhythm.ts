/** What is to be said of how far a home's own rhythm is known. Pure. */

import type { RhythmKnown } from "../records";

export interface RhythmSaid {
  key: "rhythm.learning" | "rhythm.rebuilding";
  fill: { day: number; of: number };
}

/** Returns null when there is nothing to say: it is known, or not judged. The first day is day 1. */
export function rhythmSaid(known: RhythmKnown | null): RhythmSaid | null {
  if (!known || known.state === "learnt") return null;
  const fill = { day: Math.min(known.days + 1, known.of_days), of: known.of_days };
  return { key: known.state === "learning" ? "rhythm.learning" : "rhythm.rebuilding", fill };
}
