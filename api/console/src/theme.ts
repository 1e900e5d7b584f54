/** Dark and light: by the system, or as the user chose. */

import { signal } from "@preact/signals";
import { recall, remember } from "./prefs";

export type Theme = "auto" | "dark" | "light";
const ORDER: Theme[] = ["auto", "dark", "light"];

const kept = recall("theme");
export const theme = signal<Theme>(kept === "dark" || kept === "light" ? kept : "auto");

const system = matchMedia("(prefers-color-scheme: dark)");
system.addEventListener("change", applyTheme);

/** The page always says which of the two it is, so that the dark colours stand in one place. */
export function applyTheme(): void {
  const bySystem = system.matches ? "dark" : "light";
  document.documentElement.dataset.theme = theme.value === "auto" ? bySystem : theme.value;
}

/** Goes on to the next: system, dark, light. */
export function nextTheme(): void {
  theme.value = ORDER[(ORDER.indexOf(theme.value) + 1) % ORDER.length] ?? "auto";
  remember("theme", theme.value);
  applyTheme();
}
