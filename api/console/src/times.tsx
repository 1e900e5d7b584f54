/** Times in the page: words that keep running, with the exact moment on hover and for a screen reader. */

import type { JSX } from "preact";
import { nowMs } from "./clock";
import { ago, clockTime, exact, moment, running } from "./when";
import { lang } from "./words";

interface At {
  at: string | number;
}

const ms = (at: string | number): number => (typeof at === "number" ? at : Date.parse(at));

/** `3 min ago`, or the clock time after an hour. */
export function Ago({ at }: At): JSX.Element {
  return stamped(ms(at), ago(ms(at), nowMs.value, lang.value));
}

/** `02:14`, with the date when not today. */
export function Moment({ at }: At): JSX.Element {
  return stamped(ms(at), moment(ms(at), nowMs.value, lang.value));
}

/** A running time: `0:47`. */
export function Running({ since }: { since: string | number }): JSX.Element {
  return stamped(ms(since), running(nowMs.value - ms(since), lang.value), "running");
}

function stamped(at: number, text: string, kind = ""): JSX.Element {
  return (
    <time class={`figures ${kind}`} dateTime={new Date(at).toISOString()} title={exact(at, lang.value)}>
      {text}
    </time>
  );
}

/** The wall clock of the platform. */
export function WallClock(): JSX.Element {
  const now = nowMs.value;
  return stamped(now, clockTime(now, lang.value), "wall-clock");
}
