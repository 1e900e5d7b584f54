/** The care sheet on a resident's settings page: what is written down, and the dialogs that change it. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useLoaded } from "../load";
import { Failed, Loading } from "../states";
import { Moment } from "../times";
import { addWords, t } from "../words";
import { en } from "../words/sheet.en";
import { zh } from "../words/sheet.zh";
import { sheetChanged } from "./acts";
import { ContactsDialog } from "./ContactsDialog";
import { Contacts } from "./Hand";
import { ringName } from "./names";
import { RINGS, type Sheet } from "./records";
import { StepsDialog } from "./StepsDialog";
import { stepsOf } from "./steps";

addWords({ en, zh });

function Written({ sheet }: { sheet: Sheet }): JSX.Element {
  const kinds = RINGS.filter((kind) => stepsOf(sheet.scripts[kind] ?? "").length > 0);
  if (!kinds.length && !sheet.contacts.length) return <p class="muted">{t("sheet.edit.none")}</p>;
  return (
    <>
      {sheet.contacts.length > 0 && <Contacts contacts={sheet.contacts} />}
      {kinds.length > 0 && (
        <dl class="sheet-steps">
          {kinds.map((kind) => (
            <div key={kind}>
              <dt>{ringName(kind)}</dt>
              <dd>{stepsOf(sheet.scripts[kind] ?? "").join(" · ")}</dd>
            </div>
          ))}
        </dl>
      )}
      {sheet.set_time && (
        <p class="muted fine">
          {sheet.set_by} · <Moment at={sheet.set_time} />
        </p>
      )}
    </>
  );
}

export function SheetPart({ resident, name, may }: { resident: string; name: string; may: boolean }): JSX.Element | null {
  const loaded = useLoaded<Sheet>(`/residents/${encodeURIComponent(resident)}/sheet`, sheetChanged.value);
  const [open, setOpen] = useState<"contacts" | "steps" | null>(null);
  const sheet = loaded.value;
  if (!sheet && (loaded.error?.kind === "forbidden" || loaded.error?.kind === "missing")) return null;
  return (
    <section class="panel" data-testid="sheet">
      <h2 class="label">{t("sheet.edit")}</h2>
      <p class="muted">{t("sheet.edit.about")}</p>
      {!sheet && !loaded.error && <Loading text={t("sheet.loading")} />}
      {!sheet && loaded.error && <Failed text={t("sheet.failed")} again={loaded.again} />}
      {sheet && <Written sheet={sheet} />}
      {sheet && may && (
        <div class="buttons">
          <button class="button" data-testid="contacts-edit" onClick={() => setOpen("contacts")}>
            {t("sheet.edit.contacts")}
          </button>
          <button class="button" data-testid="steps-edit" onClick={() => setOpen("steps")}>
            {t("sheet.edit.steps")}
          </button>
        </div>
      )}
      {sheet && open === "contacts" && <ContactsDialog resident={resident} sheet={sheet} close={() => setOpen(null)} />}
      {sheet && open === "steps" && (
        <StepsDialog resident={resident} name={name} sheet={sheet} close={() => setOpen(null)} />
      )}
    </section>
  );
}
