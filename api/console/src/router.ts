/** Which page is open: the path of the address bar as a signal. */

import { signal } from "@preact/signals";

export const path = signal(location.pathname);

/** Asked before another page opens, with where to; false: not now. */
let guard: ((to: string) => boolean) | null = null;

/** Lets somebody be asked before a page is left (null: nobody). */
export function setGuard(ask: ((to: string) => boolean) | null): void {
  guard = ask;
}

const mayLeave = (to: string): boolean => to === path.value || guard === null || guard(to);

addEventListener("popstate", () => {
  if (mayLeave(location.pathname)) path.value = location.pathname;
  else history.pushState(null, "", path.value);
});

/** Opens a page of the console. */
export function go(to: string, replace = false, search = ""): void {
  if ((to === location.pathname && search === location.search) || !mayLeave(to)) return;
  history[replace ? "replaceState" : "pushState"](null, "", to + search);
  path.value = to;
  if (!replace) scrollTo(0, 0);
}

/** For `onClick` of a link: stay in the page unless a new tab is wanted. */
export function follow(event: MouseEvent): void {
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
  const link = (event.currentTarget as HTMLElement).closest("a");
  if (!link) return;
  event.preventDefault();
  go(link.pathname, false, link.search);
}
