/** Whether a device watches over a person now. Pure. */

import type { Device } from "../records";

/** A wearable sends every second or so; silent for two minutes is silent (the platform's own limit for "watched"). */
export const SILENT_MS = 120_000;

export type Watch = "watched" | "off" | "silent" | "none";

export const isSilent = (device: Device, now: number): boolean =>
  device.last_seen === null || now - Date.parse(device.last_seen) > SILENT_MS;

/** The best of a person's devices: worn and heard, or what is the matter with them. */
export function watchOf(devices: Device[], now: number): Watch {
  if (!devices.length) return "none";
  const heard = devices.filter((device) => !isSilent(device, now));
  if (!heard.length) return "silent";
  return heard.some((device) => device.worn !== false) ? "watched" : "off";
}
