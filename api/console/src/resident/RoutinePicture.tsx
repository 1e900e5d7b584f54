/** The picture of a week: each measure over thirteen weeks with what is usual behind it, and the days of the week. */

import type { JSX } from "preact";
import type { RoutineDay, RoutineMeasure, RoutineWeek } from "./records";
import { weekdayName } from "../when";
import { lang, t } from "../words";
import { barOf, pathOf, ROW, rowOf, side, STANDS_OUT } from "./routine";

export function RoutinePicture({ week }: { week: RoutineWeek }): JSX.Element | null {
  // A row has a scale of its own: without what is usual, two weeks that are alike would look far apart.
  const known = week.measures.filter((measure) => measure.usual !== null);
  if (!known.length) return null;
  return (
    <figure class="routine-picture">
      <div class="routine-rows">
        {known.map((measure) => (
          <MeasureRow key={measure.code} measure={measure} />
        ))}
        {week.days.some((day) => day.deviation !== null) && <DayBars days={week.days} />}
      </div>
      <figcaption class="legend muted">
        <span class="key key-routine-week">{t("routine.key.week")}</span>
        <span class="key key-routine-before">{t("routine.key.before")}</span>
        <span class="key key-routine-usual">{t("routine.key.usual")}</span>
      </figcaption>
    </figure>
  );
}

function inWords(measure: RoutineMeasure): string {
  const now = measure.now_said ?? t("routine.missing");
  return measure.usual_said === null ? now : `${now}, ${t("routine.usually", { usual: measure.usual_said })}`;
}

/** Up or down is told by a mark and a word, not by colour. */
function Mark({ way }: { way: -1 | 0 | 1 }): JSX.Element | null {
  if (!way) return null;
  const word = t(way > 0 ? "routine.more" : "routine.less");
  return (
    <span class="routine-mark" title={word} role="img" aria-label={word}>
      {way > 0 ? "▲" : "▼"}
    </span>
  );
}

function MeasureRow({ measure }: { measure: RoutineMeasure }): JSX.Element {
  const { lines, now, band } = rowOf(measure);
  const way = side(measure);
  const name = measure.name[lang.value];
  return (
    <div class={`routine-row ${way ? "routine-told" : ""}`}>
      <span class="routine-name">{name}</span>
      <svg role="img" aria-label={`${name}: ${inWords(measure)}`} viewBox={`0 0 ${ROW.width} ${ROW.height}`}>
        {band && (
          <rect class="routine-band" x={band.x} y={band.y} width={ROW.width - band.x} height={band.height} rx={2} />
        )}
        {lines.map((line) => (
          <path key={line[0]?.x} class="routine-line" d={pathOf(line)} />
        ))}
        {lines.flat().map(({ x, y }) => (
          <circle key={x} class="routine-dot" cx={x} cy={y} r={2} />
        ))}
        {now && <circle class="routine-now" cx={now.x} cy={now.y} r={4.5} />}
      </svg>
      <span class="routine-value figures">
        <Mark way={way} />
        <b>{measure.now_said ?? t("routine.missing")}</b>{" "}
        {measure.usual_said !== null && <span class="muted">{t("routine.usually", { usual: measure.usual_said })}</span>}
      </span>
    </div>
  );
}

const BAR = { wide: 14, step: 36, left: 15 } as const;
/** Below the bars stand the days' names. */
const NAMES = 12;
const MIDDLE = (ROW.height - NAMES) / 2;

function DayBars({ days }: { days: RoutineDay[] }): JSX.Element {
  const out = days.filter((day) => (day.deviation ?? 0) >= STANDS_OUT);
  const names = out.map((day) => weekdayName(day.date, lang.value)).join(", ");
  return (
    <div class="routine-row">
      <span class="routine-name">{t("routine.days")}</span>
      <svg role="img" aria-label={`${t("routine.days")}: ${names}`} viewBox={`0 0 ${ROW.width} ${ROW.height}`}>
        <line class="routine-middle" x1={0} x2={ROW.width} y1={MIDDLE} y2={MIDDLE} />
        {days.map(({ date }, index) => (
          <text key={date} x={BAR.left + index * BAR.step + BAR.wide / 2} y={ROW.height - 1} text-anchor="middle">
            {weekdayName(date, lang.value)}
          </text>
        ))}
        {days.map(({ date, deviation }, index) => {
          if (deviation === null) return null;
          const height = Math.max(1, Math.abs(barOf(deviation)) * MIDDLE);
          return (
            <rect
              key={date}
              class={deviation >= STANDS_OUT ? "routine-bar routine-bar-out" : "routine-bar"}
              x={BAR.left + index * BAR.step}
              y={deviation > 0 ? MIDDLE - height : MIDDLE}
              width={BAR.wide}
              height={height}
            />
          );
        })}
      </svg>
      <span class="routine-value muted">{names}</span>
    </div>
  );
}
