/** What was sent in the last days, and why something did not arrive. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useLoaded } from "../load";
import { follow } from "../router";
import { Failed, Loading } from "../states";
import { Moment } from "../times";
import { said, t } from "../words";
import type { Sent } from "./records";
import { reasonOf } from "./say";

const DAYS = [1, 7, 31];
const SHAPES = { sent: "✓", failing: "✕", claimed: "?" };

export function LogPart({ place }: { place: string }): JSX.Element {
  const [days, setDays] = useState(7);
  const [failures, setFailures] = useState(false);
  const loaded = useLoaded<{ deliveries: Sent[]; more: boolean }>(`/places/${place}/deliveries?days=${days}`);
  const all = loaded.value?.deliveries ?? [];
  const shown = failures ? all.filter((one) => one.state !== "sent") : all;
  return (
    <section class="panel" aria-labelledby="reach-log">
      <header class="reach-part">
        <h2 id="reach-log">{t("reach.log")}</h2>
        <label class="reach-check">
          <input type="checkbox" checked={failures} onChange={(event) => setFailures(event.currentTarget.checked)} />
          {t("reach.log.failures")}
        </label>
        <label class="field">
          <span class="unseen">{t("reach.log.days")}</span>
          <select value={days} onChange={(event) => setDays(Number(event.currentTarget.value))}>
            {DAYS.map((n) => (
              <option key={n} value={n}>
                {n === 1 ? t("reach.log.day") : t("reach.log.last", { n })}
              </option>
            ))}
          </select>
        </label>
      </header>
      {!loaded.value && !loaded.error && <Loading text={t("rights.loading")} />}
      {!loaded.value && loaded.error && <Failed text={t("reach.log.failed")} again={loaded.again} />}
      {loaded.value && shown.length === 0 && <p class="muted">{t(all.length ? "reach.log.none" : "reach.log.empty")}</p>}
      <ul class="reach-log" data-testid="reach-log">
        {shown.map((one, at) => (
          <Line key={at} sent={one} />
        ))}
      </ul>
      {loaded.value?.more && <p class="muted">{t("reach.log.more")}</p>}
    </section>
  );
}

function Line({ sent }: { sent: Sent }): JSX.Element {
  const why = sent.state === "sent" ? "" : reasonOf(sent.error, t);
  return (
    <li>
      <span class="muted figures">
        <Moment at={sent.claimed_time} />
      </span>
      <span>
        <a href={`/alerts/${sent.alert}`} onClick={follow}>
          {said(`kind.${sent.kind}`, sent.kind)}
        </a>{" "}
        {t("reach.log.line", { recipient: sent.recipient, name: sent.name })}
      </span>
      <span class="reach-came">
        <span class={`chip reach-${sent.state}`}>
          <span aria-hidden="true">{SHAPES[sent.state]}</span> {t(`reach.log.${sent.state}`)}
        </span>
        <span class="fine">
          {[why, sent.attempts > 1 ? t("reach.log.tries", { n: sent.attempts }) : "", sent.again ? t("reach.log.again") : ""]
            .filter(Boolean)
            .join(" · ")}
        </span>
      </span>
    </li>
  );
}
