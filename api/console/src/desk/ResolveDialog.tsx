/** Asks what it was. The answer is what every later number rests on, so none is chosen beforehand. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { busy, refusal, resolve, resolving } from "../acts";
import { headline } from "../reasons";
import { useLoaded } from "../load";
import { OUTCOMES, type Alert, type LocalOutcome, type Outcome } from "../records";
import { Dialog } from "../shell/Dialog";
import { lang, t } from "../words";

export function ResolveDialog({ alert }: { alert: Alert }): JSX.Element {
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const [local, setLocal] = useState<string | null>(null);
  // Without an answer the six are still there: nobody waits for the finer words.
  const own = useLoaded<{ local: LocalOutcome[] }>("/outcomes").value?.local.filter((one) => !one.retired) ?? [];
  const choices = OUTCOMES.flatMap((base) => [
    { base, id: null as string | null, words: t(`outcome.${base}`) },
    ...own.filter((one) => one.base === base).map((one) => ({ base, id: one.id, words: one[lang.value] })),
  ]);
  const [note, setNote] = useState("");
  const refused = refusal.value?.id === alert.id ? refusal.value.text : null;
  return (
    <Dialog title={t("resolve.title")} close={() => (resolving.value = null)}>
      <form
        class="resolve"
        onSubmit={(event) => {
          event.preventDefault();
          if (outcome) void resolve(alert, outcome, local, note.trim());
        }}
      >
        <p class="muted">{headline(alert)}</p>
        <div class="outcomes" role="radiogroup" aria-label={t("resolve.title")}>
          {choices.map(({ base, id, words }, i) => (
            <label
              key={id ?? base}
              class={`outcome ${outcome === base && local === id ? "outcome-chosen" : ""}`}
              data-testid={`outcome-${id ?? base}`}
            >
              <input
                type="radio"
                name="outcome"
                value={id ?? base}
                checked={outcome === base && local === id}
                autoFocus={i === 0}
                onChange={() => (setOutcome(base), setLocal(id))}
              />
              {words}
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
