/** What a setting may be expected to do, in words that a family uses. Pure. */

import type { Expectation } from "./records";
import { t } from "../../words";

const DAYS = 7;
/** Up to two weeks people count days, then weeks. */
const IN_DAYS = 14;

/** `12 days`, `3 weeks`: how long it takes on average until one false alarm comes. */
export function every(perWeek: number): string {
  const days = DAYS / perWeek;
  if (days < IN_DAYS) return t("expected.days", { n: Math.round(days) });
  return t("expected.weeks", { n: Math.round(days / DAYS) });
}

const hours = (n: number): string => t("expected.hours", { n });
/** A limit is never rounded to a better one; a hundredth more of an hour is none. */
const most = (h: number): number => Math.ceil(h - 0.05);

export interface ExpectedSaid {
  found: string;
  most: string;
  silence: string;
  everyday: string;
}

export function expectedSaid(one: Expectation): ExpectedSaid {
  return {
    found: t("expected.found", { h: hours(Math.round(one.mean_h)) }),
    most: t("expected.most", { h: hours(most(one.p90_h)) }),
    silence: every(one.silence_week),
    everyday: every(one.everyday_week),
  };
}
