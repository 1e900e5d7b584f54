/** The records of the HTTP API (docs/architecture.md, section HTTP). Times are ISO 8601 UTC with Z. */

export type Severity = "high" | "medium" | "low";
export type AlertState = "raised" | "claimed" | "held" | "resolved" | "closed";
export type Stage = "possible" | "dismissed" | "confirmed" | "recovered";
export const OUTCOMES = ["real_injured", "real_unhurt", "false_alarm", "test", "device_fault", "cancelled"] as const;
export type Outcome = (typeof OUTCOMES)[number];

export interface LocalOutcome {
  id: string;
  base: Outcome;
  zh: string;
  en: string;
  retired: boolean;
}

export interface Phase {
  name: string;
  start: string;
  end: string;
}

export interface Reason {
  code: string;
  values: Record<string, number>;
}

export interface Evidence {
  phases: Phase[];
  reasons: Reason[];
  features: Record<string, number>;
  /** What was expected when it rang; only of alerts about a home's rhythm, and not of older ones. */
  expected?: Expected | null;
}

/** What other days of a home let expect. Minutes count from `start` on. */
export interface Expected {
  start: string;
  rang: string;
  utc_offset_min: number;
  usual: number | null;
  limit: number | null;
  others: number[];
  /** Percent of days on which somebody was about, for each half hour of the home's clock; or none. */
  lively: number[];
  days: number;
}

/** The hours of a home around an alert of its rhythm. */
export interface AlertDay {
  start: string;
  end: string;
  /** Up to when it is known. */
  until: string;
  rang: string;
  utc_offset_min: number;
  rooms: { room: string; stays: { start: string; end: string }[] }[];
}

export interface Alert {
  id: string;
  kind: string;
  severity: Severity;
  state: AlertState;
  stage: Stage;
  unit: string;
  unit_name: string | null;
  resident: { id: string; name: string; test?: boolean };
  place: string | null;
  place_name: string | null;
  device: string;
  event_time: string;
  raised_time: string;
  decided_time: string | null;
  score: number;
  late: boolean;
  occurrences: number;
  last_event_time: string | null;
  claimed_by: string | null;
  claimed_time: string | null;
  /** Claimed: until when its owner must say another word. Held: until when. A platform that is older does not say. */
  due_time?: string | null;
  /** Shown, but rings only from then on: somebody is with the resident. */
  silent_until_time?: string | null;
  resolved_by: string | null;
  resolved_time: string | null;
  outcome: Outcome | null;
  /** The institution's own word for it, counted as `outcome`. */
  outcome_local?: LocalOutcome | null;
  note: string | null;
  closed_time: string | null;
  version: number;
  evidence: Evidence;
  /** Who told of the latest event; a platform that is older does not say. */
  sources?: Source[];
}

/** One teller: a detector (`model` its name) or a device's own (`model` "device"); `code`: its first reason. */
export interface Source {
  kind: string;
  stage: Stage;
  device: string;
  model: string;
  event_time: string;
  score: number;
  code: string;
}

/** A finding that raised no alert. */
export interface Quiet {
  id: string;
  kind: string;
  stage: Stage;
  device: string;
  event_time: string;
  decided_time: string;
  score: number;
  evidence: Evidence;
}

/** Somebody is with a resident until then. */
export interface Pause {
  resident: string;
  by: string;
  since: string;
  until: string;
}

export interface Step {
  seq?: number;
  kind: string;
  at: string;
  actor: string;
  data: Record<string, unknown>;
}

export type AlertDetail = Alert & { steps: Step[] };

export interface Resident {
  id: string;
  name: string;
  birth_year: number | null;
  unit: string;
  unit_name?: string | null;
  room: string | null;
  conditions: string[];
  mobility: string | null;
  note: string | null;
  /** From which stage of a fall on people are called; null: as at the place. */
  fall_alarm?: "possible" | "confirmed" | null;
  test?: boolean;
  /** IANA name: where this person's midnight is. */
  timezone?: string;
  /** Away until then; the year 9999: nobody knows until when. */
  absent_until?: string | null;
  /** What people chose not to have watched for. */
  watches_off?: string[];
}

export interface Now {
  type: string;
  value: number | boolean | string;
  unit: string;
  time: string;
  device?: string;
}

export interface Device {
  id: string;
  kind: string;
  label: string | null;
  battery: number | null;
  last_seen: string | null;
  position: string | null;
  worn: boolean | null;
  binding: { resident: string | null; position: string | null; start: string } | null;
}

/** How far a home's own rhythm is known; `days` whole days of `of_days` were seen. */
export interface RhythmKnown {
  state: "learning" | "learnt" | "rebuilding";
  since: string;
  days: number;
  of_days: number;
  left_off?: boolean;
}

/** One everyday watch of a home; `usual` and `limit` of today in minutes (`not_up`: of the clock since midnight). */
export interface HabitKnown {
  watch: string;
  state: "on" | "learning" | "off" | "left_off";
  usual: number | null;
  limit: number | null;
}

export interface ResidentDetail extends Resident {
  watch?: { inactivity: RhythmKnown | null; everyday?: HabitKnown[] };
  devices: Device[];
  open_alerts: Alert[];
  now: Now[];
}

export interface Minute {
  t: string;
  activity: number | null;
  worn: boolean | null;
}

export interface Day {
  start: string;
  end: string;
  minutes: Minute[];
  alerts: Alert[];
}

export interface Segment {
  start: string;
  rate_hz?: number;
  values: number[];
  x?: number[];
  y?: number[];
  z?: number[];
}

export interface Trace {
  rate_hz: number;
  segments: Segment[];
  impact?: string | null;
  phases?: Phase[];
  complete?: boolean;
  start?: string;
  end?: string;
}

export interface QuarantineEntry {
  id: string | number;
  at: string;
  topic: string;
  reason: string;
  sentence: string;
  size: number;
  head_hex: string;
  kept: boolean | number;
}

export interface Quarantine {
  total: number;
  by_reason: { reason: string; count: number }[];
  entries: QuarantineEntry[];
}

export interface StageHealth {
  name: string;
  ok: boolean;
  lag: number | null;
  note: string | null;
}

export interface Overview {
  /** Residents somebody is with; a platform that is older does not say. */
  pauses?: Pause[];
  watched: number;
  residents: number;
  open: number;
  last_resolved: string | null;
  stages: StageHealth[];
  platform_time: string;
  simulated: boolean;
}

export interface User {
  name: string;
  /** The most that one is anywhere; null: nothing. */
  role: string | null;
  display_name: string;
  grants: { role: string; place: string | null; resident: string | null }[];
  /** The password was drawn by somebody else. */
  must_change: boolean;
}
