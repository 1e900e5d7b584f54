/** The alert that is looked at: why it rang, its picture as the desk has it, what was said of it, and closing it. */

import type { JSX } from "preact";
import { AlertWay } from "../ground/later";
import { useLoaded } from "../load";
import { SeverityMark } from "../marks";
import { alertName, outcomeName, placeName } from "../reasons";
import type { AlertDetail } from "../records";
import { follow } from "../router";
import { AlertTrace } from "../trace/AlertTrace";
import { tellings } from "../desk/stages";
import { Why } from "../desk/Why";
import { AlertDay } from "../usual/AlertDay";
import { isOfRhythm, isOfSensor } from "../usual/plan";
import { lang, t } from "../words";
import { momentIn } from "./plan";
import type { Waiting } from "./records";
import { Answer } from "./WaitingRow";

interface Props {
  alert: Waiting;
  zone: string | undefined;
  shut: (ids: string[]) => void;
  correct: (alert: Waiting) => void;
}

export function Looked({ alert, zone, shut, correct }: Props): JSX.Element {
  const detail = useLoaded<AlertDetail>(`/alerts/${encodeURIComponent(alert.id)}`, alert.version);
  const steps = detail.value?.steps ?? null;
  const told = tellings(alert, steps ?? []).flatMap(({ stage, at }) => (at === null ? [] : [{ stage, at }]));
  return (
    <article class="panel review-looked" data-testid="looked">
      <header class="review-looked-head">
        <a class="link-button" href={`/alerts/${encodeURIComponent(alert.id)}`} onClick={follow}>
          {t("review.open")}
        </a>
        <h3>
          {alertName(alert)} <SeverityMark severity={alert.severity} quiet />
        </h3>
        <p>
          <a class="plain" href={`/residents/${encodeURIComponent(alert.resident.id)}`} onClick={follow}>
            <b>{alert.resident.name}</b>
          </a>{" "}
          <span class="muted">
            {placeName(alert)} · {momentIn(alert.raised_time, zone, lang.value)}
          </span>
        </p>
      </header>
      <dl class="review-said">
        <div>
          <dt>{outcomeName(alert)}</dt>
          <dd class="muted">{alert.resolved_by && t("review.by", { name: alert.resolved_by })}</dd>
        </div>
        <div>
          <dt>
            <Answer alert={alert} />
          </dt>
          <dd class="muted">
            {alert.response_s !== null && t("review.answered", { name: alert.answered_by ?? "?" })}
          </dd>
        </div>
      </dl>
      {alert.note && <p class="note">{alert.note}</p>}
      <Why alert={alert} steps={steps} />
      {isOfRhythm(alert) && <AlertDay alert={alert} />}
      {alert.kind === "wandering" && <AlertWay alert={alert} />}
      {(alert.kind === "fall" || alert.kind === "sos") && !isOfSensor(alert) && <AlertTrace alert={alert} told={told} />}
      <footer class="buttons review-do">
        <button class="button button-main" data-testid="close-one" onClick={() => shut([alert.id])}>
          {t("review.close.one")} <kbd>e</kbd>
        </button>
        <button class="button" data-testid="correct" onClick={() => correct(alert)}>
          {t("review.correct")} <kbd>o</kbd>
        </button>
      </footer>
      <p class="muted review-keys">{t("review.keys")}</p>
    </article>
  );
}
