/** The calendar of absences: what lasts, what is to come, what is over; and the days that it covers. Pure. */

import type { Absence } from "./records";
import { dayOf } from "./zone";

export interface Calendar {
  lasting: Absence | null;
  /** Soonest first. */
  ahead: Absence[];
  /** Latest first. */
  over: Absence[];
}

const start = (one: Absence): number => Date.parse(one.start);
const end = (one: Absence): number => (one.until === null ? Infinity : Date.parse(one.until));

export function calendarOf(absences: Absence[], now: number): Calendar {
  const sorted = [...absences].sort((a, b) => start(a) - start(b));
  return {
    lasting: sorted.find((one) => start(one) <= now && now < end(one)) ?? null,
    ahead: sorted.filter((one) => start(one) > now),
    over: sorted.filter((one) => end(one) <= now).reverse(),
  };
}

/** Whole days that an absence has lasted. */
export const daysSince = (one: Absence, now: number): number => Math.floor((now - start(one)) / 86_400_000);

export type DayKind = "away" | "part" | "here";

export interface CalendarDay {
  /** Days since 1970. */
  day: number;
  kind: DayKind;
  today: boolean;
  past: boolean;
}

const WEEK = 7;
/** Day 0, 1 January 1970, was a Thursday: weeks begin on Mondays. */
const monday = (day: number): number => day - ((day + 3) % WEEK);

/** Whole weeks from this one on: which days somebody is away. */
export function daysAhead(absences: Absence[], now: number, zone: string, weeks: number): CalendarDay[] {
  const today = dayOf(now, zone);
  const first = monday(today);
  return Array.from({ length: weeks * WEEK }, (_, i) => {
    const day = first + i;
    return { day, kind: kindOf(absences, day, zone), today: day === today, past: day < today };
  });
}

function kindOf(absences: Absence[], day: number, zone: string): DayKind {
  let kind: DayKind = "here";
  for (const one of absences) {
    const [from, to] = [dayOf(start(one), zone), one.until === null ? Infinity : dayOf(end(one) - 1, zone)];
    if (day < from || day > to) continue;
    const ends = one.until !== null && dayOf(end(one), zone) === day;
    kind = day === from || ends ? "part" : "away";
    if (kind === "away") break;
  }
  return kind;
}
