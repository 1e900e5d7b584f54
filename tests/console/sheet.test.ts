import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { Sheet } from "../../api/console/src/sheet/records";
import { en } from "../../api/console/src/words/sheet.en";
import { zh } from "../../api/console/src/words/sheet.zh";

// The words remember the language in the browser's storage, and ask the browser for it.
Object.defineProperty(globalThis, "navigator", { value: { language: "en" }, configurable: true });
const { entered, NOBODY, wrong } = await import("../../api/console/src/sheet/contacts");
const { RINGS } = await import("../../api/console/src/sheet/records");
const { dialled, scriptsFor, stepsOf } = await import("../../api/console/src/sheet/steps");
const { addWords } = await import("../../api/console/src/words");

addWords({ en, zh });

const english: Record<string, string> = en;
const chinese: Record<string, string> = zh;
/** npm runs scripts in api/console. */
const house = (path: string): string => readFileSync(`../../${path}`, "utf8");

const place = (name: string, scripts: Record<string, string>) => ({
  place: name,
  name,
  version: 1,
  scripts,
  set_by: "li",
  set_time: "2026-11-30T00:00:00Z",
});
const sheet = (scripts: Record<string, string>, ...places: ReturnType<typeof place>[]): Sheet => ({
  version: 1,
  contacts: [],
  scripts,
  set_by: "li",
  set_time: "2026-11-30T00:00:00Z",
  places,
  notes: [],
});

test("advice has as many steps in both languages", () => {
  for (const key of Object.keys(english).filter((each) => each.startsWith("advice."))) {
    assert.equal(stepsOf(chinese[key] ?? "").length, stepsOf(english[key] ?? "").length, key);
  }
});

test("every kind of alert about a person can have steps, as the platform takes them", () => {
  const listed = /Rings = Literal\[([^\]]+)\]/.exec(house("api/sheet_models.py"))?.[1] ?? "";
  assert.deepEqual([...RINGS].sort(), [...listed.matchAll(/"(\w+)"/g)].map(([, kind]) => kind).sort());
  const kinds = house("schemas/finding.py").split("class FindingKind(StrEnum):")[1]?.split("\nclass ")[0] ?? "";
  const found = [...kinds.matchAll(/^ {4}[A-Z_]+ = "(\w+)"/gm)].map(([, kind]) => kind ?? "");
  for (const kind of found) {
    if (kind !== "platform") assert.ok((RINGS as readonly string[]).includes(kind) && `advice.${kind}` in english, kind);
  }
});

test("a line is a step, whatever stands before it", () => {
  assert.deepEqual(stepsOf("1. Go.\n\n  - Look\n2）wait\n3、call 120"), ["Go.", "Look", "wait", "call 120"]);
});

test("the resident's own goes first, then the nearest place that says something of it", () => {
  const both = sheet({ any: "Speak slowly.", fall: "Left hip." }, place("floor", { gas: "x" }), place("house", { fall: "Hoist." }));
  assert.deepEqual(scriptsFor(both, "fall"), [
    { from: "own", steps: ["Left hip.", "Speak slowly."] },
    { from: "place", place: "house", steps: ["Hoist."] },
  ]);
  assert.deepEqual(
    scriptsFor(both, "gas").map((one) => one.place ?? one.from),
    ["own", "floor"],
  );
});

test("general advice stands only where nobody wrote anything", () => {
  const [advice, ...more] = scriptsFor(sheet({}, place("floor", { fall: " \n" })), "fall");
  assert.equal(advice?.from, "advice");
  assert.equal(advice?.steps[0], "Go at once and speak to them; do not lift.");
  assert.deepEqual(more, []);
  assert.deepEqual(scriptsFor(sheet({}), "platform"), []);
});

test("a number is dialled without what people read it by", () => {
  assert.equal(dialled("+86 (0580) 260-1188"), "tel:+8605802601188");
  assert.equal(dialled("120"), "tel:120");
});

test("a list of contacts that cannot be called says why", () => {
  const one = { name: "陈志强", phone: "138 0580 1234", relation: null, note: null };
  assert.equal(wrong([one]), null);
  assert.equal(wrong([{ ...one, name: "" }]), en["sheet.contact.noname"]);
  for (const phone of ["", "1", "ask", "javascript:1"]) assert.equal(wrong([{ ...one, phone }]), en["sheet.contact.bad"]);
});

test("lines that were left empty are no contacts", () => {
  const one = { name: " 陈志强 ", phone: "120 ", relation: " ", note: null };
  assert.deepEqual(entered([NOBODY, one, NOBODY]), [{ name: "陈志强", phone: "120", relation: null, note: null }]);
});
