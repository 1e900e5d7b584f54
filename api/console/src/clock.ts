/** The platform's clock in the browser: a client's clock may be minutes off, and every waiting time would lie. */

import { signal } from "@preact/signals";

let offsetMs = 0;
let heardMs = 0;

/** Whether this is a simulated home: its clock stands until somebody drives it on, and is shown as it was heard last. */
export const driven = signal(false);

/** Platform time in ms, renewed each second: reading it in a component re-renders that component alone. */
export const nowMs = signal(Date.now());

/** Sets the clock from a `platform_time` just heard. */
export function heard(platformTime: string | undefined): void {
  const at = platformTime ? Date.parse(platformTime) : NaN;
  if (Number.isNaN(at)) return;
  offsetMs = at - Date.now();
  heardMs = at;
  nowMs.value = platformNow();
}

export function platformNow(): number {
  return driven.peek() && heardMs ? heardMs : Date.now() + offsetMs;
}

/** Starts the ticking. A second is the finest that a running time shows. */
export function startClock(): void {
  setInterval(() => {
    nowMs.value = platformNow();
  }, 1000);
}

/** Seconds by which this device's own clock differs from the platform's. */
export const skewSeconds = (): number => (driven.peek() ? 0 : Math.round(offsetMs / 1000));
