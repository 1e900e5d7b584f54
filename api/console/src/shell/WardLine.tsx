/** By how many consoles each ward is watched, and whether one of them can be heard. */

import type { JSX } from "preact";
import { wards, type Ward } from "../presence";
import { t } from "../words";

function said(ward: Ward): string {
  const n = ward.armed;
  if (ward.lack) return t(`ward.${ward.lack}` as "ward.nobody_watches", { name: ward.name });
  return t(n === 1 ? "ward.watched.one" : "ward.watched", { name: ward.name, n });
}

export function WardLine({ ward }: { ward: Ward }): JSX.Element {
  return <p class={ward.lack ? "notice" : "muted"}>{said(ward)}</p>;
}

/** Wards in which somebody must be now; what lacks something comes first. */
export function WardLines(): JSX.Element | null {
  const staffed = wards.value.filter((ward) => ward.staffed || ward.consoles > 0);
  if (!staffed.length) return null;
  const ordered = [...staffed.filter((ward) => ward.lack), ...staffed.filter((ward) => !ward.lack)];
  return (
    <ul class="wards" data-testid="wards">
      {ordered.map((ward) => (
        <li key={ward.place}>
          <WardLine ward={ward} />
        </li>
      ))}
    </ul>
  );
}
