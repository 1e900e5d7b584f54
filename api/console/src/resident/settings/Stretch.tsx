/** One absence in words: from, until, why, and who set it. */

import type { JSX } from "preact";
import { nowMs } from "../../clock";
import type { Absence } from "./records";
import { lang, t } from "../../words";
import { dated } from "./zone";

export function Stretch({ one, zone }: { one: Absence; zone: string }): JSX.Element {
  const said = (time: string): string => dated(Date.parse(time), zone, nowMs.value, lang.value);
  const who = [
    one.set_by && t("absence.by", { name: one.set_by }),
    one.still_by && !one.ended_by && t("absence.stillby", { name: one.still_by }),
    one.ended_by && t("absence.endedby", { name: one.ended_by }),
  ].filter(Boolean);
  return (
    <span class="stretch">
      <span class="figures">
        {said(one.start)} – {one.until === null ? t("absence.open") : said(one.until)}
      </span>
      {one.note && <span>{one.note}</span>}
      {who.length > 0 && <span class="muted">{who.join(" · ")}</span>}
    </span>
  );
}
