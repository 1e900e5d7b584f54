/** What is to be said of the everyday watches of a home. Pure. */

import { clock, short } from "../reasons";
import type { HabitKnown } from "../records";
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
