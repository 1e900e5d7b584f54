import assert from "node:assert/strict";
import { test } from "node:test";

// The words remember the language in the browser's storage, and ask the browser for it.
Object.defineProperty(globalThis, "navigator", { value: { language: "en" }, configurable: true });

test("each watch that is on is said with its limit of today, and the others by name", async () => {
  const { everydaySaid } = await import("../../api/console/src/resident/everyday");
  const none = { usual: null, limit: null };
  assert.deepEqual(
    everydaySaid([
      { watch: "not_up", state: "on", usual: 432, limit: 615 },
      { watch: "long_in_bathroom", state: "off", ...none },
      { watch: "not_back_in_bed", state: "off", ...none },
      { watch: "no_meal", state: "on", usual: 160, limit: 262 },
      { watch: "restless_night", state: "learning", ...none },
    ]),
    [
      "not up by 10:15; usually up by 07:12",
      "awake at home for 4.4 h without the kitchen; usually 2.7 h at most",
      "not known yet: Restless night",
      "cannot be told from the sensors here: Long in the bathroom, Out of bed, not back",
    ],
  );
  assert.deepEqual(everydaySaid([]), []);
});
