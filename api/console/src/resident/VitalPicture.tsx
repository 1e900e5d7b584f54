/** A vital sign over seven days: the mean of each hour within its least and greatest value. A picture, no judgement. */

import type { JSX } from "preact";
import { short } from "../reasons";
import { t } from "../words";
import { bounds, runs, type Vital, type VitalHour } from "./week";

const SIZE = { width: 960, height: 84 } as const;

interface Props {
  vital: Vital;
  name: string;
  /** The first moment of the drawing, and its end. */
  start: number;
  end: number;
  midnights: number[];
}

export function VitalPicture({ vital, name, start, end, midnights }: Props): JSX.Element {
  const [low, high] = bounds(vital);
  // An hour is drawn at its middle.
  const x = (hour: VitalHour): number => ((Date.parse(hour.t) + 1_800_000 - start) / (end - start)) * SIZE.width;
  const y = (value: number): number => SIZE.height - ((value - low) / (high - low)) * SIZE.height;
  const at = (hour: VitalHour, value: number): string => `${x(hour).toFixed(1)} ${y(value).toFixed(1)}`;
  const line = (hours: VitalHour[]): string => `M${hours.map((hour) => at(hour, hour.mean)).join("L")}`;
  const band = (hours: VitalHour[]): string =>
    `M${[...hours.map((hour) => at(hour, hour.high)), ...[...hours].reverse().map((hour) => at(hour, hour.low))].join("L")}Z`;
  const least = Math.min(...vital.hours.map((hour) => hour.low));
  const most = Math.max(...vital.hours.map((hour) => hour.high));
  const last = vital.hours[vital.hours.length - 1];
  const words = t("week.vital", { name, low: short(least), high: short(most), unit: vital.unit });
  return (
    <figure class="vital">
      <figcaption>
        <b>{name}</b>{" "}
        <span class="muted figures">
          {short(least)}–{short(most)} {vital.unit}
        </span>
      </figcaption>
      <svg role="img" aria-label={words} viewBox={`0 0 ${SIZE.width} ${SIZE.height}`} preserveAspectRatio="none">
        {midnights.slice(1).map((midnight) => (
          <line
            key={midnight}
            class="week-hour"
            x1={((midnight - start) / (end - start)) * SIZE.width}
            x2={((midnight - start) / (end - start)) * SIZE.width}
            y1={0}
            y2={SIZE.height}
          />
        ))}
        {runs(vital.hours).map((hours) => (
          <g key={hours[0]?.t}>
            <path class="vital-band" d={band(hours)} />
            <path class="vital-line" d={hours.length > 1 ? line(hours) : `${line(hours)}h0.1`} />
          </g>
        ))}
      </svg>
      {last && (
        <span class="vital-last figures muted">
          {t("week.vital.last", { value: short(last.mean), unit: vital.unit })}
        </span>
      )}
    </figure>
  );
}
