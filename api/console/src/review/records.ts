/** What the API says in a review (api/review_models.py). */

import type { Alert, Outcome } from "../records";

export const PERIODS = ["shift", "day", "week", "month"] as const;
export type Period = (typeof PERIODS)[number];

/** How many of how many, with the 95 % interval; `few`: too few to tell, then `share` is null. */
export interface Share {
  hits: number;
  of: number;
  share: number | null;
  low: number;
  high: number;
  few: boolean;
}

export interface Tally {
  total: number;
  open: number;
  outcomes: Record<Outcome, number>;
  false_alarms: Share;
  false_a_week: number;
}

export interface Goal {
  seconds: number;
  goal: number;
  hits: number;
  share: number | null;
  verdict: "met" | "missed" | "few";
}

export interface Times {
  of: number;
  waiting: number;
  never: number;
  median_s: number | null;
  p90_s: number | null;
  goals: Goal[];
}

export interface HourLoad {
  alerts: number;
  operator_hours: number;
  per_hour: number | null;
}

export interface Flood {
  start: string;
  end: string;
  alerts: number;
  kinds: Record<string, number>;
}

export interface Load {
  most: number;
  alerts: number;
  operator_hours: number;
  per_hour: number | null;
  worst: number | null;
  worst_time: string | null;
  staffed: number;
  over: number;
  unstaffed: number;
  by_hour: HourLoad[];
  floods: Flood[];
}

export interface Review {
  period: Period | null;
  start: string;
  end: string;
  until: string;
  timezone: string;
  utc_offset_min: number;
  place: string | null;
  place_name: string | null;
  simulated: boolean;
  groups: { counted: number; drill: number; test: number; platform: number };
  all: Tally;
  kinds: (Tally & { kind: string })[];
  detectors: (Tally & { kind: string; detector: string })[];
  devices: (Tally & { device: string; label: string | null })[];
  devices_more: number;
  wards: (Tally & { ward: string; name: string; times: Times })[];
  times: Times & { curve: [number, number][] };
  hours: Times[];
  load: Load;
}

export type Waiting = Alert & { response_s: number | null; answered_by: string | null; in_time: boolean };

export interface WaitingPage {
  alerts: Waiting[];
  more: string | null;
  left: number;
  oldest_time: string | null;
}

export interface Closed {
  closed: string[];
  refused: { alert: string; error: { code: string; message: string } }[];
}

export interface Place {
  id: string;
  name: string;
  path: string[];
}
