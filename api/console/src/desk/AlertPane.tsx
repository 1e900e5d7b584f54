/** The alert in hand: what, how sure, who, where, since when, why, the trace, and what can be done. */

import type { ComponentChildren, JSX } from "preact";
import { isMine } from "../acts";
import { nowMs } from "../clock";
import { fetched, stamp, take } from "../alerts";
import { AlertWay } from "../ground/later";
import { useLoaded } from "../load";
import { SeverityMark } from "../marks";
import { alertName, outcomeName, placeName } from "../reasons";
import { DayPart } from "../resident/DayPart";
import type { Alert, AlertDetail } from "../records";
import { follow } from "../router";
import { Failed, Loading } from "../states";
import { Ago, Filled, Moment, Running } from "../times";
import { AlertTrace } from "../trace/AlertTrace";
import { AlertDay } from "../usual/AlertDay";
import { isOfRhythm, isOfSensor } from "../usual/plan";
import { t } from "../words";
import { useEffect } from "preact/hooks";
import { Actions } from "./Actions";
import { History } from "./History";
import { waits } from "../order";
import { Waits } from "./Card";
import { tellings } from "./stages";
import { asks, isOwned } from "./until";
import { Why } from "./Why";

interface Props {
  id: string | null;
  known: Alert | null;
  onPerson: () => void;
}

/** How its state reads in one line, with the time that runs. */
function Standing({ alert }: { alert: Alert }): JSX.Element {
  if (alert.state === "raised") {
    return (
      <p class={`standing standing-${alert.severity}`} data-testid="standing">
        <span class="standing-time">
          <Running since={alert.raised_time} />
        </span>{" "}
        {t("alert.waiting")} · {waits(alert, nowMs.value) ? <Waits alert={alert} /> : t("state.raised")}
      </p>
    );
  }
  if (isOwned(alert)) {
    const name = alert.claimed_by ?? "?";
    const owner = isMine(name) ? t("alert.owner.you") : t("alert.owner", { name });
    const held = isMine(name) ? t("alert.held.you") : t("alert.held", { name });
    return (
      <p class="standing standing-claimed" data-testid="standing">
        <span class="standing-time">{alert.claimed_time && <Running since={alert.claimed_time} />}</span>{" "}
        {alert.state === "held" ? held : owner}
        {alert.due_time && (
          <span class={`until ${asks(alert, nowMs.value) ? "until-soon" : ""}`} data-testid="until">
            {" · "}
            <Filled
              words={alert.state === "held" ? "alert.until.held" : "alert.until"}
              name="time"
              value={<Moment at={alert.due_time} />}
            />
          </span>
        )}
      </p>
    );
  }
  return (
    <p class="standing standing-done" data-testid="standing">
      {t(`state.${alert.state}`)}
      {alert.outcome && <b> {outcomeName(alert)}</b>}
      {alert.resolved_by && ` · ${alert.resolved_by}`} {alert.resolved_time && <Moment at={alert.resolved_time} />}
    </p>
  );
}

function Facts({ alert, onPerson }: { alert: Alert; onPerson: () => void }): JSX.Element {
  return (
    <div class="facts">
      <h2>
        <a class="plain" href={`/residents/${encodeURIComponent(alert.resident.id)}`} onClick={follow}>
          {alert.resident.name}
        </a>
        <button class="link-button phone-only" onClick={onPerson}>
          {t("person.title")} ›
        </button>
      </h2>
      <p>
        <span class="where">{placeName(alert)}</span>
        <span class="muted">
          {" · "}
          {isOfSensor(alert) ? t("alert.sensor.last") : alertName(alert)} <Ago at={alert.event_time} />
        </span>
        {alert.occurrences > 1 && stamp(alert.last_event_time) > 0 && <Again alert={alert} />}
      </p>
      {isOfSensor(alert) && (
        <p class="muted">
          {t("alert.sensor.which")} <code>{alert.device}</code>
        </p>
      )}
      {alert.late && (
        <p class="notice">
          <Filled words="alert.late.long" name="time" value={<Moment at={alert.event_time} />} />
        </p>
      )}
      {alert.note && (
        <p class="note">
          <span class="muted">{t("alert.note")}</span> {alert.note}
        </p>
      )}
    </div>
  );
}

function Again({ alert }: { alert: Alert }): JSX.Element {
  const last = <Ago at={alert.last_event_time ?? alert.event_time} />;
  return (
    <>
      {" · "}
      <Filled words="alert.times" fill={{ n: alert.occurrences }} name="when" value={last} />
    </>
  );
}

function Shell({ children }: { children: ComponentChildren }): JSX.Element {
  return <div class="pane-body">{children}</div>;
}

export function AlertPane({ id, known, onPerson }: Props): JSX.Element {
  const detail = useLoaded<AlertDetail>(id && `/alerts/${encodeURIComponent(id)}`, known?.version);
  useEffect(() => {
    if (detail.value) take(detail.value);
  }, [detail.value]);
  const alert = known ?? detail.value;
  if (id === null) {
    const waiting = fetched.value.state === "loading";
    return <Shell>{waiting ? <Loading text={t("queue.loading")} /> : <p class="state">{t("queue.select")}</p>}</Shell>;
  }
  if (!alert) {
    if (!detail.error)
      return (
        <Shell>
          <Loading text={t("queue.loading")} />
        </Shell>
      );
    const text = detail.error.kind === "missing" ? t("action.missing") : t("queue.failed");
    return (
      <Shell>
        <Failed text={text} again={detail.again} />
      </Shell>
    );
  }
  const stages = tellings(alert, detail.value?.steps ?? []);
  const told = stages.flatMap(({ stage, at }) => (at === null ? [] : [{ stage, at }]));
  return (
    <>
      <header class={`alert-head alert-head-${alert.severity} ${alert.state === "raised" && !waits(alert, nowMs.value) ? "alert-head-loud" : ""}`}>
        <h1>
          {alertName(alert)}
          <SeverityMark severity={alert.severity} quiet={alert.state !== "raised"} />
          {alert.resident.test && <span class="chip chip-test">{t("alert.test")}</span>}
        </h1>
        <Standing alert={alert} />
      </header>
      <div class="pane-body alert-body" key={alert.id}>
        <Facts alert={alert} onPerson={onPerson} />
        <Why alert={alert} steps={detail.value?.steps ?? null} />
        {isOfRhythm(alert) && <AlertDay alert={alert} />}
        {alert.kind === "wandering" && <AlertWay alert={alert} />}
        {alert.kind !== "wandering" && !isOfRhythm(alert) && !isOfSensor(alert) && <AlertTrace alert={alert} told={told} />}
        <History steps={detail.value?.steps ?? null} failed={detail.error !== null} kind={alert.kind} />
        {!isOfSensor(alert) && <DayPart resident={alert.resident.id} version={alert.version} />}
      </div>
      <Actions alert={alert} />
    </>
  );
}
