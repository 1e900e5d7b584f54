/** Who looked at a resident; fetched when somebody wants to know. For whoever answers for the shift. */

import type { JSX } from "preact";
import { useLoaded } from "../load";
import { Failed, Loading } from "../states";
import { t } from "../words";
import { Look } from "./lines";
import type { LogEntry } from "./records";

export function Looks({ resident }: { resident: string }): JSX.Element {
  const loaded = useLoaded<{ entries: LogEntry[] }>(`/residents/${encodeURIComponent(resident)}/looks?limit=20`);
  if (!loaded.value) {
    return loaded.error ? (
      <Failed text={t("log.failed")} again={loaded.again} />
    ) : (
      <Loading text={t("rights.loading")} />
    );
  }
  if (!loaded.value.entries.length) return <p class="muted">{t("log.looks.none")}</p>;
  return (
    <>
      <ul class="log" data-testid="looks-list">
        {loaded.value.entries.map((entry) => (
          <Look key={entry.id} entry={entry} />
        ))}
      </ul>
      <p class="fine">{t("log.looks.about")}</p>
    </>
  );
}
