/** What to do for one resident, by kind of alert, before what their centre does. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Dialog } from "../shell/Dialog";
import { t } from "../words";
import { saveSheet } from "./acts";
import { ringName } from "./names";
import { RINGS, type Scripts, type Sheet } from "./records";
import { SaveFoot } from "./SaveFoot";

/** Scripts without those in which nothing is written. */
export const written = (scripts: Scripts): Scripts =>
  Object.fromEntries(Object.entries(scripts).flatMap(([kind, text]) => (text.trim() ? [[kind, text.trim()]] : [])));

export function StepsDialog({ resident, name, sheet, close }: Props): JSX.Element {
  const [was] = useState(sheet);
  const [scripts, setScripts] = useState<Scripts>(sheet.scripts);
  const [refusal, setRefusal] = useState<string | null>(null);
  const save = async (): Promise<void> => {
    const no = await saveSheet(resident, was, { contacts: was.contacts, scripts: written(scripts) });
    if (no === null) close();
    else setRefusal(no);
  };
  return (
    <Dialog title={t("sheet.do.own", { name })} close={close}>
      <form
        class="steps-form"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <p class="muted">{t("sheet.edit.steps.about")}</p>
        {RINGS.map((kind) => (
          <label class="field" key={kind}>
            {ringName(kind)}
            <textarea
              rows={scripts[kind] ? Math.min(6, scripts[kind].split("\n").length + 1) : 1}
              maxLength={2000}
              data-testid={`steps-${kind}`}
              value={scripts[kind] ?? ""}
              onInput={(event) => setScripts({ ...scripts, [kind]: event.currentTarget.value })}
            />
          </label>
        ))}
        <SaveFoot refusal={refusal} close={close} testid="steps-save" />
      </form>
    </Dialog>
  );
}

interface Props {
  resident: string;
  name: string;
  sheet: Sheet;
  close: () => void;
}
