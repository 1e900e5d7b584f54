/** Keys: j k c s h r n u x z / ?. Never while somebody types, and never with a modifier. */

import { signal } from "@preact/signals";
import { busy, claim, extend, holding, isMine, noting, resolving } from "./acts";
import { all } from "./alerts";
import { platformNow } from "./clock";
import { mayHold } from "./desk/until";
import { isOpen } from "./order";
import { inHand, onScreen, takeInHand } from "./desk/hand";
import { go, path } from "./router";
import { user } from "./session";
import { undoLast } from "./toasts";
import { axes, near } from "./trace/view";

export const helpOpen = signal(false);

/** Nothing is typed into a box that is ticked or one of several that is chosen. */
const isChosen = (target: HTMLElement): boolean =>
  target instanceof HTMLInputElement && (target.type === "radio" || target.type === "checkbox");

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) &&
  !isChosen(target);

function move(by: 1 | -1): void {
  const ids = onScreen.value;
  const at = ids.indexOf(inHand.value ?? "");
  const next = ids[at < 0 ? 0 : Math.min(ids.length - 1, Math.max(0, at + by))];
  if (!next) return;
  takeInHand(next);
  document.querySelector<HTMLElement>(`[data-testid="alert-card"][data-alert-id="${next}"]`)?.focus();
}

function search(): void {
  go("/residents");
  requestAnimationFrame(() => document.querySelector<HTMLInputElement>("#search")?.focus());
}

function onDesk(key: string): boolean {
  const alert = all.value.find((one) => one.id === inHand.value);
  if (key === "j") move(1);
  else if (key === "k") move(-1);
  else if (key === "x") axes.value = !axes.value;
  else if (key === "z") near.value = !near.value;
  else if (!alert || busy.value) return false;
  else if (key === "c" && (alert.state === "raised" || (alert.state === "held" && isMine(alert.claimed_by))))
    void claim(alert);
  else if (key === "s" && alert.state === "claimed" && isMine(alert.claimed_by)) void extend(alert);
  else if (key === "h" && (alert.state === "raised" ? mayHold(alert, platformNow()) : isMine(alert.claimed_by)))
    holding.value = isOpen(alert) ? alert.id : null;
  else if (key === "r" && isOpen(alert)) resolving.value = alert.id;
  else if (key === "n") noting.value = alert.id;
  else return false;
  return true;
}

function onKey(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || !user.value) return;
  if (event.key === "Escape") {
    helpOpen.value = false;
    resolving.value = null;
    holding.value = null;
    noting.value = null;
    return;
  }
  if (isTyping(event.target) || resolving.value || holding.value || helpOpen.value) return;
  let used = true;
  if (event.key === "?") helpOpen.value = true;
  else if (event.key === "/") search();
  else if (event.key === "u") used = undoLast();
  else used = path.value === "/" || path.value.startsWith("/alerts/") ? onDesk(event.key) : false;
  if (used) event.preventDefault();
}

export function startKeys(): void {
  addEventListener("keydown", onKey);
}
