/**
 * A moment in the console's words, under a field for date and time: the field itself speaks the browser's language, and
 * no page can change that. Where the two differ, 03/12 is another day to each.
 */

import type { JSX } from "preact";
import { platformNow } from "../clock";
import { lang } from "../words";
import { dated } from "./settings/zone";

export function InWords({ ms, zone }: { ms: number | null; zone: string }): JSX.Element {
  const known = ms !== null && !Number.isNaN(ms);
  return <small class="field-said figures">{known ? dated(ms, zone, platformNow(), lang.value) : ""}</small>;
}
