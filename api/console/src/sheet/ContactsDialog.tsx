/** Whom to call for a resident: a list in the order in which they are called. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Icon } from "../marks";
import { Dialog } from "../shell/Dialog";
import { t, type Key } from "../words";
import { saveSheet } from "./acts";
import { entered, MOST_CONTACTS, NOBODY, wrong } from "./contacts";
import type { Contact, Sheet } from "./records";
import { SaveFoot } from "./SaveFoot";

const FIELDS: { field: keyof Contact; words: Key; placeholder?: Key; type: string; most: number }[] = [
  { field: "name", words: "sheet.contact.name", type: "text", most: 100 },
  { field: "phone", words: "sheet.contact.phone", type: "tel", most: 40 },
  { field: "relation", words: "sheet.contact.relation", placeholder: "sheet.contact.relation.placeholder", type: "text", most: 200 },
  { field: "note", words: "sheet.contact.note", placeholder: "sheet.contact.note.placeholder", type: "text", most: 200 },
];

export function ContactsDialog({ resident, sheet, close }: Props): JSX.Element {
  // The sheet as it was when this was opened: what somebody else writes meanwhile must not be overwritten.
  const [was] = useState(sheet);
  const [list, setList] = useState<Contact[]>(() => (sheet.contacts.length ? sheet.contacts : [NOBODY]));
  const [refusal, setRefusal] = useState<string | null>(null);
  const set = (at: number, part: Partial<Contact>): void => {
    setRefusal(null);
    setList(list.map((one, i) => (i === at ? { ...one, ...part } : one)));
  };
  const earlier = (at: number): void =>
    setList(list.map((one, i) => (i === at - 1 ? (list[at] ?? one) : i === at ? (list[at - 1] ?? one) : one)));
  const save = async (): Promise<void> => {
    const contacts = entered(list);
    const no = wrong(contacts) ?? (await saveSheet(resident, was, { contacts, scripts: was.scripts }));
    if (no === null) close();
    else setRefusal(no);
  };
  return (
    <Dialog title={t("sheet.edit.contacts")} close={close}>
      <form
        class="contacts-form"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <p class="muted">{t("sheet.contact.first")}</p>
        {list.map((one, at) => (
          <fieldset key={at}>
            <legend>{t("sheet.contact.nth", { n: at + 1 })}</legend>
            {FIELDS.map(({ field, words, placeholder, type, most }) => (
              <label class="field" key={field}>
                {t(words)}
                <input
                  type={type}
                  maxLength={most}
                  data-testid={`contact-${field}`}
                  placeholder={placeholder && t(placeholder)}
                  value={one[field] ?? ""}
                  onInput={(event) => set(at, { [field]: event.currentTarget.value })}
                />
              </label>
            ))}
            <div class="buttons">
              {at > 0 && (
                <button class="button" type="button" aria-label={t("sheet.contact.up", { name: one.name })} onClick={() => earlier(at)}>
                  ↑
                </button>
              )}
              <button
                class="button"
                type="button"
                aria-label={t("sheet.contact.remove.long", { name: one.name })}
                onClick={() => setList(list.filter((_, i) => i !== at))}
              >
                <Icon name="close" />
                {t("sheet.contact.remove")}
              </button>
            </div>
          </fieldset>
        ))}
        {list.length < MOST_CONTACTS && (
          <button class="button" type="button" data-testid="contact-add" onClick={() => setList([...list, NOBODY])}>
            {t("sheet.contact.add")}
          </button>
        )}
        <SaveFoot refusal={refusal} close={close} testid="contacts-save" />
      </form>
    </Dialog>
  );
}

interface Props {
  resident: string;
  sheet: Sheet;
  close: () => void;
}
