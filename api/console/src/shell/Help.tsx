/** The keys, on `?`. */

import type { JSX } from "preact";
import { helpOpen } from "../keys";
import { t, type Key } from "../words";
import { Dialog } from "./Dialog";

const KEYS: [string[], Key][] = [
  [["J", "K"], "help.move"],
  [["C"], "help.claim"],
  [["S"], "help.extend"],
  [["H"], "help.hold"],
  [["R"], "help.resolve"],
  [["N"], "help.note"],
  [["U"], "help.undo"],
  [["X"], "help.axes"],
  [["Z"], "help.zoom"],
  [["/"], "help.search"],
  [["?"], "help.help"],
];

export function Help(): JSX.Element | null {
  if (!helpOpen.value) return null;
  return (
    <Dialog title={t("help.title")} close={() => (helpOpen.value = false)}>
      <dl class="keys">
        {KEYS.map(([keys, words]) => (
          <div key={words}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{t(words)}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
