/** One of a few, side by side. */

import type { JSX } from "preact";

interface Choice<T> {
  value: T;
  set: (value: T) => void;
  options: [T, string][];
}

export function Choose<T extends string | number | boolean>({ value, set, options }: Choice<T>): JSX.Element {
  return (
    <div class="segments" role="group">
      {options.map(([one, words]) => (
        <button key={String(one)} aria-pressed={value === one} onClick={() => set(one)}>
          {words}
        </button>
      ))}
    </div>
  );
}
