/** Which alert is in hand: it is in the address, so that it can be sent to a colleague, and never changes by itself. */

import { computed, signal } from "@preact/signals";
import { go, path } from "../router";

/** Below this the panes are swiped (styles/desk.css has the same number). */
export const PHONE = "(max-width: 759px)";

const PREFIX = "/alerts/";

export const inHand = computed(() =>
  path.value.startsWith(PREFIX) ? decodeURIComponent(path.value.slice(PREFIX.length)) : null,
);

/** The cards as they stand on the screen, top to bottom: what j and k walk through. */
export const onScreen = signal<string[]>([]);

export function takeInHand(id: string, replace = false): void {
  go(PREFIX + encodeURIComponent(id), replace);
}
