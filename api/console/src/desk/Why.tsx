/** Why it rang: how far the detector has come, its reasons in plain words, how sure it is, and who told of it. */

import type { JSX } from "preact";
import { nowMs } from "../clock";
import { inWords, kindName, short, stageName } from "../reasons";
import type { Alert, Source, Step } from "../records";
import { isOfRhythm } from "../usual/plan";
import { howSure, percentOf, said, t } from "../words";
import { tellings, type Telling } from "./stages";

/** Weak signs of several that meet; its own devices say nothing new. */
const MEETING = "meeting";
/** By then what follows an impact has been judged, or its data are late. */
const JUDGED_MS = 20_000;
/** Its own detector, as the records name it. */
const OWN = "device";

function after(seconds: number): string {
  if (seconds < 60) return `${short(seconds)} ${t("trace.axis.s")}`;
  return t("stages.minutes", { min: Math.round(seconds / 60) });
}

/** Each stage with the time after the event at which it was told; the last one is where it stands. */
function Stages({ alert, told }: { alert: Alert; told: Telling[] }): JSX.Element {
  const newest = told[told.length - 1];
  const all = newest?.stage === alert.stage ? told : [...told, { stage: alert.stage, at: null }];
  // What a home's rhythm tells is told once, when it is sure: only whether it lasts is worth a word.
  const shown = isOfRhythm(alert) ? all.slice(-1).map(({ stage }) => ({ stage, at: null })) : all;
  return (
    <ol class="stages" data-testid="stages">
      {shown.map(({ stage, at }, i) => (
        <li key={stage} class={i === shown.length - 1 ? `stage stage-${stage}` : "stage-past"}>
          {stageName(stage, alert)}
          {at !== null && (
            <span class="stage-at figures" title={t("stages.after", { time: after(at) })}>
              {" "}
              +{after(at)}
            </span>
          )}
        </li>
      ))}
      {alert.stage === "possible" && nowMs.value - Date.parse(alert.event_time) < JUDGED_MS && (
        <li class="stage-past">{t("stages.judging")}</li>
      )}
    </ol>
  );
}

function Sure({ alert }: { alert: Alert }): JSX.Element | null {
  if (alert.score >= 1) return null;
  const percent = percentOf(alert.score);
  return (
    <span class="sure" title={t("reasons.sure", { percent })}>
      {howSure(alert.score)} <span class="muted figures">{percent} %</span>
    </span>
  );
}

/** `the radar's own alarm`: what somebody else told of the same event. */
function sourceWords(source: Source): string {
  const who = source.device ? ` (${source.device})` : "";
  if (source.model.startsWith(MEETING)) return t("sources.meeting");
  if (source.model === OWN) return said(`reason.${source.code}`, kindName(source.kind)) + who;
  return t("sources.detector", { kind: kindName(source.kind) }) + who;
}

function Sources({ sources }: { sources: Source[] }): JSX.Element | null {
  if (sources.length < 2) return null;
  return (
    <p class="sources muted" data-testid="sources">
      {t("sources.title", { n: sources.length })} {sources.map(sourceWords).join(t("reason.join"))}
    </p>
  );
}

export function Why({ alert, steps }: { alert: Alert; steps: Step[] | null }): JSX.Element {
  const words = inWords(alert.evidence?.reasons ?? []);
  return (
    <section class="why">
      <div class="why-head">
        <Stages alert={alert} told={tellings(alert, steps ?? [])} />
        <Sure alert={alert} />
      </div>
      <p class="why-words">{words || t("reason.none")}</p>
      <Sources sources={alert.sources ?? []} />
    </section>
  );
}
