/** What was understood, in words. Pure but for the language. */

import { said as words, t } from "../words";
import type { Happened, Said, Scalar, Seen } from "./records";

const plain = (type: string): string => words(`decode.type.${type}`, type);

/** A number without the noise of binary fractions. */
const number = (value: number): string => String(Math.round(value * 1e6) / 1e6);

export function valueOf(value: Scalar | number[], type = ""): string {
  if (Array.isArray(value)) return value.map(number).join(", ");
  if (typeof value === "boolean") return t(value ? "decode.yes" : "decode.no");
  if (typeof value === "number") return number(value);
  return words(`decode.word.${type}.${value}`, value);
}

export interface Row {
  name: string;
  value: string;
  why: string;
}

const UNITS_IN_WORDS = new Set(["1/min", "lqi"]);

const unitOf = (unit: string): string => (UNITS_IN_WORDS.has(unit) ? t(unit === "lqi" ? "decode.unit.lqi" : "decode.unit.per_minute") : unit);

function seen(one: Seen, why: string | undefined): Row {
  // A place is written without its degrees.
  const unit = Array.isArray(one.value) && one.type === "location" ? "" : unitOf(one.unit ?? "");
  const near = one.accuracy_m === undefined ? "" : ` ± ${number(one.accuracy_m)} m`;
  const value = valueOf(one.value, one.type);
  return {
    name: plain(one.type),
    value: `${value}${unit && ` ${unit}`}${near}`,
    why: why ? t(`decode.why.${why}` as "decode.why.first") : "",
  };
}

export const observed = (said: Said): Row[] => said.observations.map((one, n) => seen(one, said.why.observations?.[n]));

/** An event as something that happened: "door opened", "call for help", "button: double". */
export function eventOf(one: Happened): string {
  if (one.value === true) return words(`decode.event.${one.type}`, t("decode.began", { name: plain(one.type) }));
  if (one.value === false) return words(`decode.event.${one.type}.end`, t("decode.ended", { name: plain(one.type) }));
  return `${plain(one.type)}: ${valueOf(one.value, one.type)}`;
}

export const happened = (said: Said): Row[] =>
  said.events.map((one, n) => ({ name: eventOf(one), value: "", why: words(`decode.why.event.${said.why.events?.[n] ?? "told"}`, "") }));

export const notHappened = (said: Said): Row[] =>
  (said.why.not_events ?? []).map((one) => ({ name: eventOf(one), value: "", why: words(`decode.why.not.${one.why}`, one.why) }));

/** A reading's further events: `presence`, `chair_ended`. */
export const signs = (said: Said): string[] =>
  (said.why.signs ?? []).map((name) => {
    const ended = name.endsWith("_ended");
    return eventOf({ type: ended ? name.slice(0, -"_ended".length) : name, value: !ended });
  });

/** What somebody should know first: whether it would alarm, and why or why not. */
export function alarmOf(said: Said): { text: string; rings: boolean } {
  const why = said.why.alarm ?? "none";
  if (said.alarm === null) return { text: words(`decode.alarm.${why}`, t("decode.alarm.none")), rings: false };
  if (said.alarm === "by_rule") return { text: t("decode.alarm.by_rule"), rings: false };
  return { text: t("decode.alarm.rings", { kind: plain(said.alarm) }), rings: true };
}

/** How many devices are announced, or what one of them has. */
export function announcedOf(said: Said): string {
  if (typeof said.device_count === "number") return t("decode.devices.count", { n: said.device_count });
  const types = (said.entities ?? []).flatMap((one) => (one.type ? [plain(one.type)] : []));
  return types.length ? types.slice(0, MOST_IN_A_LINE).join(" · ") : t("decode.entities.count", { n: said.entities?.length ?? 0 });
}

/** A block of acceleration. */
export const blockOf = (said: Said): string => t("decode.block", { n: said.samples ?? 0, rate: number(said.rate_hz ?? 0) });

/** In a few words, for a line of a list; in parentheses what would be an event and is none. */
export function summary(said: Said): string {
  const parts = [
    ...said.events.map(eventOf),
    ...signs(said),
    ...said.observations.filter((one) => !NOISE.has(one.type)).map((one) => {
      const { name, value } = seen(one, undefined);
      return `${name} ${value}`;
    }),
  ];
  if (!said.events.length) parts.unshift(...notHappened(said).map((one) => `(${one.name})`));
  if (said.stream) parts.unshift(blockOf(said));
  if (said.entities) parts.unshift(announcedOf(said));
  return [...new Set(parts)].slice(0, MOST_IN_A_LINE).join(" · ");
}

const NOISE = new Set(["link_quality", "rssi"]);
const MOST_IN_A_LINE = 5;

/** Whether a message says nothing new, or is one of a stream: what a list may leave out. */
export const isQuiet = (said: Said): boolean => ["repeat", "stream", "plumbing", "duplicate", "deleted"].includes(said.why.kind);

/** What was not understood: what of the payload came to nothing, each with what it is. */
export function notUnderstood(said: Said): Row[] {
  const row = (name: string, why: string): Row => ({ name, value: "", why });
  return [
    ...(said.unknown ?? []).filter((one) => one !== "family").map((one) => row(plain(one), t(one === "encrypted" ? "decode.not.encrypted" : "decode.not.unknown"))),
    ...(said.implausible ?? []).map((one) => row(plain(one), t("decode.not.implausible"))),
  ];
}

/** What families call themselves: names of products have no translation. */
const FAMILIES: Record<string, string> = {
  zigbee2mqtt: "Zigbee2MQTT",
  hadiscovery: "Home Assistant",
  owntracks: "OwnTracks",
  traccar: "Traccar",
  homeassistant: "Home Assistant",
  tasmota: "Tasmota",
  shelly: "Shelly",
  shelly1: "Shelly Gen1",
  shelly2: "Shelly Gen2+",
  esphome: "ESPHome",
  theengs: "Theengs",
  bthome: "BTHome",
  espresense: "ESPresense",
  chirpstack: "ChirpStack",
  ttn: "The Things Stack",
  senml: "SenML",
  meshtastic: "Meshtastic",
  sensorlogger: "Sensor Logger",
  sparkplug: "Sparkplug B",
};

export const familyOf = (family: string): string => (family === "shouwang" ? t("decode.family.own") : (FAMILIES[family] ?? family));

/** Why a message was refused: in our words where we have them, else the decoder's own sentence. */
export function refusalOf(said: Said): string {
  const ours = words(`decode.refused.${said.quarantine}`, "");
  return ours || (said.why.sentence ?? said.quarantine ?? "");
}
