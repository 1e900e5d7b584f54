/** Seven days under each other, a strip a day by the resident's own clock; below it vital signs by the hour. */

import type { JSX } from "preact";
import { useLoaded } from "../load";
import { Shape } from "../marks";
import { alertName } from "../reasons";
import type { Alert } from "../records";
import { Empty, Failed, Loading } from "../states";
import { length, weekdayName } from "../when";
import { lang, said, t } from "../words";
import { CELL_MS, fullness, upAtNight, type Vital, type WeekDay } from "./week";
import { VitalPicture } from "./VitalPicture";

interface Week {
  timezone: string;
  worn: boolean;
  home: boolean;
  days: WeekDay[];
  vitals: Vital[];
  alerts: Alert[];
}

/** A cell lasts a quarter of an hour; nobody watches it grow. */
const EVERY_MS = 5 * 60_000;
/** A day of 25 hours ends beyond the right edge of the others; it is drawn to the same width. */
const STRIP = { width: 960, height: 30 } as const;
const HOURS = [0, 6, 12, 18, 24];

const share = (day: WeekDay, at: number): number =>
  (at - Date.parse(day.start)) / (Date.parse(day.end) - Date.parse(day.start));

/** `Wed 25`: of seven days the month is known. */
const dayName = (day: WeekDay): string =>
  t("week.day", { weekday: weekdayName(day.date, lang.value), day: Number(day.date.slice(8)) });

function Strip({ day, home, alerts, today }: StripProps): JSX.Element {
  const cells = Math.round((Date.parse(day.end) - Date.parse(day.start)) / CELL_MS);
  const wide = STRIP.width / cells;
  const name = today ? t("week.today") : dayName(day);
  const up = upAtNight(day, home) * CELL_MS;
  const words = [
    name,
    up > 0 ? t("week.night", { length: length(up, lang.value) }) : t("week.night.none"),
    ...alerts.map(alertName),
  ].join(", ");
  return (
    <div class="week-row">
      <span class="week-day">{name}</span>
      <div class="week-strip">
      <svg role="img" aria-label={words} viewBox={`0 0 ${STRIP.width} ${STRIP.height}`} preserveAspectRatio="none">
        <rect class="week-ground" width={STRIP.width} height={STRIP.height} />
        {day.signs.map((signs, cell) => {
          const full = fullness(day.activity[cell], signs, home);
          if (full === null) return <rect key={cell} class="week-missing" x={cell * wide} width={wide + 0.5} y={0} height={STRIP.height} />;
          const tall = full * STRIP.height;
          return full > 0 ? (
            <rect key={cell} class="week-cell" x={cell * wide} width={wide + 0.5} y={STRIP.height - tall} height={tall} />
          ) : null;
        })}
        {HOURS.slice(1, -1).map((hour) => (
          <line key={hour} class="week-hour" x1={(hour / 24) * STRIP.width} x2={(hour / 24) * STRIP.width} y1={0} y2={STRIP.height} />
        ))}
      </svg>
        {alerts.map((alert) => (
          <span
            key={alert.id}
            class="week-alert"
            title={alertName(alert)}
            style={{ left: `${100 * share(day, Date.parse(alert.event_time))}%` }}
          >
            <Shape severity={alert.severity} />
          </span>
        ))}
      </div>
      <span class="week-up figures muted">{up > 0 ? length(up, lang.value) : "–"}</span>
    </div>
  );
}

interface StripProps {
  day: WeekDay;
  home: boolean;
  alerts: Alert[];
  today: boolean;
}

function Strips({ week }: { week: Week }): JSX.Element {
  const of = (day: WeekDay): Alert[] =>
    week.alerts.filter((one) => Date.parse(one.event_time) >= Date.parse(day.start) && Date.parse(one.event_time) < Date.parse(day.end));
  return (
    <figure class="week" data-testid="week">
      <div class="week-row week-head" aria-hidden="true">
        <span />
        <span class="week-hours figures">
          {HOURS.map((hour) => (
            <span key={hour}>{hour}</span>
          ))}
        </span>
        <span class="week-up">{t("week.head.night")}</span>
      </div>
      {week.days.map((day, i) => (
        <Strip key={day.date} day={day} home={week.home} alerts={of(day)} today={i === week.days.length - 1} />
      ))}
      <figcaption class="legend muted">
        <span class="key key-week-moved">{t(week.worn ? "week.key.moved" : "week.key.signs")}</span>
        <span class="key key-week-missing">{t("week.key.missing")}</span>
      </figcaption>
    </figure>
  );
}

export function WeekPart({ resident, version }: { resident: string; version: unknown }): JSX.Element {
  const loaded = useLoaded<Week>(`/residents/${encodeURIComponent(resident)}/week`, version, EVERY_MS);
  const week = loaded.value;
  return (
    <>
      <h2 class="label">{t("week.title")}</h2>
      {!week && !loaded.error && <Loading text={t("week.loading")} />}
      {!week && loaded.error && <Failed text={t("week.failed")} again={loaded.again} />}
      {week && (week.worn || week.home) && <Strips week={week} />}
      {week && !week.worn && !week.home && <Empty>{t("week.empty")}</Empty>}
      {week && week.vitals.length > 0 && (
        <div class="vitals">
          {week.vitals.map((vital) => (
            <VitalPicture
              key={vital.type}
              vital={vital}
              name={said(`now.${vital.type}`, vital.type)}
              start={Date.parse(week.days[0]?.start ?? "")}
              end={Date.parse(week.days[week.days.length - 1]?.end ?? "")}
              midnights={week.days.map((day) => Date.parse(day.start))}
            />
          ))}
        </div>
      )}
    </>
  );
}
