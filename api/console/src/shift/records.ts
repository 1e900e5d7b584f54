/** What the platform says of shifts and rotas. */

import type { Ward } from "../presence";
import type { Severity } from "../records";

export interface Left {
  what: "alert" | "held" | "pause" | "away" | "device" | "overdue";
  id: string;
  name: string;
  where: string;
  /** Of an alert `fall:impact`: its kind and first reason; of a device its trouble. */
  code: string;
  by: string;
  /** Of an alert. */
  severity?: Severity | "";
  time: string | null;
}

export interface Shift {
  id: string;
  place: string;
  name: string;
  begun: string;
  ends: string | null;
  crew: { account: string; name: string; since: string; sound: boolean }[];
  note: string;
  handed: string | null;
  /** Null: nobody did, the next one simply began. */
  handed_by: string | null;
  left: Left[];
  accepted: string | null;
  accepted_by: string | null;
  /** It ended over 15 minutes ago, and nobody has taken it over. */
  open: boolean;
  yours: boolean;
}

export interface ShiftNow {
  place: string;
  name: string;
  running: Shift | null;
  mine: boolean;
  to_accept: Shift[];
  recent: Shift[];
  left: Left[];
  on_duty: { role: string; people: string[] }[];
  ward: Ward | null;
}

export interface Cell {
  date: string;
  shift: string;
  role: string;
  people: string[];
  changed: boolean;
}

export interface Rota {
  place: string;
  owner: string | null;
  timezone: string;
  shifts: { name: string; start: string; end: string }[];
  people: { name: string; address: string | null }[];
  week: { weekday: number; shift: string; role: string; people: string[] }[];
  monday: string;
  days: Cell[];
  now: { role: string; people: string[] }[];
}
