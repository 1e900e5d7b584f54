/** At hand beside an alert: what to do, whom to call, and the notes of these days. */

import type { JSX } from "preact";
import { useLoaded } from "../load";
import { Icon } from "../marks";
import { Failed, Loading } from "../states";
import { addWords, t } from "../words";
import { en } from "../words/sheet.en";
import { zh } from "../words/sheet.zh";
import { sheetChanged } from "./acts";
import { Notes } from "./Notes";
import type { Contact, Sheet } from "./records";
import { dialled, scriptsFor, type Script } from "./steps";

addWords({ en, zh });

/** Somebody else may leave a note meanwhile. */
const AGAIN_MS = 30_000;

export interface HandProps {
  resident: string;
  name: string;
  /** Of the alert in hand; null: none is. */
  kind: string | null;
}

function whose(script: Script, name: string): string {
  if (script.from === "own") return t("sheet.do.own", { name });
  return script.from === "place" ? t("sheet.do.place", { place: script.place ?? "" }) : t("sheet.do.advice");
}

export function Steps({ script, name }: { script: Script; name: string }): JSX.Element {
  return (
    <div class={`script script-${script.from}`}>
      <p class="script-whose">{whose(script, name)}</p>
      <ol class={script.steps.length === 1 ? "script-single" : undefined}>
        {script.steps.map((step, i) => (
          <li key={i}>{step}</li>
        ))}
      </ol>
    </div>
  );
}

export function Contacts({ contacts }: { contacts: Contact[] }): JSX.Element {
  if (!contacts.length) return <p class="muted">{t("sheet.call.none")}</p>;
  return (
    <ul class="contacts">
      {contacts.map((one, i) => (
        <li key={i}>
          <a class="contact" href={dialled(one.phone)}>
            <span class="unseen">{t("sheet.call.button", { name: one.name, phone: one.phone })}</span>
            <Icon name="phone" />
            <span class="contact-who">
              <b aria-hidden="true">{one.name}</b>
              {one.relation && <span class="muted"> {one.relation}</span>}
              {one.note && <span class="contact-note">{one.note}</span>}
            </span>
            <span class="contact-phone figures" aria-hidden="true">{one.phone}</span>
          </a>
        </li>
      ))}
    </ul>
  );
}

export function Hand({ resident, name, kind }: HandProps): JSX.Element | null {
  const loaded = useLoaded<Sheet>(`/residents/${encodeURIComponent(resident)}/sheet`, sheetChanged.value, AGAIN_MS);
  const sheet = loaded.value;
  // A family reads how somebody is, not whom else to call; an older platform has no sheets.
  if (!sheet && (loaded.error?.kind === "forbidden" || loaded.error?.kind === "missing")) return null;
  if (!sheet && loaded.error) return <Failed text={t("sheet.failed")} again={loaded.again} />;
  if (!sheet) return <Loading text={t("sheet.loading")} />;
  const scripts = scriptsFor(sheet, kind ?? "any").filter((one) => kind !== null || one.from !== "advice");
  return (
    <>
      {scripts.length > 0 && (
        <section class="hand-do" data-testid="what-to-do">
          <h3>{t("sheet.do")}</h3>
          {scripts.map((script) => (
            <Steps key={script.from} script={script} name={name} />
          ))}
        </section>
      )}
      <section data-testid="contacts">
        <h3>{t("sheet.call")}</h3>
        <Contacts contacts={sheet.contacts} />
      </section>
      <Notes resident={resident} notes={sheet.notes} />
    </>
  );
}
