/** A person's alerts of the last 30 days, newest first. */

import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { stamp } from "../alerts";
import { platformNow } from "../clock";
import { useLoaded } from "../load";
import { Shape } from "../marks";
import { alertName } from "../reasons";
import type { Alert } from "../records";
import { follow } from "../router";
import { Moment } from "../times";
import { said, t } from "../words";

const DAYS = 30;
const LIMIT = 500;

/** Returns the person's alerts, newest first, or null until they are there. */
export function usePastAlerts(resident: string, version: unknown): Alert[] | null {
  const since = useMemo(() => new Date(platformNow() - DAYS * 86_400_000).toISOString(), [resident]);
  const list = useLoaded<{ alerts: Alert[] }>(
    `/alerts?status=all&since=${encodeURIComponent(since)}&limit=${LIMIT}`,
    version,
  );
  return useMemo(() => {
    const mine = list.value?.alerts.filter((alert) => alert.resident.id === resident);
    return mine?.sort((a, b) => stamp(b.event_time) - stamp(a.event_time)) ?? null;
  }, [list.value, resident]);
}

export function AlertRows({ alerts, most = Infinity }: { alerts: Alert[]; most?: number }): JSX.Element {
  if (!alerts.length) return <p class="muted">{t("person.history.none")}</p>;
  return (
    <ul class="past">
      {alerts.slice(0, most).map((alert) => (
        <li key={alert.id}>
          <a href={`/alerts/${encodeURIComponent(alert.id)}`} onClick={follow}>
            <Shape severity={alert.severity} quiet={alert.state !== "raised"} />
            <span class="past-kind">{alertName(alert)}</span>
            <span class="past-what">
              {alert.outcome ? said(`outcome.${alert.outcome}`, alert.outcome) : t(`state.${alert.state}`)}
              {alert.note && <span class="muted"> · {alert.note}</span>}
            </span>
            <Moment at={alert.event_time} />
          </a>
        </li>
      ))}
    </ul>
  );
}

export function PastAlerts(props: { resident: string; version: number; most: number }): JSX.Element {
  const alerts = usePastAlerts(props.resident, props.version);
  return alerts ? <AlertRows alerts={alerts} most={props.most} /> : <p class="muted">…</p>;
}
