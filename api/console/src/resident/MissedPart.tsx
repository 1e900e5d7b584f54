/** What nobody was called for: who saw it says so, and for 30 days nothing calmer is suggested. */

import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { platformNow } from "../clock";
import { call, post, Refused } from "../http";
import { useLoaded } from "../load";
import type { Missed } from "./records";
import { Failed } from "../states";
import { InWords } from "./InWords";
import { Moment } from "../times";
import { toast } from "../toasts";
import { forInput } from "../when";
import { t } from "../words";

export function MissedPart({ resident }: { resident: string }): JSX.Element | null {
  const path = `/residents/${encodeURIComponent(resident)}/missed`;
  const loaded = useLoaded<{ missed: Missed[] }>(path);
  const [writing, setWriting] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  if (!loaded.value && loaded.error?.kind === "missing") return null; // a platform that does not know of it
  const done = (said: Missed | null): void => {
    setWriting(false);
    requestAnimationFrame(() => opener.current?.focus());
    if (!said) return;
    loaded.again();
    toast(t("missed.done"), () => void takeBack(said.id, loaded.again));
  };
  return (
    <section class="panel missed" data-testid="missed">
      <h2 class="label">{t("missed.title")}</h2>
      {!loaded.value && loaded.error && <Failed text={t("missed.failed")} again={loaded.again} />}
      {loaded.value && <Reports reports={loaded.value.missed} again={loaded.again} />}
      {writing ? (
        <Form path={path} done={done} />
      ) : (
        <button class="button" data-testid="missed-open" ref={opener} onClick={() => setWriting(true)}>
          {t("missed.report")}
        </button>
      )}
    </section>
  );
}

function Reports({ reports, again }: { reports: Missed[]; again: () => void }): JSX.Element {
  if (!reports.length) return <p class="muted">{t("missed.none")}</p>;
  return (
    <>
      <ul class="missed-list">
        {reports.map((one) => (
          <li key={one.id}>
            <span class="missed-line">
              <Moment at={one.time} /> <span class="muted">{one.reported_by}</span>
              <button class="link-button" onClick={() => void takeBack(one.id, again)}>
                {t("missed.back")}
              </button>
            </span>
            <span>{one.note}</span>
          </li>
        ))}
      </ul>
      <p class="muted missed-about">{t("missed.about")}</p>
    </>
  );
}

async function takeBack(id: string, again: () => void): Promise<void> {
  try {
    await call("DELETE", `/missed/${encodeURIComponent(id)}`);
    toast(t("missed.back.done"));
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    toast(t(error.kind === "unreachable" ? "action.unreachable" : "missed.refused"));
  }
  again();
}

function Form({ path, done }: { path: string; done: (said: Missed | null) => void }): JSX.Element {
  const [time, setTime] = useState(() => forInput(platformNow()));
  const [note, setNote] = useState("");
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const box = useRef<HTMLTextAreaElement>(null);
  useEffect(() => box.current?.focus(), []);
  const at = Date.parse(time);
  const send = async (): Promise<void> => {
    if (busy || !note.trim() || Number.isNaN(at)) return;
    if (at > platformNow()) return setRefusal(t("missed.future"));
    setBusy(true);
    setRefusal(null);
    try {
      done(await post<Missed>(path, { time: new Date(at).toISOString(), note: note.trim() }));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      setBusy(false);
      setRefusal(t(error.kind === "unreachable" ? "action.unreachable" : "missed.refused"));
    }
  };
  return (
    <form
      class="missed-form"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <label class="field">
        {t("missed.time")}
        <input
          type="datetime-local"
          data-testid="missed-time"
          value={time}
          max={forInput(platformNow())}
          onInput={(event) => setTime(event.currentTarget.value)}
        />
        <InWords ms={at} zone={Intl.DateTimeFormat().resolvedOptions().timeZone} />
      </label>
      <label class="field">
        {t("missed.note")}
        <textarea
          ref={box}
          data-testid="missed-note"
          rows={2}
          maxLength={2000}
          placeholder={t("missed.placeholder")}
          value={note}
          onInput={(event) => setNote(event.currentTarget.value)}
        />
      </label>
      {refusal && (
        <p class="refusal" role="alert">
          {refusal}
        </p>
      )}
      <div class="buttons">
        <button class="button button-main" data-testid="missed-send" disabled={busy || !note.trim() || Number.isNaN(at)}>
          {busy ? t("action.busy") : t("missed.send")}
        </button>
        <button class="button" type="button" onClick={() => done(null)}>
          {t("action.cancel")}
        </button>
      </div>
    </form>
  );
}
