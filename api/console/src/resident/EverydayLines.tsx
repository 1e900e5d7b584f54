/** When this home is told of beside alarms: its own limits of today, what cannot be told here, and what is left off. */

import type { JSX } from "preact";
import type { ResidentDetail } from "../records";
import { follow } from "../router";
import { t } from "../words";
import { everydaySaid, leftOffSaid } from "./everyday";

export function EverydayLines({ person }: { person: ResidentDetail }): JSX.Element {
  const phrases = everydaySaid(person.watch?.everyday ?? []);
  const off = leftOffSaid(person);
  return (
    <section class="panel" data-testid="watching">
      <h2 class="label">{t("watching.title")}</h2>
      <ul class="watching">
        {phrases.map((phrase) => (
          <li key={phrase}>{phrase}</li>
        ))}
        {off.map((phrase) => (
          <li key={phrase} class="watching-off">
            {phrase}
          </li>
        ))}
      </ul>
      <a class="button" href={`/residents/${encodeURIComponent(person.id)}/settings`} onClick={follow}>
        {t("settings.open")}
      </a>
    </section>
  );
}
