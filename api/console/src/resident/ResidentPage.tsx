/** A resident's page: now, the last day, the last alert's trace, devices and past alerts. */

import type { JSX } from "preact";
import { all } from "../alerts";
import { AlertWay, WhereaboutsCard } from "../ground/later";
import { useLoaded } from "../load";
import { Icon, SeverityMark } from "../marks";
import { nowMs } from "../clock";
import { waits } from "../order";
import { alertName, inWords } from "../reasons";
import type { Alert, ResidentDetail } from "../records";
import { LooksPart } from "../rights/LooksPart";
import { follow } from "../router";
import { Hand } from "../sheet/later";
import { Failed, Loading } from "../states";
import { Ago, Running } from "../times";
import { AlertTrace } from "../trace/AlertTrace";
import { addWords, t } from "../words";
import { en } from "../words/resident.en";
import { zh } from "../words/resident.zh";
import { DayPart } from "./DayPart";
import { DeviceList } from "./Devices";
import { LiveTrace } from "./LiveTrace";
import { MissedPart } from "./MissedPart";
import { NowList } from "./NowList";
import { AlertRows, usePastAlerts } from "./PastAlerts";
import { ProposalPart } from "./ProposalPart";
import { QuietFindings } from "./QuietFindings";
import { AwayPart } from "./AwayLine";
import { WithHer } from "./WithHer";
import { WeekPart } from "./WeekPart";
import { changed } from "./settings/acts";
import { EverydayLines } from "./EverydayLines";
import { RhythmLine } from "./RhythmLine";
import { RoutinePart } from "./RoutinePart";
import { PersonFacts, personLine } from "./facts";

addWords({ en, zh });

const NOW_EVERY_MS = 5_000;

function OpenAlert({ alert }: { alert: Alert }): JSX.Element {
  const quiet = alert.state !== "raised" || waits(alert, nowMs.value);
  return (
    <a
      class={`open-alert card card-${alert.severity} ${quiet ? "card-quiet" : "card-loud"}`}
      href={`/alerts/${encodeURIComponent(alert.id)}`}
      onClick={follow}
    >
      <span class="card-line">
        <SeverityMark severity={alert.severity} quiet={quiet} />
        <span class="card-kind">{alertName(alert)}</span>
        <span class="card-end card-time">{alert.claimed_by ?? <Running since={alert.raised_time} />}</span>
      </span>
    </a>
  );
}

function LastAlert({ alert }: { alert: Alert | undefined }): JSX.Element {
  if (!alert) return <p class="muted">{t("resident.noalert")}</p>;
  return (
    <>
      <p>
        <a href={`/alerts/${encodeURIComponent(alert.id)}`} onClick={follow}>
          {alertName(alert)}
        </a>{" "}
        <Ago at={alert.event_time} /> <span class="muted">{inWords(alert.evidence.reasons)}</span>
      </p>
      {alert.kind === "wandering" ? (
        <AlertWay key={alert.id} alert={alert} />
      ) : (
        <AlertTrace key={alert.id} alert={alert} told={[]} />
      )}
    </>
  );
}

function Body({ person }: { person: ResidentDetail }): JSX.Element {
  const version = all.value
    .filter((alert) => alert.resident.id === person.id)
    .reduce((sum, one) => sum + one.version, 0);
  const past = usePastAlerts(person.id, version);
  return (
    <>
      <header class="resident-head">
        <span class="avatar avatar-large" aria-hidden="true">
          {person.name.slice(0, 1)}
        </span>
        <div>
          <h1>{person.name}</h1>
          <p class="muted">{personLine(person)}</p>
          <RhythmLine known={person.watch?.inactivity ?? null} />
        </div>
        <a class="button" href={`/residents/${encodeURIComponent(person.id)}/settings`} onClick={follow} data-testid="settings">
          {t("settings.open")}
        </a>
        <div class="resident-open">
          {person.open_alerts.map((alert) => (
            <OpenAlert key={alert.id} alert={alert} />
          ))}
        </div>
      </header>
      <WithHer person={person} />
      <AwayPart person={person} />
      <div class="resident-grid">
        <ProposalPart resident={person.id} version={version} />
        <section class="panel panel-wide">
          <h2 class="label">{t("now.title")}</h2>
          <div class="now-panel">
            <NowList now={person.now} />
            <LiveTrace resident={person.id} />
          </div>
        </section>
        <WhereaboutsCard resident={person.id} alerted={person.open_alerts.length > 0} />
        <section class="panel panel-wide">
          <DayPart resident={person.id} version={version} />
        </section>
        <section class="panel panel-wide">
          <WeekPart resident={person.id} version={version} />
        </section>
        <section class="panel panel-wide">
          <RoutinePart resident={person.id} />
        </section>
        <section class="panel panel-main">
          <h2 class="label">{t("resident.lastalert")}</h2>
          {past ? <LastAlert alert={past[0]} /> : <Loading text={t("trace.loading")} />}
        </section>
        <div class="resident-side">
          <section class="panel">
            <PersonFacts person={person} />
          </section>
          <section class="panel">
            <Hand resident={person.id} name={person.name} kind={null} />
          </section>
          <section class="panel">
            <h2 class="label">{t("person.devices")}</h2>
            <DeviceList devices={person.devices} />
          </section>
          <EverydayLines person={person} />
          <section class="panel">
            <h2 class="label">{t("person.history")}</h2>
            {past && <AlertRows alerts={past} />}
          </section>
          <QuietFindings resident={person.id} version={version} />
          <MissedPart resident={person.id} />
          <LooksPart resident={person.id} />
        </div>
      </div>
    </>
  );
}

export function ResidentPage({ id }: { id: string }): JSX.Element {
  const path = `/residents/${encodeURIComponent(id)}`;
  const person = useLoaded<ResidentDetail>(path, changed.value, NOW_EVERY_MS);
  return (
    <main class="page" id="content" key={id}>
      <a class="back" href="/residents" onClick={follow}>
        <Icon name="back" />
        {t("residents.title")}
      </a>
      {person.value && <Body person={person.value} />}
      {!person.value && !person.error && <Loading text={t("person.loading")} />}
      {person.error && !person.value && (
        <Failed text={t("person.failed", { message: person.error.message })} again={person.again} />
      )}
    </main>
  );
}
