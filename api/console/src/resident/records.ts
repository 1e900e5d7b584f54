/** A resident's weeks and proposed settings, as the HTTP API says them (docs/architecture.md). Times are ISO 8601 UTC with Z. */

export interface InBoth {
  zh: string;
  en: string;
}

/** One measure of a home week by week, oldest first; `low` to `high` is what weeks there usually are. */
export interface RoutineMeasure {
  code: string;
  name: InBoth;
  weeks: (number | null)[];
  usual: number | null;
  low: number | null;
  high: number | null;
  told: boolean;
  now_said: string | null;
  usual_said: string | null;
}

export interface RoutineDay {
  date: string;
  deviation: number | null;
}

/** A week of a home. Dates are the resident's own, `2026-11-23`. */
export interface RoutineWeek {
  first: string;
  last: string;
  state: "changed" | "usual" | "unknown" | "unwatched" | "crowd";
  people: number;
  known_days: number;
  sentences: (InBoth & { code: string })[];
  days: RoutineDay[];
  measures: RoutineMeasure[];
}

/** Something happened, and no alert came: as somebody reports it. */
export interface Missed {
  id: string;
  time: string;
  note: string;
  reported_by: string;
  reported_time: string;
}

/** One alarm of the last 30 days under a proposed setting. */
export interface PlayedAlarm {
  alert: string;
  kind: string;
  code: string;
  event_time: string;
  raised_time: string;
  outcome: string;
  would: "stay_away" | "later" | "same" | "unknown";
  later_s: number;
}

export interface ProposalStep {
  act: string;
  time: string;
  actor: string;
  name: string;
}

/** A setting that repeated false alarms led to. */
export interface Proposal {
  id: string;
  resident: string;
  kind: string;
  before: string;
  after: string;
  state: "reading" | "withheld" | "open" | "accepted" | "declined" | "undone" | "withdrawn";
  /** May be decided, may be taken back, or neither. */
  standing: "asks" | "decided" | "over";
  false_alarms: number;
  judged: number;
  progress: number;
  against: "real_lost" | "real_late" | "real_unknown" | "spares_none" | null;
  asked_again: string | null;
  preview: {
    start: string;
    end: string;
    days: number;
    enough: boolean;
    too_much: boolean;
    alarms: PlayedAlarm[];
  } | null;
  steps: ProposalStep[];
}
