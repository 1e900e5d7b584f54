import assert from "node:assert/strict";
import { test } from "node:test";
import { tellings } from "../../api/console/src/desk/stages";
import type { Step } from "../../api/console/src/records";

const alert = { event_time: "2026-11-23T02:14:00Z", kind: "fall" };
const step = (kind: string, at: string, data: Record<string, unknown> = {}): Step => ({
  kind,
  at: `2026-11-23T${at}Z`,
  actor: "platform",
  data,
});

test("each stage stands at the seconds after the event at which it was first told", () => {
  const steps = [
    step("raised", "02:14:01.500", { stage: "possible" }),
    step("staged", "02:14:02.700", { stage: "confirmed" }),
    step("claimed", "02:14:30"),
    step("staged", "02:14:45", { stage: "recovered" }),
    step("staged", "02:14:50", { stage: "confirmed" }),
  ];
  assert.deepEqual(tellings(alert, steps), [
    { stage: "possible", at: 1.5 },
    { stage: "confirmed", at: 2.7 },
    { stage: "recovered", at: 45 },
  ]);
});

test("a further telling within a stage is no stage", () => {
  const steps = [
    step("raised", "02:14:02", { stage: "confirmed" }),
    step("staged", "02:14:20", { stage: "confirmed", update: 1 }),
  ];
  assert.deepEqual(tellings(alert, steps), [{ stage: "confirmed", at: 2 }]);
});

test("what was told hours late has no seconds, and an old history was raised by a confirmed finding", () => {
  assert.deepEqual(tellings(alert, [step("raised", "05:14:02")]), [{ stage: "confirmed", at: null }]);
  assert.deepEqual(tellings(alert, []), []);
});
