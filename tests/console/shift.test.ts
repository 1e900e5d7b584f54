import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { en } from "../../api/console/src/words/shift.en";

const english: Record<string, string> = en;
const house = (path: string): string => readFileSync(`../../${path}`, "utf8");

test("every kind of thing that can be open has a head, and every trouble of a device has words", () => {
  const kinds = house("schemas/shift.py").split("class OpenKind(StrEnum):")[1]?.split("\nclass ")[0] ?? "";
  const values = [...kinds.matchAll(/^ {4}[A-Z_]+ = "(\w+)"/gm)].map(([, value]) => value ?? "");
  assert.ok(values.length > 4);
  for (const value of values) assert.ok(`shift.left.head.${value}` in english, value);
  for (const trouble of ["unheard", "silent", "battery"]) {
    assert.ok(house("alerts/handover.py").includes(`"${trouble}"`), trouble);
    assert.ok(`shift.left.device.${trouble}` in english, trouble);
  }
});

test("every refusal of a shift has words", () => {
  const rules = house("alerts/handover.py");
  const codes = [...rules.matchAll(/BrokenRule\("(\w+)"/g)].map(([, code]) => code ?? "");
  assert.ok(codes.length >= 4);
  for (const code of codes) assert.ok(`shift.refused.${code}` in english, code);
});
