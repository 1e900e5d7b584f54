/** Asks when one comes back. Buttons with the clock time on them: one press, and no arithmetic at night. */

import type { JSX } from "preact";
import { busy, hold, holding, refusal } from "../acts";
import { nowMs } from "../clock";
import { headline } from "../reasons";
import type { Alert } from "../records";
import { Dialog } from "../shell/Dialog";
import { clockTime, length } from "../when";
import { lang, t } from "../words";
import { HOLDS } from "./until";

export function HoldDialog({ alert }: { alert: Alert }): JSX.Element {
  const refused = refusal.value?.id === alert.id ? refusal.value.text : null;
  return (
    <Dialog title={t("hold.title")} close={() => (holding.value = null)}>
      <div class="resolve">
        <p class="muted">{headline(alert)}</p>
        <div class="holds">
          {HOLDS[alert.severity].map((minutes, i) => (
            <button
              key={minutes}
              class="button hold-time"
              data-testid={`hold-${minutes}`}
              autoFocus={i === 0}
              disabled={busy.value !== null}
              onClick={() => void hold(alert, minutes)}
            >
              <b class="figures">{clockTime(nowMs.value + minutes * 60_000, lang.value)}</b>
              <span class="muted">{length(minutes * 60_000, lang.value)}</span>
            </button>
          ))}
        </div>
        <p class="muted">{t("hold.about")}</p>
        {refused && (
          <p class="refusal" role="alert">
            {refused}
          </p>
        )}
        <div class="buttons">
          <button class="button" type="button" onClick={() => (holding.value = null)}>
            {t("action.cancel")}
          </button>
        </div>
      </div>
    </Dialog>
  );
}
