/**
 * A proposed setting: what repeated false alarms led to, what it would have changed in the last 30 days, and who decided.
 * Nothing of it is urgent; where there is nothing to propose there is no card.
 */

import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { nowMs } from "../clock";
import { post, Refused } from "../http";
import { useLoaded } from "../load";
import type { Proposal } from "./records";
import { inCharge } from "../session";
import { Failed } from "../states";
import { Filled, Moment } from "../times";
import { toast } from "../toasts";
import { t, type Key } from "../words";
import { PlayedAlarms, PlayedStrip } from "./PlayedAlarms";
import { decidedBy, faceOf, newer, rangForNothing, settingName, whyNot, wouldHave, type Face } from "./proposal";

/** While the last weeks are being read somebody may wait; else a minute is soon enough for what nobody waits for. */
const READING_MS = 2_000;
const AT_REST_MS = 60_000;

type Verb = "accept" | "decline" | "undo";

export function ProposalPart({ resident, version }: { resident: string; version: number }): JSX.Element | null {
  const [said, setSaid] = useState<Proposal | null>(null);
  const [reading, setReading] = useState(false);
  const path = `/residents/${encodeURIComponent(resident)}/proposal`;
  const loaded = useLoaded<{ proposal: Proposal | null }>(path, version, reading ? READING_MS : AT_REST_MS);
  const known = loaded.value?.proposal ?? null;
  const shown = said && (!known || known.id === said.id) ? newer(said, known) : known;
  const face = faceOf(shown, nowMs.value);
  if (reading !== (face === "reading")) setReading(face === "reading");
  if (!loaded.value && loaded.error && loaded.error.kind !== "missing") {
    return (
      <section class="panel panel-wide">
        <Failed text={t("proposal.failed")} again={loaded.again} />
      </section>
    );
  }
  if (!shown || face === null) return null;
  return <Card proposal={shown} face={face} take={setSaid} again={loaded.again} />;
}

interface CardProps {
  proposal: Proposal;
  face: Exclude<Face, null>;
  take: (proposal: Proposal) => void;
  again: () => void;
}

function Card({ proposal, face, take, again }: CardProps): JSX.Element {
  const [busy, setBusy] = useState<Verb | null>(null);
  const [refusal, setRefusal] = useState<string | null>(null);
  const section = useRef<HTMLElement>(null);
  const alarms = proposal.preview?.enough ? proposal.preview.alarms : [];
  const press = (verb: Verb) => async (): Promise<void> => {
    if (busy) return;
    setBusy(verb);
    setRefusal(null);
    try {
      take(await post<Proposal>(`/proposals/${encodeURIComponent(proposal.id)}/${verb}`));
      toast(t(`proposal.done.${verb}` as Key, { setting: settingName(proposal.after) }));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      const held = (error.body as { proposal?: Proposal } | null)?.proposal;
      if (held) take(held);
      else again();
      setRefusal(refused(error, held ?? null));
    } finally {
      setBusy(null);
      // The button that was pressed is gone: the keyboard goes on from here, and a reader hears what came of it.
      section.current?.focus();
    }
  };
  return (
    <section
      class={`panel panel-wide proposal proposal-${face}`}
      data-testid="proposal"
      aria-labelledby="proposal-title"
      ref={section}
      tabIndex={-1}
    >
      <h2 class="label" id="proposal-title">
        {t("proposal.title")}
      </h2>
      <p class="proposal-why">{rangForNothing(proposal)}</p>
      <Said proposal={proposal} face={face} />
      {refusal && (
        <p class="proposal-refusal" role="alert">
          {refusal}
        </p>
      )}
      <Buttons face={face} setting={settingName(proposal.after)} busy={busy} press={press} />
      {alarms.length > 0 && <PlayedAlarms alarms={alarms} />}
    </section>
  );
}

/** Says what happened, that nothing was lost, and the next step. */
function refused(error: Refused, held: Proposal | null): string {
  const by = held && decidedBy(held);
  if (error.code?.startsWith("already_") && by) return t("proposal.faster", { name: by.name });
  if (error.code === "overtaken") return t("proposal.overtaken");
  if (error.kind === "unreachable") return t("action.unreachable");
  return t("proposal.refused");
}

function Said({ proposal, face }: { proposal: Proposal; face: Face }): JSX.Element | null {
  const now = nowMs.value;
  if (face === "reading") return <Reading done={proposal.progress} />;
  if (face === "withheld") return <p class="muted">{whyNot(proposal, now)}</p>;
  const sentences = wouldHave(proposal, now);
  return (
    <>
      <ul class="proposal-said">
        {sentences.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
      {face !== "asks" && <Decided proposal={proposal} />}
      {face === "asks" && proposal.preview?.enough && <PlayedStrip proposal={proposal} />}
      {face === "asks" && <p class="muted proposal-scope">{t("proposal.scope")}</p>}
    </>
  );
}

function Reading({ done }: { done: number }): JSX.Element {
  const percent = Math.round(done * 100);
  return (
    <p class="proposal-reading" role="status">
      <progress max={100} value={percent} aria-label={t("proposal.reading", { percent })} />
      {t("proposal.reading", { percent })}
    </p>
  );
}

function Decided({ proposal }: { proposal: Proposal }): JSX.Element | null {
  const by = decidedBy(proposal);
  if (!by) return null;
  const fill = { name: by.name, before: settingName(proposal.before), after: settingName(proposal.after) };
  return (
    <p class="proposal-decided" role="status">
      <Filled words={`proposal.by.${proposal.state}` as Key} name="time" value={<Moment at={by.time} />} fill={fill} />
      {proposal.asked_again && (
        <span class="muted">
          {" "}
          <Filled words="proposal.again" name="time" value={<Moment at={proposal.asked_again} />} />
        </span>
      )}
    </p>
  );
}

interface ButtonsProps {
  face: Face;
  setting: string;
  busy: Verb | null;
  press: (verb: Verb) => () => Promise<void>;
}

function Buttons({ face, setting, busy, press }: ButtonsProps): JSX.Element | null {
  if (face !== "asks" && face !== "decided") return null;
  if (!inCharge()) {
    return face === "asks" ? <p class="muted">{t("proposal.whodecides")}</p> : null;
  }
  const button = (verb: Verb, text: string, main = false): JSX.Element => (
    <button
      class={`button ${main ? "button-main" : ""}`}
      data-testid={`proposal-${verb}`}
      disabled={busy !== null}
      aria-busy={busy === verb}
      onClick={() => void press(verb)()}
    >
      {text}
    </button>
  );
  return (
    <div class="buttons">
      {face === "asks" && button("accept", t("proposal.accept", { setting }), true)}
      {face === "asks" && button("decline", t("proposal.decline"))}
      {face === "decided" && button("undo", t("proposal.undo"))}
    </div>
  );
}
