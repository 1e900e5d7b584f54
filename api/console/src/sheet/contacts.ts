/** A list of people to call while somebody writes it. */

import { t } from "../words";
import type { Contact } from "./records";

/** As the platform takes them (store/care_sheets.py, api/sheet_models.py). */
export const MOST_CONTACTS = 10;
const PHONE = /^\+?[0-9][0-9 ()./*#,-]+$/;
export const NOBODY: Contact = { name: "", phone: "", relation: null, note: null };

const trimmed = (one: Contact): Contact => ({
  name: one.name.trim(),
  phone: one.phone.trim(),
  relation: one.relation?.trim() || null,
  note: one.note?.trim() || null,
});

/** What was entered, without the lines that were left empty. */
export const entered = (list: Contact[]): Contact[] =>
  list.map(trimmed).filter((one) => one.name || one.phone || one.relation || one.note);

/** What is wrong with a list, in a sentence; null: nothing. */
export function wrong(contacts: Contact[]): string | null {
  if (contacts.some((one) => !one.name)) return t("sheet.contact.noname");
  return contacts.some((one) => !PHONE.test(one.phone)) ? t("sheet.contact.bad") : null;
}
