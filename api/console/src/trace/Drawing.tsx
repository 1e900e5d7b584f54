/** The drawing of a trace in SVG: phases shaded and named, the impact at 0, rest at 1 g, gaps said, axes on demand. */

import type { JSX } from "preact";
import { short } from "../reasons";
import type { Alert, Phase, Trace } from "../records";
import { said, t } from "../words";
import {
  gapsOf,
  layLabels,
  linesOf,
  pathOf,
  pointsOf,
  textWidth,
  timeTicks,
  timeToX,
  topFor,
  type Axis,
  type Line,
  type Window,
} from "./geometry";
import { Turn, TURN_GAP_PX, TURN_PX } from "./Turn";

const LABEL_PX = 12;
const ROW_PX = 18;
/** Room at the left for the numbers of the scale. */
export const GUTTER_PX = 34;

const AXIS_PX = 22;
/** A phase is at least a visible sliver, however short. */
const NARROWEST_PX = 2;

interface Props {
  trace: Trace;
  alert: Alert;
  impactMs: number;
  /** Its width is that of the plot, without the gutter. */
  window: Window;
  /** Height of the plot, px. */
  plot: number;
  axes: boolean;
  peak: [number, number] | null;
  /** Degrees turned from before; none: no lane for it. */
  turns: Line[];
  /** When each stage was told, seconds after the impact. */
  told: Told[];
  cursor: number | null;
}

/** A stage with the moment at which it was told. */
export interface Told {
  stage: string;
  at: number;
}

interface Shade {
  name: string;
  words: string;
  x: number;
  width: number;
}

/** The alert comes live and knows of later phases; the trace was fetched at some moment before. */
export const phasesOf = (trace: Trace, alert: Alert): Phase[] =>
  alert.evidence.phases.length ? alert.evidence.phases : (trace.phases ?? []);

function shadesOf(phases: Phase[], impactMs: number, window: Window): Shade[] {
  const x = (time: string): number => timeToX((Date.parse(time) - impactMs) / 1000, window);
  return phases
    .map((phase) => {
      const from = Math.max(0, x(phase.start));
      const to = Math.min(window.width, x(phase.end));
      return { name: phase.name, words: said(`phase.${phase.name}`, phase.name), x: from, width: to - from };
    })
    .filter((shade) => shade.x < window.width && shade.x + shade.width > 0)
    .map((shade) => ({ ...shade, width: Math.max(NARROWEST_PX, shade.width) }))
    .sort((a, b) => a.x - b.x);
}

export function Drawing({ trace, alert, impactMs, window, plot, axes, peak, turns, told, cursor }: Props): JSX.Element {
  const lines = linesOf(trace, "values", impactMs);
  const shades = shadesOf(phasesOf(trace, alert), impactMs, window);
  // Of several phases of one name the first has the label.
  const named = shades.map(({ name, words }, i) => (shades.findIndex((one) => one.name === name) === i ? words : ""));
  const spots = layLabels(
    shades.map(({ x }, i) => ({ text: named[i] ?? "", x: x + 4, width: textWidth(named[i] ?? "", LABEL_PX) })),
    window.width,
  );
  const rows = Math.max(1, ...spots.map((spot) => spot.row + 1));
  const top = rows * ROW_PX + 4;
  const below = turns.length ? TURN_GAP_PX + TURN_PX : 0;
  const height = top + plot + below + AXIS_PX;
  const zero = timeToX(0, window);
  const width = window.width + GUTTER_PX;
  return (
    <svg width={width} height={height} viewBox={`${-GUTTER_PX} 0 ${width} ${height}`}>
      {shades.map((shade, i) => (
        <g key={i} class={`phase phase-${shade.name}`}>
          <rect x={shade.x} y={top} width={shade.width} height={plot} />
          <line x1={shade.x} x2={shade.x} y1={named[i] ? (spots[i]?.row ?? 0) * ROW_PX + 2 : top} y2={top + plot} />
          <text x={spots[i]?.x} y={(spots[i]?.row ?? 0) * ROW_PX + 13}>
            {named[i]}
          </text>
        </g>
      ))}
      <g transform={`translate(0 ${top})`}>
        <Gaps trace={trace} lines={lines} window={window} height={plot} />
        {axes ? (
          <Lanes trace={trace} impactMs={impactMs} window={window} plot={plot} />
        ) : (
          <Magnitude lines={lines} window={window} plot={plot} peak={peak} told={alert} />
        )}
        <line class="impact-line" x1={zero} x2={zero} y1={0} y2={plot} />
        {below > 0 && (
          <g transform={`translate(0 ${plot + TURN_GAP_PX})`}>
            <Turn lines={turns} window={window} />
          </g>
        )}
        <TimeAxis window={window} y={plot + below} />
        <Marks told={told} window={window} y={plot} />
        {cursor !== null && (
          <line class="cursor" x1={timeToX(cursor, window)} x2={timeToX(cursor, window)} y1={0} y2={plot + below} />
        )}
      </g>
    </svg>
  );
}

interface MagnitudeProps {
  lines: Line[];
  window: Window;
  plot: number;
  peak: [number, number] | null;
  told: Alert;
}

/** The number that the detector gave; what is drawn may be thinned, and two numbers for one impact puzzle. */
const toldImpact = (alert: Alert): number | undefined =>
  alert.evidence.reasons.find((reason) => reason.code === "impact")?.values.g;

function Magnitude({ lines, window, plot, peak, told }: MagnitudeProps): JSX.Element {
  const highest = Math.max(1, ...lines.flatMap((line) => pointsOf(line, window).map(([, g]) => g)));
  const top = topFor(highest);
  const toY = (g: number): number => plot - (g / top) * plot;
  const marks = Array.from({ length: top + 1 }, (_, i) => i).filter(
    (g) => top <= 6 || g % (top > 12 ? 4 : 2) === 0 || g === 1,
  );
  return (
    <>
      {marks.map((g) => (
        <g key={g} class={g === 1 ? "grid grid-rest" : "grid"}>
          <line x1={0} x2={window.width} y1={toY(g)} y2={toY(g)} />
          <text x={-8} y={toY(g) + 4} text-anchor="end">
            {g} g
          </text>
        </g>
      ))}
      {lines.map((line, i) => (
        <path key={i} class="trace-line" d={pathOf(pointsOf(line, window), toY)} />
      ))}
      {peak && (
        <Peak x={timeToX(peak[0], window)} y={toY(peak[1])} g={toldImpact(told) ?? peak[1]} width={window.width} />
      )}
    </>
  );
}

function Peak({ x, y, g, width }: { x: number; y: number; g: number; width: number }): JSX.Element {
  const words = t("trace.impact", { g: short(g) });
  const left = x + 12 + textWidth(words, 14) > width;
  return (
    <g class="peak">
      <circle cx={x} cy={y} r={4} />
      <text x={left ? x - 10 : x + 10} y={Math.max(12, y + 4)} text-anchor={left ? "end" : "start"}>
        {words}
      </text>
    </g>
  );
}

const AXES: Axis[] = ["x", "y", "z"];

/** Three lanes of one scale: a turn of the body is seen as one lane's 1 g going over into another. */
function Lanes(props: { trace: Trace; impactMs: number; window: Window; plot: number }): JSX.Element {
  const { trace, impactMs, window, plot } = props;
  const height = plot / AXES.length;
  const lanes = AXES.map((axis) => linesOf(trace, axis, impactMs));
  const points = lanes.map((lines) => lines.map((line) => pointsOf(line, window)));
  const reach = Math.max(1.2, ...points.flat(2).map(([, g]) => Math.abs(g)));
  return (
    <>
      {points.map((lane, i) => {
        const middle = (i + 0.5) * height;
        const toY = (g: number): number => middle - (g / reach) * (height / 2 - 3);
        return (
          <g key={i} class="lane">
            <line class="lane-zero" x1={0} x2={window.width} y1={middle} y2={middle} />
            <text x={-8} y={middle + 5} text-anchor="end">
              {AXES[i]}
            </text>
            {lane.map((line, j) => (
              <path key={j} class="trace-line" d={pathOf(line, toY)} />
            ))}
          </g>
        );
      })}
      <text class="lane-reach" x={window.width - 4} y={14} text-anchor="end">
        ±{short(reach)} g
      </text>
    </>
  );
}

function Gaps({
  trace,
  lines,
  window,
  height,
}: {
  trace: Trace;
  lines: Line[];
  window: Window;
  height: number;
}): JSX.Element {
  const last = Math.max(window.from, ...lines.map((line) => line.start + line.values.length / line.rate));
  return (
    <>
      {gapsOf(lines, window.from, window.to).map(([from, to], i) => {
        const recording = trace.complete === false && from >= last - 0.01;
        const [x, width] = [timeToX(from, window), timeToX(to, window) - timeToX(from, window)];
        const words = recording ? t("trace.recording.short", { s: 60 }) : t("trace.nodata");
        return (
          <g key={i} class={recording ? "gap gap-recording" : "gap"}>
            <rect x={x} y={0} width={width} height={height} />
            {width > textWidth(words, LABEL_PX) + 8 && (
              <text x={x + width / 2} y={height / 2} text-anchor="middle">
                {words}
              </text>
            )}
          </g>
        );
      })}
    </>
  );
}

/** A small flag where each stage was told, with its name where there is room until the next. */
function Marks({ told, window, y }: { told: Told[]; window: Window; y: number }): JSX.Element {
  const marks = told
    .filter(({ at }) => at >= window.from && at <= window.to)
    .map(({ stage, at }) => ({ stage, at, x: timeToX(at, window), words: said(`stage.${stage}`, stage) }));
  const reach = (words: string): number => textWidth(words, LABEL_PX) / 2 + 3;
  return (
    <>
      {marks.map(({ stage, at, x, words }, i) => {
        const next = marks[i + 1];
        const fits = x + reach(words) < window.width && (!next || x + reach(words) < next.x - reach(next.words));
        return (
          <g key={stage} class={`told told-${stage}`}>
            <path d={`M${x.toFixed(1)} ${y - 9}l6 9h-12z`}>
              <title>
                {words} +{short(at)} {t("trace.axis.s")}
              </title>
            </path>
            {fits && (
              <text x={x} y={y - 13} text-anchor="middle">
                {words}
              </text>
            )}
          </g>
        );
      })}
    </>
  );
}

function TimeAxis({ window, y }: { window: Window; y: number }): JSX.Element {
  return (
    <g class="time-axis">
      <line x1={0} x2={window.width} y1={y} y2={y} />
      {timeTicks(window).map((tick) => {
        const x = timeToX(tick, window);
        const anchor = x < 16 ? "start" : x > window.width - 16 ? "end" : "middle";
        return (
          <g key={tick}>
            <line x1={x} x2={x} y1={y} y2={y + 4} />
            <text x={x} y={y + 16} text-anchor={anchor}>
              {tick > 0 ? `+${tick}` : tick < 0 ? `−${-tick}` : `0 ${t("trace.axis.s")}`}
            </text>
          </g>
        );
      })}
    </g>
  );
}
