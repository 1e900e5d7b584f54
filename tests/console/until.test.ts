import assert from "node:assert/strict";
import { test } from "node:test";
import { asks, leftMs, mayHold } from "../../api/console/src/desk/until";
import { isOpen } from "../../api/console/src/order";
import type { Alert } from "../../api/console/src/records";

const AT = "2026-11-23T08:00:00Z";
const NOW = Date.parse(AT);
const MINUTE = 60_000;
const fall = { kind: "fall", stage: "confirmed", state: "raised", event_time: AT, raised_time: AT } as Alert;
const later = (minutes: number): string => new Date(NOW + minutes * MINUTE).toISOString();

test("a fresh fall and a call for help are not held by who has not claimed them", () => {
  assert.equal(mayHold(fall, NOW + 9 * MINUTE), false);
  assert.equal(mayHold(fall, NOW + 10 * MINUTE), true);
  assert.equal(mayHold({ ...fall, stage: "recovered" }, NOW), true);
  assert.equal(mayHold({ ...fall, kind: "smoke" }, NOW), false);
  assert.equal(mayHold({ ...fall, kind: "inactivity" }, NOW), true);
  for (const kind of ["sos", "fall"]) {
    const sos = { ...fall, kind, sources: [{ kind: "sos" }] } as Alert;
    assert.equal(mayHold(sos, NOW + 60 * MINUTE), false);
  }
});

test("an owner is asked two minutes before the time is over, and nobody where nobody has it", () => {
  const mine = { ...fall, state: "claimed", due_time: later(10) } as Alert;
  assert.equal(leftMs(mine, NOW), 10 * MINUTE);
  assert.equal(asks(mine, NOW + 7 * MINUTE), false);
  assert.equal(asks(mine, NOW + 8 * MINUTE), true);
  assert.equal(asks({ ...mine, state: "raised" }, NOW + 9 * MINUTE), false);
  assert.equal(asks({ ...mine, due_time: undefined }, NOW + 9 * MINUTE), false);
});

test("what is held is open", () => {
  assert.equal(isOpen({ ...fall, state: "held" }), true);
});
