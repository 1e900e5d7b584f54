/** The rooms as a list, loudest first: for a telephone and for a screen reader all that the picture says. */

import type { JSX } from "preact";
import { nowMs } from "../clock";
import { SeverityMark } from "../marks";
import { alertName } from "../reasons";
import type { Alert } from "../records";
import { follow } from "../router";
import { Running } from "../times";
import { t } from "../words";
import { Mark } from "./Mark";
import type { ThereNow } from "./records";
import { alertLink, deadWords, linkOf, personLink, personWords, seenWords, stateWords, whoWords } from "./say";
import { listed, type RoomView } from "./state";

function Line({ view }: { view: RoomView }): JSX.Element {
  const to = linkOf(view);
  const who = whoWords(view, nowMs.value);
  const dead = deadWords(view);
  const inside = (
    <>
      <Mark view={view} />
      <span class="plan-line-main">
        <span class="plan-line-head">
          <b>{view.name}</b> <span class="plan-state">{stateWords(view)}</span>
        </span>
        {view.alerts.map((alert) => (
          <span key={alert.id} class="plan-line-what">
            <b>{alertName(alert)}</b> {alert.resident.name}
          </span>
        ))}
        {who && <span class="plan-who">{who}</span>}
        {[...view.people, ...view.guests].map((person) => {
          const said = [personWords(person, nowMs.value), seenWords(person, view.place, nowMs.value)].filter(Boolean).join(" · ");
          if (!said && view.alerts.some((alert) => alert.resident.id === person.id)) return null;
          return (
            <span key={person.id}>
              {person.name} {said && <span class="plan-fine">{said}</span>}
            </span>
          );
        })}
        {dead && <span class="plan-fine">{dead}</span>}
      </span>
      {view.alert && view.state === "open" && <Running since={view.alert.raised_time} />}
    </>
  );
  const tone = view.severity && view.state === "open" ? `plan-row-${view.severity}` : "";
  return (
    <li data-testid="plan-line" data-place={view.place} data-state={view.state}>
      {to ? (
        <a class={`plan-row ${tone}`} href={to} onClick={follow}>
          {inside}
        </a>
      ) : (
        <span class={`plan-row ${tone}`}>{inside}</span>
      )}
    </li>
  );
}

/** Alerts that no room of the plan can show: never left out. */
export function RestAlerts({ alerts }: { alerts: Alert[] }): JSX.Element | null {
  if (!alerts.length) return null;
  return (
    <section class="plan-rest" aria-label={t("plan.rest.alerts")} data-testid="plan-rest-alerts">
      <h2 class="label">{t("plan.rest.alerts")}</h2>
      {alerts.map((alert) => (
        <a key={alert.id} class={`plan-row ${alert.state === "raised" ? `plan-row-${alert.severity}` : ""}`} href={alertLink(alert.id)} onClick={follow}>
          <SeverityMark severity={alert.severity} quiet={alert.state !== "raised"} />
          <span class="plan-line-main">
            <b>{alertName(alert)}</b> {alert.resident.name}
          </span>
          {alert.state === "raised" && <Running since={alert.raised_time} />}
        </a>
      ))}
    </section>
  );
}

/** People whom no room of the plan holds. */
export function Rest({ people }: { people: ThereNow[] }): JSX.Element | null {
  if (!people.length) return null;
  return (
    <section class="plan-rest" aria-label={t("plan.rest")}>
      <h2 class="label">{t("plan.rest")}</h2>
      <ul class="plan-list">
        {people.map((person) => {
          const said = [personWords(person, nowMs.value), seenWords(person, "", nowMs.value)].filter(Boolean).join(" · ");
          const words = (
            <span>
              {person.name} {said && <span class="plan-fine">{said}</span>}
            </span>
          );
          return (
            <li key={person.id}>
              {person.watch === null ? (
                <span class="plan-row">{words}</span>
              ) : (
                <a class="plan-row" href={personLink(person.id)} onClick={follow}>
                  {words}
                </a>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}

export function List({ views }: { views: RoomView[] }): JSX.Element {
  return (
    <section aria-label={t("plan.list")}>
      <ul class="plan-list">
        {listed(views).map((view) => (
          <Line key={view.place} view={view} />
        ))}
      </ul>
    </section>
  );
}
