/** What can be done with the alert in hand; on a phone this bar is always under the thumb. */

import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import {
  addNote,
  busy,
  claim,
  extend,
  holding,
  isMine,
  nextAfter,
  noting,
  refusal,
  release,
  reopen,
  resolving,
  type Verb,
} from "../acts";
import { Shape } from "../marks";
import { headline } from "../reasons";
import type { Alert } from "../records";
import { go } from "../router";
import { inCharge } from "../session";
import { waits } from "../order";
import { t, type Key } from "../words";
import { platformNow } from "../clock";
import { takeInHand } from "./hand";
import { HoldDialog } from "./HoldDialog";
import { mayHold } from "./until";
import { ResolveDialog } from "./ResolveDialog";

interface ActProps {
  alert: Alert;
  verb: Verb;
  hotkey?: string;
  main?: boolean;
  act: () => void;
  /** What the press means here, where that is not the verb's usual word. */
  words?: Key;
}

function Act({ alert, verb, hotkey, main, act, words }: ActProps): JSX.Element {
  const mine = busy.value?.id === alert.id && busy.value.verb === verb;
  return (
    <button
      class={`button ${main ? "button-main" : ""}`}
      data-testid={verb === "note" ? "note-open" : verb}
      disabled={busy.value !== null}
      aria-busy={mine}
      onClick={act}
    >
      {mine ? t("action.busy") : t(words ?? `action.${verb}`)}
      {hotkey && <kbd>{hotkey}</kbd>}
    </button>
  );
}

function NoteForm({ alert }: { alert: Alert }): JSX.Element {
  const [text, setText] = useState("");
  const box = useRef<HTMLTextAreaElement>(null);
  useEffect(() => box.current?.focus(), []);
  const save = async (): Promise<void> => {
    if (text.trim() && (await addNote(alert, text.trim()))) noting.value = null;
  };
  return (
    <form
      class="note-form"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <textarea
        ref={box}
        data-testid="note-text"
        rows={2}
        maxLength={2000}
        aria-label={t("action.note")}
        placeholder={t("action.note.placeholder")}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <div class="buttons">
        <button class="button button-main" disabled={!text.trim() || busy.value !== null}>
          {t("action.note.save")}
        </button>
        <button class="button" type="button" onClick={() => (noting.value = null)}>
          {t("action.cancel")}
        </button>
      </div>
    </form>
  );
}

function Next({ after }: { after: string }): JSX.Element {
  const next = nextAfter(after);
  if (!next) {
    return (
      <button class="button button-main" data-testid="next" onClick={() => go("/")}>
        {t("queue.back")}
      </button>
    );
  }
  return (
    <button class="button button-main" data-testid="next" onClick={() => takeInHand(next.id)}>
      <Shape severity={next.severity} />
      {t("queue.next", { what: headline(next) })}
    </button>
  );
}

function Choices({ alert }: { alert: Alert }): JSX.Element {
  const openResolve = (): void => {
    resolving.value = alert.id;
  };
  const openHold = (): void => {
    holding.value = alert.id;
  };
  const mine = isMine(alert.claimed_by);
  switch (alert.state) {
    case "raised":
      return (
        <>
          <Act
            alert={alert}
            verb="claim"
            hotkey="C"
            main
            act={() => void claim(alert)}
            words={waits(alert, platformNow()) ? "action.seen" : undefined}
          />
          <Act alert={alert} verb="resolve" hotkey="R" act={openResolve} />
          {mayHold(alert, platformNow()) && <Act alert={alert} verb="hold" hotkey="H" act={openHold} />}
        </>
      );
    case "claimed":
    case "held":
      return (
        <>
          <Act alert={alert} verb="resolve" hotkey="R" main={mine} act={openResolve} />
          {mine && alert.state === "claimed" && (
            <Act alert={alert} verb="extend" hotkey="S" act={() => void extend(alert)} />
          )}
          {mine && alert.state === "held" && <Act alert={alert} verb="claim" hotkey="C" act={() => void claim(alert)} />}
          {mine && <Act alert={alert} verb="hold" hotkey="H" act={openHold} />}
          {(mine || inCharge()) && (
            <Act alert={alert} verb="release" act={() => void release(alert)} />
          )}
        </>
      );
    default:
      return (
        <>
          <Next after={alert.id} />
          <Act alert={alert} verb="reopen" act={() => void reopen(alert)} />
        </>
      );
  }
}

export function Actions({ alert }: { alert: Alert }): JSX.Element {
  const refused = refusal.value?.id === alert.id ? refusal.value.text : null;
  return (
    <footer class="actions">
      {refused && (
        <p class="refusal" role="alert" data-testid="refusal">
          {refused}
        </p>
      )}
      {noting.value === alert.id && <NoteForm key={alert.id} alert={alert} />}
      {noting.value !== alert.id && (
        <div class="buttons">
          <Choices alert={alert} />
          {alert.state !== "closed" && (
            <Act alert={alert} verb="note" hotkey="N" act={() => (noting.value = alert.id)} />
          )}
        </div>
      )}
      {resolving.value === alert.id && <ResolveDialog alert={alert} />}
      {holding.value === alert.id && <HoldDialog alert={alert} />}
    </footer>
  );
}
