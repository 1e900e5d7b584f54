/** Messages to try, all invented: what misleads most, and how it is read. */

import type { Key } from "../words";
import type { Given } from "./records";

const line = (topic: string, payload: unknown, more: Partial<Given> = {}): string => JSON.stringify({ topic, payload, ...more });

export const EXAMPLES: { words: Key; text: () => string }[] = [
  {
    words: "decode.example.door",
    text: () =>
      [true, false, true]
        .map((contact, n) => line("zigbee2mqtt/front door", { contact, battery: 91, voltage: 3000, linkquality: 120 + n, device: { firmware: "1.2" } }))
        .join("\n"),
  },
  {
    words: "decode.example.motion",
    text: () =>
      [
        line("zigbee2mqtt/hall", { occupancy: true, illuminance: 40, battery: 77, sensitivity: "high" }),
        line("zigbee2mqtt/hall", { occupancy: true, illuminance: 38, battery: 77, sensitivity: "high" }),
        line("zigbee2mqtt/hall", { occupancy: false, illuminance: 38, battery: 76, sensitivity: "high" }),
      ].join("\n"),
  },
  {
    words: "decode.example.sos",
    text: () =>
      [
        line("zigbee2mqtt/bed cord", { action: "emergency", battery: 100 }),
        line("zigbee2mqtt/bed cord/action", "emergency"),
        line("zigbee2mqtt/bed cord", { action: "", battery: 100 }),
      ].join("\n"),
  },
  {
    words: "decode.example.retained",
    text: () => line("zigbee2mqtt/bathroom floor", { water_leak: true, battery: 60 }, { retain: true }),
  },
  {
    words: "decode.example.phone",
    text: () => line("owntracks/li/phone", { _type: "location", lat: 31.2304, lon: 121.4737, acc: 12, tst: Math.floor(Date.now() / 1000) - 40, batt: 64, conn: "w" }),
  },
  {
    words: "decode.example.watch",
    text: () => line("sw/v1/watch-7/event", { boot: 3, seq: 118, t_us: 7_200_000_000, type: "sos" }),
  },
  {
    words: "decode.example.strange",
    text: () => line("garden/mower/status", { mode: "mowing", blade: 3 }),
  },
];
