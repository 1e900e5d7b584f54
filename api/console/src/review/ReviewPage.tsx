/** The review: what waits to be looked at, and the figures of a period and a place. */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useLoaded } from "../load";
import { Icon } from "../marks";
import { inCharge } from "../session";
import { Choose } from "../shell/Choose";
import { Empty, Failed, Loading } from "../states";
import { addWords, lang, t } from "../words";
import { en } from "../words/review.en";
import { zh } from "../words/review.zh";
import { flush, flushLeaving } from "./closing";
import { ExportDialog } from "./ExportDialog";
import { Figures } from "./Figures";
import { periodName } from "./plan";
import { PERIODS, type Period, type Place, type Review } from "./records";
import { WaitingPart } from "./WaitingPart";

addWords({ en, zh });

/** A report is read, not watched; what is added meanwhile may wait. */
const AGAIN_MS = 60_000;

export function ReviewPage(): JSX.Element {
  const [period, setPeriod] = useState<Period>("week");
  const [back, setBack] = useState(0);
  const [place, setPlace] = useState("");
  const [exporting, setExporting] = useState(false);
  const asked = `period=${period}&back=${back}${place ? `&place=${encodeURIComponent(place)}` : ""}`;
  const loaded = useLoaded<Review>(inCharge() ? `/review?${asked}` : null, 0, back ? 0 : AGAIN_MS);
  const [shown, setShown] = useState<Review | null>(null);
  useEffect(() => {
    if (loaded.value) setShown(loaded.value);
  }, [loaded.value]);
  useEffect(() => {
    addEventListener("pagehide", flushLeaving);
    return () => {
      removeEventListener("pagehide", flushLeaving);
      flush();
    };
  }, []);
  if (!inCharge() || loaded.error?.kind === "forbidden") {
    return (
      <main class="page" id="content">
        <h1>{t("review.title")}</h1>
        <Empty>{t("review.forbidden")}</Empty>
      </main>
    );
  }
  // While another period is on its way the last one stays, paler: nothing jumps.
  const review = loaded.value ?? (loaded.error ? null : shown);
  return (
    <main class="page review" id="content">
      <header class="page-head review-head">
        <h1>{t("review.title")}</h1>
        <PlaceChoice place={place} set={(to) => setPlace(to)} />
        <Choose
          value={period}
          set={(to) => (setPeriod(to), setBack(0))}
          options={PERIODS.map((one) => [one, t(`review.period.${one}`)])}
        />
        <span class="review-step">
          <button class="icon-button" aria-label={t("review.before")} data-testid="before" onClick={() => setBack(back + 1)}>
            <Icon name="back" />
          </button>
          <span class="review-period figures" data-testid="period">
            {review ? periodName(review.period, review.start, review.end, review.timezone, lang.value) : "…"}
            {review && review.until < review.end && <small class="muted"> {t("review.so.far")}</small>}
          </span>
          <button
            class="icon-button review-forth"
            aria-label={t("review.after")}
            disabled={back === 0}
            onClick={() => setBack(Math.max(0, back - 1))}
          >
            <Icon name="back" />
          </button>
        </span>
        <span class="review-acts">
          <button class="button" data-testid="export" disabled={!review} onClick={() => setExporting(true)}>
            {t("review.export")}
          </button>
          <button class="button review-print" disabled={!review} onClick={() => print()}>
            {t("review.print")}
          </button>
        </span>
      </header>
      <WaitingPart place={place} zone={review?.timezone} />
      {!review && !loaded.error && <Loading text={t("review.loading")} />}
      {!review && loaded.error && <Failed text={t("review.failed")} again={loaded.again} />}
      {review && <Figures review={review} stale={loaded.value === null} />}
      {exporting && review && <ExportDialog review={review} asked={asked} close={() => setExporting(false)} />}
    </main>
  );
}

function PlaceChoice({ place, set }: { place: string; set: (to: string) => void }): JSX.Element | null {
  const places = useLoaded<{ places: Place[] }>("/places").value?.places ?? [];
  if (places.length < 2) return null;
  return (
    <label class="field review-place">
      <span class="unseen">{t("review.place")}</span>
      <select value={place} data-testid="place" onChange={(event) => set(event.currentTarget.value)}>
        <option value="">{t("review.place.all")}</option>
        {places.map((one) => (
          <option key={one.id} value={one.id}>
            {"\u2003".repeat(Math.max(0, one.path.length - 1))}
            {one.name}
          </option>
        ))}
      </select>
    </label>
  );
}
