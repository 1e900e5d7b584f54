/** Every book of words says the same in both languages; one that is added without standing here fails. */

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import { en } from "../../api/console/src/words/en";
import { zh } from "../../api/console/src/words/zh";
import { en as decodeEn } from "../../api/console/src/words/decode.en";
import { zh as decodeZh } from "../../api/console/src/words/decode.zh";
import { en as devicesEn } from "../../api/console/src/words/devices.en";
import { zh as devicesZh } from "../../api/console/src/words/devices.zh";
import { en as groundEn } from "../../api/console/src/words/ground.en";
import { zh as groundZh } from "../../api/console/src/words/ground.zh";
import { en as oidcEn } from "../../api/console/src/words/oidc.en";
import { zh as oidcZh } from "../../api/console/src/words/oidc.zh";
import { en as planEn } from "../../api/console/src/words/plan.en";
import { zh as planZh } from "../../api/console/src/words/plan.zh";
import { en as reachEn } from "../../api/console/src/words/reach.en";
import { zh as reachZh } from "../../api/console/src/words/reach.zh";
import { en as residentEn } from "../../api/console/src/words/resident.en";
import { zh as residentZh } from "../../api/console/src/words/resident.zh";
import { en as reviewEn } from "../../api/console/src/words/review.en";
import { zh as reviewZh } from "../../api/console/src/words/review.zh";
import { en as rightsEn } from "../../api/console/src/words/rights.en";
import { zh as rightsZh } from "../../api/console/src/words/rights.zh";
import { en as settingsEn } from "../../api/console/src/words/settings.en";
import { zh as settingsZh } from "../../api/console/src/words/settings.zh";
import { en as sheetEn } from "../../api/console/src/words/sheet.en";
import { zh as sheetZh } from "../../api/console/src/words/sheet.zh";
import { en as shiftEn } from "../../api/console/src/words/shift.en";
import { zh as shiftZh } from "../../api/console/src/words/shift.zh";

type Book = Record<string, string>;

/** By the name of their files; those of the desk are in the main book. */
const BOOKS: Record<string, [Book, Book]> = {
  desk: [en, zh],
  decode: [decodeEn, decodeZh],
  devices: [devicesEn, devicesZh],
  ground: [groundEn, groundZh],
  oidc: [oidcEn, oidcZh],
  plan: [planEn, planZh],
  reach: [reachEn, reachZh],
  resident: [residentEn, residentZh],
  review: [reviewEn, reviewZh],
  rights: [rightsEn, rightsZh],
  settings: [settingsEn, settingsZh],
  sheet: [sheetEn, sheetZh],
  shift: [shiftEn, shiftZh],
};
const places = (text: string): string[] => [...text.matchAll(/\{\w+\}/g)].map(([name]) => name).sort();

test("every book there is stands here", () => {
  // npm runs scripts in api/console.
  const files = readdirSync("src/words").flatMap((name) => /^(\w+)\.en\.ts$/.exec(name)?.[1] ?? []);
  assert.deepEqual(Object.keys(BOOKS).sort(), files.sort());
});

for (const [name, [english, chinese]] of Object.entries(BOOKS)) {
  test(`both languages of ${name} have the same words with the same places in them`, () => {
    assert.deepEqual(Object.keys(chinese).sort(), Object.keys(english).sort());
    for (const key of Object.keys(english)) {
      assert.ok(english[key]?.trim() && chinese[key]?.trim(), key);
      assert.deepEqual(places(chinese[key] ?? ""), places(english[key] ?? ""), key);
    }
  });
}

test("no page takes a key that the main book has", () => {
  for (const name of Object.keys(BOOKS).filter((one) => one !== "desk")) {
    for (const key of Object.keys(BOOKS[name]?.[0] ?? {})) assert.ok(!(key in en), key);
  }
});
