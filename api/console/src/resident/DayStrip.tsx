/** The last 24 hours as a strip: movement, watch worn, alerts; now stands at the right edge. */

import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { Shape } from "../marks";
import type { Day, Minute } from "../records";
import { alertName } from "../reasons";
import { follow } from "../router";
import { clockTime, length } from "../when";
import { lang, t } from "../words";
import { Choose } from "../shell/Choose";
import { ACTIVE_G, isYoung, lastHour, level, runsOf, summaryOf } from "./day";

const LANE_PX = 72;
const WORN_PX = 14;
const HEIGHT = LANE_PX + WORN_PX + 34;
const MINUTE_MS = 60_000;
/** The top of the movement lane, g: brisk walking at the wrist; beyond it the bar is simply full. */
const FULL_G = 0.35;

/** Small movements matter at night: the square root lifts them into sight. */
const barHeight = (g: number): number => Math.max(1, Math.sqrt(Math.min(g, FULL_G) / FULL_G) * (LANE_PX - 6));

function bars(minutes: Minute[], x: (t: number) => number): string {
  const step = Math.max(1, x(MINUTE_MS) - x(0));
  return minutes
    .filter((minute) => minute.activity !== null)
    .map((minute) => {
      const height = barHeight(minute.activity ?? 0);
      const [left, wide, tall] = [x(Date.parse(minute.t)), step, height].map((one) => one.toFixed(1));
      return `M${left} ${(LANE_PX - height).toFixed(1)}h${wide}v${tall}h-${wide}z`;
    })
    .join("");
}

export function DayStrip({ day: whole }: { day: Day }): JSX.Element {
  const [chosen, setChosen] = useState<boolean | null>(null);
  const hour = chosen ?? isYoung(whole);
  const day = hour ? lastHour(whole) : whole;
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  const [cursor, setCursor] = useState<number | null>(null);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    setWidth(element.clientWidth);
    return () => observer.disconnect();
  }, []);
  const [start, end] = [Date.parse(day.start), Date.parse(day.end)];
  const x = (ms: number): number => ((ms - start) / (end - start)) * width;
  const sum = summaryOf(day.minutes);
  const words = t("day.summary", {
    worn: length(sum.worn * MINUTE_MS, lang.value),
    missing: length(sum.missing * MINUTE_MS, lang.value),
    moving: length(sum.moving * MINUTE_MS, lang.value),
  });
  return (
    <section class="day" data-testid="day">
      <header class="trace-head">
        <h3>{t(hour ? "day.title.hour" : "day.title")}</h3>
        <Choose
          value={hour}
          set={setChosen}
          options={[
            [true, t("day.hour")],
            [false, t("day.day")],
          ]}
        />
      </header>
      <div
        class="day-box"
        ref={box}
        onPointerMove={(event) => {
          const left = event.currentTarget.getBoundingClientRect().left;
          setCursor(start + ((event.clientX - left) / Math.max(1, width)) * (end - start));
        }}
        onPointerLeave={() => setCursor(null)}
      >
        {width > 0 && (
          <svg role="img" aria-label={words} width={width} height={HEIGHT} viewBox={`0 0 ${width} ${HEIGHT}`}>
            <Hours start={start} end={end} x={x} width={width} />
            {runsOf(day.minutes, (minute) => minute.activity === null).map(([from, to]) => (
              <rect key={from} class="day-missing" x={x(from)} y={0} width={x(to) - x(from)} height={LANE_PX} />
            ))}
            <path class="day-bars" d={bars(day.minutes, x)} />
            <line class="day-base" x1={0} x2={width} y1={LANE_PX} y2={LANE_PX} />
            {runsOf(day.minutes, (minute) => minute.worn === true).map(([from, to]) => (
              <rect
                key={from}
                class="day-worn"
                x={x(from)}
                y={LANE_PX + 4}
                width={x(to) - x(from)}
                height={WORN_PX - 6}
              />
            ))}
            {day.alerts.map((alert) => (
              <line
                key={alert.id}
                class="day-alert-line"
                x1={x(Date.parse(alert.event_time))}
                x2={x(Date.parse(alert.event_time))}
                y1={0}
                y2={LANE_PX + WORN_PX}
              />
            ))}
            {cursor !== null && <line class="cursor" x1={x(cursor)} x2={x(cursor)} y1={0} y2={LANE_PX + WORN_PX} />}
          </svg>
        )}
        {width > 0 &&
          day.alerts.map((alert) => (
            <a
              key={alert.id}
              class="day-alert"
              href={`/alerts/${encodeURIComponent(alert.id)}`}
              style={{ left: `${x(Date.parse(alert.event_time))}px` }}
              title={`${alertName(alert)} ${clockTime(Date.parse(alert.event_time), lang.value)}`}
              aria-label={`${alertName(alert)} ${clockTime(Date.parse(alert.event_time), lang.value)}`}
              onClick={follow}
            >
              <Shape severity={alert.severity} quiet={alert.state !== "raised"} />
            </a>
          ))}
      </div>
      <p class="legend muted">
        <span class="legend-words figures">{cursor === null ? words : <Read day={day} at={cursor} />}</span>
        <span class="key key-bars">{t("day.lane.activity")}</span>
        <span class="key key-worn">{t("day.lane.worn")}</span>
        <span class="key key-missing">{t("trace.nodata")}</span>
      </p>
    </section>
  );
}

function Read({ day, at }: { day: Day; at: number }): JSX.Element {
  const minute = day.minutes[Math.floor((at - Date.parse(day.start)) / MINUTE_MS)];
  return (
    <>
      {clockTime(at, lang.value)} · {t(`day.level.${level(minute?.activity ?? null)}`)}
      {minute?.activity != null && minute.activity > ACTIVE_G / 2 && ` · ${minute.activity.toFixed(2)} g`}
    </>
  );
}

const HOUR_MS = 60 * MINUTE_MS;

/** Minutes between the marks: as few as leave room for their words. */
function markEvery(span: number, width: number): number {
  if (span <= HOUR_MS) return width > 420 ? 10 : 20;
  return width > 700 ? 120 : width > 420 ? 180 : 360;
}

function Hours(props: { start: number; end: number; x: (t: number) => number; width: number }): JSX.Element {
  const { start, end, x, width } = props;
  const every = markEvery(end - start, width);
  const marks: number[] = [];
  for (let at = start; at < end; at += MINUTE_MS) {
    const time = new Date(at);
    if ((time.getHours() * 60 + time.getMinutes()) % every === 0) marks.push(at);
  }
  return (
    <g class="time-axis">
      {marks.map((at) => (
        <g key={at}>
          <line class="hour" x1={x(at)} x2={x(at)} y1={0} y2={LANE_PX + WORN_PX} />
          {x(at) < width - 56 && x(at) > 18 && (
            <text x={x(at)} y={HEIGHT - 6} text-anchor="middle">
              {clockTime(at, lang.value)}
            </text>
          )}
        </g>
      ))}
      <text class="day-now" x={width} y={HEIGHT - 6} text-anchor="end">
        {t("day.now")}
      </text>
    </g>
  );
}
