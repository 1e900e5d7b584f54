/** When this home is told of beside alarms: its own limits of today, and what cannot be told here. */

import type { JSX } from "preact";
import type { HabitKnown } from "../records";
import { t } from "../words";
import { everydaySaid } from "./everyday";

export function EverydayLines({ known }: { known: HabitKnown[] }): JSX.Element | null {
  const phrases = everydaySaid(known);
  if (phrases.length === 0) return null;
  return (
    <section class="panel">
      <h2 class="label">{t("watching.title")}</h2>
      <ul class="watching">
        {phrases.map((phrase) => (
          <li key={phrase}>{phrase}</li>
        ))}
      </ul>
    </section>
  );
}
