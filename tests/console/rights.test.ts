import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { en } from "../../api/console/src/words/rights.en";
import { ROLES } from "../../api/console/src/rights/records";

const english: Record<string, string> = en;
/** npm runs scripts in api/console. */
const house = (path: string): string => readFileSync(`../../${path}`, "utf8");

test("every role of the platform can be given, and says what it is", () => {
  const body = house("store/grants.py").split("class Role(StrEnum):")[1]?.split("\nclass ")[0] ?? "";
  const roles = [...body.matchAll(/^ {4}[A-Z_]+ = "(\w+)"/gm)].map(([, value]) => value ?? "");
  assert.deepEqual([...ROLES].sort(), roles.sort());
  for (const role of roles) assert.ok(`rights.role.${role}.about` in english, role);
});

test("the log has words for every call that changes something", () => {
  const rules = house("api/access.py").split("RULES:")[1]?.split("\n}")[0] ?? "";
  const calls = [...rules.matchAll(/^ {4}"(\w+)": Needs\.(?!NOTHING)/gm)].map(([, name]) => name ?? "");
  const reads = /^(read|list|current|follow|nothing)_/;
  for (const call of calls.filter((one) => !reads.test(one))) assert.ok(`log.act.${call}` in english, call);
});
