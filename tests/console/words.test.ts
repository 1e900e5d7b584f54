import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { en } from "../../api/console/src/words/en";

const english: Record<string, string> = en;
/** npm runs scripts in api/console. */
const house = (path: string): string => readFileSync(`../../${path}`, "utf8");

test("every reason and phase of the detectors has words", () => {
  const source = house("detectors/reasons.py");
  const codes = [...source.matchAll(/^([A-Z_]+): Final = "(\w+)"/gm)];
  assert.ok(codes.length > 8);
  for (const [, name, code] of codes) {
    assert.ok(`${name?.startsWith("PHASE_") ? "phase" : "reason"}.${code}` in english, `${name} ${code}`);
  }
});

test("every outcome, kind of step, severity, state and kind of finding has words", () => {
  const values = (file: string, name: string): string[] => {
    const body = house(file).split(`class ${name}(StrEnum):`)[1]?.split("\nclass ")[0] ?? "";
    return [...body.matchAll(/^ {4}[A-Z_]+ = "(\w+)"/gm)].map(([, value]) => value ?? "");
  };
  const wanted: [string, string, string][] = [
    ["schemas/alert.py", "Outcome", "outcome"],
    ["schemas/alert.py", "StepKind", "history"],
    ["schemas/alert.py", "Severity", "severity"],
    ["schemas/alert.py", "AlertState", "state"],
    ["schemas/finding.py", "FindingKind", "kind"],
    ["schemas/finding.py", "Stage", "stage"],
  ];
  for (const [file, name, prefix] of wanted) {
    const found = values(file, name);
    assert.ok(found.length >= 3, name);
    for (const value of found) assert.ok(`${prefix}.${value}` in english, `${prefix}.${value}`);
  }
});
