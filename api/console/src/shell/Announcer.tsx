/** Tells a screen reader of alerts that arrive. */

import type { JSX } from "preact";
import { arrival } from "../alerts";
import { kindName, placeName } from "../reasons";
import { t } from "../words";

export function Announcer(): JSX.Element {
  const alert = arrival.value;
  return (
    <div class="unseen" aria-live="assertive" role="status">
      {alert &&
        t("queue.announce", {
          severity: t(`severity.${alert.severity}`),
          kind: kindName(alert.kind),
          name: alert.resident.name,
          place: placeName(alert),
        })}
    </div>
  );
}
