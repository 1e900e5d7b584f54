/** The institution's own outcomes, for an administrator: added, and offered no longer. Fetched when it is shown. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { call, post, Refused } from "../http";
import { useLoaded } from "../load";
import { OUTCOMES, type LocalOutcome, type Outcome } from "../records";
import { lang, t } from "../words";

export function OutcomesPart(): JSX.Element {
  const loaded = useLoaded<{ local: LocalOutcome[] }>("/outcomes");
  const [base, setBase] = useState<Outcome>("real_unhurt");
  const [zh, setZh] = useState("");
  const [en, setEn] = useState("");
  const [failed, setFailed] = useState("");
  const done = async (ask: Promise<unknown>): Promise<boolean> => {
    try {
      await ask;
      setFailed("");
      loaded.again();
      return true;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      setFailed(t(error.code === "there_already" ? "outcomes.there" : "outcomes.failed"));
      return false;
    }
  };
  const add = async (): Promise<void> => {
    if (!(await done(post("/outcomes", { base, zh: zh.trim(), en: en.trim() })))) return;
    setZh("");
    setEn("");
  };
  return (
    <section class="panel outcomes-part" data-testid="outcomes">
      <h2>{t("outcomes.title")}</h2>
      <p class="muted">{t("outcomes.about")}</p>
      <ul class="outcomes-list">
        {(loaded.value?.local ?? [])
          .filter((one) => !one.retired)
          .map((one) => (
            <li key={one.id}>
              <span>
                {one[lang.value]} <span class="muted">· {t(`outcome.${one.base}`)}</span>
              </span>
              <button class="link-button" onClick={() => void done(call("DELETE", `/outcomes/${one.id}`, {}))}>
                {t("outcomes.retire")}
              </button>
            </li>
          ))}
      </ul>
      <form
        class="outcomes-form"
        onSubmit={(event) => {
          event.preventDefault();
          void add();
        }}
      >
        <label class="field">
          {t("outcomes.base")}
          <select value={base} onChange={(event) => setBase(event.currentTarget.value as Outcome)}>
            {OUTCOMES.map((one) => (
              <option key={one} value={one}>
                {t(`outcome.${one}`)}
              </option>
            ))}
          </select>
        </label>
        <label class="field">
          中文
          <input maxLength={200} value={zh} onInput={(event) => setZh(event.currentTarget.value)} />
        </label>
        <label class="field">
          English
          <input maxLength={200} value={en} onInput={(event) => setEn(event.currentTarget.value)} />
        </label>
        <button class="button" disabled={!zh.trim() || !en.trim()}>
          {t("outcomes.add")}
        </button>
      </form>
      {failed && (
        <p class="refusal" role="alert">
          {failed}
        </p>
      )}
    </section>
  );
}
