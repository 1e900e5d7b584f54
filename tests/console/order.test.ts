import assert from "node:assert/strict";
import { test } from "node:test";
import { arrange, byLoudness, loudest } from "../../api/console/src/order";
import type { Alert } from "../../api/console/src/records";

function alert(id: string, severity: string, state: string, raised: string): Alert {
  return { id, severity, state, raised_time: `2026-11-23T${raised}:00Z` } as Alert;
}

const low = alert("low", "low", "raised", "02:30");
const older = alert("older", "high", "raised", "02:00");
const newer = alert("newer", "high", "raised", "02:10");
const claimed = alert("claimed", "high", "claimed", "02:20");
const done = alert("done", "high", "resolved", "02:25");

const ids = (alerts: Alert[]): string[] => alerts.map((one) => one.id);

test("the loudest stands first, the newest on top, and what somebody has after what nobody has", () => {
  assert.deepEqual(ids([low, older, claimed, newer].sort(byLoudness)), ["newer", "older", "claimed", "low"]);
});

test("only open alerts stand in the queue", () => {
  assert.deepEqual(ids(arrange([done, older, low], null).shown), ["older", "low"]);
});

test("a held list does not move: what comes waits in the bar", () => {
  const { shown, waiting } = arrange([older, low, newer], ["older", "low"]);
  assert.deepEqual(ids(shown), ["older", "low"]);
  assert.deepEqual(ids(waiting), ["newer"]);
});

test("in a held list an alert that was resolved keeps its place", () => {
  assert.deepEqual(ids(arrange([done, older], ["older", "done"]).shown), ["older", "done"]);
});

test("what nobody has claimed rings, the loudest of it", () => {
  assert.equal(loudest([low, claimed, older], 0)?.id, "older");
  assert.equal(loudest([claimed, done], 0), null);
});

test("what waits since somebody is there rings nobody, until its time has come", () => {
  const resting = { ...older, id: "resting", silent_until_time: "2026-11-23T08:01:00Z" };
  const at = Date.parse("2026-11-23T08:00:30Z");
  assert.equal(loudest([resting], at), null);
  assert.equal(loudest([resting], at + 30_000)?.id, "resting");
});
