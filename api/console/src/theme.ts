/** Dark and light: by the system, or as the user chose. */

import { signal } from "@preact/signals";
import { recall, remember } from "./prefs";

export type Theme = "auto" | "dark" | "light";
const ORDER: Theme[] = ["auto", "dark", "light"];

const kept = recall("theme");
export const theme = signal<Theme>(kept === "dark" || kept === "light" ? kept : "auto");

export function applyTheme(): void {
  if (theme.value === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme.value;
}

/** Goes on to the next: system, dark, light. */
export function nextTheme(): void {
  theme.value = ORDER[(ORDER.indexOf(theme.value) + 1) % ORDER.length] ?? "auto";
  remember("theme", theme.value);
  applyTheme();
}
