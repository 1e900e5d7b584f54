/** Tells a screen reader of alerts that arrive. */

import type { JSX } from "preact";
import { arrival } from "../alerts";
import { alertName, placeName } from "../reasons";
import { t } from "../words";

export function Announcer(): JSX.Element {
  const alert = arrival.value;
  return (
    <div class="unseen" aria-live="assertive" role="status">
      {alert &&
        t("queue.announce", {
          severity: t(`severity.${alert.severity}`),
          kind: alertName(alert),
          name: alert.resident.name,
          place: placeName(alert),
        })}
    </div>
  );
}
