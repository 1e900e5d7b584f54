/** Ward by ward, as a table: nobody ranks people by a picture. */

import type { JSX } from "preact";
import { lang, t } from "../words";
import { inSeconds, lasted, percent } from "./plan";
import type { Review, Times } from "./records";
import { Verdict } from "./WaitingRow";

const time = (seconds: number | null, times: Times): string =>
  times.of === 0 ? "–" : seconds === null ? t("review.nobody") : lasted(seconds, lang.value);

export function Wards({ review }: { review: Review }): JSX.Element {
  const goals = review.times.goals;
  return (
    <section class="panel review-wide" data-testid="wards">
      <h3>{t("review.wards")}</h3>
      <div class="review-scroll" tabIndex={0} role="region" aria-label={t("review.wards")}>
        <table class="review-wards">
          <thead>
            <tr>
              <th scope="col">{t("review.col.ward")}</th>
              <th scope="col">{t("review.col.alerts")}</th>
              {goals.map((goal) => (
                <th scope="col" key={goal.seconds}>
                  {t("review.tile.within", { time: inSeconds(goal.seconds, lang.value) })}
                </th>
              ))}
              <th scope="col">{t("review.col.median")}</th>
              <th scope="col">{t("review.col.p90")}</th>
              <th scope="col">{t("review.col.never")}</th>
              <th scope="col">{t("review.col.false")}</th>
            </tr>
          </thead>
          <tbody>
            {review.wards.map((one) => (
              <tr key={one.ward}>
                <th scope="row">{one.name}</th>
                <td>{one.total}</td>
                {one.times.goals.map((goal) => (
                  <td key={goal.seconds} class={goal.verdict === "missed" ? "review-late" : ""}>
                    <Verdict met={goal.verdict === "few" ? null : goal.verdict === "met"} />{" "}
                    {goal.share === null ? "–" : `${percent(goal.share)} %`}
                    <span class="unseen"> {t(`review.tile.${goal.verdict}`)}</span>
                  </td>
                ))}
                <td>{time(one.times.median_s, one.times)}</td>
                <td>{time(one.times.p90_s, one.times)}</td>
                <td>{one.times.never}</td>
                <td>
                  {one.false_alarms.share === null
                    ? t("review.tile.of", { hits: one.false_alarms.hits, of: one.false_alarms.of })
                    : `${percent(one.false_alarms.share)} %`}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
