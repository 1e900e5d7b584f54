/** When the person is away: now, planned, over; with five weeks of the calendar. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { nowMs } from "../../clock";
import type { ResidentDetail } from "../../records";
import type { Absence, WatchSettings } from "./records";
import { t } from "../../words";
import { AbsenceDialog } from "./AbsenceDialog";
import { calendarOf } from "./absences";
import { sending, withdraw } from "./acts";
import { AwayNow } from "./AwayNow";
import { Month } from "./Month";
import { Stretch } from "./Stretch";
import { zoneOf } from "./zone";

/** What the form is open for. */
interface Open {
  was: Absence | null;
  startMs: number | null;
}

function Over({ over, zone }: { over: Absence[]; zone: string }): JSX.Element | null {
  if (over.length === 0) return null;
  return (
    <details class="fold">
      <summary>{t("absence.over", { n: over.length })}</summary>
      <ul class="stretches">
        {over.map((one) => (
          <li key={one.id}>
            <Stretch one={one} zone={zone} />
          </li>
        ))}
      </ul>
    </details>
  );
}

export function AbsencePart({ person, saved }: { person: ResidentDetail; saved: WatchSettings }): JSX.Element {
  const zone = zoneOf(person);
  const [open, setOpen] = useState<Open | null>(null);
  const [refused, setRefused] = useState<string | null>(null);
  const { lasting, ahead, over } = calendarOf(saved.absences, nowMs.value);
  const plan = (startMs: number | null): void => setOpen({ was: null, startMs });
  const buttons = (one: Absence): JSX.Element => (
    <span class="stretch-acts">
      <button class="link-button" onClick={() => setOpen({ was: one, startMs: null })}>
        {t("absence.change")}
      </button>
      <button
        class="link-button"
        disabled={sending.value}
        onClick={() => void withdraw(person.id, one).then(setRefused)}
      >
        {t("absence.withdraw")}
      </button>
    </span>
  );
  return (
    <section class="panel" data-testid="absences">
      <h2>{t("absence.title")}</h2>
      <p class="muted">{t("absence.about")}</p>
      {lasting && (
        <AwayNow person={person} one={lasting}>
          {buttons(lasting)}
        </AwayNow>
      )}
      {refused && (
        <p class="refusal" role="alert">
          {refused}
        </p>
      )}
      <Month absences={saved.absences} zone={zone} plan={plan} />
      {ahead.length > 0 && (
        <ul class="stretches">
          {ahead.map((one) => (
            <li key={one.id} data-testid="planned">
              <Stretch one={one} zone={zone} />
              {buttons(one)}
            </li>
          ))}
        </ul>
      )}
      {!lasting && ahead.length === 0 && <p class="muted">{t("absence.none")}</p>}
      <button class="button" data-testid="plan-absence" onClick={() => plan(null)}>
        {t("absence.plan")}
      </button>
      <Over over={over} zone={zone} />
      {open && <AbsenceDialog resident={person.id} zone={zone} {...open} close={() => setOpen(null)} />}
    </section>
  );
}
