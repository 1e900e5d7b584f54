/** What people do to care sheets and notes. Nothing is shown as done before the platform said so. */

import { signal } from "@preact/signals";
import { call, post, type Refused } from "../http";
import { act, undo } from "../resident/settings/acts";
import { toast } from "../toasts";
import { said, t } from "../words";
import type { Contact, Note, PlaceSheet, Scripts, Sheet } from "./records";

/** Rises with every change that was made here: whoever shows a sheet asks again. */
export const sheetChanged = signal(0);

function why(error: Refused): string {
  if (error.code === "changed_meanwhile") return t("sheet.changed", { name: whoOf(error) });
  if (error.kind === "forbidden") return t("sheet.notallowed");
  if (error.kind === "missing") return t("sheet.gone");
  if (error.kind === "unreachable") return t("sheet.unreachable");
  if (error.kind === "signed-out") return t("action.signedout");
  if (error.kind === "malformed" || error.kind === "conflict")
    return t("sheet.refused", { message: said(`sheet.refused.${error.code}`, error.message) });
  return t("sheet.broken");
}

/** "wang has changed this meanwhile. ..." begins with who it was (store/care_sheets.py). */
const whoOf = (error: Refused): string => error.message.split(" has ")[0] ?? "";

async function done(work: () => Promise<void>): Promise<string | null> {
  const no = await act(work, why);
  sheetChanged.value++;
  return no;
}

const of = (resident: string): string => `/residents/${encodeURIComponent(resident)}`;

interface Content {
  contacts: Contact[];
  scripts: Scripts;
}

/** Writes a resident's sheet upon the version `was`; the undo writes what stood there before. */
export const saveSheet = (resident: string, was: Sheet, to: Content): Promise<string | null> =>
  done(async () => {
    const now = await call<Sheet>("PUT", `${of(resident)}/sheet`, { seen: was.version, ...to });
    toast(t("sheet.saved"), () => {
      const back = { seen: now.version, contacts: was.contacts, scripts: was.scripts };
      void undo(() => call("PUT", `${of(resident)}/sheet`, back), why).then(() => sheetChanged.value++);
    });
  });

/** Writes the scripts of a place upon the version `was`. */
export const saveHouse = (was: PlaceSheet, scripts: Scripts): Promise<string | null> =>
  done(async () => {
    const path = `/places/${encodeURIComponent(was.place)}/sheet`;
    const now = await call<PlaceSheet>("PUT", path, { seen: was.version, scripts });
    toast(t("sheet.saved"), () => {
      void undo(() => call("PUT", path, { seen: now.version, scripts: was.scripts }), why).then(() => sheetChanged.value++);
    });
  });

export const addNote = (resident: string, text: string, hours: number): Promise<string | null> =>
  done(async () => {
    const made = await post<Note>(`${of(resident)}/notes`, { text, hours });
    toast(t("sheet.note.done"), () => void takeNoteBack(resident, made));
  });

export const takeNoteBack = (resident: string, note: Note): Promise<string | null> =>
  done(async () => {
    await call("DELETE", `${of(resident)}/notes/${encodeURIComponent(note.id)}`);
    toast(t("sheet.note.gone"));
  }).then((no) => {
    if (no) toast(no);
    return no;
  });
