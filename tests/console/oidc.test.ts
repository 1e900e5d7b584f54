import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { en } from "../../api/console/src/words/oidc.en";

test("every reason for which nobody was signed in has words", () => {
  // npm runs scripts in api/console.
  const source = ["oidc.py", "routes/oidc.py", "../store/identities.py"].map((name) => readFileSync(`../../api/${name}`, "utf8")).join();
  const codes = new Set([...source.matchAll(/"(oidc_[a-z_]+)"/g)].map(([, code]) => code));
  assert.ok(codes.size >= 8, [...codes].join());
  for (const code of codes) assert.ok(`oidc.no.${code}` in en, code);
});
