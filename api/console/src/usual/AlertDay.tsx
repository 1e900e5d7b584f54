/** The day of an alert: fetched, and fetched again while it lasts. */

import type { JSX } from "preact";
import { useLoaded } from "../load";
import type { Alert, AlertDay as Day } from "../records";
import { Failed, Loading } from "../states";
import { t } from "../words";
import { DayPicture } from "./DayPicture";

/** A minute is the finest that a day shows. */
const LASTING_MS = 60_000;

export function AlertDay({ alert }: { alert: Alert }): JSX.Element {
  const path = `/alerts/${encodeURIComponent(alert.id)}/day`;
  const lasts = alert.stage !== "recovered" && (alert.state === "raised" || alert.state === "claimed");
  const day = useLoaded<Day>(path, alert.version, lasts ? LASTING_MS : 0);
  return (
    <section class="usual" data-testid="alert-day">
      <h3>{t("usual.title")}</h3>
      {day.value && <DayPicture day={day.value} alert={alert} />}
      {!day.value && day.error && <Failed text={t("usual.failed")} again={day.again} />}
      {!day.value && !day.error && (
        <div class="usual-waiting">
          <Loading text={t("usual.loading")} />
        </div>
      )}
    </section>
  );
}
