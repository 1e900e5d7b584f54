/** Five weeks of the calendar: the days away filled, the days of leaving and coming back in outline. */

import type { JSX } from "preact";
import { nowMs } from "../../clock";
import type { Absence } from "./records";
import { dayMonth, monthName, weekdayName } from "../../when";
import { lang, t } from "../../words";
import { daysAhead, type CalendarDay } from "./absences";
import { dateOf, fromWall } from "./zone";

const WEEKS = 5;
/** People leave in the morning; they change it if not. */
const LEAVES = "09:00";

interface Props {
  absences: Absence[];
  zone: string;
  /** Plans an absence from then on; null: from now on. */
  plan: (startMs: number | null) => void;
}

function DayCell({ one, press }: { one: CalendarDay; press: () => void }): JSX.Element {
  const date = dateOf(one.day);
  const named = one.today || date.endsWith("-01");
  const name = `${weekdayName(date, lang.value)} ${dayMonth(date, lang.value)}`;
  return (
    <button
      class={`cal-day cal-day-${one.kind} ${one.today ? "cal-day-today" : ""} ${one.past ? "cal-day-past" : ""} ${named ? "cal-day-named" : ""}`}
      disabled={one.past || one.kind !== "here"}
      aria-current={one.today ? "date" : undefined}
      onClick={press}
    >
      <span class="unseen">{one.kind === "here" ? name : `${name}, ${t("absence.away")}`}</span>
      {named && <small aria-hidden="true">{monthName(date, lang.value)}</small>}
      <span aria-hidden="true">{Number(date.slice(8))}</span>
    </button>
  );
}

export function Month({ absences, zone, plan }: Props): JSX.Element {
  const days = daysAhead(absences, nowMs.value, zone, WEEKS);
  return (
    <div class="month" role="group" aria-label={t("absence.calendar")}>
      {days.slice(0, 7).map((one) => (
        <span key={one.day} class="month-head" aria-hidden="true">
          {weekdayName(dateOf(one.day), lang.value)}
        </span>
      ))}
      {days.map((one) => (
        <DayCell
          key={one.day}
          one={one}
          press={() => plan(one.today ? null : fromWall(`${dateOf(one.day)}T${LEAVES}`, zone))}
        />
      ))}
    </div>
  );
}
