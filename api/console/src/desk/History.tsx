/** What happened to an alert, step by step. */

import type { JSX } from "preact";
import { isMine } from "../acts";
import { stageName } from "../reasons";
import type { Step } from "../records";
import { Moment } from "../times";
import { platformNow } from "../clock";
import { moment } from "../when";
import { lang, said, t } from "../words";

const text = (value: unknown): string => (typeof value === "string" ? value : "");

function words(step: Step, kind: string): string {
  const actor = step.actor === "platform" ? t("history.platform") : isMine(step.actor) ? t("alert.you") : step.actor;
  const stage = text(step.data.stage);
  const outcome = text(step.data.outcome);
  const at = text(step.data.until_time) || text(step.data.due_time);
  const what = step.data.update ? "updated" : step.data.corrects ? "corrected" : step.kind === "lapsed" ? `lapsed.${text(step.data.why)}` : step.kind;
  const line = said(`history.${what}`, t("history.other", { kind: step.kind, actor }), {
    actor,
    // The reasons are of the latest event, the steps of all: so the kind alone names them.
    stage: stageName(stage, { kind }),
    outcome: said(`outcome.${outcome}`, outcome),
    was: said(`outcome.${text(step.data.was)}`, text(step.data.was)),
    owner: isMine(text(step.data.owner)) ? t("alert.you") : text(step.data.owner),
    time: at ? moment(Date.parse(at), platformNow(), lang.value) : "",
  });
  // A user's name stays as it is written.
  return isMine(step.actor) ? line.charAt(0).toUpperCase() + line.slice(1) : line;
}

interface Props {
  steps: Step[] | null;
  failed: boolean;
  /** What the alert is about. */
  kind: string;
}

export function History({ steps, failed, kind }: Props): JSX.Element | null {
  if (!steps) return failed ? <p class="muted">{t("trace.failed")}</p> : null;
  return (
    <section class="history">
      <h3>{t("history.title")}</h3>
      <ol>
        {steps.map((step, i) => (
          <li key={step.seq ?? i} class={`step step-${step.kind}`}>
            <Moment at={step.at} />
            <span>
              {words(step, kind)}
              {text(step.data.note) && <q>{text(step.data.note)}</q>}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
