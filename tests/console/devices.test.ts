import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { chosen, countOf, unitsOf, unreadOf, TROUBLES, type DeviceHealth } from "../../api/console/src/devices/choose";
import { en } from "../../api/console/src/words/devices.en";

const device = (id: string, more: Partial<DeviceHealth> = {}): DeviceHealth =>
  ({
    id, kind: "motion", label: null, position: null, battery: 80, worn: null, last_seen: null, registered_time: "", resident_name: null,
    unit_name: "二楼", place_name: "204", link: null, quarantined: {}, troubles: [],
    binding: { device: id, unit: "u1", resident: null, place: "p", position: null, start: "", end: null }, ...more,
  }) as unknown as DeviceHealth; // prettier-ignore

const all = [
  device("a", { troubles: ["silent"] }),
  device("b", { troubles: ["battery"], resident_name: "陈桂兰" }),
  device("w", { worn: false, binding: { unit: "u2", resident: "r" } as DeviceHealth["binding"], unit_name: "三楼" }),
  device("free", { binding: null, unit_name: null, place_name: null }),
];
const ids = (found: DeviceHealth[]): string => found.map((one) => one.id).join();

test("each filter shows what it says, in the platform's order", () => {
  assert.equal(ids(chosen(all, "all", "", "")), "a,b,w,free");
  assert.equal(ids(chosen(all, "unwell", "", "")), "a,b");
  assert.equal(ids(chosen(all, "silent", "", "")), "a");
  assert.equal(ids(chosen(all, "off", "", "")), "w");
  assert.equal(ids(chosen(all, "free", "", "")), "free");
  assert.equal(countOf(all, "battery"), 1);
});

test("a place and words narrow it together", () => {
  assert.equal(ids(chosen(all, "all", "u1", "")), "a,b");
  assert.equal(ids(chosen(all, "all", "", "204 桂兰")), "b");
  assert.equal(ids(chosen(all, "silent", "u2", "")), "");
  assert.deepEqual(unitsOf(all), [["u1", "二楼"], ["u2", "三楼"]]); // prettier-ignore
});

test("what was not understood is summed over its reasons", () => {
  assert.equal(unreadOf(device("x", { quarantined: { "bad-json": 3, "too-large": 2 } })), 5);
});

test("the troubles are the platform's own, and have words", () => {
  const source = readFileSync("../../api/device_health.py", "utf8").split("class Trouble")[1] ?? "";
  assert.deepEqual([...source.matchAll(/^ {4}[A-Z_]+ = "(\w+)"/gm)].map(([, code]) => code), [...TROUBLES]);
  for (const code of TROUBLES) assert.ok(`devices.trouble.${code}` in en);
});
