/** The trace of an alert: fetched, and fetched again while it is still being recorded. */

import type { JSX } from "preact";
import { useLoaded } from "../load";
import type { Alert, Trace } from "../records";
import { Failed, Loading } from "../states";
import { t } from "../words";
import type { Told } from "./Drawing";
import { TraceView } from "./TraceView";

/** The trace grows by a frame or two in this time. */
const GROWING_MS = 3_000;
/** A trace is complete 60 s after the event; by then nothing more comes. */
const GROWS_FOR_MS = 90_000;

export function AlertTrace({ alert, told }: { alert: Alert; told: Told[] }): JSX.Element {
  const path = `/alerts/${encodeURIComponent(alert.id)}/trace`;
  const young = Date.now() - Date.parse(alert.event_time) < GROWS_FOR_MS;
  const first = useLoaded<Trace>(path, alert.stage, 0);
  const growing = useLoaded<Trace>(young || first.value?.complete === false ? path : null, alert.stage, GROWING_MS);
  const trace = growing.value ?? first.value;
  if (trace) return <TraceView trace={trace} alert={alert} told={told} />;
  if (first.error) return <Failed text={t("trace.failed")} again={first.again} />;
  return (
    <div class="trace trace-waiting">
      <Loading text={t("trace.loading")} />
    </div>
  );
}
