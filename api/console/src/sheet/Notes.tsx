/** Notes about a resident for whoever comes next: read for a shift or a week, then gone by themselves. */

import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { sending } from "../resident/settings/acts";
import { Moment } from "../times";
import { t, type Key } from "../words";
import { addNote, takeNoteBack } from "./acts";
import type { Note } from "./records";

/** As the platform takes them (api/sheet_models.py, Hours). */
const HOURS = [12, 24, 72, 168];
const USUAL_HOURS = 24;

export function Notes({ resident, notes }: { resident: string; notes: Note[] }): JSX.Element {
  const [writing, setWriting] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const close = (): void => {
    setWriting(false);
    requestAnimationFrame(() => opener.current?.focus());
  };
  return (
    <section class="notes" data-testid="notes">
      <h3>{t("sheet.notes")}</h3>
      {notes.length > 0 && (
        <ul>
          {notes.map((note) => (
            <li key={note.id}>
              <p class="note-text">{note.text}</p>
              <p class="note-line muted">
                <span>
                  {note.written_by} · <Moment at={note.written_time} />
                </span>
                <button
                  class="link-button"
                  aria-label={t("sheet.note.back.long", { name: note.written_by })}
                  disabled={sending.value}
                  onClick={() => void takeNoteBack(resident, note)}
                >
                  {t("sheet.note.back")}
                </button>
              </p>
            </li>
          ))}
        </ul>
      )}
      {!notes.length && !writing && <p class="muted">{t("sheet.notes.none")}</p>}
      {writing ? (
        <NoteForm resident={resident} close={close} />
      ) : (
        <button class="button" ref={opener} data-testid="resident-note" onClick={() => setWriting(true)}>
          {t("sheet.note.add")}
        </button>
      )}
    </section>
  );
}

function NoteForm({ resident, close }: { resident: string; close: () => void }): JSX.Element {
  const [text, setText] = useState("");
  const [hours, setHours] = useState(USUAL_HOURS);
  const [refusal, setRefusal] = useState<string | null>(null);
  const box = useRef<HTMLTextAreaElement>(null);
  useEffect(() => box.current?.focus(), []);
  const save = async (): Promise<void> => {
    if (!text.trim()) return;
    const no = await addNote(resident, text.trim(), hours);
    if (no === null) close();
    else setRefusal(no);
  };
  return (
    <form
      class="notes-form"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
      onKeyDown={(event) => event.key === "Escape" && close()}
    >
      <textarea
        ref={box}
        data-testid="resident-note-text"
        rows={3}
        maxLength={2000}
        aria-label={t("sheet.note.text")}
        placeholder={t("sheet.note.placeholder")}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <label class="field">
        {t("sheet.note.hours")}
        <select value={hours} onChange={(event) => setHours(Number(event.currentTarget.value))}>
          {HOURS.map((each) => (
            <option key={each} value={each}>
              {t(`sheet.note.hours.${each}` as Key)}
            </option>
          ))}
        </select>
      </label>
      {refusal && (
        <p class="refusal" role="alert">
          {refusal}
        </p>
      )}
      <div class="buttons">
        <button class="button button-main" data-testid="resident-note-save" disabled={!text.trim() || sending.value}>
          {sending.value ? t("action.busy") : t("sheet.note.save")}
        </button>
        <button class="button" type="button" onClick={close}>
          {t("action.cancel")}
        </button>
      </div>
    </form>
  );
}
