/** A room in words: what the picture says by colour and shape, for a list and for a screen reader. */

import { isMine } from "../acts";
import { alertName } from "../reasons";
import { ago, moment } from "../when";
import { lang, t } from "../words";
import type { ThereNow } from "./records";
import type { RoomView } from "./state";

/** Absent for nobody knows how long (the platform's word for it). */
const NO_END_YEAR = 9000;

export const alertLink = (id: string): string => `/alerts/${encodeURIComponent(id)}`;
export const personLink = (id: string): string => `/residents/${encodeURIComponent(id)}`;

/** Where a press on a room leads: to its loudest alert, else to who lives there; null: nowhere. */
export function linkOf(view: RoomView): string | null {
  if (view.alert) return alertLink(view.alert.id);
  const first = view.people[0] ?? view.guests[0];
  // Who may not know how somebody is has no page of theirs to open.
  return first && first.watch !== null ? personLink(first.id) : null;
}

/** The word of a room's state; of an open alert the word of its severity. */
export function stateWords(view: RoomView): string {
  if (view.state === "open" && view.severity) return t(`severity.${view.severity}`);
  return t(`plan.state.${view.state}`);
}

/** Who has it, or is there. */
export function whoWords(view: RoomView, now: number): string | null {
  const { alert, pause } = view;
  if (view.state === "there" && pause) return t("plan.there", { name: pause.by });
  if (!alert?.claimed_by || alert.state === "raised") return null;
  if (alert.state === "held" && alert.due_time)
    return t("plan.held", { name: alert.claimed_by, time: moment(Date.parse(alert.due_time), now, lang.value) });
  return isMine(alert.claimed_by) ? t("plan.owner.you") : t("plan.owner", { name: alert.claimed_by });
}

/** What is not as usual with somebody, apart from alerts; null: nothing. */
export function personWords(person: ThereNow, now: number): string | null {
  if (person.absent_until) {
    const until = Date.parse(person.absent_until);
    if (new Date(until).getFullYear() > NO_END_YEAR) return t("plan.away.open");
    return t("plan.away", { time: moment(until, now, lang.value) });
  }
  return person.watch === "off" || person.watch === "silent" || person.watch === "none" ? t(`plan.watch.${person.watch}`) : null;
}

/** Where and when somebody was seen last; `inside`: what is written stands in that room already. */
export function seenWords(person: ThereNow, inside: string, now: number): string | null {
  if (!person.seen) return null;
  const when = ago(Date.parse(person.seen.time), now, lang.value);
  return person.seen.place === inside ? t("plan.seen", { ago: when }) : t("plan.seen.in", { room: person.seen.name, ago: when });
}

/** Sensors that are not heard. */
export function deadWords(view: RoomView): string | null {
  const n = view.now?.dead.length ?? 0;
  return n ? t(n === 1 ? "plan.dead.one" : "plan.dead.many", { n }) : null;
}

/** What happened, of every open alert of a room. */
export const alertWords = (view: RoomView): string[] =>
  view.alerts.map((alert) => `${alertName(alert)}, ${alert.resident.name}`);

/** All of a room in one breath. */
export function allWords(view: RoomView, now: number): string {
  const people = [...view.people, ...view.guests].map((person) =>
    [person.name, personWords(person, now), seenWords(person, view.place, now)].filter(Boolean).join(" "),
  );
  return [view.name, ...alertWords(view), stateWords(view), whoWords(view, now), ...people, deadWords(view)].filter(Boolean).join(t("reason.join"));
}
