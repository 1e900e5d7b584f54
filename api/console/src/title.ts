/** The tab's title tells of open alerts to somebody who looks at another tab. */

import { effect } from "@preact/signals";
import { open, ringing } from "./alerts";
import { isStale } from "./line";
import { headline } from "./reasons";
import type { Severity } from "./records";
import { t } from "./words";

const SIGNS: Record<Severity, string> = { high: "◆", medium: "▲", low: "●" };

export function startTitle(): void {
  effect(() => {
    const alert = ringing.value;
    const lost = isStale() ? `⚠ ${t("live.lost")} · ` : "";
    const what = alert ? `${SIGNS[alert.severity]} ${headline(alert)} · ` : "";
    const count = open.value.length ? `(${open.value.length}) ` : "";
    document.title = `${lost}${count}${what}${t("app.name")}`;
  });
}
