import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

/** npm runs scripts in api/console. */
const css = readFileSync("src/styles/tokens.css", "utf8");

type Tokens = Record<string, string>;

function block(from: string): Tokens {
  const body = css.slice(css.indexOf(from)).split("}")[0] ?? "";
  return Object.fromEntries([...body.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name, value]) => [name, value]));
}

const light = block(":root {");
const dark = block(':root[data-theme="dark"] {');
const darkBySystem = block(":root:not([data-theme]) {");

/** WCAG 2.2, relative luminance and contrast ratio. */
function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5]
    .map((i) => parseInt(hex.slice(i, i + 2), 16) / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * (r ?? 0) + 0.7152 * (g ?? 0) + 0.0722 * (b ?? 0);
}

function contrast(one: string, other: string): number {
  const [a, b] = [luminance(one) + 0.05, luminance(other) + 0.05];
  return Math.max(a, b) / Math.min(a, b);
}

const RINGS: [string, string][] = [
  ["high-ink", "high"],
  ["medium-ink", "medium"],
  ["low-ink", "low"],
  ["high-text", "high-soft"],
  ["text", "high-soft"],
  ["text", "medium-soft"],
  ["text", "low-soft"],
  ["text", "surface"],
  ["text", "bg"],
];
const REST: [string, string][] = [
  ["muted", "bg"],
  ["muted", "surface"],
  ["muted", "raised"],
  ["muted", "sunk"],
  ["accent", "bg"],
  ["accent", "surface"],
  ["accent-ink", "accent"],
  ["accent", "accent-soft"],
  ["good", "bg"],
  ["good", "surface"],
];

for (const [name, tokens] of [
  ["light", light],
  ["dark", dark],
] as const) {
  test(`in the ${name} theme what rings has a contrast of 7:1 and other text 4.5:1`, () => {
    for (const [pairs, least] of [
      [RINGS, 7],
      [REST, 4.5],
    ] as const) {
      for (const [ink, ground] of pairs) {
        const ratio = contrast(tokens[ink] ?? "", tokens[ground] ?? "");
        assert.ok(ratio >= least, `${ink} on ${ground}: ${ratio.toFixed(2)}`);
      }
    }
  });
}

test("every colour has a dark one, and the ground before the script runs is the same dark", () => {
  assert.ok(Object.keys(dark).length > 25);
  assert.deepEqual(Object.keys(dark).sort(), Object.keys(light).sort());
  assert.deepEqual(darkBySystem, { bg: dark.bg });
});
