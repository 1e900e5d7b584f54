/** What a room looks like now, by what is open in it and how its people and sensors are. Pure. */

import { byLoudness, waits } from "../order";
import type { Alert, Pause, Severity } from "../records";
import type { PlaceNow, Room, RoomNow, ThereNow } from "./records";

/** From what must be seen first to what need not be seen at all. */
export const STATES = ["open", "there", "claimed", "held", "blind", "off", "away", "quiet", "empty", "names"] as const;
export type RoomState = (typeof STATES)[number];

export interface RoomView {
  place: string;
  name: string;
  state: RoomState;
  /** The loudest of its alerts, where one is open. */
  alert: Alert | null;
  alerts: Alert[];
  severity: Severity | null;
  people: ThereNow[];
  /** Last seen here, though they live in another room, or in none of the plan's. */
  guests: ThereNow[];
  now: RoomNow | null;
  /** Who is with somebody here. */
  pause: Pause | null;
}

/** The room of the plan in which an alert is shown, or null: in none. */
export function roomOf(alert: Alert, shown: ReadonlySet<string>, residents: ThereNow[]): string | null {
  if (alert.place && shown.has(alert.place)) return alert.place;
  const person = residents.find((one) => one.id === alert.resident.id);
  if (person && shown.has(person.place)) return person.place;
  if (shown.has(alert.unit)) return alert.unit;
  return person?.seen?.place && shown.has(person.seen.place) ? person.seen.place : null;
}

/** What nobody on a plan may miss: alerts of its people or places that no room of it can show. */
export function elsewhere(alerts: Alert[], shown: ReadonlySet<string>, now: PlaceNow | null): Alert[] {
  const places = new Set(now?.rooms.map((room) => room.place));
  const people = new Set(now?.residents.map((one) => one.id));
  return alerts
    .filter((one) => people.has(one.resident.id) || places.has(one.unit) || (one.place !== null && places.has(one.place)))
    .filter((one) => roomOf(one, shown, now?.residents ?? []) === null)
    .sort(byLoudness);
}

/** How a person without an open alert is. */
function stateOf(person: ThereNow): RoomState {
  if (person.watch === null) return "names";
  if (person.absent_until) return "away";
  if (person.watch === "silent") return "blind";
  return person.watch === "off" ? "off" : "quiet";
}

function stateOfAlert(alert: Alert, at: number): RoomState {
  if (alert.state !== "raised") return alert.state === "held" ? "held" : "claimed";
  return waits(alert, at) ? "there" : "open";
}

const worst = (states: RoomState[]): RoomState =>
  [...states].sort((a, b) => STATES.indexOf(a) - STATES.indexOf(b))[0] ?? "empty";

interface Known {
  now: PlaceNow | null;
  alerts: Alert[];
  pauses: Pause[];
  at: number;
}

/** Returns the rooms as they are to be drawn, in the order given. */
export function viewOf(rooms: Room[], { now, alerts, pauses, at }: Known): RoomView[] {
  const shown = new Set(rooms.map((room) => room.place));
  const residents = now?.residents ?? [];
  const open = [...alerts].sort(byLoudness);
  return rooms.map((room) => {
    const own = open.filter((alert) => roomOf(alert, shown, residents) === room.place);
    const people = residents.filter((one) => one.place === room.place);
    const guests = residents.filter((one) => one.seen?.place === room.place && one.place !== room.place);
    const here = now?.rooms.find((one) => one.place === room.place) ?? null;
    const pause = pauses.find((one) => people.some((person) => person.id === one.resident)) ?? null;
    const first = own[0] ?? null;
    const states: RoomState[] = people.map(stateOf);
    if (first) states.push(stateOfAlert(first, at));
    if (pause) states.push("there");
    if (here?.dead.length) states.push("blind");
    if (!people.length && guests.length) states.push("quiet");
    return {
      place: room.place,
      name: room.name,
      // Several people: whoever is well, away and not worn are told apart in the lines; what rings is told first.
      state: worst(states),
      alert: first,
      alerts: own,
      severity: first?.severity ?? null,
      people,
      guests,
      now: here,
      pause,
    };
  });
}

/** Loudest first, then in the plan's own order. */
export function listed(views: RoomView[]): RoomView[] {
  const order = (view: RoomView): number => STATES.indexOf(view.state);
  return [...views].sort((a, b) =>
    a.alert && b.alert && a.state === b.state ? byLoudness(a.alert, b.alert) : order(a) - order(b),
  );
}

/** Residents that no room of the plan holds and none was seen in. */
export const unhoused = (views: RoomView[], now: PlaceNow | null): ThereNow[] => {
  const housed = new Set(views.flatMap((view) => [...view.people, ...view.guests]).map((one) => one.id));
  return (now?.residents ?? []).filter((one) => !housed.has(one.id));
};
