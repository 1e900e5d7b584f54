/** Times in the page: words that keep running, with the exact moment on hover and for a screen reader. */

import type { JSX } from "preact";
import { nowMs } from "./clock";
import { ago, clockTime, exact, moment, running } from "./when";
import { lang, t, type Fill, type Key } from "./words";

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

interface FilledProps {
  words: Key;
  /** The place in the words that a running time takes. */
  name: string;
  value: JSX.Element;
  fill?: Fill;
}

/** Words with a running time in them. */
export function Filled({ words, name, value, fill = {} }: FilledProps): JSX.Element {
  const [before, after] = t(words, { ...fill, [name]: "\u0000" }).split("\u0000");
  return (
    <>
      {before}
      {value}
      {after}
    </>
  );
}

/** The wall clock of the platform. */
export function WallClock(): JSX.Element {
  const now = nowMs.value;
  return stamped(now, clockTime(now, lang.value), "wall-clock");
}
