/** What the sensors say now, each with its age: a value without an age is a trap. */

import type { JSX } from "preact";
import { nowMs } from "../clock";
import type { Now } from "../records";
import { Ago } from "../times";
import { said, t } from "../words";
import { short } from "../reasons";

/** A value older than this is shown as old: a pulse of an hour ago is no pulse. */
const OLD_MS = 10 * 60_000;
/** What matters first, first. */
const ORDER = ["worn", "heart_rate", "activity", "skin_temperature", "battery", "charging", "steps", "online", "rssi"];

function shown(one: Now): string {
  if (one.type === "worn") return t(one.value ? "now.worn.yes" : "now.worn.no");
  if (one.type === "online") return t(one.value ? "now.on" : "now.off");
  if (typeof one.value === "boolean") return t(one.value ? "now.yes" : "now.no");
  if (typeof one.value === "number") return short(one.value);
  return one.value;
}

const rank = (type: string): number => (ORDER.indexOf(type) + ORDER.length + 1) % (ORDER.length + 1);

export function NowList({ now, small = false }: { now: Now[]; small?: boolean }): JSX.Element {
  if (!now.length) return <p class="muted">{t("now.none")}</p>;
  const sorted = [...now].sort((a, b) => rank(a.type) - rank(b.type));
  return (
    <ul class={`now ${small ? "now-small" : ""}`}>
      {sorted.map((one) => {
        const old = nowMs.value - Date.parse(one.time) > OLD_MS;
        return (
          <li key={`${one.type}-${one.device ?? ""}`} class={old ? "now-old" : ""}>
            <span class="now-name">{said(`now.${one.type}`, one.type)}</span>
            <span class="now-value figures">
              {shown(one)}
              {one.unit && typeof one.value === "number" && <small> {one.unit}</small>}
            </span>
            <span class="now-age">
              {old && `${t("now.old")} · `}
              <Ago at={one.time} />
            </span>
          </li>
        );
      })}
    </ul>
  );
}
