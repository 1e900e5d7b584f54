/** Short messages at the foot of the page, some with a way back. */

import { signal } from "@preact/signals";

/** Long enough to notice a wrong press and take it back. */
const UNDO_MS = 8_000;
const SHORT_MS = 4_000;

export interface Toast {
  id: number;
  text: string;
  undo: (() => void) | null;
}

export const toasts = signal<Toast[]>([]);
let next = 1;

export function toast(text: string, undo: (() => void) | null = null): void {
  const id = next++;
  // Only the newest act can be taken back; an older undo would act on what has changed since.
  const kept = toasts.value.filter((one) => !(undo && one.undo)).slice(-1);
  toasts.value = [...kept, { id, text, undo }];
  setTimeout(() => dismiss(id), undo ? UNDO_MS : SHORT_MS);
}

export function dismiss(id: number): void {
  toasts.value = toasts.value.filter((one) => one.id !== id);
}

/** Takes back the newest thing that can be taken back; false when there is none. */
export function undoLast(): boolean {
  const last = [...toasts.value].reverse().find((one) => one.undo);
  if (!last?.undo) return false;
  dismiss(last.id);
  last.undo();
  return true;
}
