/** Which devices are shown. Pure. */

import type { Device } from "../records";

export const TROUBLES = ["silent", "not_understood", "battery", "weak_link"] as const;
export type Trouble = (typeof TROUBLES)[number];

export interface DeviceHealth extends Omit<Device, "binding"> {
  binding: { unit: string; resident: string | null; place: string | null } | null;
  registered_time: string;
  resident_name: string | null;
  unit_name: string | null;
  place_name: string | null;
  link: { quality: number; time: string } | null;
  /** Messages of 24 hours that were not understood, by reason. */
  quarantined: Record<string, number>;
  troubles: Trouble[];
}

export const SHOWS = ["all", "unwell", "silent", "battery", "off", "free"] as const;
export type Show = (typeof SHOWS)[number];

const isShown: Record<Show, (one: DeviceHealth) => boolean> = {
  all: () => true,
  unwell: (one) => one.troubles.length > 0,
  silent: (one) => one.troubles.includes("silent"),
  battery: (one) => one.troubles.includes("battery"),
  off: (one) => one.worn === false && Boolean(one.binding?.resident),
  free: (one) => !one.binding,
};

export const countOf = (devices: DeviceHealth[], show: Show): number => devices.filter(isShown[show]).length;

/** The units there are, by name. */
export function unitsOf(devices: DeviceHealth[]): [string, string][] {
  const named = new Map<string, string>();
  for (const { binding, unit_name } of devices) if (binding) named.set(binding.unit, unit_name ?? binding.unit);
  return [...named].sort(([, a], [, b]) => a.localeCompare(b, "zh"));
}

/** Devices that fit, in the order given: the platform has the unwell first. */
export function chosen(devices: DeviceHealth[], show: Show, unit: string, query: string): DeviceHealth[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return devices.filter((one) => {
    const text = [one.id, one.label, one.kind, one.resident_name, one.place_name, one.unit_name].join(" ").toLowerCase();
    return isShown[show](one) && (!unit || one.binding?.unit === unit) && words.every((word) => text.includes(word));
  });
}

export const unreadOf = (one: DeviceHealth): number => Object.values(one.quarantined).reduce((sum, n) => sum + n, 0);
