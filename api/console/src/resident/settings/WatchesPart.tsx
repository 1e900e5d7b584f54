/** What is watched for in this home, one switch each; what is off says so, since when and by whom. */

import type { JSX } from "preact";
import { nowMs } from "../../clock";
import { type HabitKnown, type ResidentDetail } from "../../records";
import { WATCHES, type WatchSettings } from "./records";
import { lang, t, type Key } from "../../words";
import { everydaySaid } from "../everyday";
import type { PartProps } from "./SettingsPage";
import { dated, zoneOf } from "./zone";

type Watch = (typeof WATCHES)[number];

/** What the detectors say of a watch that is on: its limit of today, or why it cannot tell; and whether it can. */
function stateOf(watch: Watch, person: ResidentDetail): [string, boolean] {
  const known = person.watch;
  if (watch === "inactivity") {
    if (!known?.inactivity) return [t("watches.state.nosensors"), false];
    return [t(known.inactivity.state === "learnt" ? "watches.state.on" : "watches.state.learning"), true];
  }
  const habit: HabitKnown | undefined = known?.everyday?.find((one) => one.watch === watch);
  if (!habit) return [t("watches.state.nosensors"), false];
  if (habit.state === "on") return [everydaySaid([habit])[0] ?? t("watches.state.on"), true];
  if (habit.state === "learning") return [t("watches.state.learning"), true];
  return habit.state === "off" ? [t("watches.state.cannot"), false] : [t("watches.state.on"), true];
}

function State({ watch, person }: { watch: Watch; person: ResidentDetail }): JSX.Element {
  const [words, can] = stateOf(watch, person);
  return <span class={can ? "switch-state" : "switch-said"}>{words}</span>;
}

function offSaid(watch: Watch, saved: WatchSettings, zone: string): string {
  const off = saved.left_off.find((one) => one.watch === watch);
  if (!off) return t("watches.off.unsaved");
  if (!off.by || !off.since) return t("watches.off");
  return t("watches.off.by", { name: off.by, time: dated(Date.parse(off.since), zone, nowMs.value, lang.value) });
}

export function WatchesPart({ person, saved, draft, may, edit }: PartProps & { person: ResidentDetail }): JSX.Element {
  const zone = zoneOf(person);
  const shared = saved.shared_with.join(t("watching.join"));
  const flip = (watch: Watch): void => {
    const off = draft.off.includes(watch) ? draft.off.filter((one) => one !== watch) : [...draft.off, watch];
    edit({ off: off.sort() });
  };
  return (
    <section class="panel">
      <h2>{t("watches.title")}</h2>
      <p class="muted">{t("watches.about")}</p>
      <ul class="switches">
        {WATCHES.map((watch) => {
          const off = draft.off.includes(watch);
          return (
            <li key={watch}>
              <label class={`switch-row ${off ? "switch-off" : ""}`} data-testid={`watch-${watch}`}>
                <span class="switch-text">
                  <b>{t(`watches.${watch}` as Key)}</b>
                  <span class="muted">{t(`watches.${watch}.about` as Key)}</span>
                  {off ? (
                    <span class="switch-said">{offSaid(watch, saved, zone)}</span>
                  ) : (
                    <State watch={watch} person={person} />
                  )}
                  {off && shared && <span class="switch-said">{t("watches.off.shared", { names: shared })}</span>}
                </span>
                <span class="switch">
                  <input type="checkbox" role="switch" checked={!off} disabled={!may} onChange={() => flip(watch)} />
                  <span class="switch-word">{t(off ? "watches.word.off" : "watches.word.on")}</span>
                </span>
              </label>
            </li>
          );
        })}
      </ul>
      {draft.off.includes("inactivity") && <p class="notice">{t("watches.inactivity.warning")}</p>}
    </section>
  );
}
