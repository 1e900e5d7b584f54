/** What is to be said of the everyday watches of a home. Pure. */

import { clock, short } from "../reasons";
import type { HabitKnown, ResidentDetail } from "../records";
import { said, t } from "../words";

/** Hours for what takes hours, a time of the clock for when somebody is up, else minutes. */
function shown(watch: string, minutes: number): string {
  if (watch === "not_up") return clock(minutes / 60);
  return short(watch === "no_meal" ? minutes / 60 : minutes);
}

/** Returns one phrase for each watch that is on, and one that names those that are not. */
export function everydaySaid(known: HabitKnown[]): string[] {
  const phrases: string[] = [];
  for (const { watch, usual, limit } of known) {
    if (usual === null || limit === null) continue;
    phrases.push(said(`watching.${watch}`, watch, { usual: shown(watch, usual), limit: shown(watch, limit) }));
  }
  for (const state of ["learning", "off"] as const) {
    const names = known.filter((one) => one.state === state).map((one) => said(`title.${one.watch}`, one.watch));
    if (names.length > 0) phrases.push(t(`watching.${state}`, { names: names.join(t("watching.join")) }));
  }
  return phrases;
}

/**
 * What people chose not to have watched for, by the record and not by the detectors: they may be behind. One that is
 * still told of for somebody else who lives there is named apart.
 */
export function leftOffSaid(person: Pick<ResidentDetail, "watches_off" | "watch">): string[] {
  const known = person.watch;
  const isOn = (watch: string): boolean =>
    watch === "inactivity"
      ? known?.inactivity != null && !known.inactivity.left_off
      : known?.everyday?.find((one) => one.watch === watch)?.state === "on";
  const name = (watch: string): string =>
    watch === "inactivity" ? t("watching.silence") : said(`title.${watch}`, watch);
  const phrase = (key: "watching.left_off" | "watching.left_off.shared", watches: string[]): string[] =>
    watches.length === 0 ? [] : [t(key, { names: watches.map(name).join(t("watching.join")) })];
  const off = person.watches_off ?? [];
  return [
    ...phrase("watching.left_off", off.filter((watch) => !isOn(watch))),
    ...phrase("watching.left_off.shared", off.filter(isOn)),
  ];
}
