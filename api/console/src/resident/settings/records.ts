/** How a resident is watched over, as the HTTP API says it (docs/architecture.md). Times are ISO 8601 UTC with Z. */

export const SENSITIVITIES = ["calmer", "normal", "keener"] as const;
export type Sensitivity = (typeof SENSITIVITIES)[number];
export const MOBILITIES = ["unknown", "walks", "frame", "wheelchair", "bedbound"] as const;
export type Mobility = (typeof MOBILITIES)[number];
/** What can be left off, by code, in the order in which it is shown. */
export const WATCHES = [
  "inactivity",
  "not_up",
  "long_in_bathroom",
  "not_back_in_bed",
  "no_meal",
  "restless_night",
] as const;

export interface Absence {
  id: string;
  start: string;
  /** Null: nobody knows until when. */
  until: string | null;
  note: string | null;
  set_by: string;
  set_time: string;
  ended_by: string | null;
  /** Who said last that they are still away. */
  still_by?: string | null;
  still_time?: string | null;
  /** No end, and nobody has said for a week that it lasts. */
  asks?: boolean;
}

/** An absence that asks whether it still lasts. */
export interface AbsenceAsking {
  resident: string;
  name: string;
  absence: Absence;
}

/** False alarms a home-week, and hours until a silence is told, in homes that a setting was not made on. */
export interface Expectation {
  sensitivity: Sensitivity;
  silence_week: number;
  everyday_week: number;
  mean_h: number;
  median_h: number;
  p90_h: number;
}

export interface SettingChange {
  time: string;
  actor: string;
  what: string;
  data: Record<string, string | null>;
}

/** Somebody looked where a resident was while no alert of theirs was open. */
export interface Look {
  actor: string;
  began: string;
  last: string;
}

export interface WatchSettings {
  sensitivity: Sensitivity;
  /** The words of the care plan, and what of them is known. */
  mobility: string | null;
  mobility_known: Mobility;
  left_off: { watch: string; by: string | null; since: string | null }[];
  shared_with: string[];
  absences: Absence[];
  expected: Expectation[];
  measured: { homes: number; home_weeks: number };
  changes: SettingChange[];
  looks?: Look[];
}
