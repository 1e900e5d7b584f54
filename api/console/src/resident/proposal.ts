/** What is to be said of a proposed setting, and the arithmetic of its picture. Pure but for the language. */

import { kindName } from "../reasons";
import type { PlayedAlarm, Proposal } from "./records";
import { length, moment } from "../when";
import { lang, said, t } from "../words";

const DAY_MS = 86_400_000;
/** A decision that can be taken back, or a no that holds, is shown for so long; after that it is history. */
const SHOWN_DAYS = 30;
/** Why nobody is asked is of interest while the alarms that it is about are fresh. */
const WITHHELD_DAYS = 14;
/** More real ones than these are counted, not named. */
const NAMED = 2;

/** The picture, in its own units: a row for each setting, the window from left to right. */
export const STRIP = { width: 400, height: 64, edge: 10, rows: [18, 46] } as const;

export const settingName = (setting: string): string => said(`proposal.setting.${setting}`, setting);
export const isReal = (alarm: PlayedAlarm): boolean => alarm.outcome.startsWith("real");
/** What an alarm is called: by what was missed, where its reason has a name of its own, else by its kind. */
export const alarmName = (alarm: PlayedAlarm): string => said(`title.${alarm.code}`, kindName(alarm.kind));

const own = (proposal: Proposal): PlayedAlarm[] =>
  (proposal.preview?.alarms ?? []).filter((alarm) => alarm.kind === proposal.kind && !isReal(alarm));
const when = (time: string, now: number): string => moment(Date.parse(time), now, lang.value);
const later = (seconds: number): string => length(seconds * 1000, lang.value);

export type Face = "reading" | "asks" | "decided" | "undone" | "withheld" | null;

/** How a proposal is shown; null: not at all. */
export function faceOf(proposal: Proposal | null, now: number): Face {
  if (!proposal) return null;
  const past = (now - Date.parse(proposal.steps[proposal.steps.length - 1]?.time ?? "")) / DAY_MS;
  switch (proposal.state) {
    case "reading":
      return "reading";
    case "open":
      return proposal.standing === "asks" ? "asks" : null;
    case "accepted":
    case "declined":
      return proposal.standing === "decided" && past < SHOWN_DAYS ? "decided" : null;
    case "undone":
      return proposal.asked_again !== null ? "undone" : null;
    case "withheld":
      return past < WITHHELD_DAYS ? "withheld" : null;
    default:
      return null;
  }
}

/** `4 of the last 5 alarms “No movement” were false.` */
export function rangForNothing(proposal: Proposal): string {
  const fill = { n: proposal.false_alarms, of: proposal.judged, kind: kindName(proposal.kind) };
  return proposal.false_alarms === proposal.judged ? t("proposal.allfalse", fill) : t("proposal.false", fill);
}

/** What the proposed setting would have changed, sentence by sentence. */
export function wouldHave(proposal: Proposal, now: number): string[] {
  const preview = proposal.preview;
  if (!preview) return [];
  const setting = settingName(proposal.after);
  if (!preview.enough) {
    if (preview.too_much) return [t("proposal.toomuch", { setting })];
    return [t("proposal.toolittle", { setting, days: preview.days })];
  }
  return [spared(proposal, setting), ...realOnes(preview.alarms.filter(isReal), now)];
}

function spared(proposal: Proposal, setting: string): string {
  const alarms = own(proposal);
  const [away, put] = (["stay_away", "later"] as const).map((would) => alarms.filter((one) => one.would === would).length);
  const stays = t(away === 1 ? "proposal.spares.one" : "proposal.spares", { n: away ?? 0, setting });
  return put ? stays + t(put === 1 ? "proposal.others.one" : "proposal.others", { n: put }) : stays + t("proposal.stop");
}

function realOnes(real: PlayedAlarm[], now: number): string[] {
  if (!real.length) return [t("proposal.noreal")];
  if (real.length > NAMED) {
    const most = Math.max(...real.map((alarm) => alarm.later_s));
    return [t("proposal.reals", { n: real.length, later: later(most) })];
  }
  return real.map((alarm) => {
    const fill = { name: alarmName(alarm), date: when(alarm.raised_time, now), later: later(alarm.later_s) };
    return t(alarm.would === "later" ? "proposal.real.later" : "proposal.real.same", fill);
  });
}

/** Why nobody is asked, naming the real one that speaks against it where one does. */
export function whyNot(proposal: Proposal, now: number): string {
  const real = (proposal.preview?.alarms ?? []).filter(isReal);
  const worst = [...real].sort((a, b) => b.later_s - a.later_s);
  const found = {
    real_lost: real.find((alarm) => alarm.would === "stay_away"),
    real_late: worst[0],
    real_unknown: real.find((alarm) => alarm.would === "unknown") ?? real[0],
    spares_none: undefined,
  }[proposal.against ?? "spares_none"];
  return said(`proposal.against.${proposal.against}`, proposal.against ?? "", {
    setting: settingName(proposal.after),
    date: found ? when(found.raised_time, now) : "",
    later: found ? later(found.later_s) : "",
  });
}

/** What would have become of one alarm: `would not have come`, `25 min later`. */
export const wouldBe = (alarm: PlayedAlarm): string =>
  alarm.would === "later"
    ? t("proposal.would.later", { later: later(alarm.later_s) })
    : said(`proposal.would.${alarm.would}`, alarm.would);

/** Who did the last thing that a person did, and when. */
export function decidedBy(proposal: Proposal): { name: string; time: string; act: string } | null {
  const step = [...proposal.steps].reverse().find((one) => one.actor !== "platform");
  return step ? { name: step.name, time: step.time, act: step.act } : null;
}

/** The one of two accounts of a proposal that knows more: answers can overtake each other. */
export function newer(one: Proposal | null, other: Proposal | null): Proposal | null {
  if (!one || !other || one.id !== other.id) return other ?? one;
  return one.steps.length > other.steps.length ? one : other;
}

export interface Mark {
  x: number;
  real: boolean;
  away: boolean;
  later: boolean;
  unknown: boolean;
}

/** Where each alarm stands in the picture, by when it was told. */
export function marksOf(proposal: Proposal): Mark[] {
  const preview = proposal.preview;
  if (!preview) return [];
  const [start, end] = [Date.parse(preview.start), Date.parse(preview.end)];
  return preview.alarms.map((alarm) => {
    const part = Math.min(1, Math.max(0, (Date.parse(alarm.raised_time) - start) / (end - start)));
    return {
      x: STRIP.edge + part * (STRIP.width - 2 * STRIP.edge),
      real: isReal(alarm),
      away: alarm.would === "stay_away",
      later: alarm.would === "later",
      unknown: alarm.would === "unknown",
    };
  });
}
