/** What the platform says of messages (POST /decode, GET /decode/listen). */

export type Scalar = number | boolean | string;

export interface Seen {
  type: string;
  value: Scalar | number[];
  unit?: string;
  accuracy_m?: number;
}

export interface Happened {
  type: string;
  value: Scalar;
}

export interface Why {
  kind: string;
  family: string | null;
  recognised?: string;
  base?: string;
  devices?: string[];
  /** For each observation, and for each event, in their order. */
  observations?: string[];
  events?: string[];
  not_events?: (Happened & { why: string })[];
  signs?: string[];
  alarm?: string;
  time?: string;
  sentence?: string;
  /** Whether the gateway listens to this topic; of pasted ones. */
  heard?: boolean;
}

export interface Said {
  observations: Seen[];
  events: Happened[];
  alarm: string | null;
  time: string;
  quarantine?: string;
  technical_alert?: string;
  implausible?: string[];
  unknown?: string[];
  unused?: string[];
  /** Devices of an inventory, or what one discovery message announces. */
  entities?: { device?: string; model?: string; type?: string; state_topic?: string }[];
  device_count?: number | null;
  /** Of a block of acceleration. */
  stream?: string;
  samples?: number;
  rate_hz?: number;
  why: Why;
}

/** A message to be read, as POST /decode takes it. */
export interface Given {
  topic: string;
  payload?: unknown;
  payload_raw?: string;
  payload_hex?: string;
  retain?: boolean;
  arrival?: string;
}

/** A message that was read: what came, and what it means. */
export interface Read {
  key: number;
  given: Given;
  said: Said;
}

/** A message of the live stream. */
export interface Arrived {
  topic: string;
  payload_raw?: string;
  payload_hex?: string;
  size: number;
  retain: boolean;
  arrival: string;
  said: Said;
}
