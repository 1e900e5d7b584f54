/** What is written down about a person. */

import type { JSX } from "preact";
import { platformNow } from "../clock";
import type { Resident } from "../records";
import { roomName } from "../reasons";
import { lang, said, t } from "../words";

/** Years by the birth year alone: the month is not known, so this may be one too many. */
export function personLine(person: Resident): string {
  const year = new Date(platformNow()).getFullYear();
  const age = person.birth_year ? t("person.age", { n: year - person.birth_year }) : null;
  return [age, roomName(person.room ?? person.unit_name), person.test ? t("person.test") : null]
    .filter(Boolean)
    .join(" · ");
}

export function PersonFacts({ person }: { person: Resident }): JSX.Element {
  const mobility = person.mobility && said(`mobility.${person.mobility}`, person.mobility);
  const early = person.fall_alarm === "possible";
  if (!person.conditions.length && !mobility && !person.note && !early) return <p class="muted">{t("person.nothing")}</p>;
  return (
    <dl class="person-facts">
      {person.note && (
        <div class="person-note">
          <dt>{t("person.note")}</dt>
          <dd>{person.note}</dd>
        </div>
      )}
      {mobility && (
        <div>
          <dt>{t("person.mobility")}</dt>
          <dd>{mobility}</dd>
        </div>
      )}
      {early && (
        <div>
          <dt>{t("person.fallalarm")}</dt>
          <dd>{t("person.fallalarm.possible")}</dd>
        </div>
      )}
      {person.conditions.length > 0 && (
        <div>
          <dt>{t("person.conditions")}</dt>
          <dd>{person.conditions.join(lang.value === "zh" ? "、" : ", ")}</dd>
        </div>
      )}
    </dl>
  );
}
