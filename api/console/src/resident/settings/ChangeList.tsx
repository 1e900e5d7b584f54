/** Who changed which setting when. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { nowMs } from "../../clock";
import type { SettingChange } from "./records";
import { lang, said, t } from "../../words";
import { dated } from "./zone";

/** What a page shows at first. */
const FEW = 5;

const valueOf = (what: string, value: string | null | undefined): string =>
  value ? said(`${what}.${value}`, value) : t("settings.change.none");

export function changeSaid({ what, data }: SettingChange, zone: string, now: number): string {
  if (what === "watch_off" || what === "watch_on")
    return t(`settings.change.${what}`, { watch: said(`watches.${data["watch"]}`, data["watch"] ?? "") });
  if (what === "corners") {
    const cornersOf = (value: unknown): string => {
      const n = Array.isArray(value) ? value.length : 0;
      return n ? t("settings.change.corners.some", { n }) : t("settings.change.corners.none");
    };
    return t("settings.change.corners", { before: cornersOf(data["before"]), after: cornersOf(data["after"]) });
  }
  if (what.startsWith("absence_") && data["start"]) {
    const time = (value: string): string => dated(Date.parse(value), zone, now, lang.value);
    const until = data["until"] ? time(data["until"]) : t("absence.open");
    return said(`settings.change.${what}`, what, { from: time(data["start"]), until });
  }
  if (what.startsWith("pause_") && data["until"])
    return said(`settings.change.${what}`, what, { until: dated(Date.parse(data["until"]), zone, now, lang.value) });
  return said(`settings.change.${what}`, what, {
    before: valueOf(what, data["before"]),
    after: valueOf(what, data["after"]),
  });
}

export function ChangeList({ changes, zone }: { changes: SettingChange[]; zone: string }): JSX.Element {
  const [all, setAll] = useState(false);
  const shown = all ? changes : changes.slice(0, FEW);
  const now = nowMs.value;
  return (
    <section class="panel">
      <h2>{t("settings.changes")}</h2>
      {changes.length === 0 && <p class="muted">{t("settings.changes.none")}</p>}
      <ul class="change-list">
        {shown.map((one, i) => (
          <li key={`${one.time}-${i}`}>
            <span>{changeSaid(one, zone, now)}</span>
            <span class="muted figures">
              {one.actor} · {dated(Date.parse(one.time), zone, now, lang.value)}
            </span>
          </li>
        ))}
      </ul>
      {!all && changes.length > FEW && (
        <button class="link-button" onClick={() => setAll(true)}>
          {t("settings.changes.all", { n: changes.length })}
        </button>
      )}
    </section>
  );
}
