/** Where a resident is now: of who is at home no more than that, else the place in words and on the ground. */

import type { JSX } from "preact";
import { nowMs } from "../clock";
import { useLoaded } from "../load";
import { Failed } from "../states";
import { Ago } from "../times";
import { ago } from "../when";
import { addWords, lang, t } from "../words";
import { en } from "../words/ground.en";
import { zh } from "../words/ground.zh";
import type { Whereabouts } from "./records";
import { Said } from "./Said";
import { far, headline, zoneWords } from "./say";
import { WayPicture } from "./WayPicture";

addWords({ en, zh });

const AGAIN_MS = 15_000;

export function WhereaboutsCard({ resident, alerted }: { resident: string; alerted: boolean }): JSX.Element | null {
  const found = useLoaded<Whereabouts>(`/residents/${encodeURIComponent(resident)}/whereabouts`, alerted, AGAIN_MS);
  const where = found.value;
  if (!where && !found.error) return null;
  if (where?.state === "none") return null;
  return (
    <section class="panel panel-wide ground" data-testid="whereabouts">
      <h2 class="label">{t("whereabouts.title")}</h2>
      {!where && <Failed text={t("whereabouts.failed")} again={found.again} />}
      {where?.state === "home" && (
        <p class="ground-headline">
          {t("whereabouts.home")} <small class="muted">{where.time && <Ago at={where.time} />}</small>
        </p>
      )}
      {where?.last && where.ground && <Out where={where} alerted={alerted} />}
    </section>
  );
}

function Out({ where, alerted }: { where: Whereabouts; alerted: boolean }): JSX.Element | null {
  const { last, ground } = where;
  if (!last || !ground) return null;
  const seen = ago(Date.parse(last.time), nowMs.value, lang.value);
  const parts = [headline(last, ground, null), t("ground.seen", { ago: seen, error: far(last.error) }), zoneWords(last, ground)];
  const offset = -new Date(last.time).getTimezoneOffset() * 60_000;
  return (
    <div class="ground-beside">
      <div>
        <Said last={last} ground={ground} began={null} lasts />
        {!alerted && <p class="fine">{t("whereabouts.noted")}</p>}
      </div>
      <WayPicture ground={ground} points={[]} last={last} began={null} lasts offset={offset} label={parts.filter(Boolean).join(t("ground.stop"))} />
    </div>
  );
}
