/** A ladder while it is being changed, and what is sent of it: addresses that stay as they are stay unseen. */

import type { Ladder, Step, Told, Way } from "./records";
import type { Called } from "./say";

/** `kept`: the way's place in the ladder as it was, while nothing else was typed. */
export interface DraftWay {
  address: string;
  kept: string | null;
  shown: string;
  afterS: number;
}

export interface DraftPerson {
  key: number;
  /** A role of the rota, instead of a name and addresses. */
  onDuty: string | null;
  name: string;
  lang: Told;
  afterS: number;
  ways: DraftWay[];
}

export interface Draft {
  people: DraftPerson[];
  quiet: { start: string; end: string } | null;
  againS: number;
}

/** As the platform takes them when nothing is said. */
const NEXT_PERSON_S = 60;
const NEXT_WAY_S = 20;
export const FEWEST = 3;
export const MOST_WAYS = 5;

let keys = 0;

const wayOf = (way: Way): DraftWay => ({
  address: way.masked ? "" : way.address,
  kept: way.masked ? way.ref : null,
  shown: way.address,
  afterS: way.after_s,
});

export function draftOf(ladder: Ladder): Draft {
  const people = ladder.steps.map((step: Step) => ({
    key: (keys += 1),
    onDuty: step.on_duty ?? null,
    name: step.recipient,
    lang: step.lang,
    afterS: step.after_s,
    ways: step.on_duty ? [] : [step, ...step.ways].map(wayOf),
  }));
  while (people.length < FEWEST) people.push(newPerson(people.length === 0));
  return { people, quiet: ladder.quiet, againS: ladder.again_s };
}

export const newWay = (): DraftWay => ({ address: "", kept: null, shown: "", afterS: NEXT_WAY_S });

export function newPerson(first: boolean): DraftPerson {
  return { key: (keys += 1), onDuty: null, name: "", lang: "zh", afterS: first ? 0 : NEXT_PERSON_S, ways: [newWay()] };
}

/** Moves a person; whoever comes first is called at once, and whoever was first no longer is. */
export function moved(people: DraftPerson[], at: number, by: -1 | 1): DraftPerson[] {
  const to = at + by;
  const one = people[at];
  const other = people[to];
  if (!one || !other) return people;
  const next = [...people];
  next[to] = { ...one, afterS: other.afterS };
  next[at] = { ...other, afterS: one.afterS };
  return next;
}

export const addressOf = (way: DraftWay): string => way.address.trim() || (way.kept ? way.shown : "");

/** `duty`: how a role of the rota is called. */
export const calledOf = (draft: Draft, duty: (role: string) => string): Called[] =>
  draft.people.map((one) => ({
    name: one.onDuty ? duty(one.onDuty) : one.name,
    afterS: one.afterS,
    ways: one.ways.map((way) => ({ address: addressOf(way), afterS: way.afterS })),
  }));

/** Why a draft cannot be sent, or null. */
export function wrongIn(draft: Draft): "three" | "missing" | null {
  if (draft.people.length < FEWEST) return "three";
  return draft.people.every((one) => one.onDuty || (one.name.trim() && one.ways.every(addressOf))) ? null : "missing";
}

/** What is sent; `was` gives what this form does not show. */
export function bodyOf(draft: Draft, was: Ladder): unknown {
  const way = (one: DraftWay): object => (one.address.trim() ? { address: one.address.trim() } : { kept: one.kept });
  const steps = draft.people.map(({ onDuty, name, lang, afterS, ways: [first, ...others] }) =>
    onDuty
      ? { on_duty: onDuty, lang, after_s: afterS }
      : {
          recipient: name.trim(),
          lang,
          after_s: afterS,
          ...way(first ?? newWay()),
          ways: others.map((one) => ({ ...way(one), after_s: one.afterS })),
        },
  );
  const { timezone, patience_s, version, goes_on = false } = was;
  return { steps, quiet: draft.quiet, again_s: draft.againS, timezone, patience_s, version, goes_on };
}
