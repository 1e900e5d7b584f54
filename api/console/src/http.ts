/** Calls to the API. A failure becomes a `Refused`, whose kind says whose fault it is and what may have happened. */

import { signal } from "@preact/signals";
import type { Alert } from "./records";

/** Longer than a slow ward's Wi-Fi needs, shorter than a nurse's patience. */
const TIMEOUT_MS = 10_000;
/** A drawing of 5 MB over the same. */
const FILE_TIMEOUT_MS = 90_000;
const ROOT = "/api/v1";

/** `unreachable`: no answer, nobody knows whether it was done. Otherwise the platform answered and refused. */
export type RefusedKind =
  | "unreachable"
  | "signed-out"
  | "forbidden"
  | "conflict"
  | "missing"
  | "malformed"
  | "broken";

export class Refused extends Error {
  constructor(
    readonly kind: RefusedKind,
    message: string,
    /** After a conflict: the alert as it really stands. */
    readonly alert: Alert | null = null,
    /** The stable code of the refusal, and all that the platform answered. */
    readonly code: string | null = null,
    readonly body: unknown = null,
  ) {
    super(message);
  }
}

let onSignedOut: () => void = () => undefined;

/** Says what to do when the session has ended; called at most once a refusal. */
export function whenSignedOut(act: () => void): void {
  onSignedOut = act;
}

const KINDS: Record<number, RefusedKind> = {
  401: "signed-out",
  403: "forbidden",
  404: "missing",
  409: "conflict",
  422: "malformed",
};

/** Whether the newest call that ended was answered, with whatever answer. */
export const answered = signal(true);

/** Returns the JSON answer (null for 204); throws Refused. */
export async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  let response: Response;
  try {
    response = await timed(method, path, body);
    answered.value = true;
  } catch {
    answered.value = false;
    throw new Refused("unreachable", "");
  }
  const answer: unknown = await response.json().catch(() => null);
  if (response.ok) return answer as T;
  const kind = KINDS[response.status] ?? "broken";
  if (kind === "signed-out" && path !== "/session") onSignedOut();
  throw new Refused(kind, messageOf(answer), alertOf(answer), codeOf(answer), answer);
}

export const get = <T>(path: string): Promise<T> => call<T>("GET", path);
export const post = <T>(path: string, body: unknown = {}): Promise<T> => call<T>("POST", path, body);

async function timed(method: string, path: string, body: unknown): Promise<Response> {
  const controller = new AbortController();
  const file = body instanceof Blob;
  const timer = setTimeout(() => controller.abort(), file ? FILE_TIMEOUT_MS : TIMEOUT_MS);
  try {
    return await fetch(ROOT + path, {
      method,
      credentials: "same-origin",
      headers: body === undefined ? {} : { "Content-Type": file ? body.type : "application/json" },
      body: body === undefined ? null : file ? body : JSON.stringify(body),
      signal: controller.signal,
    });
  } finally {
    clearTimeout(timer);
  }
}

interface ErrorBody {
  error?: { code?: string; message?: string; alert?: Alert };
  alert?: Alert;
}

function messageOf(answer: unknown): string {
  return (answer as ErrorBody | null)?.error?.message ?? "";
}

function codeOf(answer: unknown): string | null {
  return (answer as ErrorBody | null)?.error?.code ?? null;
}

function alertOf(answer: unknown): Alert | null {
  const body = answer as ErrorBody | null;
  return body?.alert ?? body?.error?.alert ?? null;
}
