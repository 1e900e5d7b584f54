/** How soon somebody answers: the share answered within each time, against the two goals. */

import type { JSX } from "preact";
import { lang, t } from "../words";
import { useWidth } from "../width";
import { along, BREAK, curveOf, goalPercent, inSeconds, lasted, percent, stepsOf, up } from "./plan";
import type { Review } from "./records";

/** Sizes, px: the plot, room for the axes, and where words go. */
const [HEIGHT, LEFT, BELOW, ABOVE, RIGHT] = [250, 52, 26, 14, 12];
const TICKS_S = [0, 10, 30, 60, 180, 600, 1800, 3600];
const NARROW_PX = 420;
/** On a phone the words of all would touch. */
const TICKS_NARROW_S = [0, 60, 180, 600, 3600];
const LINES = [0, 0.5, 0.9, 0.95, 1];

export function Curve({ times }: { times: Review["times"] }): JSX.Element {
  const [box, width] = useWidth();
  const goals = times.goals.map((goal) =>
    t("review.times.said", {
      share: goal.share === null ? "–" : percent(goal.share),
      time: inSeconds(goal.seconds, lang.value),
      goal: goalPercent(goal.goal),
    }),
  );
  const summary = t("review.times.summary", { goals: goals.join(t("reason.join")) });
  return (
    <section class="panel review-wide" data-testid="curve">
      <h3>{t("review.times")}</h3>
      <p class="review-lead">
        {times.median_s !== null && t("review.times.half", { time: lasted(times.median_s, lang.value) })}
        {times.median_s !== null &&
          `${t("reason.join")}${times.p90_s === null ? t("review.times.tenth.never") : t("review.times.tenth", { time: lasted(times.p90_s, lang.value) })}`}
      </p>
      <div ref={box} class="review-chart">
        {width > 0 && <Drawing times={times} width={width} summary={summary} />}
      </div>
      <p class="muted">{t("review.times.axis")}</p>
      {times.never > 0 && <p class="review-note">{t("review.times.never", { n: times.never })}</p>}
      {times.waiting > 0 && <p class="muted">{t("review.times.waiting", { n: times.waiting })}</p>}
      <details class="review-table">
        <summary>{t("review.table")}</summary>
        <table>
          <thead>
            <tr>
              <th scope="col">{t("review.col.within")}</th>
              <th scope="col">{t("review.col.alerts")}</th>
              <th scope="col">{t("review.col.share")}</th>
            </tr>
          </thead>
          <tbody>
            {times.curve.map(([seconds, n]) => (
              <tr key={seconds}>
                <th scope="row">{lasted(seconds, lang.value)}</th>
                <td>{n}</td>
                <td>{times.of ? `${percent(n / times.of)} %` : "–"}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </section>
  );
}

function Drawing({ times, width, summary }: { times: Review["times"]; width: number; summary: string }): JSX.Element {
  const [plot, tall] = [width - LEFT - RIGHT, HEIGHT];
  const points = curveOf(times);
  const x = (seconds: number): number => along(seconds) * plot;
  const y = (share: number): number => (1 - up(share)) * tall;
  const steps = stepsOf(points, plot, tall);
  const last = points[points.length - 1];
  return (
    <svg role="img" aria-label={summary} width={width} height={ABOVE + tall + BELOW}>
      <g transform={`translate(${LEFT} ${ABOVE})`}>
        {LINES.map((share) => (
          <g key={share}>
            <line class={share === BREAK ? "review-line review-break" : "review-line"} x1={0} x2={plot} y1={y(share)} y2={y(share)} />
            <text class="review-axis" x={-8} y={y(share) + 4} text-anchor="end">
              {Math.round(share * 100)}
              {share === 1 ? " %" : ""}
            </text>
          </g>
        ))}
        {(width < NARROW_PX ? TICKS_NARROW_S : TICKS_S).map((seconds) => (
          <text key={seconds} class="review-axis" x={x(seconds)} y={tall + 18} text-anchor={seconds === 3600 ? "end" : "middle"}>
            {lasted(seconds, lang.value)}
          </text>
        ))}
        {last && <path class="review-area" d={`${steps}V${tall}H0Z`} />}
        {times.goals.map((goal) => (
          <g key={goal.seconds}>
            <line class="review-goal" x1={x(goal.seconds)} x2={x(goal.seconds)} y1={0} y2={tall} />
            <path class="review-flag" d={flag(x(goal.seconds), y(goal.goal))} />
          </g>
        ))}
        {last && <path class="review-curve" d={steps} />}
        {times.goals.map(
          (goal) =>
            goal.share !== null && <circle key={goal.seconds} class="review-dot" cx={x(goal.seconds)} cy={y(goal.share)} r={5} />,
        )}
        {times.goals.map((goal, i) => (
          <text key={goal.seconds} class="review-goal-words" x={x(goal.seconds) + 8} y={y(0.9) + 26 + i * 22}>
            {t("review.times.goal", { goal: goalPercent(goal.goal), time: inSeconds(goal.seconds, lang.value) })}
          </text>
        ))}
      </g>
    </svg>
  );
}

/** The goal as a bar across its line: the curve must pass above it. */
const flag = (x: number, y: number): string => `M${x - 14} ${y}H${x + 14}`;
