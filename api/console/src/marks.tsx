/** Shapes: a severity's diamond, triangle or circle (never colour alone), and the few icons. */

import type { JSX } from "preact";
import type { Severity } from "./records";
import { t } from "./words";

const PATHS: Record<Severity, string> = {
  high: "M12 1.5 22.5 12 12 22.5 1.5 12Z",
  medium: "M12 2.5 22.5 21.5H1.5Z",
  low: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Z",
};

/** The shape of a severity. `quiet`: drawn as an outline, for alerts somebody has. */
export function Shape({ severity, quiet = false }: { severity: Severity; quiet?: boolean }): JSX.Element {
  return (
    <svg class={`shape shape-${severity} ${quiet ? "shape-quiet" : ""}`} viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[severity]} />
    </svg>
  );
}

/** Shape and word. */
export function SeverityMark({ severity, quiet = false }: { severity: Severity; quiet?: boolean }): JSX.Element {
  return (
    <span class={`severity severity-${severity} ${quiet ? "severity-quiet" : ""}`}>
      <Shape severity={severity} quiet={quiet} />
      {t(`severity.${severity}`)}
    </span>
  );
}

const ICONS = {
  sound: "M4 9.5v5h3.5L12 18.5v-13L7.5 9.5Zm11.2-1.3a5.2 5.2 0 0 1 0 7.6m2.6-10.2a9 9 0 0 1 0 12.8",
  mute: "M4 9.5v5h3.5L12 18.5v-13L7.5 9.5Zm12 .5 5 5m0-5-5 5",
  dark: "M20 14.5A8 8 0 0 1 9.5 4a8 8 0 1 0 10.5 10.5Z",
  light:
    "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8Zm0-5.5v2m0 15v2m9.5-9.5h-2m-15 0h-2m16.2-6.7-1.4 1.4M6.7 17.3l-1.4 1.4m13.4 0-1.4-1.4M6.7 6.7 5.3 5.3",
  auto: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Zm0 0v18m0-14 5 0m-5 4 6.6 0m-6.6 4 5.5 0",
  menu: "M4 7h16M4 12h16M4 17h16",
  close: "m6 6 12 12M18 6 6 18",
  back: "M15 5l-7 7 7 7",
  check: "m5 12.5 4.5 4.5L19 7.5",
  watch: "M8 8V4h8v4m0 8v4H8v-4m4-9a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11Zm0 2.7V12l1.8 1.2",
  help: "M9 9.2a3 3 0 1 1 4.3 2.7c-.9.5-1.3 1-1.3 2m0 3v.2M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Z",
  phone: "M6.5 4h3l1.6 4.2-2 1.5a11 11 0 0 0 5.2 5.2l1.5-2 4.2 1.6v3a2 2 0 0 1-2.2 2A16 16 0 0 1 4.5 6.2 2 2 0 0 1 6.5 4Z",
  out: "M14 4h5v16h-5M10 8l-4 4 4 4m-4-4h10",
} as const;

export type IconName = keyof typeof ICONS;

/** A line icon; decorative, so a button with it needs its own name. */
export function Icon({ name }: { name: IconName }): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={ICONS[name]} />
    </svg>
  );
}

/** The eye of Shouwang. */
export function Logo(): JSX.Element {
  return (
    <svg class="logo" viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" />
      <path d="M5 16c3-5 7-7.5 11-7.5S24 11 27 16c-3 5-7 7.5-11 7.5S8 21 5 16z" />
      <circle cx="16" cy="16" r="3.6" />
    </svg>
  );
}
