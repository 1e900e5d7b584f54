/** One quiet sentence while a home's own rhythm is not known yet. */

import type { JSX } from "preact";
import type { RhythmKnown } from "../records";
import { t } from "../words";
import { rhythmSaid } from "./rhythm";

export function RhythmLine({ known }: { known: RhythmKnown | null }): JSX.Element | null {
  const said = rhythmSaid(known);
  return said === null ? null : <p class="muted rhythm">{t(said.key, said.fill)}</p>;
}
