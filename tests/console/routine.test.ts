import assert from "node:assert/strict";
import { test } from "node:test";
import type { RoutineMeasure } from "../../api/console/src/resident/records";
import { barOf, pathOf, ROW, rowOf, side, weekFrom } from "../../api/console/src/resident/routine";
import { dayMonth, weekdayName } from "../../api/console/src/when";

const measure = (weeks: (number | null)[], told = false): RoutineMeasure => ({
  code: "night_ups",
  name: { zh: "夜里起来", en: "Up at night" },
  weeks,
  usual: 2,
  low: 1,
  high: 3,
  told,
  now_said: "2",
  usual_said: "2",
});
const thirteen = (last: number | null): (number | null)[] => [null, 1, 2, null, 2, 2, 2, 2, 2, 2, 2, 2, last];

test("a week that is not known breaks the line and is no point", () => {
  const row = rowOf(measure(thirteen(null)));
  assert.deepEqual(
    row.lines.map((line) => line.length),
    [2, 8],
  );
  assert.equal(row.now, null);
});

test("everything lies within the row, the week at its right edge, more above less", () => {
  const row = rowOf(measure(thirteen(7)));
  for (const { x, y } of row.lines.flat()) {
    assert.ok(x >= 0 && x <= ROW.width && y >= 0 && y <= ROW.height);
  }
  assert.equal(row.now?.x, ROW.width - ROW.edge);
  assert.equal(row.now?.y, ROW.edge);
  assert.ok((row.band?.height ?? 0) > 0 && (row.band?.y ?? 0) > (row.now?.y ?? 0));
});

test("weeks that are all alike, and none at all, can be drawn", () => {
  const flat = { ...measure(thirteen(2)), low: null, high: null, weeks: [2, 2, 2] };
  assert.ok(rowOf(flat).lines.flat().every(({ y }) => Number.isFinite(y)));
  assert.deepEqual(rowOf({ ...flat, weeks: [null, null] }), { lines: [], now: null, band: null });
  assert.equal(pathOf([{ x: 1, y: 2 }, { x: 3, y: 4 }]), "M1.0 2.0L3.0 4.0"); // prettier-ignore
});

test("more or less than usual is marked only where it is told", () => {
  assert.deepEqual([side(measure(thirteen(7), true)), side(measure(thirteen(0), true)), side(measure(thirteen(7)))], [1, -1, 0]);
});

test("a day's bar ends somewhere", () => {
  assert.deepEqual([barOf(9), barOf(-9), barOf(2)], [1, -1, 0.5]);
});

test("weeks are counted by the calendar, and dates have no zone", () => {
  assert.equal(weekFrom("2026-03-02", -1), "2026-02-23");
  assert.equal(weekFrom("2026-12-28", 1), "2027-01-04");
  assert.equal(dayMonth("2026-11-23", "en"), "23 Nov");
  assert.equal(weekdayName("2026-11-23", "en"), "Mon");
  assert.equal(weekdayName("2026-11-23", "zh"), "周一");
});
