import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { Alert, AlertDay, Expected } from "../../api/console/src/records";
import {
  beside, codeOf, dotsOf, homeClock, isOfRhythm, isOfSensor, lanesOf, lastedOf, lastSeen, lettered, livelyOf, marksOf, ticksOf, wide, windowOf, xOf,
} from "../../api/console/src/usual/plan"; // prettier-ignore

// The words remember the language in the browser's storage, and ask the browser for it.
Object.defineProperty(globalThis, "navigator", { value: { language: "en" }, configurable: true });

/** An hour of 23 November at the home, UTC+8. */
const at = (hour: number): string => new Date(Date.UTC(2026, 10, 23) + (hour - 8) * 3_600_000).toISOString();
const ms = (hour: number): number => Date.parse(at(hour));

const day: AlertDay = {
  start: at(6),
  end: at(18),
  until: at(16),
  rang: at(15),
  utc_offset_min: 480,
  rooms: [
    { room: "kitchen", stays: [{ start: at(7), end: at(7.5) }] },
    { room: "bedroom", stays: [{ start: at(6), end: at(6.5) }, { start: at(10.5), end: at(11) }] },
    { room: "outer_door", stays: [{ start: at(16.1), end: at(16.1) }] },
  ],
}; // prettier-ignore
const window = windowOf(day, 600);

const expected = (more: Partial<Expected> = {}): Expected => ({
  start: at(11),
  rang: at(15),
  utc_offset_min: 480,
  usual: 120,
  limit: 210,
  others: [],
  lively: Array.from({ length: 48 }, (_, slot) => slot),
  days: 21,
  ...more,
});

function alert(code: string, more: Partial<Alert> = {}, known: Expected | null = expected()): Alert {
  const reasons = [{ code, values: code === "restless_night" ? { min: 41, usual_min: 9 } : { h: 4, usual_h: 2 } }];
  const phases = [{ name: "silence", start: at(11), end: at(15) }];
  return {
    kind: "inactivity",
    stage: "confirmed",
    state: "raised",
    event_time: at(11),
    decided_time: at(15),
    evidence: { phases, reasons, features: {}, expected: known },
    ...more,
  } as Alert;
}

test("an alert of a home's rhythm has a day, a fall and a watch's stillness have a trace", () => {
  assert.ok(isOfRhythm(alert("silent")));
  assert.ok(isOfRhythm(alert("no_meal", { kind: "routine" })));
  assert.ok(isOfRhythm(alert("active_again")), "an older one that is over");
  assert.ok(!isOfRhythm(alert("inactive")));
  assert.ok(isOfSensor(alert("sensor_quiet", { kind: "routine" })), "neither a day nor anybody's movement explains it");
  assert.ok(!isOfSensor(alert("silent")));
  assert.ok(!isOfRhythm(alert("active_again", { kind: "fall" })));
  assert.equal(codeOf(alert("active_again")), "silent");
});

test("the clock is the home's, and what lies outside lies at the edge", () => {
  assert.equal(homeClock(ms(9.25), window), "09:15");
  assert.equal(homeClock(ms(23.9999), window), "00:00");
  assert.deepEqual([xOf(ms(6), window), xOf(ms(12), window), xOf(ms(18), window)], [0, 300, 600]);
  assert.deepEqual([xOf(ms(2), window), xOf(ms(22), window)], [0, 600]);
  assert.deepEqual(
    ticksOf(window, 100).map(({ words }) => words),
    ["06:00", "08:00", "10:00", "12:00", "14:00", "16:00", "18:00"],
  );
  assert.ok(ticksOf(window, 10_000).length <= 1);
});

test("rooms stand in the order of a home, and the one that was missed stands there empty", () => {
  assert.deepEqual(
    lanesOf(day, "silent").map(({ room }) => room),
    ["bedroom", "kitchen", "outer_door"],
  );
  const without = { ...day, rooms: day.rooms.filter(({ room }) => room !== "kitchen") };
  assert.deepEqual(lanesOf(without, "no_meal")[1], { room: "kitchen", stays: [] });
  assert.deepEqual(lanesOf({ ...day, rooms: [] }, "no_meal"), [], "nothing is stored: no room was missed either");
});

test("it lasts until now while it does, and until its end afterwards; a night is over when it is told", () => {
  assert.deepEqual(lastedOf(alert("silent"), window), [ms(11), ms(16)]);
  assert.deepEqual(lastedOf(alert("silent", { stage: "recovered" }), window), [ms(11), ms(15)]);
  assert.deepEqual(lastedOf(alert("restless_night", { kind: "routine" }), window), [ms(11), ms(15)]);
  assert.deepEqual(lastSeen(lanesOf(day, "silent"), ms(11)), { room: "bedroom", at: ms(11) });
  assert.equal(lastSeen([], ms(11)), null);
});

test("what is expected is marked where it is known", () => {
  const named = (one: Alert): string[] => marksOf(one, window).map(({ name, at: when }) => `${name} ${homeClock(when, window)}`);
  assert.deepEqual(named(alert("silent")), ["rang 15:00", "limit 14:30", "usual 13:00"]);
  assert.deepEqual(named(alert("silent", {}, expected({ limit: null }))), ["rang 15:00", "usual 13:00"]);
  assert.deepEqual(named(alert("silent", {}, null)), ["rang 15:00"]);
  assert.deepEqual(named(alert("restless_night", {}, expected())), ["rang 15:00"]);
});

test("each half hour of the home's clock has its own column, and those that last are told apart", () => {
  const columns = livelyOf(expected(), window, [ms(11), ms(16)]);
  assert.equal(columns.length, 24);
  assert.deepEqual(columns[0], { x: 0, width: 25, share: 0.12, within: false }, "six o'clock is the twelfth half hour");
  assert.deepEqual(columns.flatMap(({ within }, i) => (within ? [i] : [])), [10, 11, 12, 13, 14, 15, 16, 17, 18, 19]); // prettier-ignore
  assert.deepEqual(livelyOf(expected({ lively: [] }), window, [0, 1]), []);
  const night = { ...window, from: ms(22), to: ms(26) };
  assert.deepEqual(
    livelyOf(expected(), night, [0, 1]).map(({ share }) => Math.round(100 * share)),
    [44, 45, 46, 47, 0, 1, 2, 3],
  );
});

test("days that were alike lie on each other, and none lies outside", () => {
  const dots = dotsOf(expected({ others: [0, 60, 60, 6_000, -6_000] }), window, 10);
  assert.deepEqual(dots, [
    { x: 250, level: 0 },
    { x: 300, level: 0 },
    { x: 300, level: 1 },
    { x: 595, level: 0 },
    { x: 5, level: 0 },
  ]);
});

test("words stand before their mark, else after it, and never outside", () => {
  assert.deepEqual(beside(300, "usually", 600), { x: 294, anchor: "end" });
  assert.deepEqual(beside(20, "usually", 600), { x: 26, anchor: "start" });
  assert.deepEqual(beside(40, "usually over by", 120), { x: 120 - wide("usually over by"), anchor: "start" });
  assert.deepEqual(beside(40, "usually", 600, -90), { x: 34, anchor: "end" }, "nothing stands before the drawing");
  assert.ok(wide("平时") > wide("us"));
});

test("what lasts is written in its bar, before it, or shortened, but never on it unseen", () => {
  const words = "nothing moves: 5 h"; // some 126 px
  const put = (left: number, right: number): [string, boolean] => {
    const said = lettered(words, "5 h", left, right, 250);
    return [said.words, said.within];
  };
  assert.deepEqual(put(100, 250), [words, true]);
  assert.deepEqual(put(200, 250), [words, false]);
  assert.deepEqual(put(125, 250), ["5 h", true], "a phone: neither in the bar nor before it");
  assert.deepEqual(put(100, 110), ["5 h", false]);
  assert.deepEqual(lettered(words, "5 h", 5, 10, 250).put, { x: 16, anchor: "start" });
});

test("the picture is told in one sentence, with what was expected, seen, and when it rang", async () => {
  const { inOneSentence, keysOf } = await import("../../api/console/src/usual/say");
  const silent = alert("silent");
  assert.equal(
    inOneSentence(silent, lanesOf(day, "silent"), window),
    "last sign of life at 11:00 (Bedroom), nothing moves: 5 h, usually over by 13:00, hardly ever after 14:30, alert at 15:00",
  );
  assert.equal(inOneSentence(alert("silent", {}, null), [], window), "nothing moves: 5 h, alert at 15:00");
  const night = alert("restless_night", { kind: "routine" }, expected({ usual: 9, limit: null }));
  assert.equal(inOneSentence(night, [], window), "up for 41 min, usually 9 min, alert at 15:00");
  assert.equal(keysOf("silent", expected(), false).length, 2);
  assert.match(keysOf("silent", expected({ lively: [], days: 3 }), false)[0] ?? "", /known for 3 days only/);
  assert.match(keysOf("not_up", expected({ others: [1, 2] }), false)[0] ?? "", /one of the last 2 days/);
  assert.deepEqual(keysOf("stirs_while_away", null, false), ["Nobody is expected at home: an absence is set."]);
  assert.match(keysOf("silent", null, true).join(" "), /No readings .* not yet kept/);
});

test("a stage is called by how it ended, by what it is about, by its kind, or by itself", async () => {
  const { stageName } = await import("../../api/console/src/reasons");
  const of = (kind: string, ...codes: string[]): string => {
    const evidence = { phases: [], features: {}, reasons: codes.map((code) => ({ code, values: {} })) };
    return stageName("recovered", { kind, evidence });
  };
  assert.equal(of("routine", "no_meal", "as_usual_again"), "in the kitchen since");
  assert.equal(of("routine", "no_meal", "known_absent"), "known to be away");
  assert.equal(of("inactivity", "silent", "active_again"), "moving again");
  assert.equal(of("inactivity", "not_back_in_bed", "as_usual_again"), "over");
  assert.equal(of("wandering", "left_at_night", "back_inside"), "back inside");
  assert.equal(of("fall", "impact", "walks_again"), "moving again");
  assert.equal(stageName("confirmed", { kind: "fall" }), "confirmed");
  assert.equal(stageName("confirmed", { kind: "routine" }), "still lasting");
  assert.equal(stageName("recovered", { kind: "routine" }), "as usual again");
});

test("what a home's rhythm tells is said in both languages, wherever it is shown", () => {
  const codes = ["silent", "away", "sensors_dead", "not_up", "long_in_bathroom", "not_back_in_bed", "no_meal", "restless_night"]; // prettier-ignore
  for (const lang of ["en", "zh"]) {
    const words = JSON.parse(readFileSync(`../words/evidence.${lang}.json`, "utf8")) as Record<string, string>;
    for (const code of codes) for (const what of ["lasts", "by"]) assert.ok(words[`usual.${what}.${code}`], `${what} ${code}`);
    for (const room of ["other", "bedroom", "bathroom", "living", "hall", "kitchen", "outer_door"])
      assert.ok(words[`usual.room.${room}`], room);
    // Each says what was seen and what is expected; that the home cannot be seen says what cannot be told.
    for (const code of codes.slice(0, 2)) assert.match(words[`reason.${code}`] ?? "", /\{h\}.*\{usual_h\}/);
    for (const code of codes.slice(3)) assert.match(words[`reason.${code}`] ?? "", /usual/);
  }
});
