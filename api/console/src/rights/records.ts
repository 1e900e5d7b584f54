/** The API's records of accounts, sessions and the log. */

export const ROLES = ["carer", "nurse_in_charge", "manager", "technician", "family", "administrator"] as const;
export type Role = (typeof ROLES)[number];

export interface Grant {
  role: Role;
  place: string | null;
  resident: string | null;
}

export interface Account {
  name: string;
  display_name: string;
  grants: (Grant & { place_name: string | null; resident_name: string | null })[];
  must_change: boolean;
  disabled_time: string | null;
  created_time: string;
  sessions: number;
  /** Who may sign in as it by way of the identity server; absent or null: by password only. */
  identity?: { said: string; bound: boolean } | null;
  yours: boolean;
}

export interface OpenSession {
  id: string;
  created_time: string;
  expires: string;
  address: string;
  agent: string;
  this: boolean;
}

export interface LogEntry {
  id: number;
  time: string;
  account: string;
  name: string;
  session: string;
  act: string;
  look: boolean;
  resident: string | null;
  resident_name: string | null;
  object: string | null;
  data: Record<string, unknown>;
  refused: boolean;
}

export interface Place {
  id: string;
  name: string;
  path: string[];
  parent: string | null;
}
