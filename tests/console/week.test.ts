import assert from "node:assert/strict";
import { test } from "node:test";
import { bounds, fullness, runs, upAtNight, type WeekDay } from "../../api/console/src/resident/week";


test("what somebody wears goes before what stands at home; without either nothing is known", () => {
  assert.equal(fullness(0, 12, true), 0);
  assert.equal(fullness(null, 12, true), 1);
  assert.equal(fullness(null, 0, true), 0);
  assert.equal(fullness(null, 0, false), null);
  assert.equal(fullness(undefined, undefined, true), null);
  assert.ok((fullness(0.06, 0, false) ?? 0) > (fullness(0.01, 0, false) ?? 0));
  assert.equal(fullness(9, 0, false), 1);
});

const day = (activity: (number | null)[]): WeekDay => ({
  date: "2026-11-25",
  start: "2026-11-24T16:00:00Z",
  end: "2026-11-25T16:00:00Z",
  activity,
  signs: activity.map(() => 0),
});

test("up at night counts the quarters from 0 to 5 o'clock, and not what comes after", () => {
  const cells = Array.from({ length: 96 }, () => 0.004);
  assert.equal(upAtNight(day(cells), false), 0);
  assert.equal(upAtNight(day(cells.map((one, i) => (i === 3 || i === 19 || i === 20 ? 0.1 : one))), false), 2);
  assert.equal(upAtNight(day([null, 0.1]), false), 1);
});

const hour = (at: number, mean: number) => ({ t: new Date(at * 3_600_000).toISOString(), low: mean - 1, mean, high: mean + 1 });

test("a line does not run over hours without a value", () => {
  assert.deepEqual(
    runs([hour(1, 60), hour(2, 61), hour(5, 70)]).map((run) => run.length),
    [2, 1],
  );
});

test("a value that never changes is drawn inside its picture", () => {
  const [low, high] = bounds({ type: "spo2", unit: "%", hours: [{ t: "", low: 97, mean: 97, high: 97 }] });
  assert.ok(low < 97 && high > 97);
});
