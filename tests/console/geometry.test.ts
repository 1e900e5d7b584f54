import assert from "node:assert/strict";
import { test } from "node:test";
import {
  gapsOf,
  layLabels,
  linesOf,
  peakNear,
  pointsOf,
  timeTicks,
  topFor,
  turnsOf,
  valueAt,
} from "../../api/console/src/trace/geometry";

const impactMs = Date.parse("2026-11-23T02:14:00Z");
const flat = (n: number): number[] => Array.from({ length: n }, () => 1);

test("a segment's time is counted from the impact", () => {
  const trace = { rate_hz: 50, segments: [{ start: "2026-11-23T02:13:00Z", values: flat(10) }] };
  assert.deepEqual(linesOf(trace, "values", impactMs), [{ start: -60, rate: 50, values: flat(10) }]);
  assert.deepEqual(linesOf(trace, "x", impactMs), []);
});

test("a single high sample survives the drawing of 24,000 samples on 300 pixels", () => {
  const values = flat(24_000);
  values[12_345] = 7.5;
  const points = pointsOf({ start: -60, rate: 200, values }, { from: -60, to: 60, width: 300 });
  assert.ok(points.length < 1300);
  assert.equal(Math.max(...points.map(([, g]) => g)), 7.5);
});

test("points run from left to right", () => {
  const values = Array.from({ length: 5000 }, (_, i) => Math.sin(i));
  const xs = pointsOf({ start: -5, rate: 500, values }, { from: -5, to: 5, width: 400 }).map(([x]) => x);
  assert.ok(xs.every((x, i) => i === 0 || x >= (xs[i - 1] ?? 0)));
});

test("what no segment covers is a gap, and the join of two frames is none", () => {
  const lines = [
    { start: -10, rate: 10, values: flat(50) },
    { start: -4.99, rate: 10, values: flat(20) },
    { start: 5, rate: 10, values: flat(50) },
  ];
  const gaps = gapsOf(lines, -10, 20).map(([from, to]) => [Number(from.toFixed(2)), to]);
  assert.deepEqual(gaps, [
    [-2.99, 5],
    [10, 20],
  ]);
});

test("no data at all is one gap", () => {
  assert.deepEqual(gapsOf([], -5, 5), [[-5, 5]]);
});

test("the peak is looked for near the impact only", () => {
  const values = flat(1000);
  values[100] = 9;
  values[505] = 3.1;
  const line = { start: -5, rate: 100, values };
  assert.deepEqual(peakNear([line], 0, 1), [0.04999999999999982, 3.1]);
  assert.equal(peakNear([], 0, 1), null);
});

test("reading a value in a gap says that there is none", () => {
  const line = { start: 0, rate: 10, values: [1, 2, 3] };
  assert.equal(valueAt([line], 0.1), 2);
  assert.equal(valueAt([line], 4), null);
});

test("labels that would touch go to another row", () => {
  const spots = layLabels(
    [
      { text: "free fall", x: 100, width: 50 },
      { text: "impact", x: 120, width: 40 },
      { text: "lying", x: 200, width: 30 },
    ],
    210,
  );
  assert.deepEqual(
    spots.map((spot) => spot.row),
    [0, 1, 0],
  );
  assert.equal(spots[2]?.x, 180);
});

test("the scale has air above the peak and the time axis has room between its marks", () => {
  assert.equal(topFor(1.2), 2);
  assert.equal(topFor(3.1), 4);
  assert.equal(topFor(3.9), 6);
  assert.equal(timeTicks({ from: -5, to: 5, width: 600 }).length, 11);
  assert.deepEqual(timeTicks({ from: -60, to: 60, width: 300 }), [-60, -30, 0, 30, 60]);
});

test("the turn is measured from how the sensor hung before the fall", () => {
  const n = 400;
  const before = (i: number): boolean => i < 200;
  const trace = {
    rate_hz: 50,
    segments: [
      {
        start: "2026-11-23T02:13:56Z",
        values: flat(n),
        x: flat(n).map((_, i) => (before(i) ? 0 : 1)),
        y: flat(n).map(() => 0),
        z: flat(n).map((_, i) => (before(i) ? 1 : 0)),
      },
    ],
  };
  const [line] = turnsOf(trace, impactMs);
  assert.ok(line);
  assert.equal(line.start, -4);
  assert.ok(line.rate <= 25);
  assert.ok((line.values[20] ?? 99) < 0.1);
  assert.ok(Math.abs((line.values[line.values.length - 1] ?? 0) - 90) < 0.1);
});

test("without the seconds before the fall, or without axes, no turn is told", () => {
  const late = { start: "2026-11-23T02:14:01Z", values: flat(50), x: flat(50), y: flat(50), z: flat(50) };
  assert.deepEqual(turnsOf({ rate_hz: 50, segments: [late] }, impactMs), []);
  assert.deepEqual(turnsOf({ rate_hz: 50, segments: [{ start: "2026-11-23T02:13:00Z", values: flat(9) }] }, impactMs), []);
});
