/** Messages out of what somebody pasted. Pure. */

import type { Given } from "./records";

/** As the platform takes them (api/decode_models.py). */
export const MOST_MESSAGES = 200;

/** `mosquitto_sub -v` and others write a line `topic payload`; a topic of devices has levels. */
const TOPIC_AND_PAYLOAD = /^([^\s{}"]+\/[^\s{}"]+) (.+)$/;
const HEX = /^(?:[0-9a-f]{2}\s*)+$/i;

export interface Pasted {
  given: Given[];
  /** What it was taken for. */
  form: "message" | "lines" | "log" | "hex";
}

function objectOf(line: string): Given | null {
  try {
    const found: unknown = JSON.parse(line);
    const isMessage = typeof found === "object" && found !== null && typeof (found as Given).topic === "string";
    return isMessage ? (found as Given) : null;
  } catch {
    return null;
  }
}

/** Keys that a line of `--sequence` has; others (index, expect, ...) are whoever's collected it. */
const ours = ({ topic, payload, payload_raw, payload_hex, retain, arrival }: Given): Given =>
  Object.fromEntries(
    Object.entries({ topic, payload, payload_raw, payload_hex, retain, arrival }).filter(([, value]) => value !== undefined),
  ) as unknown as Given;

/**
 * Lines of JSON objects with a topic, lines of `topic payload`, or one payload of `topic`; `hex`: bytes in hexadecimal.
 */
export function pasted(topic: string, text: string, retain: boolean, hex: boolean): Pasted {
  const lines = text.split("\n").map((line) => line.trim()).filter(Boolean);
  const objects = lines.map(objectOf);
  if (lines.length && objects.every((one) => one !== null)) return { form: "lines", given: objects.map((one) => ours(one as Given)) };
  if (!topic.trim()) {
    const log = lines.map((line) => TOPIC_AND_PAYLOAD.exec(line));
    if (lines.length && log.every((one) => one !== null))
      return { form: "log", given: log.map((one) => ({ topic: one?.[1] ?? "", payload_raw: one?.[2] ?? "", retain })) };
  }
  if (hex) return { form: "hex", given: [{ topic: topic.trim(), payload_hex: text.replace(/\s+/g, ""), retain }] };
  return { form: "message", given: [{ topic: topic.trim(), payload_raw: text, retain }] };
}

/** Whether text can be bytes in hexadecimal. */
export const isHex = (text: string): boolean => HEX.test(text.trim());

/** Bytes in hexadecimal as text; null where they are none that can be read. */
export function textOf(hex: string): string | null {
  const bytes = Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return /[\u0000-\u0008\u000e-\u001f]/.test(text) ? null : text;
  } catch {
    return null;
  }
}
