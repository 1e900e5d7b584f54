/** Asks what it was. The answer is what every later number rests on, so none is chosen beforehand. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { busy, refusal, resolve, resolving } from "../acts";
import { headline } from "../reasons";
import { OUTCOMES, type Alert, type Outcome } from "../records";
import { Dialog } from "../shell/Dialog";
import { t } from "../words";

export function ResolveDialog({ alert }: { alert: Alert }): JSX.Element {
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const [note, setNote] = useState("");
  const refused = refusal.value?.id === alert.id ? refusal.value.text : null;
  return (
    <Dialog title={t("resolve.title")} close={() => (resolving.value = null)}>
      <form
        class="resolve"
        onSubmit={(event) => {
          event.preventDefault();
          if (outcome) void resolve(alert, outcome, note.trim());
        }}
      >
        <p class="muted">{headline(alert)}</p>
        <div class="outcomes" role="radiogroup" aria-label={t("resolve.title")}>
          {OUTCOMES.map((one, i) => (
            <label
              key={one}
              class={`outcome ${outcome === one ? "outcome-chosen" : ""}`}
              data-testid={`outcome-${one}`}
            >
              <input
                type="radio"
                name="outcome"
                value={one}
                checked={outcome === one}
                autoFocus={i === 0}
                onChange={() => setOutcome(one)}
              />
              {t(`outcome.${one}`)}
            </label>
          ))}
        </div>
        <label class="field">
          {t("resolve.note")}
          <textarea
            data-testid="note"
            rows={3}
            maxLength={2000}
            placeholder={t("action.note.placeholder")}
            value={note}
            onInput={(event) => setNote(event.currentTarget.value)}
          />
        </label>
        {refused && (
          <p class="refusal" role="alert">
            {refused}
          </p>
        )}
        <div class="buttons">
          <button class="button button-main" data-testid="resolve-confirm" disabled={!outcome || busy.value !== null}>
            {busy.value?.verb === "resolve" ? t("action.busy") : t("resolve.confirm")}
          </button>
          <button class="button" type="button" onClick={() => (resolving.value = null)}>
            {t("action.cancel")}
          </button>
          {!outcome && <span class="muted">{t("resolve.choose")}</span>}
        </div>
      </form>
    </Dialog>
  );
}
