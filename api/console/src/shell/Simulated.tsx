/** A bar that never goes away in a simulated home: nobody may take a play for people, or people for a play. */

import type { JSX } from "preact";
import { driven } from "../clock";
import { t } from "../words";

export function Simulated(): JSX.Element | null {
  if (!driven.value) return null;
  return (
    <div class="bar bar-simulated" role="note" data-testid="simulated-bar">
      {t("simulated.bar")}
    </div>
  );
}
