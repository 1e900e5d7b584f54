/** One alert that waits to be looked at: what, who, where, when, what it was, and how soon somebody answered. */

import type { JSX } from "preact";
import { Shape } from "../marks";
import { alertName, outcomeName, placeName } from "../reasons";
import { lang, t } from "../words";
import { lasted, momentIn } from "./plan";
import type { Waiting } from "./records";

interface Props {
  alert: Waiting;
  zone: string | undefined;
  current: boolean;
  chosen: boolean;
  take: () => void;
  toggle: () => void;
}

export function WaitingRow({ alert, zone, current, chosen, take, toggle }: Props): JSX.Element {
  return (
    <div class={`review-row ${current ? "review-row-now" : ""}`} data-testid="review-row" data-alert-id={alert.id}>
      <label class="review-tick">
        <input
          type="checkbox"
          checked={chosen}
          aria-label={t("review.select", { name: `${alert.resident.name}, ${alertName(alert)}` })}
          onChange={toggle}
        />
      </label>
      <button class="review-take" data-review={alert.id} aria-current={current} onClick={take}>
        <span class="review-what">
          <Shape severity={alert.severity} quiet />
          <b>{alertName(alert)}</b>
          {alert.resident.test && <span class="chip chip-test">{t("alert.test")}</span>}
        </span>
        <span class="review-who">
          {alert.resident.name} <span class="muted">{placeName(alert)}</span>
        </span>
        <span class={`chip review-outcome review-${alert.outcome ?? "open"}`}>{outcomeName(alert)}</span>
        <Answer alert={alert} />
        <time class="muted figures review-when" dateTime={alert.raised_time}>
          {momentIn(alert.raised_time, zone, lang.value)}
        </time>
      </button>
    </div>
  );
}

/** Shape, time and, for a screen reader, the word: in time is a check, late a cross. */
export function Answer({ alert }: { alert: Waiting }): JSX.Element {
  const words = alert.response_s === null ? t("review.answered.never") : lasted(alert.response_s, lang.value);
  return (
    <span class={`review-answer figures ${alert.in_time ? "" : "review-late"}`}>
      <Verdict met={alert.in_time} />
      {words}
      <span class="unseen"> {t(alert.in_time ? "review.intime" : "review.late")}</span>
    </span>
  );
}

/** A check in a ring, or a cross in a square: told apart without colour. Null: neither, a dash. */
export function Verdict({ met }: { met: boolean | null }): JSX.Element {
  if (met === null)
    return (
      <svg class="verdict verdict-few" viewBox="0 0 16 16" aria-hidden="true">
        <path d="M4 8h8" />
      </svg>
    );
  return met ? (
    <svg class="verdict verdict-met" viewBox="0 0 16 16" aria-hidden="true">
      <circle cx="8" cy="8" r="7" />
      <path d="m4.8 8.2 2.3 2.3 4.2-4.6" />
    </svg>
  ) : (
    <svg class="verdict verdict-missed" viewBox="0 0 16 16" aria-hidden="true">
      <rect x="1" y="1" width="14" height="14" rx="2.5" />
      <path d="m5 5 6 6m0-6-6 6" />
    </svg>
  );
}
