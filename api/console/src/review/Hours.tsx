/** Through the day: alerts for each operator against six an hour, and how many were answered within a minute. */

import type { JSX } from "preact";
import { useWidth } from "../width";
import { t } from "../words";
import { BREAK, percent, topOf, up, withinOf } from "./plan";
import type { Review } from "./records";

/** Sizes, px. */
const [LOAD, WITHIN, LEFT, BELOW, ABOVE, GAP] = [130, 84, 52, 22, 18, 44];
/** Words under every third hour. */
const EVERY = 3;

export function Hours({ review }: { review: Review }): JSX.Element {
  const [box, width] = useWidth();
  const { load } = review;
  const two = (hour: number): string => String(hour).padStart(2, "0");
  return (
    <section class="panel review-wide" data-testid="hours">
      <h3>{t("review.hours")}</h3>
      <p class="muted">
        {t("review.hours.on", { n: Math.round(load.operator_hours) })}
        {load.unstaffed > 0 && ` · ${t("review.hours.unstaffed", { n: load.unstaffed })}`}
      </p>
      <div ref={box} class="review-chart">
        {width > 0 && <Drawing review={review} width={width} />}
      </div>
      <details class="review-table">
        <summary>{t("review.table")}</summary>
        <table>
          <thead>
            <tr>
              <th scope="col">{t("review.col.hour")}</th>
              <th scope="col">{t("review.col.alerts")}</th>
              <th scope="col">{t("review.col.on")}</th>
              <th scope="col">{t("review.col.load")}</th>
              <th scope="col">{t("review.hours.within")}</th>
            </tr>
          </thead>
          <tbody>
            {load.by_hour.map((hour, at) => {
              const within = review.hours[at] && withinOf(review.hours[at]);
              return (
                <tr key={at}>
                  <th scope="row">{two(at)}:00</th>
                  <td>{hour.alerts}</td>
                  <td>{hour.operator_hours.toFixed(1)}</td>
                  <td>{hour.per_hour === null ? t("review.hours.nobody") : hour.per_hour.toFixed(2)}</td>
                  <td>{within === null || within === undefined ? "–" : `${percent(within)} %`}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </details>
    </section>
  );
}

function Drawing({ review, width }: { review: Review; width: number }): JSX.Element {
  const { by_hour, most } = review.load;
  const plot = width - LEFT;
  const step = plot / 24;
  const top = topOf(by_hour, most);
  const y = (n: number): number => LOAD - (n / top) * LOAD;
  const below = LOAD + GAP;
  const high = (share: number): number => (1 - up(share)) * WITHIN;
  const goal = review.times.goals[0]?.goal ?? 1;
  return (
    <svg role="img" aria-label={`${t("review.hours.load")}. ${t("review.hours.within")}`} width={width} height={ABOVE + below + WITHIN + BELOW}>
      <defs>
        <pattern id="review-hatch" width={6} height={6} patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <line class="review-hatch" x1={0} x2={0} y1={0} y2={6} />
        </pattern>
      </defs>
      <g transform={`translate(${LEFT} ${ABOVE})`}>
        <text class="review-axis" x={0} y={-4}>
          {t("review.hours.load")}
        </text>
        <line class="review-line" x1={0} x2={plot} y1={LOAD} y2={LOAD} />
        {by_hour.map((hour, at) =>
          hour.per_hour === null ? (
            hour.alerts > 0 && (
              <rect key={at} x={at * step + 1} y={LOAD - 18} width={step - 2} height={18} fill="url(#review-hatch)">
                <title>{t("review.hours.unstaffed", { n: hour.alerts })}</title>
              </rect>
            )
          ) : (
            <rect
              key={at}
              class={hour.per_hour > most ? "review-col review-col-over" : "review-col"}
              x={at * step + 1}
              y={y(hour.per_hour)}
              width={step - 2}
              height={LOAD - y(hour.per_hour)}
            >
              <title>{hour.per_hour.toFixed(2)}</title>
            </rect>
          ),
        )}
        <line class="review-goal" x1={0} x2={plot} y1={y(most)} y2={y(most)} />
        <text class="review-axis" x={plot} y={y(most) - 5} text-anchor="end">
          {t("review.hours.most", { n: most })}
        </text>
        <text class="review-axis" x={-8} y={LOAD + 4} text-anchor="end">
          0
        </text>
        <text class="review-axis" x={-8} y={y(most) + 4} text-anchor="end">
          {most}
        </text>
        <g transform={`translate(0 ${below})`}>
          <text class="review-axis" x={0} y={-8}>
            {t("review.hours.within")}
          </text>
          {[0, BREAK, 1].map((share) => (
            <g key={share}>
              <line class={share === BREAK ? "review-line review-break" : "review-line"} x1={0} x2={plot} y1={high(share)} y2={high(share)} />
              <text class="review-axis" x={-8} y={high(share) + 4} text-anchor="end">
                {Math.round(share * 100)}
                {share === 1 ? " %" : ""}
              </text>
            </g>
          ))}
          <line class="review-goal" x1={0} x2={plot} y1={high(goal)} y2={high(goal)} />
          {review.hours.map((times, at) => {
            const within = withinOf(times);
            if (within === null) return null;
            const few = times.goals[0]?.verdict === "few";
            return (
              <g key={at}>
                <line class="review-stem" x1={(at + 0.5) * step} x2={(at + 0.5) * step} y1={0} y2={high(within)} />
                <circle class={few ? "review-dot-few" : "review-dot"} cx={(at + 0.5) * step} cy={high(within)} r={3.5}>
                  <title>{`${percent(within)} %, ${t("review.tile.of", { hits: times.goals[0]?.hits ?? 0, of: times.of })}`}</title>
                </circle>
              </g>
            );
          })}
          {by_hour.map(
            (_, at) =>
              at % EVERY === 0 && (
                <text key={at} class="review-axis" x={(at + 0.5) * step} y={WITHIN + 17} text-anchor="middle">
                  {String(at).padStart(2, "0")}
                </text>
              ),
          )}
        </g>
      </g>
    </svg>
  );
}
