/** How often one was for nothing, by detector, ward and device: a dot with its interval, and always the count. */

import type { JSX } from "preact";
import { kindName } from "../reasons";
import { useWidth } from "../width";
import { t } from "../words";
import { percent, spanOf } from "./plan";
import type { Review, Share, Tally } from "./records";

/** From so many judged ones on a share is said (alerts/reviewing.py). */
const LEAST = 20;
const OWN = "device";
/** So many devices are drawn: those with most false alarms. */
const DEVICES = 6;

interface Row {
  key: string;
  name: string;
  beside: string;
  tally: Tally;
}

export function FalseAlarms({ review }: { review: Review }): JSX.Element {
  const detectors = review.detectors.map((one) => ({
    key: `${one.kind} ${one.detector}`,
    name: kindName(one.kind),
    beside: one.detector === OWN ? t("review.false.own") : one.detector,
    tally: one,
  }));
  const wards = review.wards.map((one) => ({ key: one.ward, name: one.name, beside: "", tally: one }));
  const devices = review.devices
    .filter((one) => one.false_alarms.of > 0)
    .slice(0, DEVICES)
    .map((one) => ({ key: one.device, name: one.label ?? one.device, beside: one.label ? one.device : "", tally: one }));
  const others = review.devices.length - devices.length + review.devices_more;
  return (
    <section class="panel review-wide" data-testid="false-alarms">
      <h3>{t("review.false")}</h3>
      <p class="muted">{t("review.false.about", { n: LEAST })}</p>
      <div class="review-bars">
        <Bars title={t("review.false.detector")} rows={detectors} />
        <div>
          {wards.length > 1 && <Bars title={t("review.false.ward")} rows={wards} />}
          {devices.length > 0 && (
            <Bars title={t("review.false.device")} rows={devices} foot={others > 0 ? t("review.false.more", { n: others }) : ""} />
          )}
        </div>
      </div>
    </section>
  );
}

function Bars({ title, rows, foot = "" }: { title: string; rows: Row[]; foot?: string }): JSX.Element {
  return (
    <table class="review-shares">
      <caption>{title}</caption>
      <thead class="unseen">
        <tr>
          <th scope="col">{t("review.col.name")}</th>
          <th scope="col">{t("review.col.interval")}</th>
          <th scope="col">{t("review.col.false")}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ key, name, beside, tally }) => (
          <tr key={key}>
            <th scope="row">
              {name} {beside && <small class="muted">{beside}</small>}
            </th>
            <td class="review-bar" aria-hidden="true">
              <Interval share={tally.false_alarms} />
            </td>
            <td class="figures">
              <Said tally={tally} />
            </td>
          </tr>
        ))}
      </tbody>
      {foot && (
        <tfoot>
          <tr>
            <td colSpan={3} class="muted">
              {foot}
            </td>
          </tr>
        </tfoot>
      )}
    </table>
  );
}

function Said({ tally }: { tally: Tally }): JSX.Element {
  const { hits, of, share, few, low, high } = tally.false_alarms;
  if (of === 0) return <span class="muted">{t("review.false.none")}</span>;
  if (few || share === null) return <span class="muted">{t("review.false.few", { hits, of })}</span>;
  return (
    <>
      <b>{percent(share)} %</b>{" "}
      <small class="muted">
        {t("review.tile.of", { hits, of })} · {t("review.false.week", { n: Number(tally.false_a_week.toFixed(1)) })}
      </small>
      <span class="unseen">{t("review.tile.interval", { low: percent(low), high: percent(high) })}</span>
    </>
  );
}

/** A line from 0 to 100 %, the interval on it, and the dot; too few to tell is a hollow dot on a broken line. */
function Interval({ share }: { share: Share }): JSX.Element {
  const [box, width] = useWidth();
  const { low, high, at } = spanOf(share);
  const room = Math.max(0, width - 12);
  const x = (part: number): number => 6 + part * room;
  return (
    <div ref={box} class="review-interval">
      {width > 0 && (
        <svg width={width} height={24}>
          <line class="review-line" x1={x(0)} x2={x(1)} y1={12} y2={12} />
          {[0, 0.5, 1].map((part) => (
            <line key={part} class="review-line" x1={x(part)} x2={x(part)} y1={8} y2={16} />
          ))}
          {share.of > 0 && (
            <>
              <line class={`review-span ${share.few ? "review-span-few" : ""}`} x1={x(low)} x2={x(high)} y1={12} y2={12} />
              <circle class={share.few ? "review-dot-few" : "review-dot"} cx={x(at)} cy={12} r={5} />
            </>
          )}
        </svg>
      )}
    </div>
  );
}
