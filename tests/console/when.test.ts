process.env.TZ = "Asia/Shanghai";

import assert from "node:assert/strict";
import { test } from "node:test";
import { ago, forInput, length, moment, running } from "../../api/console/src/when";

const at = (text: string): number => Date.parse(`${text}+08:00`);
const now = at("2026-11-23T02:14:30");

test("under an hour it says how long ago", () => {
  assert.equal(ago(at("2026-11-23T02:12:20"), now, "en"), "2 min ago");
  assert.equal(ago(at("2026-11-23T02:12:20"), now, "zh"), "2 分钟前");
  assert.equal(ago(now - 42_000, now, "en"), "42 s ago");
});

test("a clock that is a little ahead says just now, never a negative time", () => {
  assert.equal(ago(now + 3_000, now, "en"), "just now");
  assert.equal(running(-3_000, "en"), "0:00");
});

test("after an hour it says the clock time, and the date when it was not today", () => {
  assert.equal(ago(at("2026-11-23T00:47:00"), now, "en"), "00:47");
  assert.equal(moment(at("2026-11-22T23:59:00"), now, "en"), "22 Nov 23:59");
  assert.equal(moment(at("2026-11-22T23:59:00"), now, "zh"), "11月22日 23:59");
});

test("a running time shows seconds under an hour and hours after", () => {
  assert.equal(running(47_000, "en"), "0:47");
  assert.equal(running(725_000, "en"), "12:05");
  assert.equal(running(3_900_000, "en"), "1 h 05");
  assert.equal(running(3_900_000, "zh"), "1 小时 05");
});

test("a length of time is said in words", () => {
  assert.equal(length(76_200_000, "en"), "21 h 10 min");
  assert.equal(length(2_400_000, "zh"), "40 分钟");
});

test("a moment stands in a field for date and time as the browser's zone has it, and comes back to the minute", () => {
  const ms = Date.parse("2026-11-30T08:07:41Z");
  assert.equal(forInput(ms), "2026-11-30T16:07");
  assert.equal(Date.parse(forInput(ms)), Date.parse("2026-11-30T08:07:00Z"));
});
