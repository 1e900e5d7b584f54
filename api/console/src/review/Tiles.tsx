/** Goal against measured, four times: each with its shape, its word, its number and what it is made of. */

import type { ComponentChildren, JSX } from "preact";
import { lang, t } from "../words";
import { goalPercent, inSeconds, momentIn, percent } from "./plan";
import type { Goal, Review } from "./records";
import { Verdict } from "./WaitingRow";

interface TileProps {
  name: string;
  value: string;
  /** Undefined: there is no goal. */
  met?: boolean | null;
  word: string;
  children: ComponentChildren;
  id: string;
}

function Tile({ name, value, met, word, children, id }: TileProps): JSX.Element {
  return (
    <div class="review-tile" data-testid={`tile-${id}`}>
      <dt>{name}</dt>
      <dd class="review-value figures">{value}</dd>
      <dd class={`review-verdict ${met === false ? "review-late" : ""}`}>
        {met !== undefined && <Verdict met={met} />}
        {word}
      </dd>
      <dd class="muted figures">{children}</dd>
    </div>
  );
}

function Within({ goal, of }: { goal: Goal; of: number }): JSX.Element {
  const word = goal.share === null ? "review.tile.nothing" : (`review.tile.${goal.verdict}` as const);
  return (
    <Tile
      id={`within-${goal.seconds}`}
      name={t("review.tile.within", { time: inSeconds(goal.seconds, lang.value) })}
      value={goal.share === null ? "–" : `${percent(goal.share)} %`}
      met={goal.verdict === "few" ? null : goal.verdict === "met"}
      word={`${t(word)} · ${t("review.tile.goal", { goal: goalPercent(goal.goal) })}`}
    >
      {t("review.tile.of", { hits: goal.hits, of })}
    </Tile>
  );
}

export function Tiles({ review }: { review: Review }): JSX.Element {
  const { load, times } = review;
  const said = review.all.false_alarms;
  const over = load.worst !== null && load.worst > load.most;
  return (
    <dl class="review-tiles">
      {times.goals.map((goal) => (
        <Within key={goal.seconds} goal={goal} of={times.of} />
      ))}
      <Tile
        id="false"
        name={t("review.tile.false")}
        value={said.share === null ? t("review.tile.of", { hits: said.hits, of: said.of }) : `${percent(said.share)} %`}
        word={
          said.share === null
            ? t(said.of ? "review.tile.few" : "review.false.none")
            : t("review.tile.interval", { low: percent(said.low), high: percent(said.high) })
        }
      >
        {t("review.tile.false.of", { hits: said.hits, of: said.of })}
      </Tile>
      <Tile
        id="load"
        name={t("review.tile.load")}
        value={load.per_hour === null ? "–" : load.per_hour.toFixed(load.per_hour < 0.1 ? 2 : 1)}
        met={load.worst === null ? null : !over}
        word={
          load.worst === null
            ? t("review.tile.load.none")
            : load.over
              ? t("review.tile.over", { n: load.over, of: load.staffed })
              : t("review.tile.over.none")
        }
      >
        {t("review.tile.load.goal", { n: load.most })}
        {load.worst !== null &&
          load.worst_time &&
          ` · ${t("review.tile.load.worst", { n: Number(load.worst.toFixed(1)), time: momentIn(load.worst_time, review.timezone, lang.value) })}`}
      </Tile>
    </dl>
  );
}
