/** Who looked where a resident was while no alert of theirs was open: so that nobody watches somebody's ways unseen. */

import type { JSX } from "preact";
import { nowMs } from "../../clock";
import type { Look } from "./records";
import { lang, t } from "../../words";
import { dated } from "./zone";

export function LooksPart({ looks, zone }: { looks: Look[]; zone: string }): JSX.Element | null {
  if (!looks.length) return null;
  return (
    <section class="panel" data-testid="looks">
      <h2>{t("looks.title")}</h2>
      <p class="muted">{t("looks.about")}</p>
      <ul class="change-list">
        {looks.map((look) => (
          <li key={look.began + look.actor}>
            <span>{look.actor}</span>
            <span class="muted figures">{dated(Date.parse(look.last), zone, nowMs.value, lang.value)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
