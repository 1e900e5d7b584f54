/** That somebody is known to be away, and until when: silence means nothing then. */

import type { JSX } from "preact";
import { nowMs } from "../clock";
import { useLoaded } from "../load";
import type { Resident } from "../records";
import type { WatchSettings } from "./settings/records";
import { lang, t } from "../words";
import { AwayNow } from "./settings/AwayNow";
import { calendarOf } from "./settings/absences";
import { changed } from "./settings/acts";
import { dated, zoneOf } from "./settings/zone";

/** The platform's word for "nobody knows until when". */
const OPEN_YEAR = 9999;

/** `Away until Thu 3 Dec, 12:00`, null when they are here. */
export function awaySaid(person: Resident, now: number): string | null {
  const until = person.absent_until ? Date.parse(person.absent_until) : 0;
  if (until <= now) return null;
  if (new Date(until).getUTCFullYear() >= OPEN_YEAR) return t("absence.open.line");
  return t("absence.until.line", { time: dated(until, zoneOf(person), now, lang.value) });
}

/** On a person's page: until when, and the press that says they are back; nothing while they are here. */
export function AwayPart({ person }: { person: Resident }): JSX.Element | null {
  const said = awaySaid(person, nowMs.value);
  const path = `/residents/${encodeURIComponent(person.id)}/settings`;
  const settings = useLoaded<WatchSettings>(said === null ? null : path, `${changed.value} ${person.absent_until}`);
  if (said === null) return null;
  const { lasting } = calendarOf(settings.value?.absences ?? [], nowMs.value);
  return (
    <section class="away-page">
      {lasting ? <AwayNow person={person} one={lasting} /> : <p class="away-now away-line">{said}</p>}
    </section>
  );
}

/** Away, and how many watches are off, where many people are listed: nobody shall believe them on. */
export function SetMarks({ person }: { person: Resident }): JSX.Element | null {
  const away = awaySaid(person, nowMs.value);
  const off = person.watches_off?.length ?? 0;
  if (away === null && off === 0) return null;
  return (
    <span class="set-marks">
      {away && <span class="chip">{away}</span>}
      {off > 0 && <span class="chip">{t(off === 1 ? "residents.off.one" : "residents.off.many", { n: off })}</span>}
    </span>
  );
}
