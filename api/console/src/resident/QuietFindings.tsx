/** What the detectors saw of a person without calling anybody: possible falls that what followed did not confirm. */

import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { platformNow } from "../clock";
import { useLoaded } from "../load";
import { inWords, kindName } from "../reasons";
import type { Quiet } from "../records";
import { Moment } from "../times";
import { said, t } from "../words";

const DAYS = 30;
/** A screenful; who wants all of them asks the API. */
const MOST = 20;

export function QuietFindings({ resident, version }: { resident: string; version: number }): JSX.Element | null {
  const since = useMemo(() => new Date(platformNow() - DAYS * 86_400_000).toISOString(), [resident]);
  const path = `/residents/${encodeURIComponent(resident)}/quiet?since=${encodeURIComponent(since)}&limit=${MOST}`;
  const { findings } = useLoaded<{ findings: Quiet[] }>(path, version).value ?? { findings: [] };
  // Nothing found is the ordinary case, and needs no words; nor does a platform that does not know of it.
  if (!findings.length) return null;
  return (
    <section class="panel" data-testid="quiet-findings">
      <details class="quiet-findings">
        <summary>
          <h2 class="label">{t("quiet.findings")}</h2>
          <span class="count figures">{findings.length < MOST ? findings.length : `${MOST}+`}</span>
        </summary>
        <p class="muted quiet-about">{t("quiet.findings.about")}</p>
        <ul class="quiet-list">
          {findings.map((found) => (
            <li key={found.id}>
              <span class="quiet-what">
                {kindName(found.kind)} <span class="chip">{said(`stage.${found.stage}`, found.stage)}</span>
                <Moment at={found.event_time} />
              </span>
              <span class="muted">{inWords(found.evidence.reasons) || t("reason.none")}</span>
            </li>
          ))}
        </ul>
      </details>
    </section>
  );
}
