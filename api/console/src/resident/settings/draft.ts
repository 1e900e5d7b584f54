/**
 * What somebody has changed and not saved yet, by resident. It outlives a look at the desk: an alert that rings is not
 * kept waiting by a question, and nothing that was entered is lost for it.
 */

import { signal } from "@preact/signals";
import type { Mobility, Sensitivity, WatchSettings } from "./records";

export interface Draft {
  sensitivity: Sensitivity;
  /** Null: the care plan's words stay as they are. */
  mobility: Mobility | null;
  off: string[];
}

export interface Changes {
  sensitivity?: Sensitivity;
  mobility?: string | null;
  watches_off?: string[];
}

/** What was saved when somebody chose something else; a part that is not there: they were told what it is by now. */
export type Seen = Changes;

/** A draft, and what was seen when it was made: only what differs is the person's own. */
interface Kept {
  draft: Draft;
  seen: Seen;
}

const drafts = signal<Record<string, Kept>>({});

export const offNow = (saved: WatchSettings): string[] => saved.left_off.map((one) => one.watch).sort();

export const draftOf = (saved: WatchSettings): Draft => ({
  sensitivity: saved.sensitivity,
  mobility: null,
  off: offNow(saved),
});

/** What to send of a draft; empty when it changes nothing. */
export function changesOf(saved: WatchSettings, draft: Draft): Changes {
  const changes: Changes = {};
  if (draft.sensitivity !== saved.sensitivity) changes.sensitivity = draft.sensitivity;
  if (draft.mobility !== null && draft.mobility !== saved.mobility_known)
    changes.mobility = draft.mobility === "unknown" ? null : draft.mobility;
  if (draft.off.join() !== offNow(saved).join()) changes.watches_off = draft.off;
  return changes;
}

/** What takes such changes back. */
export function backOf(saved: WatchSettings, changes: Changes): Changes {
  const back: Changes = {};
  if (changes.sensitivity !== undefined) back.sensitivity = saved.sensitivity;
  if (changes.mobility !== undefined) back.mobility = saved.mobility;
  if (changes.watches_off !== undefined) back.watches_off = offNow(saved);
  return back;
}

/** How many things are changed: each watch counts. */
export function countOf(saved: WatchSettings, draft: Draft): number {
  const { sensitivity, mobility } = changesOf(saved, draft);
  const was = new Set(offNow(saved));
  const switched = draft.off.filter((one) => !was.delete(one)).length + was.size;
  return Number(sensitivity !== undefined) + Number(mobility !== undefined) + switched;
}

export const seenOf = (saved: WatchSettings): Seen => ({
  sensitivity: saved.sensitivity,
  mobility: saved.mobility,
  watches_off: offNow(saved),
});

/** Keeps a draft that was made of what is saved. What was chosen earlier was chosen of what was seen then. */
export function keep(resident: string, draft: Draft, saved: WatchSettings): void {
  const mobility = draft.mobility === saved.mobility_known ? null : draft.mobility;
  const was = drafts.value[resident];
  const seen = seenOf(saved);
  if (was && was.draft.sensitivity === draft.sensitivity && was.seen.sensitivity !== draft.sensitivity)
    seen.sensitivity = was.seen.sensitivity;
  if (was && mobility !== null && was.draft.mobility === mobility) seen.mobility = was.seen.mobility;
  drafts.value = { ...drafts.value, [resident]: { draft: { ...draft, mobility }, seen } };
}

/** Whoever made the draft was told what somebody else set meanwhile: theirs is sent upon that from now on. */
export function noticed(resident: string): void {
  const was = drafts.value[resident];
  if (was) drafts.value = { ...drafts.value, [resident]: { ...was, seen: { watches_off: was.seen.watches_off } } };
}

/** What to send beside the changes of a draft: what was seen of the settings that it changes. */
export function seenFor(resident: string, saved: WatchSettings, changes: Changes): Seen {
  const now = seenOf(saved);
  const kept = drafts.value[resident]?.seen ?? {};
  // Watches were merged with what is saved already, the others were chosen of what was seen.
  const seen: Seen = { ...now, ...kept, watches_off: now.watches_off };
  return Object.fromEntries(Object.entries(seen).filter(([name, value]) => name in changes && value !== undefined));
}

export function forget(resident: string): void {
  const { [resident]: _, ...others } = drafts.value;
  drafts.value = others;
}

/** The draft of a resident upon what is saved now: what somebody else set meanwhile is theirs, and stays. */
export function draftNow(resident: string, saved: WatchSettings): Draft {
  const now = draftOf(saved);
  const kept = drafts.value[resident];
  if (!kept) return now;
  const { draft, seen } = kept;
  const seenOff = seen.watches_off ?? [];
  const switchedOff = draft.off.filter((one) => !seenOff.includes(one));
  const staysOff = now.off.filter((one) => draft.off.includes(one) || !seenOff.includes(one));
  return {
    sensitivity: draft.sensitivity === seen.sensitivity ? now.sensitivity : draft.sensitivity,
    mobility: draft.mobility,
    off: [...new Set([...staysOff, ...switchedOff])].sort(),
  };
}
