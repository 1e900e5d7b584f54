import assert from "node:assert/strict";
import { test } from "node:test";
import type { Device } from "../../api/console/src/records";
import { watchOf } from "../../api/console/src/resident/watch";

const now = Date.parse("2026-11-23T02:14:00Z");
const device = (secondsAgo: number | null, worn: boolean | null): Device =>
  ({ last_seen: secondsAgo === null ? null : new Date(now - secondsAgo * 1000).toISOString(), worn }) as Device;

test("somebody without a device is not watched, and neither is somebody whose device never spoke", () => {
  assert.equal(watchOf([], now), "none");
  assert.equal(watchOf([device(null, null)], now), "silent");
});

test("a watch that was heard a minute ago watches, one silent for five does not", () => {
  assert.equal(watchOf([device(60, true)], now), "watched");
  assert.equal(watchOf([device(300, true)], now), "silent");
});

test("a watch on the table is heard, but watches over nobody", () => {
  assert.equal(watchOf([device(1, false)], now), "off");
});

test("a watch that cannot know whether it is worn counts, and one good device is enough", () => {
  assert.equal(watchOf([device(1, null)], now), "watched");
  assert.equal(watchOf([device(300, true), device(1, false), device(2, true)], now), "watched");
});
