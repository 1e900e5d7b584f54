/** Times as people read them. Pure: `now` is an argument, and the zone is the browser's. */

import type { Lang } from "./words/lang";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const locale = (lang: Lang): string => (lang === "zh" ? "zh-CN" : "en-GB");

function format(ms: number, lang: Lang, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(locale(lang), { hourCycle: "h23", ...options }).format(ms);
}

/** `02:14` */
export function clockTime(ms: number, lang: Lang): string {
  return format(ms, lang, { hour: "2-digit", minute: "2-digit" });
}

/** `02:14:07` */
export function clockSeconds(ms: number, lang: Lang): string {
  return format(ms, lang, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
}

/** The exact moment, for hovering and for a screen reader. */
export function exact(ms: number, lang: Lang): string {
  return format(ms, lang, { dateStyle: "full", timeStyle: "long" } as Intl.DateTimeFormatOptions);
}

function sameDay(a: number, b: number): boolean {
  return new Date(a).toDateString() === new Date(b).toDateString();
}

/** How long ago under an hour, the clock time after, with the date when it was not today. */
export function ago(ms: number, now: number, lang: Lang): string {
  const past = now - ms;
  if (past < 5_000) return lang === "zh" ? "刚刚" : "just now";
  if (past < MINUTE) return lang === "zh" ? `${Math.floor(past / 1000)} 秒前` : `${Math.floor(past / 1000)} s ago`;
  if (past < HOUR)
    return lang === "zh" ? `${Math.floor(past / MINUTE)} 分钟前` : `${Math.floor(past / MINUTE)} min ago`;
  return moment(ms, now, lang);
}

/** The clock time, with the date when it was not today. */
export function moment(ms: number, now: number, lang: Lang): string {
  if (sameDay(ms, now)) return clockTime(ms, lang);
  return `${format(ms, lang, { month: "short", day: "numeric" })} ${clockTime(ms, lang)}`;
}

/** A running time: `0:47`, `12:05`, and `1 h 05` from an hour on. Never negative. */
export function running(ms: number, lang: Lang): string {
  const past = Math.max(0, ms);
  const seconds = Math.floor(past / 1000);
  const two = (n: number): string => String(n).padStart(2, "0");
  if (past < HOUR) return `${Math.floor(seconds / 60)}:${two(seconds % 60)}`;
  const hours = Math.floor(past / HOUR);
  const minutes = Math.floor((past % HOUR) / MINUTE);
  if (hours >= 48) return lang === "zh" ? `${Math.floor(hours / 24)} 天` : `${Math.floor(hours / 24)} d`;
  return lang === "zh" ? `${hours} 小时 ${two(minutes)}` : `${hours} h ${two(minutes)}`;
}

/** A length of time in words: `21 h 10 min`, `40 min`. */
export function length(ms: number, lang: Lang): string {
  const minutes = Math.round(ms / MINUTE);
  const [h, m] = [Math.floor(minutes / 60), minutes % 60];
  if (lang === "zh") return h ? `${h} 小时${m ? ` ${m} 分` : ""}` : `${m} 分钟`;
  return h ? `${h} h${m ? ` ${m} min` : ""}` : `${m} min`;
}

/** A moment as a field for date and time takes it, to the minute: `2026-11-23T02:14`. */
export function forInput(ms: number): string {
  return new Date(ms - new Date(ms).getTimezoneOffset() * MINUTE).toISOString().slice(0, 16);
}

/** A date of the resident's own, `2026-11-23`, as `23 Nov`: no time of day, so no zone either. */
export function dayMonth(date: string, lang: Lang): string {
  return format(Date.parse(date), lang, { day: "numeric", month: "short", timeZone: "UTC" });
}

/** The month of such a date, `Dec`. */
export function monthName(date: string, lang: Lang): string {
  return format(Date.parse(date), lang, { month: "short", timeZone: "UTC" });
}

/** The weekday of such a date, `Mon`. */
export function weekdayName(date: string, lang: Lang): string {
  return format(Date.parse(date), lang, { weekday: "short", timeZone: "UTC" });
}
