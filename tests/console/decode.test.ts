/** Reading messages: what was pasted, what it means in words, and a list that stays where the hand is. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { Read, Said } from "../../api/console/src/decode/records";

Object.defineProperty(globalThis, "navigator", { value: { language: "en" }, configurable: true });
const { EXAMPLES } = await import("../../api/console/src/decode/examples");
const { heardMore, letIn, MOST_KEPT, NOTHING, visible } = await import("../../api/console/src/decode/heard");
const { isHex, pasted, textOf } = await import("../../api/console/src/decode/paste");
const { alarmOf, eventOf, happened, notHappened, notUnderstood, observed, refusalOf, signs, summary } = await import("../../api/console/src/decode/say");
const { addWords, lang } = await import("../../api/console/src/words");
const { en } = await import("../../api/console/src/words/decode.en");
const { zh } = await import("../../api/console/src/words/decode.zh");

addWords({ en, zh });
lang.value = "en";
const english: Record<string, string> = en;
/** npm runs scripts in api/console. */
const house = (path: string): string => readFileSync(`../../${path}`, "utf8");

const said = (more: Partial<Said> = {}, why: Partial<Said["why"]> = {}): Said => ({
  observations: [],
  events: [],
  alarm: null,
  time: "arrival",
  ...more,
  why: { kind: "event", family: "zigbee2mqtt", ...why },
});
const read = (key: number, kind = "event"): Read => ({ key, given: { topic: "a" }, said: said({}, { kind }) });

test("one payload is read with its topic, retained or not", () => {
  const one = pasted(" zigbee2mqtt/door ", '{"contact":false}', true, false);
  assert.deepEqual(one, { form: "message", given: [{ topic: "zigbee2mqtt/door", payload_raw: '{"contact":false}', retain: true }] });
});

test("lines of JSON objects are messages in their order, and only what is a message's goes along", () => {
  const text = '{"topic":"a/b","payload":{"x":1},"expect":3}\n\n{"topic":"a/c","payload_hex":"00","retain":true}\n';
  const { form, given } = pasted("ignored/topic", text, false, false);
  assert.equal(form, "lines");
  assert.deepEqual(given, [
    { topic: "a/b", payload: { x: 1 } },
    { topic: "a/c", payload_hex: "00", retain: true },
  ]);
});

test("lines of topic and payload are messages, unless a topic is given", () => {
  const text = "zigbee2mqtt/door {\"contact\":true}\ntele/x/LWT Online";
  assert.deepEqual(
    pasted("", text, false, false).given.map((one) => [one.topic, one.payload_raw]),
    [
      ["zigbee2mqtt/door", '{"contact":true}'],
      ["tele/x/LWT", "Online"],
    ],
  );
  assert.equal(pasted("a/b", text, false, false).form, "message");
  // JSON whose text has a slash in it is no topic.
  assert.equal(pasted("", '{"url":"http://x/y z"}', false, false).form, "message");
});

test("bytes in hexadecimal go as bytes, and come back as text where they are text", () => {
  assert.deepEqual(pasted("a/b", "43 49\n4d31", false, true).given[0], { topic: "a/b", payload_hex: "43494d31", retain: false });
  assert.ok(isHex("43 49 4d") && !isHex("on") && !isHex('{"a":1}'));
  assert.equal(textOf("e997a8"), "门");
  assert.equal(textOf("00ff"), null);
  assert.equal(textOf("6100"), null);
});

test("what happened is said as something that happens, with why", () => {
  const told = said(
    { events: [{ type: "door_open", value: false }, { type: "smoke", value: true }, { type: "button", value: "double" }], alarm: "smoke" },
    { events: ["change", "first", "press"], alarm: "happened" },
  );
  assert.deepEqual(happened(told).map((row) => [row.name, row.why]), [
    ["door closed", "the value changed"],
    ["smoke: began", "first live value: counts as a change"],
    ["button: double", "somebody pressed"],
  ]);
  assert.deepEqual(alarmOf(told), { text: "would alarm: smoke", rings: true });
  assert.equal(eventOf({ type: "no_such_kind", value: true }), "no such kind: began");
});

test("what is no event says what kept it from being one, and so does the alarm that does not ring", () => {
  const told = said({}, { kind: "remembered", alarm: "remembered", not_events: [{ type: "sos", value: true, why: "remembered" }] });
  assert.match(notHappened(told)[0]?.why ?? "", /not of now/);
  assert.equal(alarmOf(told).rings, false);
  assert.match(alarmOf(told).text, /not of now/);
  assert.equal(summary(told), "(call for help)");
  assert.equal(alarmOf(said({ alarm: "by_rule" }, { alarm: "by_rule" })).rings, false);
});

test("values have their units in words, a place its error, and the radio is left out of a line", () => {
  const told = said({
    observations: [
      { type: "heart_rate", value: 71, unit: "1/min" },
      { type: "temperature", value: 21.400000000000002, unit: "°C" },
      { type: "link_quality", value: 90, unit: "lqi" },
      { type: "location", value: [31.2, 121.4], unit: "°", accuracy_m: 12 },
      { type: "worn", value: true },
    ],
  });
  assert.deepEqual(observed(told).map((row) => row.value), ["71 per minute", "21.4 °C", "90 of 255", "31.2, 121.4 ± 12 m", "yes"]);
  assert.equal(summary(told), "pulse 71 per minute · temperature 21.4 °C · place 31.2, 121.4 ± 12 m · worn yes");
  assert.deepEqual(signs(said({}, { signs: ["presence", "chair_ended"] })), ["somebody came", "seat taken: over"]);
});

test("an inventory says how many, a discovery what it announces", () => {
  assert.equal(summary(said({ entities: [{ device: "a" }], device_count: 14 })), "14 devices");
  assert.equal(summary(said({ entities: [{ type: "smoke", state_topic: "a/b" }], device_count: null })), "smoke");
  assert.equal(summary(said({ entities: [{}, {}], device_count: null })), "2 values");
});

test("what was not understood has its reason, and a refusal the decoder's sentence where we have none", () => {
  const told = said({ unknown: ["posture", "family"], implausible: ["humidity"] });
  assert.deepEqual(notUnderstood(told).map((row) => row.name), ["posture", "humidity"]);
  assert.equal(refusalOf(said({ quarantine: "not-json" }, { sentence: "x" })), "It is not JSON.");
  assert.equal(refusalOf(said({ quarantine: "bad-clock" }, { sentence: "A non-sense clock_x." })), "A non-sense clock_x.");
});

test("a list that is held does not move, and nothing that came meanwhile is lost", () => {
  let now = heardMore(NOTHING, read(1), false);
  now = heardMore(heardMore(now, read(2), true), read(3, "repeat"), true);
  assert.deepEqual(now.shown.map((one) => one.key), [1]);
  assert.deepEqual(letIn(now).shown.map((one) => one.key), [3, 2, 1]);
  now = heardMore(now, read(4), false);
  assert.deepEqual(now, { shown: now.shown, waiting: [] });
  assert.deepEqual(visible(now.shown, true).map((one) => one.key), [4, 2, 1]);
  for (let n = 0; n < 2 * MOST_KEPT; n++) now = heardMore(now, read(5 + n), n % 3 === 0);
  assert.ok(now.shown.length <= MOST_KEPT && now.waiting.length <= MOST_KEPT);
});

test("there are words for every code that the platform says", () => {
  const source = house("ingest/reasons.py") + house("ingest/interpreter.py");
  const kinds = [...source.matchAll(/"(event|change|repeat|stream|duplicate|remembered|announcement|plumbing|deleted|unread|refused|waiting|unknown)"/g)];
  for (const kind of new Set(kinds.map(([, name]) => name))) {
    assert.ok(`decode.kind.${kind}` in english && `decode.about.${kind}` in english, kind);
  }
  for (const [, time] of house("ingest/reasons.py").matchAll(/Clock\.\w+: "(\w+)"|return "(no_time|device)"|else "(made_by_gateway)"/g))
    if (time) assert.ok(`decode.time.${time}` in english, time);
  for (const time of ["no_time", "device", "not_believed", "made_by_gateway", "boot_clock"]) assert.ok(`decode.time.${time}` in english, time);
  const how = house("ingest/decoders/families.py").split("def known_by")[1]?.split("\n    def ")[0] ?? "";
  for (const [, name] of how.matchAll(/return "(\w+)"|"(configured|base)" /g)) if (name) assert.ok(`decode.recognised.${name}` in english, name);
  for (const name of ["announced", "configured", "base", "structure", "own"]) assert.ok(`decode.recognised.${name}` in english, name);
});

test("every number that can be measured, and every alarm, has its word in both languages", () => {
  const numbers = [...house("ingest/decoders/quantities.py").matchAll(/Quantity\("(\w+)"/g)].map(([, name]) => name ?? "");
  const alarms = [...(house("ingest/decoders/meaning.py").split("ALARMS = (")[1]?.split(")")[0] ?? "").matchAll(/"(\w+)"/g)].map(([, name]) => name ?? "");
  assert.ok(numbers.length > 15 && alarms.length > 4);
  for (const name of [...numbers, ...alarms]) assert.ok(`decode.type.${name}` in english && `decode.type.${name}` in zh, name);
});

test("every example is messages that can be read, and invented", () => {
  for (const example of EXAMPLES) {
    const { form, given } = pasted("", example.text(), false, false);
    assert.equal(form, "lines", example.words);
    assert.ok(given.every((one) => one.topic && one.payload !== undefined), example.words);
  }
});
