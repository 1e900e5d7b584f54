import assert from "node:assert/strict";
import { test } from "node:test";
import type { Day, Minute } from "../../api/console/src/records";
import { isYoung, lastHour, level, runsOf, summaryOf } from "../../api/console/src/resident/day";

const minute = (n: number, activity: number | null, worn: boolean | null): Minute => ({
  t: new Date(n * 60_000).toISOString(),
  activity,
  worn,
});
const minutes = [
  minute(0, 0.004, true),
  minute(1, null, null),
  minute(2, null, null),
  minute(3, 0.2, true),
  minute(5, 0.03, false),
];

test("minutes next to each other are one run, and a missing minute ends it", () => {
  assert.deepEqual(
    runsOf(minutes, (one) => one.activity === null),
    [[60_000, 180_000]],
  );
  assert.deepEqual(
    runsOf(minutes, (one) => one.activity !== null),
    [
      [0, 60_000],
      [180_000, 240_000],
      [300_000, 360_000],
    ],
  );
});

test("no data is not the same as lying still", () => {
  assert.equal(level(null), "none");
  assert.equal(level(0.004), "still");
  assert.equal(level(0.03), "light");
  assert.equal(level(0.2), "active");
});

test("not known to be worn is not counted as worn", () => {
  assert.deepEqual(summaryOf(minutes), { worn: 2, missing: 2, moving: 1 });
});

test("a home that is minutes old shows its last hour, and cuts the day to it", () => {
  const end = 2_000 * 60_000;
  const day = (from: number): Day => ({
    start: new Date(end - 1440 * 60_000).toISOString(),
    end: new Date(end).toISOString(),
    minutes: Array.from({ length: 1440 }, (_, i) => minute(560 + i, i >= from ? 0.1 : null, null)),
    alerts: [],
  });
  assert.equal(isYoung(day(1390)), true);
  assert.equal(isYoung(day(100)), false);
  const hour = lastHour(day(0));
  assert.equal(hour.minutes.length, 60);
  assert.equal(hour.start, hour.minutes[0]?.t);
});
