import assert from "node:assert/strict";
import { test } from "node:test";
import type { RhythmKnown } from "../../api/console/src/records";
import { rhythmSaid } from "../../api/console/src/resident/rhythm";

const known = (state: RhythmKnown["state"], days: number): RhythmKnown => ({
  state,
  days,
  of_days: 7,
  since: "2026-11-20T00:00:00Z",
});

test("the first day of learning is day 1, and no day is beyond the last", () => {
  const day = (days: number): number | undefined => rhythmSaid(known("learning", days))?.fill.day;
  assert.deepEqual([day(0), day(2), day(9)], [1, 3, 7]);
});

test("a rhythm that is read again is said, and one that is known or not judged is not", () => {
  assert.equal(rhythmSaid(known("rebuilding", 0))?.key, "rhythm.rebuilding");
  assert.equal(rhythmSaid(known("learning", 0))?.key, "rhythm.learning");
  assert.equal(rhythmSaid(known("learnt", 60)), null);
  assert.equal(rhythmSaid(null), null);
});
