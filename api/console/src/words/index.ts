/** The words of the console in the language chosen: remembered, and by the browser at first. */

import { signal } from "@preact/signals";
import { recall, remember } from "../prefs";
import { en, type Key as MainKey } from "./en";
import type { DecodeKey } from "./decode.en";
import type { DevicesKey } from "./devices.en";
import type { GroundKey } from "./ground.en";
import type { Lang } from "./lang";
import type { ResidentKey } from "./resident.en";
import type { ReviewKey } from "./review.en";
import type { OidcKey } from "./oidc.en";
import type { PlanKey } from "./plan.en";
import type { ReachKey } from "./reach.en";
import type { RightsKey } from "./rights.en";
import type { SettingsKey } from "./settings.en";
import type { SheetKey } from "./sheet.en";
import type { ShiftKey } from "./shift.en";
import { zh } from "./zh";

/** A key of the words that are always there, or of those that come with a page. */
export type Key = MainKey | DecodeKey | DevicesKey | GroundKey | OidcKey | PlanKey | ReachKey | ResidentKey | ReviewKey | RightsKey | SettingsKey | SheetKey | ShiftKey;
export type { Lang } from "./lang";

const BOOKS: Record<Lang, Record<string, string>> = { en: { ...en }, zh: { ...zh } };

/** Takes in the words of a page that is fetched when it is opened. */
export function addWords(more: Record<Lang, Record<string, string>>): void {
  Object.assign(BOOKS.en, more.en);
  Object.assign(BOOKS.zh, more.zh);
}

function first(): Lang {
  const kept = recall("lang");
  if (kept === "zh" || kept === "en") return kept;
  return navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en";
}

export const lang = signal<Lang>(first());

export function applyLang(): void {
  document.documentElement.lang = lang.value === "zh" ? "zh-Hans" : "en";
}

export function setLang(to: Lang): void {
  lang.value = to;
  remember("lang", to);
  applyLang();
}

export type Fill = Record<string, string | number>;

/** Returns the words of `key` with its {names} filled in. */
export function t(key: Key, fill: Fill = {}): string {
  return (BOOKS[lang.value][key] ?? key).replace(/\{(\w+)\}/g, (whole, name: string) => String(fill[name] ?? whole));
}

/** As `t`, for a key made of data; an unknown one is shown plainly (`no_such_code` as `no such code`). */
export function said(key: string, plain: string, fill: Fill = {}): string {
  return key in BOOKS[lang.value] ? t(key as Key, fill) : plain.replace(/[_-]/g, " ");
}

/** No detector is certain, whatever its score rounds to. */
const MOST_PERCENT = 99;

/** A probability in percent; never 100. */
export const percentOf = (probability: number): number => Math.min(MOST_PERCENT, Math.round(probability * 100));

/** The bands of `sure.95`, `sure.80`, ..., from the surest down. */
const BANDS = Object.keys(en)
  .flatMap((key) => (key.startsWith("sure.") ? [Number(key.slice(5))] : []))
  .sort((a, b) => b - a);

/** How sure a probability is, in a word or two. */
export const howSure = (probability: number): string =>
  t(`sure.${BANDS.find((band) => probability * 100 >= band) ?? 0}` as Key);
