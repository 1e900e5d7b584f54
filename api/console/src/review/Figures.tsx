/** The figures of a period: goals beside what was measured, then each in its picture with a table. */

import type { JSX } from "preact";
import { kindName } from "../reasons";
import { OUTCOMES } from "../records";
import { Empty } from "../states";
import { lang, t } from "../words";
import { Curve } from "./Curve";
import { FalseAlarms } from "./FalseAlarms";
import { Hours } from "./Hours";
import { isEmpty, momentIn, zoneName } from "./plan";
import type { Review } from "./records";
import { Tiles } from "./Tiles";
import { Wards } from "./Wards";

export function Figures({ review, stale }: { review: Review; stale: boolean }): JSX.Element {
  const { groups } = review;
  return (
    <section class={`review-figures ${stale ? "review-stale" : ""}`} aria-labelledby="review-figures" data-testid="figures" aria-busy={stale}>
      <header class="review-wait-head">
        <h2 id="review-figures">{t("review.figures")}</h2>
        <span class="muted">
          {review.place_name && `${review.place_name} · `}
          {t("review.zone", { zone: zoneName(review.timezone, lang.value) })}
        </span>
      </header>
      {review.simulated && <p class="notice">{t("review.simulated")}</p>}
      {isEmpty(review) ? (
        <Empty>{t("review.empty")}</Empty>
      ) : (
        <>
          <Tiles review={review} />
          <p class="muted review-apart" data-testid="groups">
            {t("review.apart", { ...groups })}
          </p>
          <div class="review-grid">
            <Curve times={review.times} />
            <div class="review-side">
              <Outcomes review={review} />
              <Floods review={review} />
            </div>
            <FalseAlarms review={review} />
            <Hours review={review} />
            {review.wards.length > 1 && <Wards review={review} />}
          </div>
        </>
      )}
    </section>
  );
}

/** What they were, as lengths: every alert is in one row. */
function Outcomes({ review }: { review: Review }): JSX.Element {
  const { outcomes, open, total } = review.all;
  const rows: [string, number][] = [
    ...OUTCOMES.map((one): [string, number] => [t(`outcome.${one}`), outcomes[one] ?? 0]),
    [t("review.outcomes.open"), open],
  ];
  const most = Math.max(1, ...rows.map(([, n]) => n));
  return (
    <section class="panel" data-testid="outcomes">
      <h3>{t("review.outcomes")}</h3>
      <table class="review-lengths">
        <tbody>
          {rows
            .filter(([, n]) => n > 0 || total === 0)
            .map(([name, n]) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td class="figures">{n}</td>
                <td aria-hidden="true">
                  <svg width="100%" height="12" preserveAspectRatio="none" viewBox="0 0 100 12">
                    <rect class="review-length" width={(n / most) * 100} height="12" />
                  </svg>
                </td>
              </tr>
            ))}
        </tbody>
      </table>
    </section>
  );
}

function Floods({ review }: { review: Review }): JSX.Element {
  const { floods } = review.load;
  const at = (moment: string): string => momentIn(moment, review.timezone, lang.value);
  return (
    <section class="panel" data-testid="floods">
      <h3>{t("review.floods")}</h3>
      <p class="muted">{t("review.floods.about")}</p>
      {floods.length === 0 && <p>{t("review.floods.none")}</p>}
      <ul class="review-floods">
        {floods.map((one) => (
          <li key={one.start}>
            {t("review.floods.one", {
              start: at(one.start),
              end: at(one.end),
              n: one.alerts,
              kinds: Object.entries(one.kinds)
                .map(([kind, n]) => `${kindName(kind)} ${n}`)
                .join(t("reason.join")),
            })}
          </li>
        ))}
      </ul>
    </section>
  );
}
