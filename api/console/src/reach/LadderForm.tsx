/** Changes who is called: people in their order, their addresses, quiet hours; with the whole said in words. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { call, type Refused } from "../http";
import { t, type Key } from "../words";
import { bodyOf, calledOf, draftOf, moved, newPerson, wrongIn, type Draft, type DraftPerson } from "./draft";
import { PersonFields } from "./PersonFields";
import type { Ladder, Place } from "./records";
import { ladderInWords } from "./say";

interface Props {
  place: Place;
  was: Ladder;
  /** The ladder is this place's own, and can be taken away. */
  own: boolean;
  close: () => void;
}

const USUAL_QUIET = { start: "22:00", end: "06:30" };
const KNOWN = new Set(["no_address", "scheme_not_allowed", "parameter_not_allowed", "address_incomplete", "not_loopback"]);

function refusalOf(error: Refused): string {
  if (error.kind === "unreachable") return t("reach.no.unreachable");
  if (error.code === "changed_meanwhile") return t("reach.no.changed_meanwhile");
  const body = error.body as { step?: number; way?: number; parameters?: string[] } | null;
  if (!error.code || !KNOWN.has(error.code)) return t("reach.no.other", { message: error.message });
  const why = t(`reach.no.${error.code}` as Key, { names: body?.parameters?.join(", ") ?? "" });
  return body?.step ? t("reach.no.at", { step: body.step, way: body.way ?? 1, why }) : why;
}

export function LadderForm({ place, was, own, close }: Props): JSX.Element {
  const [draft, setDraft] = useState<Draft>(() => draftOf(was));
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<string | null>(null);
  const wrong = wrongIn(draft);
  const put = (people: DraftPerson[]): void => setDraft({ ...draft, people });
  const send = async (body: unknown): Promise<void> => {
    setBusy(true);
    setRefused(null);
    try {
      await call("PUT", `/places/${place.id}/ladder`, body);
      close();
    } catch (error) {
      setRefused(refusalOf(error as Refused));
      setBusy(false);
    }
  };
  return (
    <section class="panel" aria-labelledby="reach-edit-title">
      <h2 id="reach-edit-title">{t("reach.edit.title")}</h2>
      <p class="fine">{t("reach.edit.help")}</p>
      <form
        data-testid="reach-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (!wrong) void send(bodyOf(draft, was));
        }}
      >
        <ol class="reach-people">
          {draft.people.map((one, at) => (
            <PersonFields
              key={one.key}
              person={one}
              at={at}
              of={draft.people.length}
              change={(next) => put(draft.people.map((each) => (each.key === one.key ? next : each)))}
              move={(by) => put(moved(draft.people, at, by))}
              remove={() => put(draft.people.filter((each) => each.key !== one.key))}
            />
          ))}
        </ol>
        <div class="reach-more">
          <button type="button" class="button" data-testid="reach-add" onClick={() => put([...draft.people, newPerson(false)])}>
            {t("reach.edit.add")}
          </button>
          <label class="field reach-seconds">
            {t("reach.edit.again")}
            <input
              type="number"
              min={60}
              max={3600}
              value={draft.againS}
              onInput={(event) => setDraft({ ...draft, againS: Number(event.currentTarget.value) })}
            />
          </label>
          <label class="reach-check">
            <input
              type="checkbox"
              data-testid="reach-quiet"
              checked={draft.quiet !== null}
              onChange={(event) => setDraft({ ...draft, quiet: event.currentTarget.checked ? USUAL_QUIET : null })}
            />
            {t("reach.edit.quiet")}
          </label>
          {draft.quiet && <Quiet quiet={draft.quiet} put={(quiet) => setDraft({ ...draft, quiet })} />}
        </div>
        <h3>{t("reach.edit.preview")}</h3>
        <p class="reach-words" data-testid="reach-preview" aria-live="polite">
          {ladderInWords(calledOf(draft, (role) => t("reach.duty", { role })), draft.againS, draft.quiet, t)}
        </p>
        {refused && (
          <p class="refusal" role="alert">
            {refused}
          </p>
        )}
        <div class="buttons">
          <button class="button button-main" data-testid="reach-save" disabled={busy || wrong !== null}>
            {t(busy ? "action.busy" : "reach.edit.save")}
          </button>
          <button type="button" class="button" onClick={close}>
            {t("action.cancel")}
          </button>
          {own && (
            <button type="button" class="button" disabled={busy} onClick={() => void send({ steps: [], version: was.version })}>
              {t("reach.edit.inherit")}
            </button>
          )}
          {wrong && (
            <span class="muted" role="status">
              {t(`reach.edit.${wrong}`)}
            </span>
          )}
        </div>
      </form>
    </section>
  );
}

interface QuietProps {
  quiet: { start: string; end: string };
  put: (quiet: { start: string; end: string }) => void;
}

function Quiet({ quiet, put }: QuietProps): JSX.Element {
  return (
    <>
      {(["start", "end"] as const).map((end) => (
        <label key={end} class="field reach-seconds">
          {t(end === "start" ? "reach.edit.from" : "reach.edit.to")}
          <input type="time" required value={quiet[end]} onInput={(event) => put({ ...quiet, [end]: event.currentTarget.value })} />
        </label>
      ))}
    </>
  );
}
