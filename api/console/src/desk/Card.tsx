/** One alert in the queue: shape and word, kind, person and place, running time, the owner's name. */

import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { isMine } from "../acts";
import { cameLive } from "../alerts";
import { SeverityMark } from "../marks";
import { alertName, placeName, stageName } from "../reasons";
import { waits } from "../order";
import type { Alert } from "../records";
import { nowMs } from "../clock";
import { Filled, Moment, Running } from "../times";
import { t } from "../words";
import { takeInHand } from "./hand";
import { asks, isOwned } from "./until";

/** Marks when a card that came live stood in the page: latency to the browser is measured by it. */
function useShownAt(id: string): { current: HTMLButtonElement | null } {
  const card = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => {
    if (!cameLive.has(id)) return;
    if (!cameLive.get(id)) cameLive.set(id, Date.now());
    if (card.current) card.current.dataset.shownAt = String(cameLive.get(id));
  }, [id]);
  return card;
}

/** How long: since it was raised, or since somebody took it. */
function Time({ alert }: { alert: Alert }): JSX.Element | null {
  const since = alert.state === "raised" ? alert.raised_time : alert.claimed_time;
  return alert.state === "raised" || isOwned(alert) ? <Running since={since ?? alert.raised_time} /> : null;
}

function Owner({ alert }: { alert: Alert }): JSX.Element | null {
  if (alert.state === "raised") return null;
  const name = isMine(alert.claimed_by) ? t("alert.you") : alert.claimed_by;
  if (!isOwned(alert)) return <span class="owner card-end">{t(`state.${alert.state}`)}</span>;
  const until = alert.due_time && (alert.state === "held" || asks(alert, nowMs.value)) ? alert.due_time : null;
  return (
    <span class={`owner card-end ${until && asks(alert, nowMs.value) ? "until-soon" : ""}`}>
      {name}
      {until && (
        <>
          {" "}
          <Filled words="card.until" name="time" value={<Moment at={until} />} />
        </>
      )}
    </span>
  );
}

/** Somebody is with the resident: until when it waits to ring. */
export function Waits({ alert }: { alert: Alert }): JSX.Element {
  return (
    <span class="chip chip-there" data-testid="waits">
      <Filled words="alert.waits" name="time" value={<Moment at={alert.silent_until_time ?? alert.raised_time} />} />
    </span>
  );
}

/** What is not usual about it; most cards have no such line. */
function Extras({ alert }: { alert: Alert }): JSX.Element | null {
  const waiting = waits(alert, nowMs.value);
  if (!waiting && alert.occurrences <= 1 && !alert.late && !alert.resident.test && alert.stage === "confirmed") return null;
  return (
    <span class="card-line">
      {waiting && <Waits alert={alert} />}
      {alert.occurrences > 1 && <span class="chip figures">{t("alert.times.short", { n: alert.occurrences })}</span>}
      {alert.resident.test && <span class="chip chip-test">{t("alert.test")}</span>}
      {alert.stage !== "confirmed" && <span class="chip">{stageName(alert.stage, alert)}</span>}
      {alert.late && (
        <span class="card-late">
          {t("alert.late")} · <Moment at={alert.event_time} />
        </span>
      )}
    </span>
  );
}

export function Card({ alert, chosen }: { alert: Alert; chosen: boolean }): JSX.Element {
  const card = useShownAt(alert.id);
  const quiet = alert.state !== "raised" || waits(alert, nowMs.value);
  return (
    <button
      ref={card}
      class={`card card-${alert.severity} ${quiet ? "card-quiet" : "card-loud"} ${chosen ? "card-chosen" : ""}`}
      data-testid="alert-card"
      data-alert-id={alert.id}
      data-kind={alert.kind}
      data-state={alert.state}
      data-severity={alert.severity}
      aria-current={chosen}
      onClick={() => takeInHand(alert.id)}
    >
      <span class="card-line">
        <SeverityMark severity={alert.severity} quiet={quiet} />
        <span class="card-kind">{alertName(alert)}</span>
        <span class="card-end card-time">
          <Time alert={alert} />
        </span>
      </span>
      <span class="card-line">
        <span class="card-name">{alert.resident.name}</span>
        <span class="card-place">{placeName(alert)}</span>
        <Owner alert={alert} />
      </span>
      <Extras alert={alert} />
    </button>
  );
}
