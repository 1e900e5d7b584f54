/** The API's records of ladders, telephones and their tests, the log, and templates. */

export interface Way {
  ref: string;
  channel: string;
  address: string;
  masked: boolean;
  after_s: number;
}

export type Told = "zh" | "en" | "both";

export interface Step extends Way {
  recipient: string;
  /** Instead of a recipient: whoever has this role of the rota when the time comes. */
  on_duty?: string | null;
  lang: Told;
  ways: Way[];
}

export interface Ladder {
  place: string;
  owner: string | null;
  steps: Step[];
  quiet: { start: string; end: string } | null;
  timezone: string;
  patience_s: Record<string, number>;
  again_s: number;
  version: number;
  /** After the last step follow those of the place above. */
  goes_on?: boolean;
}

export type Came = "waiting" | "sending" | "sent" | "refused" | "unknown";

export interface Test {
  id: string;
  recipient: string;
  state: Came;
  asked_time: string;
  took_ms: number | null;
  error: string;
  confirmed_time: string | null;
}

export type Reach = "ok" | "due" | "overdue" | "failed";

export interface Phone {
  ref: string;
  recipient: string;
  address: string;
  state: Reach;
  due_time: string;
  confirmed_time: string | null;
  last: Test | null;
}

export interface Phones {
  owner: string | null;
  version: number;
  simulated: boolean;
  phones: Phone[];
}

export interface Sent {
  alert: string;
  kind: string;
  name: string;
  recipient: string;
  channel: string;
  state: "claimed" | "failing" | "sent";
  claimed_time: string;
  sent_time: string | null;
  attempts: number;
  again: boolean;
  error: string;
}

export interface Template {
  id: string;
  kind: string;
  severity: string;
  lang: "zh" | "en";
  text: string;
  own: boolean;
}

export interface Templates {
  fields: { name: string; zh: string; en: string }[];
  templates: Template[];
}

export interface Place {
  id: string;
  name: string;
  path: string[];
}
