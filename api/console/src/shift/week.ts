/** Weeks and days of a rota. Pure; dates are those of the place, so they are reckoned in UTC and never in the browser's zone. */

import type { Lang } from "../words/lang";
import type { Rota } from "./records";

const DAY_MS = 86_400_000;

/** `2026-11-23` some weeks on. */
export function shiftWeek(monday: string, weeks: number): string {
  return new Date(Date.parse(`${monday}T00:00:00Z`) + weeks * 7 * DAY_MS).toISOString().slice(0, 10);
}

/** `Mon 23`, `周一 23日`. */
export function dayName(date: string, lang: Lang): string {
  const locale = lang === "zh" ? "zh-CN" : "en-GB";
  const at = Date.parse(`${date}T00:00:00Z`);
  const part = (options: Intl.DateTimeFormatOptions): string => new Intl.DateTimeFormat(locale, { timeZone: "UTC", ...options }).format(at);
  return `${part({ weekday: "short" })} ${part({ day: "numeric", month: "short" })}`;
}

/** Monday is 0, as the platform counts. */
export const weekdayOf = (date: string): number => (new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7;

export interface Row {
  shift: string;
  role: string;
  hours: string;
}

/** The rows of the grid: each shift with each role that it has on some day of the week. */
export function rowsOf(rota: Pick<Rota, "shifts" | "days">): Row[] {
  const roles = [...new Set(rota.days.map((cell) => cell.role))];
  return rota.shifts.flatMap((shift) =>
    roles
      .filter((role) => rota.days.some((cell) => cell.shift === shift.name && cell.role === role))
      .map((role) => ({ shift: shift.name, role, hours: `${shift.start}–${shift.end}` })),
  );
}

type Duty = Rota["week"][number];

/** The week that comes again, with other people in one shift and role on one weekday. */
export function withDuty(week: Duty[], duty: Duty): Duty[] {
  const same = (one: Duty): boolean => one.weekday === duty.weekday && one.shift === duty.shift && one.role === duty.role;
  return [...week.filter((one) => !same(one)), duty];
}

/** The week for other shifts and roles: who was there stays, where their shift, role and they themselves still are. */
export function weekFor(week: Duty[], shifts: string[], roles: string[], people: string[]): Duty[] {
  return [0, 1, 2, 3, 4, 5, 6].flatMap((weekday) =>
    shifts.flatMap((shift) =>
      roles.flatMap((role) => {
        const was = week.find((one) => one.weekday === weekday && one.shift === shift && one.role === role);
        const known = week.some((one) => one.shift === shift && one.role === role);
        // A role that a shift has on weekdays only stays so; what is new is wanted each day.
        return was || !known ? [{ weekday, shift, role, people: (was?.people ?? []).filter((one) => people.includes(one)) }] : [];
      }),
    ),
  );
}
