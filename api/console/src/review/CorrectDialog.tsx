/** Another outcome for what is resolved: nothing chosen beforehand but what was said. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { post, type Refused } from "../http";
import { useLoaded } from "../load";
import { OUTCOMES, type LocalOutcome } from "../records";
import { alertName } from "../reasons";
import { Dialog } from "../shell/Dialog";
import { toast } from "../toasts";
import { lang, t } from "../words";
import type { Waiting } from "./records";

export function CorrectDialog({ alert, close }: { alert: Waiting; close: (done: boolean) => void }): JSX.Element {
  const [choice, setChoice] = useState(`${alert.outcome} ${alert.outcome_local?.id ?? ""}`);
  const [refused, setRefused] = useState("");
  const [busy, setBusy] = useState(false);
  const own = useLoaded<{ local: LocalOutcome[] }>("/outcomes").value?.local.filter((one) => !one.retired) ?? [];
  const choices = OUTCOMES.flatMap((base) => [
    { base, id: "", words: t(`outcome.${base}`) },
    ...own.filter((one) => one.base === base).map((one) => ({ base, id: one.id, words: one[lang.value] })),
  ]);
  const before = `${alert.outcome} ${alert.outcome_local?.id ?? ""}`;
  const save = (): void => {
    const [outcome, local] = choice.split(" ");
    setBusy(true);
    post(`/alerts/${encodeURIComponent(alert.id)}/correct`, { outcome, local: local || null }).then(
      () => (toast(t("review.correct.done")), close(true)),
      (error: Refused) => {
        setBusy(false);
        setRefused(t("review.correct.failed", { message: error.message }));
      },
    );
  };
  return (
    <Dialog title={t("review.correct.title")} close={() => close(false)}>
      <form
        class="resolve"
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <p class="muted">
          {alertName(alert)} · {alert.resident.name}
        </p>
        <div class="outcomes" role="radiogroup" aria-label={t("review.correct.title")}>
          {choices.map(({ base, id, words }) => {
            const value = `${base} ${id}`;
            return (
              <label key={value} class={`outcome ${choice === value ? "outcome-chosen" : ""}`} data-testid={`correct-${id || base}`}>
                <input
                  type="radio"
                  name="outcome"
                  value={value}
                  checked={choice === value}
                  autoFocus={choice === value}
                  onChange={() => setChoice(value)}
                />
                {words}
              </label>
            );
          })}
        </div>
        <p class="muted">{t("review.correct.about")}</p>
        {refused && (
          <p class="refusal" role="alert">
            {refused}
          </p>
        )}
        <div class="buttons">
          <button class="button button-main" data-testid="correct-do" disabled={busy || choice === before}>
            {t("review.correct.do")}
          </button>
          <button class="button" type="button" onClick={() => close(false)}>
            {t("action.cancel")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
