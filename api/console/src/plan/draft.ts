/** A plan while somebody places its rooms, with what was before, so that each step can be taken back. Pure. */

import type { Room, Share } from "./records";

/** Steps that can be taken back. */
const MOST_STEPS = 100;
/** Presses of an arrow key that do the same to one room within this are one step. */
const ONE_STEP_MS = 1200;

export interface Draft {
  rooms: Room[];
  before: Room[][];
  /** What was taken back, the newest last. */
  after: Room[][];
  /** What was touched last, and when: a key that is held down is one step. */
  last: { doing: string; at: number } | null;
}

export const begun = (rooms: Room[]): Draft => ({ rooms, before: [], after: [], last: null });

/** What a key does to a room, and at which moment, ms. */
export interface Press {
  at: number;
  what: string;
}

/** Lays one room so (null: takes it off the drawing). `press`: what goes on with the step before; null: a step of its own. */
export function laid(draft: Draft, place: string, corners: Share[] | null, press: Press | null = null): Draft {
  const rooms = draft.rooms.map((room) => (room.place === place ? { ...room, corners } : room));
  if (JSON.stringify(rooms) === JSON.stringify(draft.rooms)) return draft;
  const doing = `${place} ${press?.what ?? ""}`;
  const goesOn = press !== null && draft.last?.doing === doing && press.at - draft.last.at < ONE_STEP_MS;
  return {
    rooms,
    before: goesOn ? draft.before : [...draft.before, draft.rooms].slice(-MOST_STEPS),
    after: [],
    last: press && { doing, at: press.at },
  };
}

export function undone(draft: Draft): Draft {
  const last = draft.before[draft.before.length - 1];
  if (!last) return draft;
  return { rooms: last, before: draft.before.slice(0, -1), after: [...draft.after, draft.rooms], last: null };
}

export function redone(draft: Draft): Draft {
  const next = draft.after[draft.after.length - 1];
  if (!next) return draft;
  return { rooms: next, before: [...draft.before, draft.rooms], after: draft.after.slice(0, -1), last: null };
}

export const placedOf = (rooms: Room[]): { place: string; corners: Share[] }[] =>
  rooms.flatMap(({ place, corners }) => (corners ? [{ place, corners }] : []));

export const differs = (draft: Draft, saved: Room[]): boolean =>
  JSON.stringify(placedOf(draft.rooms)) !== JSON.stringify(placedOf(saved));
